//! The stocktake: what each PCT has claimed, and the traffic light that follows.

use std::collections::BTreeMap;

use serde::Serialize;

use super::layout::{Frame, Layout, Link};
use super::template::Page;

/// A traffic light as colour, shape and word, so that none has to be seen alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LightView {
    /// The word, for example `Green`.
    pub word: String,
    /// The shape.
    pub symbol: String,
    /// The class that colours it.
    pub class: String,
}

impl LightView {
    fn new(word: &str, symbol: &str, class: &str) -> Self {
        Self { word: word.to_owned(), symbol: symbol.to_owned(), class: class.to_owned() }
    }

    /// Green: a round.
    #[must_use]
    pub fn green() -> Self {
        Self::new("Green", "●", "light-green")
    }

    /// Amber: a triangle.
    #[must_use]
    pub fn amber() -> Self {
        Self::new("Amber", "▲", "light-amber")
    }

    /// Red: a square.
    #[must_use]
    pub fn red() -> Self {
        Self::new("Red", "■", "light-red")
    }

    /// No return was made: an empty round.
    #[must_use]
    pub fn no_return() -> Self {
        Self::new("No return", "○", "light-none")
    }
}

/// What a PCT claims about one milestone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClaimView {
    /// The milestone, for example `Incentive scheme agreed`.
    pub label: String,
    /// The item by which leads say what they experience, for example `MS_INC`.
    pub item: String,
    /// The claim in words: `Yes`, `No`, `75%` or `Not stated`.
    pub claim: String,
    /// The class that marks it: `claim-yes`, `claim-no`, `claim-part` or `claim-none`.
    pub class: String,
}

impl ClaimView {
    fn new(label: &str, item: &str, claim: &str, class: &str) -> Self {
        Self {
            label: label.to_owned(),
            item: item.to_owned(),
            claim: claim.to_owned(),
            class: class.to_owned(),
        }
    }

    /// Agreed by all groups.
    #[must_use]
    pub fn yes(label: &str, item: &str) -> Self {
        Self::new(label, item, "Yes", "claim-yes")
    }

    /// Not agreed.
    #[must_use]
    pub fn no(label: &str, item: &str) -> Self {
        Self::new(label, item, "No", "claim-no")
    }

    /// Agreed by a part of the groups, for example `75%`.
    #[must_use]
    pub fn part(label: &str, item: &str, percent: &str) -> Self {
        Self::new(label, item, percent, "claim-part")
    }

    /// Left blank in the return.
    #[must_use]
    pub fn not_stated(label: &str, item: &str) -> Self {
        Self::new(label, item, "Not stated", "claim-none")
    }
}

/// The stocktake's view of one reporting unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitStocktake {
    /// The light to show beside results.
    pub light: LightView,
    /// The claims in the order of the return.
    pub claims: Vec<ClaimView>,
}

/// A whole stocktake, as results show it beside what leads experience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StocktakeColumn {
    /// Its date in words, for example `15 June 2007`.
    pub date: String,
    /// The page about it.
    pub href: String,
    /// By the reporting unit's slug.
    pub units: BTreeMap<String, UnitStocktake>,
}

impl StocktakeColumn {
    /// A stocktake for samples and tests: Green, Amber, and one unit without a return.
    #[must_use]
    pub fn sample() -> Self {
        let unit = |light, budget| UnitStocktake { light, claims: sample_claims(budget) };
        let units = [
            ("bedfordshire", unit(LightView::green(), true)),
            ("luton", unit(LightView::amber(), false)),
            ("ne-essex", unit(LightView::red(), false)),
        ];
        Self {
            date: "15 June 2007".to_owned(),
            href: "/stocktake/2007-06-15".to_owned(),
            units: units.map(|(slug, unit)| (slug.to_owned(), unit)).into(),
        }
    }
}

/// One reporting unit in the stocktake's table.
#[derive(Clone, Serialize)]
pub struct StocktakeRow {
    /// The unit's name.
    pub name: String,
    /// Its newest results, if there are any.
    pub href: Option<String>,
    /// The claims, in the order of the heads.
    pub claims: Vec<ClaimView>,
    /// The light as it was published, if it was.
    pub published: Option<LightView>,
    /// The light that the rule gives.
    pub computed: LightView,
    /// Whether the two differ.
    pub differs: bool,
    /// What the computed light rests on.
    pub basis: String,
    /// Whether something was left blank in the return.
    pub incomplete: bool,
}

/// `/stocktake/{date}`.
#[derive(Serialize)]
pub struct StocktakePage {
    /// What is around it.
    pub layout: Layout,
    /// Its date in words, for example `15 June 2007`; none if no stocktake is held.
    pub date: Option<String>,
    /// The milestones, as heads of columns.
    pub heads: Vec<String>,
    /// The units, by name.
    pub rows: Vec<StocktakeRow>,
    /// How many published lights the rule gives too, as a sentence.
    pub agreement: String,
    /// The other stocktakes held.
    pub others: Vec<Link>,
}

fn sample_claims(budget: bool) -> Vec<ClaimView> {
    let claim = |yes, label, item| {
        if yes { ClaimView::yes(label, item) } else { ClaimView::no(label, item) }
    };
    vec![
        claim(true, "Incentive scheme agreed", "MS_INC"),
        claim(true, "Information agreed", "MS_INF"),
        ClaimView::not_stated("Governance agreed", "MS_GOV"),
        claim(budget, "Budget signed off", "MS_BUD"),
        ClaimView::part("Plans signed off", "MS_PLN", "75%"),
    ]
}

impl Page for StocktakePage {
    const TEMPLATE: &'static str = "stocktake";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let row = |name: &str, published, computed: LightView, incomplete| StocktakeRow {
            name: name.to_owned(),
            href: Some("/results/2007-Q4/pct/luton".to_owned()),
            claims: sample_claims(incomplete),
            differs: published != Some(computed.clone()),
            published,
            computed,
            basis: "Published rule".to_owned(),
            incomplete,
        };
        let layout = |title: &str| {
            Frame::sample()
                .at("/stocktake")
                .page(title)
                .notice(Some("Synthetic data: groups, leads and answers are made up for demonstration."))
                .wide()
        };
        vec![
            Self {
                layout: layout("Stocktake of 15 June 2007"),
                date: Some("15 June 2007".to_owned()),
                heads: sample_claims(true).into_iter().map(|claim| claim.label).collect(),
                rows: vec![
                    row("Bedfordshire", Some(LightView::green()), LightView::green(), false),
                    row("Luton", Some(LightView::amber()), LightView::red(), true),
                    StocktakeRow { href: None, ..row("North East Essex", None, LightView::no_return(), true) },
                ],
                agreement: "The rule gives the published light for 1 of 2 PCTs.".to_owned(),
                others: vec![Link::new("30 September 2007", "/stocktake/2007-09-30")],
            },
            Self {
                layout: layout("Stocktake"),
                date: None,
                heads: Vec::new(),
                rows: Vec::new(),
                agreement: String::new(),
                others: Vec::new(),
            },
        ]
    }
}
