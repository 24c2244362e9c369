//! The office changes the register by hand: each change is written down, a second press
//! does no harm, nobody overwrites what somebody else did, and the last change is undone.

use soundings::account::Role;
use soundings::flow;
use soundings::ledger::StopCause;
use soundings::register::Register;
use soundings::storage::StoppedAddress;

use crate::accessibility::Inspector;
use crate::register_import::{HOSTILE, REGISTER, held};
use crate::support::house::{TestHouse, code};
use crate::support::smtp::SmtpServer;
use crate::support::visitor::{Page, Visitor};
use crate::support::{Backend, WAVE, on_both};

const AVOCET: &str = "/office/register/groups/avocet-commissioning-group";
const BITTERN: &str = "/office/register/groups/bittern-pbc-group";

fn fields(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Fills in the form of a page and sends it.
fn fill(office: &Visitor, path: &str, all: &[(&str, &str)]) -> Page {
    let form = office.get(path);
    assert_eq!(form.status, 200, "{path}");
    fill_seen(office, &form, path, all)
}

/// Fills in a form that was opened before.
fn fill_seen(office: &Visitor, form: &Page, path: &str, all: &[(&str, &str)]) -> Page {
    let mut sent = fields(all);
    sent.extend(form.unseen());
    office.post(path, &sent)
}

fn group<'r>(register: &'r Register, slug: &str) -> &'r soundings::register::PbcGroup {
    register.groups.iter().find(|group| group.slug.as_str() == slug).expect("a group")
}

fn leads(register: &Register, slug: &str) -> Vec<String> {
    let of_group = register.leads.iter().filter(|lead| lead.group.as_str() == slug);
    of_group.map(|lead| lead.email.expose().to_owned()).collect()
}

/// The address of a lead's form.
fn lead_path(house: &TestHouse, email: &str) -> String {
    let register = held(house);
    let lead = register.leads.iter().find(|lead| lead.email.expose() == email).expect("a lead");
    format!("{REGISTER}/groups/{}/leads/{}", lead.group, lead.mark())
}

const SNIPE: &[(&str, &str)] = &[
    ("name", "Snipe & <Marsh> Group"),
    ("slug", "snipe"),
    ("pct", "5GC"),
    ("practices", "4"),
    ("population", "21,500"),
    ("legal_form", ""),
];

on_both!(a_group_is_added_changed_and_taken_out, |house| {
    house.import_region();
    let office = house.sign_in(Role::Clerk);
    let empty = fill(&office, "/office/register/new-group", &[]);
    assert_eq!(empty.status, 422);
    assert_eq!(
        empty.texts(".nhsuk-error-summary li"),
        ["Enter the name of the PBC group", "Enter a code for the PBC group", "Choose a PCT"]
    );
    for _ in 0..2 {
        let added = fill(&office, "/office/register/new-group", SNIPE);
        assert_eq!(added.to.as_deref(), Some("/office/register/groups/snipe?done=added"));
    }
    let mut other = SNIPE.to_vec();
    other[0].1 = "Another";
    let taken = fill(&office, "/office/register/new-group", &other);
    assert!(taken.status == 422 && taken.says("Another PBC group has this code"));
    let register = held(house);
    let snipe = group(&register, "snipe");
    assert_eq!((snipe.population, snipe.as_at.as_str()), (Some(21_500), "2007-11-20"));
    assert!(office.get(REGISTER).says("Snipe & <Marsh> Group has no lead"));

    let path = "/office/register/groups/snipe/change";
    let form = office.get(path);
    assert!(form.filled().contains(&("population".to_owned(), "21500".to_owned())));
    let wrong = fill_seen(
        &office,
        &form,
        path,
        &[("name", "a\r\nb"), ("pct", "5GC"), ("practices", "four")],
    );
    assert!(wrong.status == 422 && wrong.text.contains("value=\"four\""));
    let right = [("name", "Snipe"), ("pct", "5P2"), ("practices", "5"), ("population", "")];
    for _ in 0..2 {
        let saved = fill_seen(&office, &form, path, &right);
        assert_eq!(saved.to.as_deref(), Some("/office/register/groups/snipe?done=saved"));
    }
    let late = fill_seen(&office, &form, path, &[("name", "Late"), ("pct", "5P2")]);
    assert_eq!(late.status, 409, "made from what the group was before");
    assert!(late.says("Somebody else changed this PBC group"));
    let page = office.get("/office/register/groups/snipe");
    assert!(page.says("practices \"4\" becomes \"5\"") && page.says("Bedfordshire PCT"));
    assert_eq!(page.texts(".so-history__change").len(), 2, "a second press is no change");

    let path = "/office/register/groups/snipe/remove";
    assert!(office.get(path).says("The group leaves the register with 0 leads."));
    let form = office.get(path);
    for _ in 0..2 {
        let left = fill_seen(&office, &form, path, &[]);
        assert_eq!(left.to.as_deref(), Some("/office/register?done=left"));
    }
    assert_eq!(office.get("/office/register/groups/snipe").status, 404);
    let history = office.get("/office/register/history?group=snipe");
    assert!(history.says("Left") && history.says("Snipe taken out"));
});

on_both!(a_lead_is_added_changed_taken_out_and_put_back, |house| {
    house.import_region();
    let office = house.sign_in(Role::Office);
    let new = [("name", "Dr Ada O'Weir"), ("role", "GP chair"), ("email", "ada@example.net")];
    let path = format!("{AVOCET}/leads/new");
    for _ in 0..2 {
        assert_eq!(fill(&office, &path, &new).to, Some(format!("{AVOCET}?done=lead")));
    }
    let slug = "avocet-commissioning-group";
    assert_eq!(leads(&held(house), slug).len(), 3);
    let taken = fill(&office, &path, &[("name", "X"), ("role", "y"), ("email", "ADA@example.net")]);
    assert!(taken.status == 422 && taken.says("Another lead of this group has this address"));
    let wrong = fill(&office, &path, &[("name", ""), ("role", ""), ("email", "ada at example")]);
    assert_eq!(wrong.texts(".nhsuk-error-summary li").len(), 3);

    let path = lead_path(house, "ada@example.net");
    let form = office.get(&path);
    let changed = [("name", "Dr Ada Weir"), ("role", "chair"), ("email", "weir@example.net")];
    for _ in 0..2 {
        assert_eq!(
            fill_seen(&office, &form, &path, &changed).to,
            Some(format!("{AVOCET}?done=saved"))
        );
    }
    let page = office.get(AVOCET);
    assert!(page.says("was Dr Ada O'Weir, GP chair") && page.says("e-mail address changes"));
    assert!(!office.get("/office/register/history").text.contains("@example.net"));

    let path = format!("{}/remove", lead_path(house, "weir@example.net"));
    let form = office.get(&path);
    assert_eq!(form.heading(), "Take out Dr Ada Weir?");
    for _ in 0..2 {
        let done = fill_seen(&office, &form, &path, &[]);
        assert_eq!(done.to, Some(format!("{AVOCET}?done=removed")));
    }
    assert_eq!(leads(&held(house), slug).len(), 2);
    let undo = office.get("/office/register/undo");
    assert!(undo.says("A lead of Avocet Commissioning Group taken out"));
    assert!(undo.says("1 lead is new") && undo.says("Dr Ada Weir, chair"));
    let undone = office.post("/office/register/undo", &undo.unseen());
    assert_eq!(undone.to.as_deref(), Some("/office/register?done=undone"));
    assert!(leads(&held(house), slug).contains(&"weir@example.net".to_owned()));
    let twice = office.post("/office/register/undo", &undo.unseen());
    assert_eq!(twice.status, 409, "it is another change that could be undone now");
    assert!(office.get("/office/register/undo").says("Undone: A lead of"));
    assert!(office.get("/office/trail").says("Change of the register undone"));
});

on_both!(what_was_changed_since_or_a_week_ago_is_not_undone, |house| {
    house.import_region();
    let office = house.sign_in(Role::Office);
    let path = format!("{AVOCET}/change");
    let change = |name: &str| fill(&office, &path, &[("name", name), ("pct", "5GC")]).status;
    assert_eq!(change("First"), 303);
    let undo = office.get("/office/register/undo");
    assert_eq!(change("Second"), 303);
    assert_eq!(office.post("/office/register/undo", &undo.unseen()).status, 409);
    assert_eq!(group(&held(house), "avocet-commissioning-group").name, "Second");
    assert!(office.get(REGISTER).says("Undo"));
    house.house.clock.set(house.house.now().plus_days(7));
    let office = house.sign_in(Role::Office);
    assert!(!office.get(REGISTER).says("Undo"));
    assert_eq!(office.get("/office/register/undo").status, 409);
    assert_eq!(flow::forget_old_registers(&house.house).expect("one"), 1);
});

on_both!(two_groups_merge_with_their_leads, |house| {
    house.import_region();
    let office = house.sign_in(Role::Office);
    let before = held(house);
    let (from, into) = ("avocet-commissioning-group", "bittern-pbc-group");
    let shared = leads(&before, into)[0].clone();
    fill(
        &office,
        &format!("{AVOCET}/leads/new"),
        &[("name", "Both"), ("role", "lead"), ("email", &shared)],
    );
    let choose = office.get(&format!("{AVOCET}/merge"));
    assert!(choose.says("Into which PBC group does it go?"));
    let path = format!("{AVOCET}/merge");
    let form = office.get(&format!("{path}?into={into}"));
    for said in [
        "Merge Avocet Commissioning Group into Bittern PBC Group?",
        "2 leads go on as leads of Bittern PBC Group.",
        "1 lead is one of Bittern PBC Group already.",
    ] {
        assert!(form.says(said), "{said}: {}", form.text);
    }
    assert!(office.get(&format!("{path}?into=north-herts")).says("they answer for Herts"));
    assert_eq!(held(house).groups.len(), 81);
    let merged = fill_seen(&office, &form, &path, &[]);
    assert_eq!(merged.to, Some(format!("{BITTERN}?done=merged")));
    assert_eq!(fill_seen(&office, &form, &path, &[]).to, merged.to, "a second press");
    let mut all = leads(&before, from);
    all.extend(leads(&before, into));
    all.sort();
    let mut now = leads(&held(house), into);
    now.sort();
    assert_eq!((now, held(house).groups.len()), (all, 80));
    let page = office.get(BITTERN);
    for said in
        ["with Avocet Commissioning Group", "came from Avocet Commissioning Group", "Merged"]
    {
        assert!(page.says(said), "{said}");
    }
    let old = office.get(&format!("/office/register/history?group={from}"));
    assert!(old.says("into Bittern PBC Group (bittern-pbc-group)"));
    let undo = office.get("/office/register/undo");
    assert_eq!(office.post("/office/register/undo", &undo.unseen()).status, 303);
    assert_eq!(held(house).groups, before.groups);
});

on_both!(hostile_texts_are_shown_as_texts_or_refused, |house| {
    house.import_region();
    let office = house.sign_in(Role::Office);
    for text in HOSTILE {
        let all = [("name", text), ("pct", "5GC"), ("legal_form", text)];
        assert_eq!(fill(&office, &format!("{AVOCET}/change"), &all).status, 303, "{text}");
        let lead = [("name", text), ("role", text), ("email", "hostile@example.net")];
        let new = format!("{AVOCET}/leads/new");
        assert_eq!(fill(&office, &new, &lead).status, 303, "{text}");
        let shown = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for path in [REGISTER, AVOCET, "/office/register/history", "/office/register/undo"] {
            let page = office.get(path);
            assert!(page.status == 200 && page.says(&shown), "{text} on {path}");
            assert_eq!(page.texts("main script"), Vec::<String>::new());
        }
        let path = lead_path(house, "hostile@example.net");
        assert_eq!(fill(&office, &format!("{path}/remove"), &[]).status, 303);
    }
    let long = "x".repeat(100 * 1024);
    for text in ["a\r\nBcc: b@example.org", "a\u{202e}b", "a\u{0}b", long.as_str()] {
        let all = [("name", text), ("pct", "5GC")];
        assert_eq!(fill(&office, &format!("{AVOCET}/change"), &all).status, 422);
        for field in ["name", "role", "email"] {
            let mut lead = vec![("name", "A"), ("role", "b"), ("email", "c@example.net")];
            lead.retain(|(name, _)| *name != field);
            lead.push((field, text));
            let sent = fill(&office, &format!("{AVOCET}/leads/new"), &lead);
            assert_eq!(sent.status, 422, "{field}");
        }
        let query = url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let query: String = query.chars().take(8_000).collect();
        assert_eq!(office.get(&format!("{REGISTER}?q={query}")).status, 200);
    }
});

on_both!(the_office_finds_groups_and_sees_what_to_mend, |house| {
    let server = SmtpServer::start();
    let invited = house.invite_few(&server, 3);
    let office = house.sign_in(Role::Office);
    let found = office.get(&format!("{REGISTER}?q=avocet&unit=luton"));
    assert!(found.says("1 of 81 PBC groups. Show all"));
    assert!(office.get(&format!("{REGISTER}?q=avocet&unit=herts")).says("0 of 81 PBC groups"));
    let address = &invited[0].lead.email;
    assert!(office.get(&format!("{REGISTER}?q={}", address.to_uppercase())).says("1 of 81"));
    let page = office.get(REGISTER);
    assert!(page.says("has no lead, so that nobody of it is invited") && !page.says("Not reached"));
    let stopped = StoppedAddress {
        address: address.parse().expect("an address"),
        cause: StopCause::Bounced,
        reason: "no such mailbox".to_owned(),
        day: house.house.now().london_date(),
    };
    house.house.store.write(|tx| tx.stop_address(&stopped)).expect("it is stopped");
    let page = office.get(REGISTER);
    assert!(page.says("1 lead is not reached by mails"));
    assert!(page.says("Not reached: no mails go there: no such mailbox"));
    assert!(page.addresses("main a").contains(&"/office/mail".to_owned()));
});

on_both!(an_address_that_is_corrected_stands_in_the_history, |house| {
    let server = SmtpServer::start();
    let invited = house.invite_few(&server, 3);
    let all = house.house.store.read(|tx| tx.invitations(&code(WAVE))).expect("invitations");
    let address = &invited[0].lead.email;
    let one = all.iter().find(|one| one.email.expose() == address).expect("an invitation");
    let mails = house.house.store.read(|tx| tx.mails_of_invitation(&one.id)).expect("mails");
    let new = "right@example.net".parse().expect("an address");
    flow::correct_address(&house.house, &mails[0].id, &new).expect("it is corrected");
    let office = house.sign_in(Role::Office);
    let history = office.get("/office/register/history");
    assert!(history.says("The address of a lead of") && history.says(one.name.expose()));
    assert!(!history.text.contains("right@example.net") && !history.text.contains(address));
    assert!(!office.get(REGISTER).says("Undo"), "the invitation would not follow");
});

#[test]
fn axe_finds_nothing_wrong_with_the_pages_of_the_register() {
    let house = TestHouse::start(Backend::Sqlite);
    let mut eye = Inspector::new();
    let at = |path: &str| format!("{}{path}", house.base());
    eye.browser.goto(&house.sign_in_link(Role::Office));
    eye.browser.follow("main form button");
    eye.open("register-empty", &at(REGISTER), "Register");
    house.import_region();
    // Another account: signing in again ends the session of the browser that looks.
    let office = house.sign_in(Role::Clerk);
    let mut all = SNIPE.to_vec();
    let long = "Practicebasedcommissioningandcontracting".repeat(3);
    all[0].1 = &long;
    assert_eq!(fill(&office, "/office/register/new-group", &all).status, 303);
    eye.open("register", &at(REGISTER), "Register");
    eye.open("register-none", &at("/office/register?q=none"), "Register");
    eye.open("register-group", &at(AVOCET), "Avocet Commissioning Group");
    eye.open("register-group-new", &at("/office/register/groups/snipe"), &long);
    eye.browser.goto(&at("/office/register/new-group"));
    crate::accessibility::send_empty(&mut eye, "register-add", "Add a PBC group");
    eye.browser.goto(&at(&format!("{AVOCET}/leads/new")));
    let heading = "Add a lead of Avocet Commissioning Group";
    crate::accessibility::send_empty(&mut eye, "register-lead", heading);
    let merge = "Merge Avocet Commissioning Group into another group";
    eye.open("register-merge", &at(&format!("{AVOCET}/merge")), merge);
    eye.browser.follow("main form button");
    let heading = eye.browser.text("h1");
    eye.look("register-merge-check", &heading);
    let remove = at(&format!("{AVOCET}/remove"));
    eye.open("register-remove", &remove, "Take out Avocet Commissioning Group?");
    eye.open("register-history", &at("/office/register/history"), "History of the register");
    eye.open("register-undo", &at("/office/register/undo"), "Undo the last change?");
    eye.browser.goto(&at("/office/register/import"));
    eye.look("register-import", "Import the register");
    let leads = "consortium_slug,name,role,email\nsnipe,Ada,chair,ada@example.net\n,,,\n";
    let file = house.place("leads.csv");
    std::fs::write(&file, leads).expect("a file");
    eye.browser.choose_file("#files", &file);
    eye.browser.follow("main form button");
    eye.look("register-import-faults", "Import the register");
    std::fs::write(&file, leads.replace(",,,\n", "")).expect("a file");
    eye.browser.choose_file("#files", &file);
    eye.browser.follow("main form button");
    eye.look("register-preview", "What the import changes");
    eye.browser.follow("main form[action$='/confirm'] button");
    eye.look("register-imported", "Register");
    assert!(eye.wrong.is_empty(), "{:#?}", eye.wrong);
    assert_eq!(eye.seen, 18);
}
