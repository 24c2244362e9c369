//! Pages on which anybody may ask for a mail: the same answer after the same time
//! whatever the address, and so many a minute for the whole service, so that
//! nobody learns who is known here and nobody makes us fill a mailbox.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::flow::{FlowError, House};
use crate::time::Moment;

use super::error::WebError;

/// No answer comes sooner, so that writing a mail down takes no longer than not.
const AT_LEAST: Duration = Duration::from_millis(400);
/// So many of such wishes are heard in a minute, whoever sends them.
const MOST_A_MINUTE: usize = 60;

/// When the last wishes were heard.
#[derive(Default)]
pub(super) struct Wishes(Mutex<VecDeque<Moment>>);

impl Wishes {
    /// Whether one more is heard now; if so, it is counted.
    fn hears(&self, now: Moment) -> bool {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while heard.front().is_some_and(|first| first.plus_seconds(60) <= now) {
            heard.pop_front();
        }
        let room = heard.len() < MOST_A_MINUTE;
        if room {
            heard.push_back(now);
        }
        room
    }
}

/// Does what was asked for, unless too much is: whoever asks cannot tell.
pub(super) async fn hear(
    wishes: &Wishes,
    house: &House,
    work: impl FnOnce(&House) -> Result<(), FlowError> + Send + 'static,
) -> Result<(), WebError> {
    let began = Instant::now();
    let done = if wishes.hears(house.now()) {
        house.blocking(work).await
    } else {
        tracing::warn!("too many mails were asked for in a minute; some are not sent");
        Ok(())
    };
    tokio::time::sleep(AT_LEAST.saturating_sub(began.elapsed())).await;
    Ok(done?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_wishes_are_heard_in_any_minute() {
        let wishes = Wishes::default();
        let start: Moment = "2007-11-20T10:00".parse().expect("a moment");
        let heard = |from: i64| (0..100).filter(|_| wishes.hears(start.plus_seconds(from))).count();
        assert_eq!((heard(0), heard(59), heard(60), heard(119), heard(121)), (60, 0, 60, 0, 60));
    }
}
