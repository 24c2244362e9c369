//! The office sees where mails stand, and decides about those that need somebody.

use std::collections::BTreeMap;

use soundings::account::Role;
use soundings::flow;
use soundings::id::{InvitationId, MailId};
use soundings::ledger::{
    Bounce, Ended, MailState, Pause, PauseCause, PauseScope, Round, StopCause,
};
use soundings::letter::MailKind;
use soundings::storage::StoppedAddress;

use crate::support::house::{Invited, TestHouse, code};
use crate::support::smtp::SmtpServer;
use crate::support::visitor::{Page, Visitor};
use crate::support::{WAVE, on_both};

const MAIL: &str = "/office/mail";

fn field(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// Presses a button whose form has only what is unseen.
fn press(office: &Visitor, path: &str, fields: &[(&str, &str)]) -> Page {
    let fields: Vec<_> = fields.iter().map(|(name, value)| field(name, value)).collect();
    office.post(path, &fields)
}

/// The columns of a row: waiting, sent, came back, refused, in doubt, held, cancelled.
fn counts(page: &Page, name: &str) -> Option<String> {
    let rows = page.texts("tbody tr").into_iter();
    let mut figures = rows.filter_map(|row| Some(row.strip_prefix(name)?.to_owned()));
    figures.find(|rest| rest.chars().all(|c| c.is_ascii_digit()))
}

/// The invitations of the wave by their lead's address.
fn invitations(house: &TestHouse) -> BTreeMap<String, InvitationId> {
    let all = house.house.store.read(|tx| tx.invitations(&code(WAVE))).expect("invitations");
    all.into_iter().map(|one| (one.email.expose().to_owned(), one.id)).collect()
}

/// The mail of a kind to an invitation, the newest round.
fn mail(house: &TestHouse, id: &InvitationId, kind: MailKind) -> soundings::storage::MailRow {
    let mails = house.house.store.read(|tx| tx.mails_of_invitation(id)).expect("mails");
    let of_kind = mails.into_iter().filter(|mail| mail.kind == kind);
    of_kind.max_by_key(|mail| mail.round).expect("a mail of the kind")
}

/// Queues one reminder for everybody and ends the one to this address as said.
fn reminder_ends(house: &TestHouse, address: &str, ended: &Ended) -> MailId {
    flow::remind_wave(&house.house, &code(WAVE)).expect("reminders");
    let id = mail(house, &invitations(house)[address], MailKind::Reminder).id;
    loop {
        let found = flow::claim_mails(&house.house, "test", 100).expect("mails");
        if found.mails.is_empty() {
            return id;
        }
        let end = |one: &flow::Prepared| match one.claim.id == id {
            true => one.ended(ended.clone()),
            false => one.ended(Ended::Sent),
        };
        let outcomes: Vec<_> = found.mails.iter().map(end).collect();
        flow::record_mails(&house.house, &outcomes).expect("written down");
        // A mail in doubt rests for a minute at most before it is tried again.
        house.house.clock.set(house.house.now().plus_seconds(60));
    }
}

fn started(house: &TestHouse) -> (SmtpServer, Vec<Invited>, Visitor) {
    let server = SmtpServer::start();
    let invited = house.invite_few(&server, 3);
    (server, invited, house.sign_in(Role::Office))
}

on_both!(a_refused_mail_is_shown_with_its_reason_and_goes_again, |house| {
    let (server, invited, office) = started(house);
    assert!(office.get(MAIL).says("There is none. A mail that is refused"));
    let address = &invited[0].lead.email;
    let id = reminder_ends(house, address, &Ended::Refused("550 <no> such mailbox".to_owned()));
    let page = office.get(MAIL);
    assert!(page.says(address) && page.says("550 <no> such mailbox"));
    assert!(page.says("Reminder, Autumn 2007: refused"));
    assert_eq!(counts(&page, "Reminder 2").as_deref(), Some("0201000"));
    let send = format!("{MAIL}/{id}/send");
    assert_eq!(page.form_action(&format!("Send again to {}", lead_name(house, address))), send);
    assert_eq!(press(&office, &send, &[]).to.as_deref(), Some("/office/mail?done=sent"));
    assert_eq!(press(&office, &send, &[]).to.as_deref(), Some("/office/mail?done=moved"));
    let before = server.messages().len();
    assert_eq!(house.send_mails(&server), 1);
    assert_eq!(server.wait_for(before + 1).len(), before + 1);
    assert!(office.get(MAIL).says("There is none. A mail that is refused"));
    assert_eq!(
        office.get("/office/mail?done=%3Cscript%3E").texts(".so-done"),
        Vec::<String>::new()
    );
});

fn lead_name(house: &TestHouse, address: &str) -> String {
    let all = house.house.store.read(|tx| tx.invitations(&code(WAVE))).expect("invitations");
    let lead = all.into_iter().find(|one| one.email.expose() == address).expect("a lead");
    lead.name.expose().to_owned()
}

on_both!(a_mail_in_doubt_did_arrive_or_is_left, |house| {
    let (_server, invited, office) = started(house);
    let address = &invited[0].lead.email;
    let id = reminder_ends(house, address, &Ended::Unknown("the line broke".to_owned()));
    assert_eq!(
        house.house.store.read(|tx| tx.mail_row(&id)).expect("a mail").expect("it").state,
        MailState::Parked,
        "tried once more and then for a person"
    );
    let page = office.get(MAIL);
    assert!(page.says("in doubt") && page.says("nobody knows whether it arrived"));
    press(&office, &format!("{MAIL}/{id}/arrived"), &[]);
    let state = |id: &MailId| {
        house.house.store.read(|tx| tx.mail_row(id)).expect("a mail").expect("it").state
    };
    assert_eq!(state(&id), MailState::Sent);
    let second = reminder_ends(house, address, &Ended::Refused("no".to_owned()));
    press(&office, &format!("{MAIL}/{second}/leave"), &[]);
    assert_eq!(state(&second), MailState::Refused, "it still counts as refused");
    let third = reminder_ends(house, address, &Ended::Unknown("the line broke".to_owned()));
    press(&office, &format!("{MAIL}/{third}/leave"), &[]);
    assert_eq!(state(&third), MailState::Cancelled);
    let page = office.get(MAIL);
    assert!(page.says("There is none. A mail that is refused"), "{}", page.text);
    assert_eq!(press(&office, &format!("{MAIL}/none/leave"), &[]).status, 404);
});

on_both!(held_mails_go_in_one_go, |house| {
    let (server, invited, office) = started(house);
    flow::remind_wave(&house.house, &code(WAVE)).expect("reminders");
    house.house.clock.set("2007-11-22T11:00".parse().expect("a moment"));
    assert_eq!(house.send_wanted_mails(&server), (0, 3), "their time has passed");
    drop(office);
    let office = house.sign_in(Role::Office);
    let page = office.get(MAIL);
    assert!(page.says("3 mails are held") && page.says(&invited[0].lead.email));
    assert!(page.says("its time passed before it could go"));
    let done = press(&office, &page.form_action("Send all held"), &[]);
    assert_eq!(done.to.as_deref(), Some("/office/mail?done=held"));
    assert_eq!(house.send_mails(&server), 3);
});

on_both!(everything_and_one_wave_are_paused_and_resumed, |house| {
    let (server, _, office) = started(house);
    flow::remind_wave(&house.house, &code(WAVE)).expect("reminders");
    for scope in ["all".to_owned(), format!("wave:{WAVE}")] {
        press(&office, "/office/mail/pause", &[("scope", &scope)]);
        let page = office.get(MAIL);
        assert!(page.says("Somebody paused them in the office."));
        assert_eq!(house.send_mails(&server), 0, "{scope}");
        let of_wave = office.get(&format!("/office/waves/{WAVE}/mail"));
        assert!(of_wave.says("mails wait") || of_wave.says("mails of this wave wait"));
        assert_eq!(press(&office, "/office/mail/resume", &[("scope", &scope)]).status, 303);
    }
    assert_eq!(house.send_mails(&server), 3);
    assert_eq!(press(&office, "/office/mail/pause", &[("scope", "some")]).status, 400);
});

on_both!(the_brake_is_released_only_by_somebody_who_looked_into_it, |house| {
    let (_server, _, office) = started(house);
    let pause = Pause {
        scope: PauseScope::Everything,
        cause: PauseCause::Brake,
        reason: "166 mails of a round have gone and 162 were planned".to_owned(),
        since: house.house.now(),
    };
    house.house.store.write(|tx| tx.put_pause(&pause)).expect("a pause");
    let page = office.get(MAIL);
    assert!(page.says("All mails wait") && page.says(&pause.reason));
    let refused = press(&office, "/office/mail/resume", &[("scope", "all")]);
    let said = "Tick the box when you have looked into it";
    assert_eq!(
        (refused.status, refused.texts(".nhsuk-error-summary li")),
        (422, vec![said.into()])
    );
    assert!(office.get(MAIL).says("All mails wait"));
    let fields = [("scope", "all"), ("looked", "yes")];
    assert_eq!(press(&office, "/office/mail/resume", &fields).status, 303);
    assert!(!office.get(MAIL).says("All mails wait"));
});

on_both!(thanks_are_never_shown_by_name, |house| {
    let (_server, invited, _) = started(house);
    let answers = [("ROLE".to_owned(), "1".to_owned()), ("MS_INC".to_owned(), "2".to_owned())];
    let lead = house.respondent(&invited[0].link);
    lead.open();
    lead.answers(&answers.into_iter().collect()).send();
    house.house.clock.set("2007-11-20T18:00".parse().expect("a moment"));
    let found = flow::claim_mails(&house.house, "test", 9).expect("mails");
    let refused: Vec<_> =
        found.mails.iter().map(|one| one.ended(Ended::Refused("550 no".to_owned()))).collect();
    assert_eq!(refused.len(), 1);
    flow::record_mails(&house.house, &refused).expect("written down");
    let office = house.sign_in(Role::Office);
    let page = office.get(MAIL);
    assert_eq!(counts(&page, "Thank you").as_deref(), Some("0001000"));
    assert!(!page.says(&invited[0].lead.email) && page.says("There is none."));
    let id = mail(house, &invitations(house)[&invited[0].lead.email], MailKind::Thanks).id;
    assert_eq!(office.get(&format!("{MAIL}/{id}/address")).status, 404);
});

on_both!(an_address_that_was_stopped_gets_mails_again, |house| {
    let (server, invited, office) = started(house);
    let stop = StoppedAddress {
        address: invited[1].lead.email.parse().expect("an address"),
        cause: StopCause::Bounced,
        reason: "The mailbox does not exist (550 5.1.1)".to_owned(),
        day: house.house.now().london_date(),
    };
    house.house.store.write(|tx| tx.stop_address(&stop)).expect("stopped");
    let page = office.get(MAIL);
    assert!(page.says("A mail came back: The mailbox does not exist (550 5.1.1)"));
    assert!(page.says("20 November 2007"));
    let fields = [("address", stop.address.expose())];
    let done = press(&office, "/office/mail/write-again", &fields);
    assert_eq!(done.to.as_deref(), Some("/office/mail?done=again"));
    assert!(office.get(MAIL).says("nobody has asked for no more mails"));
    assert_eq!(flow::remind_wave(&house.house, &code(WAVE)).expect("reminders"), 3);
    assert_eq!(house.send_mails(&server), 3);
});

/// A mail to this address came back for good.
fn bounces(house: &TestHouse, address: &str) -> MailId {
    let id = mail(house, &invitations(house)[address], MailKind::Invitation).id;
    let stop = StoppedAddress {
        address: address.parse().expect("an address"),
        cause: StopCause::Bounced,
        reason: "The mailbox does not exist".to_owned(),
        day: house.house.now().london_date(),
    };
    house
        .house
        .store
        .write(|tx| {
            tx.note_bounce(&id, Bounce::Hard, "The mailbox does not exist")?;
            tx.stop_address(&stop)
        })
        .expect("a bounce");
    id
}

on_both!(a_corrected_address_gets_the_invitation_and_the_old_link_is_dead, |house| {
    let (server, invited, office) = started(house);
    let (old, new) = (&invited[0].lead.email, "right@practice.example.org");
    // Whoever has the old link has begun.
    let stranger = house.respondent(&invited[0].link);
    stranger.open();
    let answers = [("ROLE".to_owned(), "1".to_owned())];
    stranger.answers(&answers.into_iter().collect());
    let form = format!("{MAIL}/{}/address", bounces(house, old));
    let page = office.get(MAIL);
    assert!(page.says("came back") && page.says("The mailbox does not exist"));
    assert!(page.addresses("main a").contains(&form));
    assert!(office.get(&form).says(old));
    for (typed, said) in [
        ("", "Enter the right e-mail address"),
        ("nobody", "Enter an e-mail address in the form name@example.org"),
        (&old.to_uppercase(), "This is the address that there is"),
    ] {
        let page = press(&office, &form, &[("email", typed)]);
        assert_eq!((page.status, page.texts(".nhsuk-error-summary li")), (422, vec![said.into()]));
    }
    let done = press(&office, &form, &[("email", new)]);
    assert_eq!(done.to.as_deref(), Some("/office/mail?done=draft"));
    assert_eq!(press(&office, &form, &[("email", new)]).status, 422, "pressed twice");
    assert!(office.get(MAIL).says("There is none. A mail that is refused"));

    assert_eq!(house.send_mails(&server), 1);
    let mails = server.wait_for(4);
    let link = house.links(&mails[3..])[new].clone();
    assert_ne!(link, invited[0].link);
    assert_eq!(house.visitor().get(&invited[0].link).status, 410);
    assert_eq!(stranger.browser.get("/answer").status, 410);
    let lead = house.respondent(&link);
    lead.open();
    let answers = [("ROLE".to_owned(), "1".to_owned()), ("MS_INC".to_owned(), "2".to_owned())];
    lead.answers(&answers.into_iter().collect()).send();
    let register = house.house.store.read(|tx| tx.register()).expect("a register");
    let emails: Vec<&str> = register.leads.iter().map(|lead| lead.email.expose()).collect();
    assert!(emails.contains(&new), "the register is corrected, too");

    // What was bounced counts as that, and the reminder goes to the right address.
    let page = office.get(MAIL);
    assert_eq!(counts(&page, "Invitation").as_deref(), Some("0210000"));
    let again = counts(&page, "Invitation to a corrected address");
    assert_eq!(again.as_deref(), Some("0100000"));
});

on_both!(whoever_has_answered_keeps_that_and_gets_no_mail_at_a_corrected_address, |house| {
    let (server, invited, office) = started(house);
    let answers = [("ROLE".to_owned(), "1".to_owned()), ("MS_INC".to_owned(), "2".to_owned())];
    let lead = house.respondent(&invited[0].link);
    lead.open();
    lead.answers(&answers.into_iter().collect()).send();
    let form = format!("{MAIL}/{}/address", bounces(house, &invited[0].lead.email));
    let done = press(&office, &form, &[("email", "right@practice.example.org")]);
    assert_eq!(done.to.as_deref(), Some("/office/mail?done=corrected"));
    assert_eq!(house.send_mails(&server), 0);
    let status = flow::wave_status(&house.house, &code(WAVE)).expect("a status");
    assert_eq!(status.total.answered, 1);
    // The address of somebody who wants no mails is not a right one.
    let stop = StoppedAddress {
        address: "never@practice.example.org".parse().expect("an address"),
        cause: StopCause::Asked,
        reason: "asked for no more mails".to_owned(),
        day: house.house.now().london_date(),
    };
    house.house.store.write(|tx| tx.stop_address(&stop)).expect("stopped");
    let form = format!("{MAIL}/{}/address", bounces(house, &invited[1].lead.email));
    assert_eq!(press(&office, &form, &[("email", "never@practice.example.org")]).status, 422);
    house.pass_closing_time();
    let office = house.sign_in(Role::Office);
    assert_eq!(press(&office, &form, &[("email", "other@practice.example.org")]).status, 409);
});

fn rounds(house: &TestHouse) -> Vec<Round> {
    house.house.store.read(|tx| tx.rounds(&code(WAVE))).expect("rounds")
}

fn states(house: &TestHouse) -> Vec<String> {
    let state = |round: Round| format!("{} {} {}", round.kind, round.number, round.state.word());
    rounds(house).into_iter().map(state).collect()
}

on_both!(a_round_is_moved_skipped_planned_again_and_cancelled, |house| {
    let (server, _, office) = started(house);
    let base = format!("/office/waves/{WAVE}/mail");
    let at = |rest: &str| format!("{base}/{rest}");
    let page = office.get(&base);
    assert!(page.says("9am on Monday 26 November 2007"));
    assert!(page.says("If it went now, 3 leads would get it."));
    let form = office.get(&at("reminder/1"));
    assert_eq!(
        form.filled().iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>(),
        ["26", "11", "2007"]
    );
    let time = |day: &str, month: &str, hour: &str| {
        let fields = [("day", day), ("month", month), ("year", "2007"), ("hour", hour)];
        press(&office, &at("reminder/1"), &fields)
    };
    for (day, month, said) in [
        ("31", "11", "Enter a real day, for example 26 11 2007"),
        ("", "x", "Enter a real day, for example 26 11 2007"),
        ("19", "11", "Choose a time between now and the closing"),
        ("14", "12", "Choose a time between now and the closing"),
    ] {
        let page = time(day, month, "17");
        assert_eq!((page.status, page.texts(".nhsuk-error-summary li")), (422, vec![said.into()]));
        assert_eq!(
            page.filled().first().map_or("", |(_, value)| value),
            if day.is_empty() { month } else { day }
        );
    }
    assert_eq!(time("28", "11", "14").status, 303);
    assert!(office.get(&base).says("2pm on Wednesday 28 November 2007"));
    assert_eq!(press(&office, &at("last-call/1/skip"), &[]).status, 303);
    assert_eq!(
        states(house),
        ["Invitation 1 decided", "Reminder 1 planned", "Last call 1 skipped"]
    );
    assert_eq!(press(&office, &at("last-call/1/again"), &[]).status, 303);
    assert_eq!(states(house)[2], "Last call 1 planned");
    assert_eq!(press(&office, &at("invitation/1/skip"), &[]).status, 409);
    assert_eq!(office.get(&at("invitation/1")).status, 409);
    assert_eq!(press(&office, &at("reminder/7/cancel"), &[]).status, 409);

    flow::remind_wave(&house.house, &code(WAVE)).expect("reminders");
    assert!(office.get(&base).says("Cancel what has not gone: Reminder 2"));
    assert_eq!(press(&office, &at("reminder/2/cancel"), &[]).status, 303);
    assert_eq!(house.send_mails(&server), 0);
});

on_both!(a_reminder_goes_now_to_as_many_as_the_page_says_and_only_once, |house| {
    let (server, invited, office) = started(house);
    let lead = house.respondent(&invited[2].link);
    lead.open();
    lead.decline();
    let page_of = format!("/office/waves/{WAVE}/mail/remind");
    let page = office.get(&page_of);
    assert!(page.says("2 leads would get it at this moment"));
    let action = page.form_action("Send the reminder to 2 leads");
    assert_eq!(press(&office, &action, &[("-round", "2")]).status, 303);
    assert_eq!(press(&office, &action, &[("-round", "2")]).status, 303, "pressed twice");
    let waiting = office.get(&page_of);
    assert!(waiting.says("2 mails of this wave have not gone yet."));
    assert!(waiting.button("Send the reminder to 2 leads").is_none());
    assert_eq!(press(&office, &action, &[("-round", "3")]).status, 409);
    assert_eq!(house.send_mails(&server), 2);
    assert_eq!(states(house).iter().filter(|state| state.contains("decided")).count(), 2);
    house.pass_closing_time();
    let office = house.sign_in(Role::Office);
    assert_eq!(office.get(&page_of).status, 409);
    assert_eq!(press(&office, &action, &[("-round", "3")]).status, 409);
});

on_both!(a_draft_says_when_its_mails_will_go, |house| {
    house.import_region();
    house.draft_wave(WAVE);
    let office = house.sign_in(Role::Office);
    let page = office.get(&format!("/office/waves/{WAVE}/mail"));
    let headings = page.texts("main h2");
    assert_eq!(headings, ["Invitation", "Reminder", "Last call"]);
    assert!(page.says("9am on Thursday 13 December 2007"));
    assert!(page.button("Skip: Reminder").is_none());
    assert!(office.get(MAIL).says("There is no mail yet."));
});
