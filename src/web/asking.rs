//! Pages on which anybody may ask for a mail: the same answer after the same time
//! whatever the address, and so many a minute for the whole service, for one address
//! and for one network, so that nobody learns who is known here and nobody makes us
//! fill a mailbox. What was typed and where from is kept in memory alone, as a hash
//! with a key that is made at every start.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::HttpRequest;
use sha2::{Digest, Sha256};

use crate::chance::Chance;
use crate::flow::{FlowError, House};
use crate::register::EmailAddress;
use crate::time::Moment;

use super::error::WebError;
use super::guard::was_passed_on;

/// No answer comes sooner, so that writing a mail down takes no longer than not.
const AT_LEAST: Duration = Duration::from_millis(400);

/// So many wishes in so many seconds.
#[derive(Clone, Copy)]
struct Limit {
    most: usize,
    seconds: i64,
}

/// Whoever sends them.
const OF_ALL: Limit = Limit { most: 60, seconds: 60 };
/// For one address, whoever types it.
const OF_ADDRESS: Limit = Limit { most: 5, seconds: 3600 };
/// From one network: a whole office can be behind it.
const OF_NETWORK: Limit = Limit { most: 50, seconds: 600 };

/// A wish counts among those of the same kind, too.
#[derive(Clone, Copy)]
pub(super) struct Among {
    hash: [u8; 16],
    limit: Limit,
}

/// When the last wishes were heard.
pub(super) struct Wishes {
    key: [u8; 32],
    heard: Mutex<Heard>,
}

#[derive(Default)]
struct Heard {
    all: VecDeque<Moment>,
    among: HashMap<[u8; 16], VecDeque<Moment>>,
}

fn has_room(heard: &mut VecDeque<Moment>, limit: Limit, now: Moment) -> bool {
    while heard.front().is_some_and(|first| first.plus_seconds(limit.seconds) <= now) {
        heard.pop_front();
    }
    heard.len() < limit.most
}

impl Wishes {
    /// None so far.
    pub(super) fn new(chance: &Chance) -> Self {
        Self { key: chance.bytes(), heard: Mutex::default() }
    }

    fn among(&self, kind: &str, what: &str, limit: Limit) -> Among {
        let hash = Sha256::new()
            .chain_update(self.key)
            .chain_update(kind.as_bytes())
            .chain_update(what.as_bytes())
            .finalize();
        let mut short = [0; 16];
        short.iter_mut().zip(hash).for_each(|(short, byte)| *short = byte);
        Among { hash: short, limit }
    }

    /// Wishes for this address.
    pub(super) fn of_address(&self, address: &EmailAddress) -> Among {
        self.among("address ", &address.key(), OF_ADDRESS)
    }

    /// Wishes from the network that a request came from, if it is known.
    pub(super) fn of_network(&self, request: &HttpRequest) -> Option<Among> {
        Some(self.among("network ", &network(request)?, OF_NETWORK))
    }

    /// Whether one more is heard now; if so, it is counted.
    pub(super) fn hears(&self, now: Moment, among: &[Among]) -> bool {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        if !has_room(&mut heard.all, OF_ALL, now) {
            return false;
        }
        // Nothing is counted for longer.
        let over = |last: &Moment| last.plus_seconds(OF_ADDRESS.seconds) <= now;
        heard.among.retain(|_, times| times.back().is_some_and(|last| !over(last)));
        let room = among
            .iter()
            .all(|one| has_room(heard.among.entry(one.hash).or_default(), one.limit, now));
        if room {
            heard.all.push_back(now);
            for one in among {
                heard.among.entry(one.hash).or_default().push_back(now);
            }
        }
        room
    }
}

/// Where a request came from, as far as it can be known: the neighbour, or whom the
/// neighbour names last if it passed the request on. What stands before that anybody
/// can have written.
fn network(request: &HttpRequest) -> Option<String> {
    let address = if was_passed_on(request) {
        let header = |name: &str| request.headers().get(name)?.to_str().ok();
        let last = header("x-forwarded-for").and_then(|all| all.rsplit(',').next());
        last.or_else(|| header("x-real-ip"))?.trim().parse().ok()?
    } else {
        request.peer_addr()?.ip()
    };
    Some(match address {
        IpAddr::V4(address) => address.to_string(),
        // Whoever has one address of the sixth version has as many as they like.
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => address.to_string(),
            None => hex::encode(address.octets().get(..8).unwrap_or_default()),
        },
    })
}

/// Does what was asked for, unless too much is: whoever asks cannot tell.
pub(super) async fn hear(
    wishes: &Wishes,
    house: &House,
    among: &[Among],
    work: impl FnOnce(&House) -> Result<(), FlowError> + Send + 'static,
) -> Result<(), WebError> {
    let began = Instant::now();
    let done = if wishes.hears(house.now(), among) {
        house.blocking(work).await
    } else {
        tracing::warn!("too many mails were asked for; some are not sent");
        Ok(())
    };
    tokio::time::sleep(AT_LEAST.saturating_sub(began.elapsed())).await;
    Ok(done?)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn start() -> Moment {
        "2007-11-20T10:00".parse().expect("a moment")
    }

    #[test]
    fn sixty_wishes_are_heard_in_any_minute() {
        let wishes = Wishes::new(&Chance::seeded(1));
        let heard =
            |from: i64| (0..100).filter(|_| wishes.hears(start().plus_seconds(from), &[])).count();
        assert_eq!((heard(0), heard(59), heard(60), heard(119), heard(121)), (60, 0, 60, 0, 60));
    }

    #[test]
    fn one_address_is_heard_five_times_an_hour_however_it_is_written() {
        let wishes = Wishes::new(&Chance::seeded(1));
        let heard = |address: &str, from: i64| {
            let among = [wishes.of_address(&address.parse().expect("an address"))];
            (0..10).filter(|_| wishes.hears(start().plus_seconds(from), &among)).count()
        };
        assert_eq!(heard("ann@example.org", 0), 5);
        assert_eq!(heard("Ann@Example.org", 3599), 0);
        assert_eq!(heard("ben@example.org", 3599), 5);
        assert_eq!(heard("ann@example.org", 3600), 5);
    }

    #[test]
    fn one_network_is_heard_fifty_times_in_ten_minutes_behind_a_proxy_or_not() {
        let wishes = Wishes::new(&Chance::seeded(1));
        let heard = |peer: &str, passed: Option<&str>| {
            let peer = peer.parse().expect("a socket address");
            let request = TestRequest::default().peer_addr(peer);
            let request = match passed {
                Some(by) => request.insert_header(("X-Forwarded-For", by)),
                None => request,
            };
            let among = wishes.of_network(&request.to_http_request());
            let among: Vec<Among> = among.into_iter().collect();
            let times = 0..60;
            // The limit for all is not what is looked at.
            let at = |number: i64| start().plus_seconds(number);
            times.filter(|number| wishes.hears(at(*number), &among)).count()
        };
        assert_eq!(heard("192.0.2.1:4000", None), 50);
        assert_eq!(heard("192.0.2.1:4001", None), 0);
        let later = |wishes: &Wishes| wishes.heard.lock().expect("no panic").all.clear();
        later(&wishes);
        assert_eq!(heard("192.0.2.1:4000", Some("198.51.100.7")), 50);
        later(&wishes);
        assert_eq!(heard("192.0.2.1:4000", Some("192.0.2.99, 198.51.100.7")), 0);
        later(&wishes);
        assert_eq!(heard("[2001:db8:1:2::1]:80", None), 50);
        later(&wishes);
        assert_eq!(heard("[2001:db8:1:2:ffff::9]:80", None), 0);
        assert_eq!(heard("[2001:db8:1:3::1]:80", None), 50);
    }
}
