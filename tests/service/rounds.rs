//! When mails go, to whom, how fast, and when they stop.

use std::collections::BTreeSet;

use soundings::flow::{self, Found};
use soundings::ledger::{Ended, MailState, PauseCause, PauseScope, RoundState};
use soundings::letter::MailKind;
use soundings::time::Moment;

use crate::support::house::{TestHouse, code};
use crate::support::respondent::Respondent;
use crate::support::{WAVE, on_both};

fn rounds(house: &TestHouse) -> Vec<flow::RoundStatus> {
    flow::round_statuses(&house.house, &code(WAVE)).expect("rounds")
}

fn round(house: &TestHouse, kind: MailKind) -> flow::RoundStatus {
    rounds(house).into_iter().find(|one| one.round.kind == kind).expect("the round")
}

fn go_to(house: &TestHouse, at: Moment) {
    house.house.clock.set(at);
}

fn answer(lead: &Respondent) {
    let answers = [("ROLE".to_owned(), "1".to_owned()), ("MS_INC".to_owned(), "2".to_owned())];
    lead.open();
    lead.answers(&answers.into_iter().collect()).send();
}

on_both!(rounds_go_by_themselves_and_only_to_those_they_concern, |house| {
    let invited = house.invite_some(6);
    house.keep_mails();
    let all = house.house.store.read(|tx| tx.invitations(&code(WAVE))).expect("leads").len();
    let reminder = round(house, MailKind::Reminder);
    assert_eq!((reminder.round.state, reminder.would_get), (RoundState::Planned, all as u32));
    answer(&house.respondent(&invited[0].link));
    let no = house.respondent(&invited[1].link);
    no.open();
    no.decline();
    // The office sees beforehand how many will get what.
    assert_eq!(round(house, MailKind::Reminder).would_get, all as u32 - 2);
    assert_eq!(flow::decide_rounds(&house.house).expect("nothing is due"), 0);

    // Thanks to the one who answered go in the evening of that day.
    assert_eq!(house.keep_mails(), 0);
    go_to(house, Moment::in_london(house.house.now().london_date(), 18));
    assert_eq!(house.keep_mails(), 1);

    go_to(house, reminder.round.due);
    let before = house.kept_mails().len();
    assert_eq!(flow::decide_rounds(&house.house).expect("decided"), all - 2);
    assert_eq!(flow::decide_rounds(&house.house).expect("once"), 0);
    assert_eq!(house.keep_mails(), all - 2);
    assert_eq!(house.kept_mails().len(), before + all - 2);
    let decided = round(house, MailKind::Reminder);
    assert_eq!((decided.round.planned, decided.round.gone), (all as u32 - 2, all as u32 - 2));
    assert_eq!(decided.counts.sent, all as u32 - 2);

    // The last call is skipped, planned again, and moved.
    let key = (&code(WAVE), MailKind::LastCall, 1);
    flow::change_round(&house.house, key, None).expect("skipped");
    let last = round(house, MailKind::LastCall);
    go_to(house, last.round.due);
    assert_eq!(flow::decide_rounds(&house.house).expect("skipped"), 0);
    let later = last.round.due.plus_seconds(3600);
    assert!(flow::change_round(&house.house, key, Some(last.round.due.plus_days(-3))).is_err());
    flow::change_round(&house.house, key, Some(later)).expect("moved");
    assert!(
        flow::change_round(&house.house, (&code(WAVE), MailKind::Reminder, 1), None).is_err(),
        "what is out stays out"
    );
    go_to(house, later);
    assert_eq!(flow::decide_rounds(&house.house).expect("decided"), all - 2);
    // Taken back before it goes.
    let taken = flow::cancel_round(&house.house, key).expect("cancelled");
    assert_eq!(taken, all - 2);
    assert_eq!(house.keep_mails(), 0);
});

on_both!(mails_that_wait_too_long_are_held_for_a_person, |house| {
    house.import_region();
    let all = house.open_wave(WAVE);
    let due = house.house.now();
    // The service was off for two days, or this is a backup of then.
    go_to(house, due.plus_days(2));
    let found = flow::claim_mails(&house.house, "a worker", 500).expect("looked");
    assert_eq!((found.mails.len(), found.ended), (0, all));
    let troubled = house.house.store.read(|tx| tx.troubled_mails(500)).expect("mails");
    assert_eq!(troubled.len(), all);
    assert!(troubled.iter().all(|mail| mail.state == MailState::Held));
    let now = house.house.now();
    for mail in &troubled {
        let sent = house.house.store.write(|tx| tx.send_after_all(&mail.id, mail.kind, now));
        assert!(sent.expect("decided"));
    }
    assert_eq!(house.keep_mails(), all);
});

on_both!(more_mails_than_were_planned_stop_everything, |house| {
    house.import_region();
    let all = house.open_wave(WAVE);
    let doubt = |found: &Found| {
        let outcomes: Vec<_> = found
            .mails
            .iter()
            .map(|mail| mail.ended(Ended::Unknown("the line broke".to_owned())))
            .collect();
        flow::record_mails(&house.house, &outcomes).expect("written down");
        outcomes.len()
    };
    let mut gone = 0;
    for _ in 0..100 {
        // A mail in doubt rests for a minute at most before it is tried again.
        house.house.clock.set(house.house.now().plus_seconds(60));
        let found = flow::claim_mails(&house.house, "a worker", 20).expect("claimed");
        if !found.more {
            break;
        }
        gone += doubt(&found);
    }
    // Each was perhaps sent once; the brake holds soon after the second time began.
    assert!(gone > all && gone <= all + all / 50 + 20 + 1, "{gone} of {all}");
    let pauses = house.house.store.read(|tx| tx.pauses()).expect("pauses");
    assert_eq!(pauses.len(), 1);
    assert_eq!((&pauses[0].scope, pauses[0].cause), (&PauseScope::Everything, PauseCause::Brake));
    assert!(flow::resume_mails(&house.house, &PauseScope::Everything).expect("resumed"));
    let found = flow::claim_mails(&house.house, "a worker", 20).expect("claimed");
    assert_eq!(found.mails.len(), 20, "after a look it goes on");
});

on_both!(a_silent_worker_is_waited_for_before_its_mails_go_again, |house| {
    house.import_region();
    let all = house.open_wave(WAVE);
    let claim = |name: &str| {
        let found = flow::claim_mails(&house.house, name, 500).expect("claimed");
        found.mails
    };
    let record = |outcomes: &[flow::Outcome]| {
        flow::record_mails(&house.house, outcomes).expect("written down");
    };
    let frozen = claim("frozen");
    assert_eq!(frozen.len(), all);
    // Its claims have ended, and nobody knows how many of its mails went.
    go_to(house, house.house.now().plus_seconds(130));
    assert_eq!(claim("other").len(), 0);
    // It wakes: half its mails went, a quarter it had not begun.
    let (half, quarter) = (all / 2, all / 4);
    let sent: Vec<_> = frozen[..half].iter().map(|mail| mail.ended(Ended::Sent)).collect();
    let kept = &frozen[half..half + quarter];
    let kept: Vec<_> = kept.iter().map(|mail| mail.ended(Ended::NotBegun)).collect();
    record(&sent);
    record(&kept);
    // What it had not begun goes at once; of the rest nothing is heard for long.
    let mut other = claim("other");
    assert_eq!(other.len(), quarter);
    go_to(house, house.house.now().plus_seconds(600));
    record(&other.iter().map(|mail| mail.ended(Ended::NotBegun)).collect::<Vec<_>>());
    other = claim("other");
    assert_eq!(other.len(), all - half);
    let gone: BTreeSet<_> = frozen[..half].iter().map(|mail| mail.mail.id).collect();
    assert!(other.iter().all(|mail| !gone.contains(&mail.mail.id)));
    // The same word once more changes nothing: the mails have another holder now.
    record(&frozen.iter().map(|mail| mail.ended(Ended::Sent)).collect::<Vec<_>>());
    record(
        &other.iter().map(|mail| mail.ended(Ended::Unknown("?".to_owned()))).collect::<Vec<_>>(),
    );
    let troubled = house.house.store.read(|tx| tx.troubled_mails(500)).expect("mails");
    // In doubt for the second time; those that had not been begun are not.
    assert_eq!(troubled.len(), all - half - quarter);
    assert!(troubled.iter().all(|mail| mail.state == MailState::Parked));
});

on_both!(a_paused_wave_waits_and_others_do_not, |house| {
    house.import_region();
    let all = house.open_wave(WAVE);
    let scope = PauseScope::Wave(code(WAVE));
    flow::pause_mails(&house.house, scope.clone()).expect("paused");
    assert_eq!(house.keep_mails(), 0);
    assert!(flow::resume_mails(&house.house, &scope).expect("resumed"));
    assert!(!flow::resume_mails(&house.house, &scope).expect("not paused"));
    assert_eq!(house.keep_mails(), all);
});

#[test]
fn no_more_mails_go_in_a_minute_than_the_settings_allow() {
    use crate::support::Backend;
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let house = TestHouse::start_with(
            backend,
            [
                ("SOUNDINGS_MAIL_URL", "smtp://127.0.0.1:9".to_owned()),
                ("SOUNDINGS_MAIL_PER_MINUTE", "50".to_owned()),
                ("SOUNDINGS_MAIL_PER_DOMAIN", "1".to_owned()),
            ],
        );
        house.import_region();
        let all = house.open_wave(WAVE);
        let mut mails = BTreeSet::new();
        for minute in 0..40 {
            let mut in_minute = 0;
            loop {
                let found = flow::claim_mails(&house.house, "a worker", 40).expect("claimed");
                if !found.more {
                    break;
                }
                in_minute += found.mails.len();
                let outcomes: Vec<_> =
                    found.mails.iter().map(|mail| mail.ended(Ended::Sent)).collect();
                mails.extend(found.mails.iter().map(|mail| mail.mail.id));
                flow::record_mails(&house.house, &outcomes).expect("written down");
            }
            assert!(in_minute <= 50, "{in_minute} in minute {minute}");
            if mails.len() == all {
                break;
            }
            go_to(&house, house.house.now().plus_seconds(60));
        }
        assert_eq!(mails.len(), all, "all go in the end");
    }
}
