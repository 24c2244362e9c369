//! `/results/{wave}/measure/{code}` of a question that is answered with a number.

use serde::Serialize;

use super::NOTICE;
use super::views::{FigureView, NumberRow, RangeView};
use crate::pages::layout::{Frame, Layout, Link};
use crate::pages::template::Page;

/// One node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NumberUnit {
    /// Its name.
    pub name: String,
    /// The page about it, if the reader may open it.
    pub href: Option<String>,
    /// Its figures.
    pub row: NumberRow,
}

/// One band.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BandRow {
    /// Its words.
    pub label: String,
    /// Whether it counts in the share.
    pub counted: bool,
}

/// The page of a question that is answered with a number: all PCTs.
#[derive(Serialize)]
pub struct NumberPage {
    /// What is around it.
    pub layout: Layout,
    /// The wording.
    pub heading: String,
    /// Its code.
    pub code: String,
    /// Title of the section it stands in.
    pub section: String,
    /// The wave's title.
    pub wave: String,
    /// What counts, for example `No case waiting`.
    pub counted: String,
    /// The bands in screen order, ways out included.
    pub bands: Vec<BandRow>,
    /// The region.
    pub total: NumberUnit,
    /// The PCTs shown, the highest share first, then those not shown.
    pub units: Vec<NumberUnit>,
    /// What is not shown, in one sentence.
    pub hidden: String,
    /// Where its figures can be taken away.
    pub download: Link,
}

impl Page for NumberPage {
    const TEMPLATE: &'static str = "results/number";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let figure = |text: &str| FigureView {
            text: text.to_owned(),
            at: "luton/BC_WAIT/pct_fav".to_owned(),
        };
        let unit = |name: &str, shown: bool| NumberUnit {
            name: name.to_owned(),
            href: shown.then(|| "/results/2007-Q4/pct/luton".to_owned()),
            row: NumberRow {
                wording: "How many business cases wait?".to_owned(),
                href: "/results/2007-Q4/measure/BC_WAIT".to_owned(),
                counted: "None".to_owned(),
                n: shown.then(|| figure("16")),
                n_q: shown.then(|| figure("23")),
                share: shown.then(|| figure("44")),
                range: shown.then(|| RangeView { lo: figure("31"), hi: figure("58") }),
                region: figure("38"),
                mark: if shown { "" } else { "[c]" }.to_owned(),
                said: if shown { "" } else { "Not shown, to protect anonymity" }.to_owned(),
            },
        };
        let band = |label: &str, counted| BandRow { label: label.to_owned(), counted };
        vec![Self {
            layout: Frame::sample()
                .at("/results")
                .page("How many business cases wait?")
                .notice(Some(NOTICE))
                .wide()
                .themed(),
            heading: "How many business cases wait?".to_owned(),
            code: "BC_WAIT".to_owned(),
            section: "Business cases".to_owned(),
            wave: "Autumn 2007".to_owned(),
            counted: "None".to_owned(),
            bands: vec![band("None", true), band("1 or 2", false), band("3 or more", false)],
            total: unit("East of England", true),
            units: vec![unit("Luton", true), unit("Norfolk", false)],
            hidden: "1 of the 2 PCTs is not shown, to protect anonymity.".to_owned(),
            download: Link::new(
                "2007-Q4-BC_WAIT.csv",
                "/results/2007-Q4/measure/BC_WAIT/figures.csv",
            ),
        }]
    }
}
