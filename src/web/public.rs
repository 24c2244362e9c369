//! The front page, and the promise at length.

use actix_web::{HttpRequest, HttpResponse};

use crate::custody::{Fingerprint, fingerprint};
use crate::flow::{self, FlowError};
use crate::pages::{HomePage, Link, PromisePage, PromisedWave};
use crate::wave::Wave;

use super::error::WebError;
use super::frame::frame;
use super::network::IDEAS;
use super::session::{TheHouse, Visitor, ok};

pub(super) async fn home(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let (summaries, ideas) = house
        .reading(|house| {
            let ideas = house.store.read(|tx| tx.has_published_ideas())?;
            Ok((flow::public_summaries(house)?, ideas))
        })
        .await?;
    let settings = &house.settings;
    let page = HomePage {
        layout: frame(&house, &visitor).page("How practice-based commissioning is really going"),
        region: settings.region.name.clone(),
        smallest: settings.k.to_string(),
        smallest_groups: settings.min_groups.to_string(),
        results: visitor.account().map(|_| "/results".to_owned()),
        summaries: summaries
            .iter()
            .map(|wave| {
                let label = format!("What leads said: {}", wave.title);
                Link::new(label, format!("/summary/{}", wave.code))
            })
            .collect(),
        ideas: ideas.then(|| IDEAS.to_owned()),
    };
    ok(&house, &page)
}

pub(super) async fn promise(house: TheHouse) -> Result<HttpResponse, WebError> {
    let waves = house
        .reading(|house| {
            house.store.read(|tx| {
                let waves = tx.waves()?.into_iter().filter(Wave::asks_leads);
                waves
                    .map(|wave| Ok((fingerprint(&tx.public_key(&wave.code)?), wave)))
                    .collect::<Result<Vec<_>, FlowError>>()
            })
        })
        .await?;
    let promised = |(key, wave): (Fingerprint, Wave)| PromisedWave {
        title: wave.title.clone(),
        key: key.to_string(),
        receipts: format!("/receipts/{}", wave.code),
        listed: wave.has_listed_receipts(),
        closes: wave.closes.in_words_with_time(),
    };
    let page = PromisePage {
        layout: frame(&house, &Visitor::nobody()).page("How your answers stay yours"),
        smallest: house.settings.k.to_string(),
        smallest_groups: house.settings.min_groups.to_string(),
        waves: waves.into_iter().map(promised).collect(),
    };
    ok(&house, &page)
}
