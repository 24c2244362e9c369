//! The settings in force and the health of the service, for the office.

use actix_web::{HttpRequest, HttpResponse};

use crate::flow::{self, FlowError};
use crate::keyring::Secret;
use crate::pages::{ActPage, Fact, Layout, Link, PlainRow, PlainTable};
use crate::wave::State;

use super::error::WebError;
use super::frame::frame;
use super::open_wave::{help, sender};
use super::session::{TheHouse, Visitor, ok};

fn layout(house: &TheHouse, visitor: &Visitor, title: &str) -> Layout {
    let trail = vec![Link::new("Survey office", "/office")];
    frame(house, visitor).at("/office").page(title).trail(trail).wide()
}

pub(super) async fn settings(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let heading = "Settings in force";
    let mut page = ActPage::new(layout(&house, &visitor, heading), "", heading);
    page.told = vec!["They are set by whoever runs the server, in soundings.toml or the environment, and read at the start. Passwords are not shown.".to_owned()];
    let rows = house.settings.in_force().into_iter().map(|(name, value, from)| PlainRow {
        name: name.to_owned(),
        cells: vec![value, from.to_owned()],
    });
    page.tables = vec![PlainTable {
        id: "table-settings".to_owned(),
        caption: "Settings, and where each value comes from".to_owned(),
        heads: vec!["Setting".to_owned(), "Value".to_owned(), "From".to_owned()],
        rows: rows.collect(),
    }];
    ok(&house, &page)
}

pub(super) async fn health(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let heading = "Health";
    let (trail, keys, mails) = house
        .blocking(|house| {
            let trail = match flow::check_trail(house) {
                Ok(entries) => format!("Whole: {entries} entries."),
                Err(FlowError::Trail(broken)) => format!("Broken: {broken}."),
                Err(other) => return Err(other),
            };
            let mut keys = Vec::new();
            let mut mails = (0, 0);
            for status in flow::wave_statuses(house)? {
                mails.0 += status.mails.waiting;
                mails.1 += status.mails.refused + status.mails.parked;
                let (wave, Some(key)) = (status.wave, status.key) else { continue };
                if wave.state != State::Open {
                    continue;
                }
                let links = house.keyring.get(&wave.code, Secret::Links).is_ok();
                let drafts = house.keyring.get(&wave.code, Secret::Drafts).is_ok();
                let there = key.custody.is_elsewhere()
                    || house.keyring.get(&wave.code, Secret::BallotBox).is_ok();
                let fine = links && drafts && there;
                keys.push((
                    wave.title,
                    if fine { "All keys open." } else { "A key is missing: see soundings doctor." },
                ));
            }
            Ok((trail, keys, mails))
        })
        .await?;
    let mut page = ActPage::new(layout(&house, &visitor, heading), "", heading);
    page.told = vec!["Looked at just now. More is told by soundings doctor on the server, for example whether the DNS records of the sender are right.".to_owned()];
    page.facts = vec![
        Fact::new("Version", env!("CARGO_PKG_VERSION")),
        Fact::new("Database", format!("{} is reached.", house.store.kind())),
        Fact::new("Audit trail", trail),
        Fact::new("Sending", sender(&house).await),
        Fact::new("Mails", format!("{} waiting, {} need somebody", mails.0, mails.1)),
        Fact::new(
            "Two people",
            if house.settings.two_people {
                "needed for what cannot be undone"
            } else {
                "not needed"
            },
        ),
    ];
    page.facts
        .extend(keys.into_iter().map(|(title, said)| Fact::new(format!("Keys of {title}"), said)));
    page.links = vec![Link::new("See to mails", "/office/mail"), help("backup")];
    ok(&house, &page)
}
