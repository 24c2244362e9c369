//! Where the time of a reply goes: what each page costs the service, and what
//! sealing costs alone.

use std::time::{Duration, Instant};

use soundings::ballot_box::{Admission, Place as Slot};
use soundings::padding::Size;

use crate::Outcome;
use crate::http::request;
use crate::load::{Connection, Round, Side, What};
use crate::place::{Place, SECTION, code};
use crate::visitor::{Lead, Visitor};

/// What one step costs.
pub struct Cost {
    pub name: &'static str,
    /// Of the service's processor, with HTTP.
    pub each: Option<Duration>,
}

/// Somebody who asks for one page over and over.
#[derive(Clone)]
struct Asker {
    request: String,
    status: u16,
}

impl Visitor for Asker {
    const AGAIN: bool = true;

    async fn visit(&self, connection: &mut Connection) -> Outcome<()> {
        connection.ask(What::Send, &self.request, self.status).await.map(drop)
    }
}

/// What each request that only reads costs. The first half of the leads has not
/// answered, the second half does so now.
pub fn of_reading(side: &Side<'_>, leads: &[Lead], length: Duration) -> Outcome<Vec<Cost>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let (drafting, sending) = leads.split_at(leads.len() / 2);
    let cookies = |of: &[Lead], whole: bool| {
        runtime.block_on(async {
            let mut connection = Connection::to(side.address).await?;
            let mut cookies = Vec::new();
            for lead in of {
                if whole {
                    lead.visit(&mut connection).await?;
                    cookies.push(lead.enter(&mut connection).await?);
                } else {
                    cookies.push(lead.answer(&mut connection).await?);
                }
            }
            Outcome::Ok(cookies)
        })
    };
    let (drafts, sent) = (cookies(drafting, false)?, cookies(sending, true)?);
    let section = format!("/answer/{SECTION}");
    let by_link = |method| {
        leads.iter().map(|lead| request(method, &lead.link, side.address, "", "")).collect()
    };
    let by_cookie = |cookies: &[String], path: &str| {
        cookies.iter().map(|cookie| request("GET", path, side.address, cookie, "")).collect()
    };
    let asked: [(&str, u16, Vec<String>); 5] = [
        ("GET  the link: welcome", 200, by_link("GET")),
        ("POST the link: cookie", 303, by_link("POST")),
        ("GET  the section", 200, by_cookie(&drafts, &section)),
        ("GET  check", 200, by_cookie(&drafts, "/answer/check")),
        ("GET  done", 200, by_cookie(&sent, "/answer/done")),
    ];
    let mut costs = Vec::new();
    for (name, status, requests) in asked {
        let connections = requests.len();
        let askers: Vec<Asker> =
            requests.into_iter().map(|request| Asker { request, status }).collect();
        let round = Round::run(side, &askers, connections, length)?;
        costs.push(Cost { name, each: round.cpu });
    }
    Ok(costs)
}

/// How long sealing one reply takes on one core.
pub fn of_sealing(place: &Place) -> Outcome<Duration> {
    const TIMES: u32 = 2000;
    let house = place.house()?;
    let code = code()?;
    let key = house.store.read(|tx| tx.public_key(&code))?;
    // A reply of thirty ratings has about this size; sealed, all have the same.
    let reply = [1; 200];
    let size = Size::for_longest(reply.len());
    let begun = Instant::now();
    for _ in 0..TIMES {
        let admission = Admission::to(code.clone(), Slot::from_bytes(house.chance.bytes()));
        key.seal(&admission, &reply, size, &house.chance)?;
    }
    Ok(begun.elapsed() / TIMES)
}
