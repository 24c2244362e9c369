//! `/promise`: what is kept of an answer and when, what cannot be promised, and how
//! anybody can check.

use serde::Serialize;

use super::layout::{Frame, Layout};
use super::template::Page;

/// The promise, at length.
#[derive(Serialize)]
pub struct PromisePage {
    /// What is around it.
    pub layout: Layout,
    /// The smallest number of people behind a figure, in figures.
    pub smallest: String,
    /// The smallest number of PBC groups behind a figure, in figures.
    pub smallest_groups: String,
    /// Waves that were opened, the newest first.
    pub waves: Vec<PromisedWave>,
}

/// What can be checked of one wave.
#[derive(Serialize)]
pub struct PromisedWave {
    /// Its title.
    pub title: String,
    /// The fingerprint of the key that seals its envelopes.
    pub key: String,
    /// Its receipts.
    pub receipts: String,
    /// Whether they are published.
    pub listed: bool,
    /// When it closes, or closed.
    pub closes: String,
}

impl Page for PromisePage {
    const TEMPLATE: &'static str = "promise";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let wave = |title: &str, listed| PromisedWave {
            title: title.to_owned(),
            key: "9c56 cc51 b374 c3ba 1892 10d5 b6d4 bf57".to_owned(),
            receipts: "/receipts/2007-Q4".to_owned(),
            listed,
            closes: "5pm on Friday 14 December 2007".to_owned(),
        };
        let page = |waves| Self {
            layout: Frame::sample_outside().page("How your answers stay yours"),
            smallest: "5".to_owned(),
            smallest_groups: "3".to_owned(),
            waves,
        };
        vec![
            page(Vec::new()),
            page(vec![wave("October to <December> 2007", false), wave("July 2007", true)]),
        ]
    }
}
