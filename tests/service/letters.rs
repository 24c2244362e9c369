//! The office edits what mails say: checked, previewed, tested, and nothing lost.

use mail_parser::MessageParser;
use soundings::account::Role;
use soundings::flow::{self, KeyPlan};
use soundings::id::WaveCode;
use soundings::letter::MailKind;

use crate::support::house::{TestHouse, code};
use crate::support::smtp::SmtpServer;
use crate::support::visitor::{Page, Visitor};
use crate::support::{WAVE, on_both};

fn at(kind: &str) -> String {
    format!("/office/waves/{WAVE}/letters/{kind}")
}

fn field(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// What the editor holds, with some of it written anew.
fn form(page: &Page, anew: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields = page.filled();
    fields.push(field("-seen", &page.seen()));
    for (name, value) in anew {
        fields.retain(|(known, _)| known != name);
        fields.push(field(name, value));
    }
    fields
}

trait Editor {
    fn seen(&self) -> String;
    fn written(&self, name: &str) -> String;
    fn faults(&self) -> Vec<String>;
}

impl Editor for Page {
    fn seen(&self) -> String {
        let start = "name=\"-seen\" value=\"";
        let at = self.text.find(start).expect("the version seen") + start.len();
        self.text[at..].split('"').next().expect("a number").to_owned()
    }

    fn written(&self, name: &str) -> String {
        let found = self.filled().into_iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value).unwrap_or_default()
    }

    fn faults(&self) -> Vec<String> {
        self.texts(".nhsuk-error-summary li")
    }
}

/// A wave that has not opened yet.
fn draft(house: &TestHouse) -> WaveCode {
    house.import_region();
    house.draft_wave(WAVE);
    code(WAVE)
}

fn text(mail: &[u8]) -> (String, String) {
    let mail = MessageParser::new().parse(mail).expect("a mail");
    let body = mail.body_text(0).expect("a text").into_owned();
    (mail.subject().expect("a subject").to_owned(), body)
}

on_both!(what_the_office_writes_is_what_leads_get, |house| {
    let server = SmtpServer::start();
    draft(house);
    let office = house.sign_in(Role::Office);
    let list = office.get(&format!("/office/waves/{WAVE}/letters"));
    assert_eq!(list.texts("tbody th").len(), 7);
    let page = office.get(&at("invitation"));
    let body = page.written("body").replace("Dear {{name}}", "Dear {{name}} & colleagues <all>");
    let form = form(&page, &[("body", &body), ("subject", "PBC in {{group}}, by {{close_date}}")]);
    let saved = office.post(&at("invitation"), &form);
    assert_eq!((saved.status, saved.to), (303, Some(format!("{}?done=saved", at("invitation")))));
    let again = office.get(&at("invitation"));
    assert_eq!(again.written("body"), body.trim());
    assert!(again.says("Version 1, used now") && again.says("office@sha.example.org"));
    assert!(office.get(&format!("/office/waves/{WAVE}/letters")).says("office@sha.example.org"));
    // The same once more is no new version.
    office.post(&at("invitation"), &form);
    assert!(!office.get(&at("invitation")).says("Version 2"));

    let opened =
        flow::open_wave(&house.house, &code(WAVE), &KeyPlan::Server).expect("the wave opens");
    assert_eq!(house.send_mails(&server), opened.invited);
    for mail in server.wait_for(opened.invited) {
        let (subject, text) = text(&mail);
        assert!(subject.starts_with("PBC in ") && text.contains("& colleagues <all>"));
        assert!(!subject.contains('{') && !text.contains('{'));
    }
    // It went, and stays as it is.
    let gone = office.get(&at("invitation"));
    assert!(gone.says("so it cannot be changed any more"));
    assert!(gone.button("Save").is_none());
    let late = office.post(
        &at("invitation"),
        &[field("-seen", "1"), field("subject", "Late"), field("body", &body)],
    );
    assert_eq!(late.status, 409);
    assert!(office.get(&at("reminder")).button("Save").is_some());
    house.close();
    let office = house.sign_in(Role::Office);
    assert!(office.get(&at("reminder")).button("Save").is_none());
    assert!(office.get(&at("results")).button("Save").is_some());
});

on_both!(every_fault_is_named_at_once_and_nothing_written_is_lost, |house| {
    draft(house);
    let office = house.sign_in(Role::Office);
    let page = office.get(&at("invitation"));
    let body = "Dear {{nmae}}\n\nStart { here";
    let wrong = form(&page, &[("subject", "See {{link}}"), ("body", body)]);
    for action in [at("invitation"), at("invitation") + "/preview", at("invitation") + "/test"] {
        let page = office.post(&action, &wrong);
        assert_eq!(page.status, 422, "{action}");
        assert_eq!(page.written("subject"), "See {{link}}");
        assert_eq!(page.written("body"), body);
        let faults = page.faults();
        assert_eq!(faults.len(), 5, "{faults:?}");
        assert!(faults[1].contains("did you mean {{name}}?"), "{faults:?}");
        let links = page.addresses(".nhsuk-error-summary a");
        assert_eq!(links, ["#subject", "#body", "#body", "#body", "#body"]);
    }
    assert!(office.get(&at("invitation")).says("The usual text, used now"));
});

on_both!(two_who_write_at_once_do_not_lose_each_others_text, |house| {
    draft(house);
    // Two windows of one account are as good as two people.
    let ann = house.sign_in(Role::Office);
    let bea = ann.clone();
    let (hers, theirs) = (ann.get(&at("reminder")), bea.get(&at("reminder")));
    let post = |who: &Visitor, page: &Page, subject: &str| {
        who.post(&at("reminder"), &form(page, &[("subject", subject)]))
    };
    assert_eq!(post(&ann, &hers, "From Ann").status, 303);
    let refused = post(&bea, &theirs, "From Bea");
    assert_eq!(refused.status, 409);
    assert!(refused.says("Somebody else saved this letter") && refused.says("From Ann"));
    assert_eq!(refused.written("subject"), "From Bea");
    assert_eq!(post(&bea, &refused, "From Bea").status, 303);
    let now = ann.get(&at("reminder"));
    assert!(now.says("Version 2, used now") && now.written("subject") == "From Bea");
    // Ann's comes back as a version of its own, then the usual text.
    let back = |version: &str, seen: &str| {
        let fields = [field("version", version), field("-seen", seen)];
        ann.post(&(at("reminder") + "/bring-back"), &fields).status
    };
    assert_eq!(back("1", "1"), 409, "an old page");
    assert_eq!(back("1", "2"), 303);
    assert_eq!(ann.get(&at("reminder")).written("subject"), "From Ann");
    assert_eq!(back("0", "3"), 303);
    let usual = MailKind::Reminder.usual().subject;
    assert_eq!(ann.get(&at("reminder")).written("subject"), usual);
    assert_eq!(back("9", "4"), 404);
});

on_both!(a_preview_shows_a_real_lead_and_never_a_link_that_works, |house| {
    let wave = draft(house);
    let office = house.sign_in(Role::Office);
    let leads = house.house.store.read(|tx| tx.register()).expect("a register").leads;
    let lead = &leads[7];
    let preview = |office: &Visitor| {
        let page = office.get(&at("reminder"));
        let form = form(&page, &[("group", lead.group.as_str()), ("subject", "To {{group}}")]);
        office.post(&(at("reminder") + "/preview"), &form)
    };
    // Before opening the readers come from the register, after it from the roster.
    for _ in 0..2 {
        let shown = preview(&office);
        assert!(shown.says("This preview is not saved."));
        let mail = shown.texts(".so-letter").concat();
        let names = leads.iter().filter(|one| one.group == lead.group);
        assert!(names.into_iter().any(|one| mail.contains(one.name.expose())), "{mail}");
        assert!(mail.contains(&format!("{}/s/…", house.base())), "{mail}");
        assert!(mail.contains(&format!("{}/stop/…", house.base())), "{mail}");
        assert_eq!(shown.written("subject"), "To {{group}}");
        if house.house.store.read(|tx| tx.invitations(&wave)).expect("a roster").is_empty() {
            flow::open_wave(&house.house, &wave, &KeyPlan::Server).expect("the wave opens");
        }
    }
    assert!(office.get(&at("reminder")).says("The usual text, used now"), "nothing was saved");
});

on_both!(a_letter_is_previewed_even_if_nobody_is_in_the_register, |house| {
    house.draft_wave(WAVE);
    let office = house.sign_in(Role::Office);
    for kind in MailKind::ALL {
        let path = match kind {
            MailKind::SignIn | MailKind::Network => format!("/office/letters/{}", kind.word()),
            _ => at(kind.word()),
        };
        let page = office.get(&path);
        assert_eq!((page.status, page.heading()), (200, kind.to_string()));
        let shown = page.texts(".so-letter").concat();
        assert!(!shown.is_empty() && !shown.contains('{'), "{kind}: {shown}");
    }
    for wrong in [at("sign-in"), at("none"), "/office/letters/reminder".to_owned()] {
        assert_eq!(office.get(&wrong).status, 404, "{wrong}");
    }
});

on_both!(a_test_mail_goes_to_its_writer_alone_and_its_links_open_nothing, |house| {
    let server = SmtpServer::start();
    let house = &TestHouse::start_with(house.backend, [("SOUNDINGS_MAIL_URL", server.url())]);
    draft(house);
    flow::open_wave(&house.house, &code(WAVE), &KeyPlan::Server).expect("the wave opens");
    let office = house.sign_in(Role::Office);
    for kind in ["reminder", "deputy", "results"] {
        let page = office.get(&at(kind));
        let done = office.post(&(at(kind) + "/test"), &form(&page, &[]));
        assert!(done.says("A test is on its way to office@sha.example.org."), "{}", done.text);
        assert_eq!(done.written("subject"), page.written("subject"));
    }
    let page = office.get("/office/letters/sign-in");
    office.post("/office/letters/sign-in/test", &form(&page, &[]));
    let mails = server.wait_for(4);
    assert_eq!(mails.len(), 4);
    for mail in &mails {
        let parsed = MessageParser::new().parse(mail.as_slice()).expect("a mail");
        let to = parsed.to().and_then(|to| to.first()?.address()).map(str::to_owned);
        assert_eq!(to.as_deref(), Some("office@sha.example.org"));
        let (subject, text) = text(mail);
        assert!(subject.starts_with("TEST: "), "{subject}");
        for link in text.split_whitespace().filter(|word| word.starts_with(house.base())) {
            if !link.contains("/results/") {
                assert_eq!(house.visitor().get(link).status, 404, "{link}");
            }
        }
    }
    let counts = house.house.store.read(|tx| tx.outbox_counts(&code(WAVE))).expect("counts");
    assert_eq!(counts.sent, 0, "a test is in no round");
    // A server that is out of reach is told in its own words.
    drop(server);
    let page = office.get(&at("reminder"));
    let failed = office.post(&(at("reminder") + "/test"), &form(&page, &[]));
    assert!(failed.says("The test did not go."), "{}", failed.text);
});
