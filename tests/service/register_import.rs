//! The office imports the register from a workbook or CSV files: what it will change is
//! shown before, all faults come at once, and what is exported comes back as it was.

use soundings::account::Role;
use soundings::register::{self, Register, TableKind};

use crate::support::house::{TestHouse, moment};
use crate::support::region::folder;
use crate::support::visitor::{Page, Visitor};
use crate::support::{WAVE, on_both};

pub(super) const REGISTER: &str = "/office/register";
const IMPORT: &str = "/office/register/import";
const CONFIRM: &str = "/office/register/import/confirm";
pub(super) const HOSTILE: [&str; 5] = [
    "<script>alert(1)</script>",
    "=HYPERLINK(\"http://example.org\",\"Norfolk\")",
    "{{#each this}}{{name}}{{/each}} {{> office/register}}",
    "'@SUM(1+1)*cmd|' /C calc'!A0",
    "\"; DROP TABLE leads; --",
];

/// The register as it is held.
pub(super) fn held(house: &TestHouse) -> Register {
    house.house.store.read(|tx| tx.register()).expect("the register")
}

/// The region's files, by table.
fn file(kind: TableKind) -> String {
    let path = folder().join("register").join(kind.file());
    std::fs::read_to_string(path).expect("a file of the region")
}

fn workbook(register: &Register) -> Vec<u8> {
    let day = chrono::NaiveDate::from_ymd_opt(2007, 11, 20).expect("a day");
    register::book(register, day).expect("a workbook")
}

fn send(office: &Visitor, files: &[(&str, &[u8])]) -> Page {
    office.send_files(IMPORT, "files", files)
}

/// Presses the button of a preview.
fn confirm(office: &Visitor, preview: &Page) -> Page {
    assert_eq!(preview.form_action("Import it"), CONFIRM);
    office.post(CONFIRM, &preview.unseen())
}

/// The table of how much changes.
fn counts(page: &Page) -> Vec<String> {
    page.texts("table[class] tbody tr")
}

on_both!(a_workbook_fills_an_empty_register_and_changes_it, |house| {
    let office = house.sign_in(Role::Office);
    assert!(office.get(REGISTER).says("Nobody is in the register yet"));
    assert!(office.get(IMPORT).says("No register is held yet"));
    let names = [TableKind::Pcts, TableKind::Units, TableKind::Groups, TableKind::Leads];
    let texts = names.map(|kind| (kind.file(), file(kind)));
    let files = texts.each_ref().map(|(name, text)| (name.as_str(), text.as_bytes()));
    let preview = send(&office, &files);
    assert_eq!(preview.heading(), "What the import changes");
    assert!(preview.says("162 leads are new, and invited from the next wave that opens."));
    assert_eq!(counts(&preview)[..2], ["Leads162000", "PBC groups81000"]);
    assert_eq!(held(house), Register::default(), "nothing changes before it is confirmed");
    let done = confirm(&office, &preview);
    assert_eq!(done.to.as_deref(), Some("/office/register?done=imported"));
    let page = office.go(done.to.as_deref().expect("an address"));
    assert!(page.says("The register is imported") && page.says("avocet-commissioning-group"));
    assert_eq!(
        held(house).counts().to_string(),
        "14 PCTs, 13 reporting units, 81 PBC groups, 162 leads"
    );
    let again = confirm(&office, &preview);
    assert_eq!(again.to.as_deref(), Some("/office/register?done=gone"));
    assert!(office.go("/office/register?done=gone").says("Nothing was waiting to be confirmed"));

    let mut new = held(house);
    let gone = new.leads.pop().expect("a lead");
    let role = std::mem::replace(&mut new.leads[0].role, "clinical lead".to_owned());
    new.groups[3].practices = Some(77);
    let preview = send(&office, &[("My register (3).XLSX", &workbook(&new))]);
    assert_eq!(counts(&preview)[..2], ["Leads011160", "PBC groups01080"]);
    assert!(preview.says("1 lead will no longer be invited."));
    assert!(preview.says(gone.name.expose()) && preview.says(gone.email.expose()));
    assert!(preview.says(&format!("role: {role} becomes clinical lead")));
    assert!(preview.says("becomes 77"));
    assert_eq!(confirm(&office, &preview).to.as_deref(), Some("/office/register?done=imported"));
    assert_eq!(held(house), new, "what was shown is what happened");
    let history = office.get("/office/register/history");
    for said in ["Import of pcts, reporting-units, consortia, leads", "clinical lead", "office@"] {
        assert!(history.says(said), "{said}: {}", history.text);
    }
    let all = new.leads.iter().chain([&gone]);
    assert!(all.clone().count() > 160);
    for lead in all {
        assert!(!history.text.contains(lead.email.expose()), "an address stands in the history");
    }
    assert!(office.get("/office/trail").says("Register loaded"));
});

on_both!(all_faults_of_an_upload_come_at_once_and_nothing_changes, |house| {
    let office = house.sign_in(Role::Office);
    let none = send(&office, &[]);
    assert_eq!((none.status, none.says("no file was sent")), (422, true));
    let one = send(&office, &[("leads.csv", file(TableKind::Leads).as_bytes())]);
    assert_eq!(one.status, 422);
    assert!(one.says("is missing, and no register is held yet"));
    house.import_region();
    let before = held(house);
    let leads = "consortium_slug,name,role,email\nnowhere,Ada,chair,ada@example.org\n\
                 avocet-commissioning-group,\u{202e}Bea,chair,bea\n";
    let groups = "slug,name,pct_code,practices\navocet-commissioning-group,,5XX,many\n";
    let page =
        send(&office, &[("leads.csv", leads.as_bytes()), ("consortia.csv", groups.as_bytes())]);
    assert_eq!((page.status, page.heading()), (422, "Import the register".to_owned()));
    assert_eq!(
        page.texts(".nhsuk-error-summary li"),
        ["5 faults in what was sent, so nothing was imported"]
    );
    let said = page.texts("#faults tbody tr").join("\n");
    for part in [
        "leads.csvline 2, character 1the PBC group \"nowhere\" is not in consortia.csv",
        "leads.csvline 3, character 28the cell contains '\\u{202e}'",
        "consortia.csvline 2, character 28name is empty",
        "the PCT \"5XX\" is not in pcts (as held)",
        "practices is \"many\", not a whole number",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name(" Leads ").expect("a name");
    for (at, text) in (0..).zip(["consortium_slug", "name", "role", "email"]) {
        sheet.write(2, at, text).expect("a cell");
    }
    for (at, text) in (0..).zip(["avocet-commissioning-group", "Ada\r\nBcc: x", "", "ada"]) {
        sheet.write(4, at, text).expect("a cell");
    }
    for (at, text) in (0..).zip(["avocet-commissioning-group", "Ada", "", "ada"]) {
        sheet.write(5, at, text).expect("a cell");
    }
    let book = book.save_to_buffer().expect("a workbook");
    let said = send(&office, &[("r.xlsx", &book)]).texts("#faults tbody tr").join("\n");
    for part in ["B5the cell contains", "C6role is empty", "D6email has 0 @ signs"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    for broken in [&b"PK\x03\x04nothing"[..], b"", b"\xd0\xcf\x11\xe0"] {
        let page = send(&office, &[("r.xlsx", broken)]);
        assert!(page.status == 422 && page.says("it is no Excel workbook"), "{}", page.text);
    }
    let large = vec![b'x'; 5 * 1024 * 1024];
    assert_eq!(send(&office, &[("leads.csv", &large)]).status, 413);
    assert_eq!(held(house), before);
});

on_both!(a_preview_that_is_out_of_date_is_shown_again, |house| {
    house.import_region();
    let office = house.sign_in(Role::Office);
    let clerk = house.sign_in(Role::Clerk);
    let mut fewer = held(house);
    fewer.leads.truncate(100);
    let mut other = held(house);
    other.groups[0].name = "Renamed".to_owned();
    let first = send(&office, &[("r.xlsx", &workbook(&fewer))]);
    assert!(first.says("62 leads will no longer be invited."));
    // The clerk sends one table alone, so that the other tables stay as they are then.
    let groups = register::csv(&other, TableKind::Groups);
    let second = send(&clerk, &[("consortia.csv", groups.as_bytes())]);
    assert!(second.says("Not sent, so it stays as it is: pcts, reporting-units, leads."));
    assert_eq!(confirm(&office, &first).status, 303);
    let moved = confirm(&clerk, &second);
    assert_eq!(moved.status, 409);
    assert!(moved.says("Somebody changed the register since you looked"));
    assert_eq!(held(house), fewer);
    assert_eq!(confirm(&clerk, &moved).status, 303);
    assert_eq!((held(house).leads, held(house).groups), (fewer.leads, other.groups));
});

on_both!(what_waits_is_deleted_when_it_is_left_and_after_an_hour, |house| {
    house.import_region();
    let office = house.sign_in(Role::Office);
    let mut other = held(house);
    other.groups[0].name = "Quincunx".to_owned();
    let groups = register::csv(&other, TableKind::Groups);
    let kept = || {
        String::from_utf8_lossy(&house.at_rest()).contains("Quincunx")
            || house
                .at_rest()
                .windows(16)
                .any(|some| some == &hex::encode("Quincunx").into_bytes()[..])
    };
    let waiting = send(&office, &[("consortia.csv", groups.as_bytes())]);
    assert!(kept());
    let left = office.post("/office/register/import/leave", &waiting.unseen());
    assert_eq!(left.to.as_deref(), Some("/office/register?done=dropped"));
    assert_eq!(confirm(&office, &waiting).to.as_deref(), Some("/office/register?done=gone"));
    let waiting = send(&office, &[("consortia.csv", groups.as_bytes())]);
    let now = house.house.now();
    house.house.clock.set(now.plus_seconds(3_599));
    assert_eq!(soundings::flow::forget_old_registers(&house.house).expect("none"), 0);
    house.house.clock.set(now.plus_seconds(3_600));
    // A session that nobody used has ended meanwhile.
    let office = house.sign_in(Role::Office);
    assert_eq!(confirm(&office, &waiting).to.as_deref(), Some("/office/register?done=gone"));
    assert_eq!(soundings::flow::forget_old_registers(&house.house).expect("one"), 1);
    assert_ne!(held(house), other);
});

on_both!(what_is_exported_is_imported_without_a_difference, |house| {
    house.import_region();
    let mut register = held(house);
    for (group, text) in register.groups.iter_mut().zip(HOSTILE) {
        group.name = text.to_owned();
        group.legal_form = format!("'{text}");
    }
    for (lead, text) in register.leads.iter_mut().zip(HOSTILE) {
        lead.role = text.to_owned();
        lead.name = text.parse().expect("a name");
    }
    let office = house.sign_in(Role::Clerk);
    let preview = send(&office, &[("r.xlsx", &workbook(&register))]);
    assert_eq!(confirm(&office, &preview).status, 303);
    assert_eq!(held(house), register);
    let page = office.get(REGISTER);
    assert_eq!(page.texts("main script"), Vec::<String>::new());
    for text in HOSTILE {
        let shown = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(page.says(&shown), "{text}");
    }
    let export = |file: &str| {
        let reply = office.ask(&format!("{REGISTER}/export/{file}"), &[]);
        assert_eq!(reply.status, 200, "{file}");
        let named = reply.header("content-disposition").expect("a name").to_owned();
        (named, reply.bytes)
    };
    let (named, book) = export("register.xlsx");
    assert_eq!(named, "attachment; filename=\"register-2007-11-20.xlsx\"");
    let nothing = |page: &Page| page.says("Nothing would change: the register holds exactly this.");
    let page = send(&office, &[("register-2007-11-20.xlsx", &book)]);
    assert!(nothing(&page), "{}", page.text);
    let mut all = Vec::new();
    for kind in TableKind::ALL {
        let (named, bytes) = export(&kind.file());
        let name = format!("{}-2007-11-20.csv", kind.word());
        assert_eq!(named, format!("attachment; filename=\"{name}\""));
        let text = String::from_utf8(bytes.clone()).expect("text");
        let cells = csv::Reader::from_reader(text.as_bytes()).into_records();
        for cell in
            cells.flat_map(|row| row.expect("a row").iter().map(str::to_owned).collect::<Vec<_>>())
        {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t']), "{cell} in {name}");
        }
        all.push((name, bytes));
    }
    let files: Vec<(&str, &[u8])> =
        all.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    assert!(nothing(&send(&office, &files)));
    assert_eq!(office.get(&format!("{REGISTER}/export/accounts.csv")).status, 404);
});

on_both!(very_long_texts_are_refused_with_their_place, |house| {
    house.import_region();
    let office = house.sign_in(Role::Office);
    let long = "x".repeat(100 * 1024);
    for (name, text) in [
        ("leads.csv", format!("consortium_slug,name,role,email\n{long},{long},{long},{long}\n")),
        ("leads.csv", format!("{long},name,role,email\n")),
        (
            "consortia.csv",
            format!("slug,name,pct_code,practices,source\nknot,{long},5GC,{long},{long}\n"),
        ),
        ("pcts.csv", format!("ods_code,name,short_name\n5GC,{long},{long}\n")),
        (
            "reporting-units.csv",
            format!("unit_slug,stocktake_label,pct_codes\nluton,{long},{long}\n"),
        ),
        ("clusters.csv", format!("slug,name\neast,{long}\n")),
    ] {
        let page = send(&office, &[(name, text.as_bytes())]);
        assert_eq!(page.status, 422, "{name}");
        assert!(page.text.len() < 60_000, "{name}: {} bytes", page.text.len());
    }
    let named = "y".repeat(100 * 1024) + ".csv";
    assert!(matches!(send(&office, &[(&named, b"x")]).status, 400 | 422));
});

on_both!(an_open_wave_keeps_its_leads_and_the_office_is_told, |house| {
    house.import_region();
    house.open_wave(WAVE);
    let office = house.sign_in(Role::Office);
    let mut fewer = held(house);
    fewer.leads.truncate(50);
    let preview = send(&office, &[("r.xlsx", &workbook(&fewer))]);
    assert!(preview.says("Autumn 2007 is open. It goes on with the groups and leads"));
    assert!(preview.says("More than half of all leads would go"));
    assert_eq!(confirm(&office, &preview).status, 303);
    let asked = house.house.store.read(|tx| tx.invitations(&crate::support::house::code(WAVE)));
    assert_eq!(asked.expect("invitations").len(), 162);
});

on_both!(the_command_line_writes_its_imports_into_the_same_history, |house| {
    let path = folder().join("register").display().to_string();
    house.command(&["register", "import", &path]);
    let office = house.sign_in(Role::Office);
    let history = office.get("/office/register/history");
    assert!(history.says("Import of a folder of files") && history.says("the command line"));
    house.house.clock.set(moment("2007-11-20T11:00"));
    let office = house.sign_in(Role::Office);
    assert!(office.get("/office/register/undo").says("162 leads will no longer be invited."));
});

on_both!(only_the_office_sees_or_changes_the_register, |house| {
    house.import_region();
    let before = held(house);
    let leads = b"consortium_slug,name,role,email\n";
    for role in [Role::Sha, Role::Pct, Role::Lmc] {
        let visitor = house.sign_in(role);
        for path in
            [REGISTER, IMPORT, "/office/register/history", "/office/register/export/leads.csv"]
        {
            assert_eq!(visitor.get(path).status, 403, "{role} {path}");
        }
        assert_eq!(send(&visitor, &[("leads.csv", leads)]).status, 403, "{role}");
    }
    assert_eq!(house.visitor().send_files(IMPORT, "files", &[("leads.csv", leads)]).status, 401);
    let clerk = house.sign_in(Role::Clerk);
    assert_eq!(confirm(&clerk, &send(&clerk, &[("leads.csv", leads)])).status, 303);
    assert_eq!((before.leads.len(), held(house).leads.len()), (162, 0));
});
