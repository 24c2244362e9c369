//! What the office has to do now, the most pressing first.

use crate::account::Role;
use crate::ledger::{Pause, PauseScope};
use crate::storage::AskedSecond;
use crate::trail::Actor;
use crate::wave::{State, Wave};

use super::{FlowError, House, asked_seconds};

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToDo {
    /// A colleague asked for a second person.
    Second(AskedSecond),
    /// A closing was broken off.
    GoOnClosing(Wave),
    /// Closing time has passed.
    Close(Wave),
    /// A draft's opening time is near or has passed.
    Open(Wave),
    /// Nothing is made of the answers yet.
    Build(Wave),
    /// There is a release, and it is not decided when it comes out.
    Publish(Wave),
    /// So many comments are not read yet that could be published.
    Comments(Wave, usize),
    /// Mails wait for somebody to let them go on.
    Paused(Pause),
    /// So many mails need somebody.
    Mails(usize),
    /// The register is empty.
    Register,
    /// There is no wave under way or to come.
    NewWave,
}

/// Comments of a wave whose results have been out for longer wait for nobody.
const COMMENT_DAYS: i64 = 90;

/// So many mails are counted at most.
const MOST: u32 = 100;

/// Everything that whoever looks has to do now.
///
/// # Errors
/// If the database fails.
pub fn to_do(house: &House) -> Result<Vec<ToDo>, FlowError> {
    let now = house.now();
    let mut all: Vec<ToDo> = Vec::new();
    let mine =
        |asked: &AskedSecond| matches!(&house.actor, Actor::Account(who) if *who == asked.by);
    let account = match &house.actor {
        Actor::Account(email) => house.store.read(|tx| tx.account(email))?,
        _ => None,
    };
    if account.is_some_and(|account| account.role == Role::Office) {
        let asked = asked_seconds(house)?.into_iter().filter(|asked| !mine(asked));
        all.extend(asked.map(ToDo::Second));
    }
    house.store.read(|tx| {
        let waves = tx.waves()?;
        let mut under_way = false;
        for wave in &waves {
            let one = wave.clone();
            let recent = wave.publishes.plus_days(COMMENT_DAYS) > now;
            if matches!(wave.state, State::Closed | State::Released) && recent {
                let comments = tx.comments(&wave.code)?;
                let unread = comments.iter().filter(|one| one.quotable && one.decided.is_none());
                let unread = unread.count();
                all.extend((unread > 0).then(|| ToDo::Comments(one.clone(), unread)));
            }
            under_way |= matches!(wave.state, State::Draft | State::Open | State::Closing(_));
            match wave.state {
                State::Closing(_) => all.push(ToDo::GoOnClosing(one)),
                State::Open if now >= wave.closes => all.push(ToDo::Close(one)),
                State::Draft if !wave.imported && now < wave.closes => all.push(ToDo::Open(one)),
                State::Closed => match tx.release(&wave.code)? {
                    None => all.push(ToDo::Build(one)),
                    Some(_) if tx.release_plan(&wave.code)?.is_none() => {
                        all.push(ToDo::Publish(one));
                    }
                    Some(_) => {}
                },
                _ => {}
            }
        }
        all.extend(tx.pauses()?.into_iter().map(ToDo::Paused));
        let troubled = tx.troubled_mails(MOST)?.len();
        if troubled > 0 {
            all.push(ToDo::Mails(troubled));
        }
        if tx.register()?.leads.is_empty() {
            all.push(ToDo::Register);
        } else if !under_way {
            all.push(ToDo::NewWave);
        }
        Ok::<_, FlowError>(())
    })?;
    Ok(all)
}

impl ToDo {
    /// What is to be done, the page to do it on, and why it is to be done.
    #[must_use]
    pub fn said(&self) -> (String, String, String) {
        let of = |wave: &Wave, rest: &str| format!("/office/waves/{}{rest}", wave.code);
        match self {
            Self::Second(asked) => (
                format!(
                    "Second person for {}: {}",
                    asked.about,
                    asked.act.sentence().to_lowercase()
                ),
                second_page(asked),
                format!("{} asked at {}.", asked.by.expose(), asked.at.in_words_with_time()),
            ),
            Self::GoOnClosing(wave) => (
                format!("Go on closing {}", wave.title),
                of(wave, "/close"),
                "It was broken off, or waits for its key. Nothing is lost.".to_owned(),
            ),
            Self::Close(wave) => (
                format!("Close {}", wave.title),
                of(wave, "/close"),
                format!("Answers were taken until {}.", wave.closes.in_words_with_time()),
            ),
            Self::Open(wave) => (
                format!("Look through and open {}", wave.title),
                of(wave, "/open"),
                format!("It is to open at {}.", wave.opens.in_words_with_time()),
            ),
            Self::Build(wave) => (
                format!("Make the results of {}", wave.title),
                of(wave, "/release"),
                format!("It is counted. Results were promised for {}.", wave.publishes.in_words()),
            ),
            Self::Publish(wave) => (
                format!("Look at the results of {} and say when they come out", wave.title),
                of(wave, "/release"),
                format!("They were promised for {}.", wave.publishes.in_words()),
            ),
            Self::Comments(wave, unread) => (
                format!("Read the comments of {}", wave.title),
                of(wave, "/comments"),
                format!("{unread} that may be quoted are not read yet."),
            ),
            Self::Paused(pause) => (
                match &pause.scope {
                    PauseScope::Everything => "Let mails go on".to_owned(),
                    PauseScope::Wave(code) => format!("Let mails of {code} go on"),
                },
                "/office/mail".to_owned(),
                format!("{} at {}.", pause.reason, pause.since.in_words_with_time()),
            ),
            Self::Mails(count) => (
                format!("See to {count} {}", if *count == 1 { "mail" } else { "mails" }),
                "/office/mail".to_owned(),
                "They were refused, came back or are in doubt.".to_owned(),
            ),
            Self::Register => (
                "Load the register".to_owned(),
                "/office/register/import".to_owned(),
                "Nobody can be asked before the leads are known.".to_owned(),
            ),
            Self::NewWave => (
                "Make the next wave".to_owned(),
                "/office/waves/new".to_owned(),
                "No wave is under way or prepared.".to_owned(),
            ),
        }
    }
}

fn second_page(asked: &AskedSecond) -> String {
    use crate::trail::Act;
    let page = match asked.act {
        Act::WAVE_OPENED => "open",
        Act::WAVE_CLOSING => "close",
        Act::WAVE_CANCELLED => "cancel",
        _ => "release",
    };
    format!("/office/waves/{}/{page}", asked.about)
}
