//! A closing that is broken off is taken up where it stopped, and counts each
//! reply once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::Duration;

use soundings::chance::Chance;
use soundings::custody::HeldKey;
use soundings::flow::{self, FlowError, Resumed};
use soundings::keyring::Secret;
use soundings::storage::StorageError;
use soundings::wave::State;

use crate::support::house::{TestHouse, code};
use crate::support::respondent::Answers;
use crate::support::{many, on_both};

const REPLIES: usize = 3;

/// A wave in which a few leads have answered.
fn answered(house: &TestHouse, wave: &str) {
    let links = house.open_rehearsal(wave);
    for link in links.iter().take(REPLIES) {
        let pairs = [("ROLE", "2"), ("MS_INC", "3"), ("OPEN", "A word to the office")];
        let answers: Answers =
            pairs.map(|(item, value)| (item.to_owned(), value.to_owned())).into_iter().collect();
        let lead = house.respondent(link);
        lead.open().answers(&answers).send();
    }
}

/// The wave's state, its ballots, its envelopes and the replies in its turnout.
fn found(house: &TestHouse, wave: &str) -> (State, usize, usize, u32) {
    let wave = code(wave);
    let found = house.house.store.read(|tx| {
        let state = tx.wave(&wave)?.expect("the wave");
        let survey = house.house.survey(tx, &state)?;
        let ballots = tx.ballots(&wave, &survey)?.len();
        let answered = tx.turnout(&wave)?.iter().map(|row| row.answered).sum();
        Ok::<_, StorageError>((state.state, ballots, answered))
    });
    let (state, ballots, answered) = found.expect("the wave's facts");
    (state, ballots, house.envelopes(&wave), answered)
}

fn is_counted(house: &TestHouse, wave: &str) {
    let all = u32::try_from(REPLIES).expect("a few");
    assert_eq!(found(house, wave), (State::Closed, REPLIES, 0, all), "{wave}");
    for secret in [Secret::BallotBox, Secret::Links] {
        assert!(house.house.keyring.get(&code(wave), secret).is_err(), "{wave}: {secret}");
    }
}

on_both!(a_closing_broken_off_after_any_step_is_finished_later, |house| {
    house.import_region();
    let waves = ["W1", "W2", "W3", "W4", "W5"];
    for (step, wave) in waves.into_iter().enumerate() {
        answered(house, wave);
        let mut told = 0;
        // The panic stands for the end of the process: nothing after it runs.
        let stopped = catch_unwind(AssertUnwindSafe(|| {
            flow::close_wave(&house.house, &code(wave), true, &HeldKey::OnServer, |_| {
                assert!(told < step, "broken off");
                told += 1;
            })
        }));
        assert!(stopped.is_err());
        let (state, ballots, envelopes, _) = found(house, wave);
        // At any moment a reply is either an envelope or a ballot.
        assert_eq!(ballots + envelopes, REPLIES);
        assert_eq!(matches!(state, State::Closing(_)), step < 4, "{wave}: {state:?}");
        // No result is made of a half-closed wave, and no answer is taken.
        if step < 4 {
            assert!(flow::build_release(&house.house, &code(wave)).is_err());
        }
    }
    // In the fourth, destroying had begun when it was broken off.
    house.house.keyring.destroy(&code("W4"), Secret::BallotBox).expect("destroyed");
    let resumed = flow::resume_closings(&house.house).expect("resumed");
    let mut all: Vec<Resumed> =
        waves.iter().take(4).map(|wave| Resumed::Done(code(wave))).collect();
    all.reverse();
    assert_eq!(resumed, all);
    for wave in waves {
        is_counted(house, wave);
        let again = flow::close_wave(&house.house, &code(wave), true, &HeldKey::OnServer, |_| {});
        assert!(matches!(again, Err(FlowError::Wave(_))), "a closed wave closes again");
    }
    assert_eq!(flow::resume_closings(&house.house).expect("nothing to do"), []);
});

on_both!(a_closing_that_is_killed_again_and_again_counts_each_reply_once, |house| {
    house.import_region();
    let chance = Chance::seeded(7);
    let mut kills = 0;
    for number in 1.. {
        let wave = &format!("W{number}");
        answered(house, wave);
        loop {
            let mut closing = house
                .program(&["wave", "close", wave, "--early"])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("the program starts");
            // Longer and longer, so that a slow machine gets through in the end.
            sleep(Duration::from_millis(5 + chance.below(195 + 10 * kills) as u64));
            if closing.try_wait().expect("the program's state").is_some() {
                break;
            }
            closing.kill().expect("killed");
            closing.wait().expect("gone");
            kills += 1;
            let (_, ballots, envelopes, _) = found(house, wave);
            assert_eq!(ballots + envelopes, REPLIES);
        }
        is_counted(house, wave);
        if number >= 3 && kills >= many(3, 50) {
            break;
        }
    }
});

on_both!(what_is_sent_while_the_wave_closes_is_counted_or_refused, |house| {
    house.import_region();
    let words = |item: &str, value: &str| (item.to_owned(), value.to_owned());
    let (mut counted, mut refused) = (0, 0);
    for wave in ["W1", "W2", "W3", "W4", "W5"] {
        let links = house.open_rehearsal(wave);
        let leads: Vec<_> = links.iter().take(24).map(|link| house.respondent(link)).collect();
        for lead in &leads {
            lead.open();
            lead.browser.get("/answer/B");
            let saved = lead.browser.post("/answer/B", &[words("MS_INC", "1")]);
            assert_eq!(saved.status, 200);
        }
        let acknowledged = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for part in leads.chunks(6) {
                let acknowledged = &acknowledged;
                scope.spawn(move || {
                    for lead in part {
                        let sent = lead.browser.post("/answer/send", &[]);
                        assert!([303, 410].contains(&sent.status), "{}", sent.text);
                        acknowledged.fetch_add(usize::from(sent.status == 303), Ordering::SeqCst);
                        let saved = lead.browser.post("/answer/A", &[words("ROLE", "1")]);
                        assert!([200, 410].contains(&saved.status), "{}", saved.text);
                    }
                });
            }
            while acknowledged.load(Ordering::SeqCst) < 4 {
                sleep(Duration::from_millis(1));
            }
            flow::close_wave(&house.house, &code(wave), true, &HeldKey::OnServer, |_| {})
                .expect("closed");
        });
        let acknowledged = acknowledged.into_inner();
        let (state, ballots, envelopes, _) = found(house, wave);
        assert_eq!((state, ballots, envelopes), (State::Closed, acknowledged, 0));
        let drafts = house.house.store.read(|tx| {
            let mut drafts = 0;
            for invitation in tx.invitations(&code(wave))? {
                drafts += usize::from(tx.draft(&invitation.id)?.is_some());
            }
            Ok::<_, StorageError>(drafts)
        });
        assert_eq!(drafts.expect("drafts"), 0, "a draft was saved into a closed wave");
        counted += acknowledged;
        refused += leads.len() - acknowledged;
    }
    assert!(counted > 0 && refused > 0, "{counted} counted, {refused} refused: no race was run");
});
