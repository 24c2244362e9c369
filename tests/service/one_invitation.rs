//! Many at once with one personal link: one envelope, and the last who was told that it
//! is sealed is the one that counts.

use std::sync::{Barrier, Mutex};
use std::time::Instant;

use diesel::prelude::*;
use diesel::sql_types::Text;
use soundings::storage::StorageError;

use crate::support::house::code;
use crate::support::visitor::Visitor;
use crate::support::{WAVE, on_both};

const AT_ONCE: usize = 50;

/// Something that was acknowledged: between when and when.
#[derive(Clone, Copy)]
struct Done {
    begun: Instant,
    acknowledged: Instant,
}

fn timed<T>(act: impl FnOnce() -> T) -> (Done, T) {
    let begun = Instant::now();
    let value = act();
    (Done { begun, acknowledged: Instant::now() }, value)
}

#[derive(QueryableByName)]
struct Said {
    #[diesel(sql_type = Text)]
    words: String,
}

fn words(number: usize) -> Vec<(String, String)> {
    [("WELL", format!("Number {number:02} says so")), ("QUOTE", "1".to_owned())]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
}

/// Writes the words of this number; when that was acknowledged.
fn save(browser: &Visitor, number: usize) -> Done {
    browser.get("/answer/I");
    loop {
        let (saved, page) = timed(|| browser.post("/answer/I", &words(number)));
        match page.status {
            303 => return saved,
            // Whoever finds somebody else's words there presses again to keep their own.
            422 if page.says("You changed this in another window") => {}
            // Words bring up the question whether they may be quoted.
            200 => {}
            other => panic!("{other}: {}", page.text),
        }
    }
}

on_both!(fifty_at_once_leave_one_envelope_and_the_last_acknowledged_wins, |house| {
    house.import_region();
    let links = house.open_rehearsal(WAVE);
    let barrier = Barrier::new(AT_ONCE);
    // For each of them when the words were saved and when they were sealed.
    let all = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for number in 0..AT_ONCE {
            let (barrier, all, link) = (&barrier, &all, &links[0]);
            scope.spawn(move || {
                let browser = Visitor::new(house.base());
                let page = browser.get(link);
                let button = ["Start", "Fill in the form again"];
                let button = button.into_iter().find(|text| page.button(text).is_some());
                browser.post(&page.form_action(button.expect("a way in")), &[]);
                barrier.wait();
                let (saved, sent) = loop {
                    let saved = save(&browser, number);
                    let (sent, page) = timed(|| browser.post("/answer/send", &[]));
                    match page.to.as_deref() {
                        // Another may have sealed these words already; that is said, too.
                        Some("/answer/done") => break (saved, sent),
                        // Another sealed them in between, and only the leave to quote is left.
                        _ => assert_eq!(page.status, 409, "{}", page.text),
                    }
                };
                all.lock().expect("no panic").push((number, saved, sent));
            });
        }
    });
    assert_eq!(house.envelopes(&code(WAVE)), 1);
    let all = all.into_inner().expect("no panic");
    assert_eq!(all.len(), AT_ONCE);
    house.close();
    let said = counted(house);
    let winner: usize = said[7..9].parse().expect("a number");
    let (_, won, _) = all.iter().find(|(number, ..)| *number == winner).expect("one of them");
    // Nobody's words were saved after these and then sealed before anybody else saved.
    for (number, saved, _) in &all {
        let later = saved.begun > won.acknowledged;
        let sealed = all.iter().any(|(_, _, sent)| sent.begun > saved.acknowledged);
        assert!(!(later && sealed), "{number} came after {winner} and was sealed");
    }
});

/// The words of the only ballot.
fn counted(house: &crate::support::TestHouse) -> String {
    let ballots = house.house.store.read(|tx| {
        let wave = tx.wave(&code(WAVE))?.expect("the wave");
        let survey = house.house.survey(tx, &wave)?;
        Ok::<_, StorageError>(tx.ballots(&code(WAVE), &survey)?.len())
    });
    assert_eq!(ballots.expect("ballots"), 1);
    let sql = "SELECT words FROM comments";
    #[expect(clippy::disallowed_methods, reason = "a test looks at what is really stored")]
    let said: Vec<Said> = match house.database_url() {
        Some(url) => {
            let mut database = PgConnection::establish(url).expect("the database");
            diesel::sql_query(sql).load(&mut database).expect("words")
        }
        None => {
            let file = house.data().join("soundings.db").display().to_string();
            let mut database = SqliteConnection::establish(&file).expect("the database");
            diesel::sql_query(sql).load(&mut database).expect("words")
        }
    };
    assert_eq!(said.len(), 1);
    said[0].words.clone()
}
