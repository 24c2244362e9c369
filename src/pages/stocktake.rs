//! The stocktake: what each PCT has claimed, and the traffic light that follows.

use std::collections::BTreeMap;

use serde::Serialize;

use super::layout::{Frame, Layout, Link};
use super::template::Page;
use crate::stocktake::{Claim, Colour, Light, Return, light};

/// The milestones in the order of the return, with the item by which leads say
/// what they experience.
const MILESTONES: [(&str, &str); 5] = [
    ("Incentive scheme agreed", "MS_INC"),
    ("Information agreed", "MS_INF"),
    ("Governance agreed", "MS_GOV"),
    ("Budget signed off", "MS_BUD"),
    ("Plans signed off", "MS_PLN"),
];

/// A traffic light as colour, shape and word, so that none has to be seen alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LightView {
    /// The word, for example `Green`.
    pub word: String,
    /// The shape, as an SVG path in a square of 16.
    pub shape: String,
    /// The class that colours it.
    pub class: String,
}

impl LightView {
    fn new(word: &str, shape: &str, class: &str) -> Self {
        Self { word: word.to_owned(), shape: shape.to_owned(), class: class.to_owned() }
    }

    /// The light that the rule gives.
    #[must_use]
    pub fn of(colour: Colour) -> Self {
        match colour {
            Colour::Green => Self::green(),
            Colour::Amber => Self::amber(),
            Colour::Red => Self::red(),
            Colour::NoReturn => Self::no_return(),
        }
    }

    /// Green: a round.
    #[must_use]
    pub fn green() -> Self {
        Self::new("Green", "M8 1a7 7 0 1 0 0 14A7 7 0 1 0 8 1Z", "light-green")
    }

    /// Amber: a triangle.
    #[must_use]
    pub fn amber() -> Self {
        Self::new("Amber", "M8 1 15.5 15H.5Z", "light-amber")
    }

    /// Red: a square.
    #[must_use]
    pub fn red() -> Self {
        Self::new("Red", "M1.5 1.5h13v13h-13Z", "light-red")
    }

    /// No return was made: an empty round.
    #[must_use]
    pub fn no_return() -> Self {
        Self::new(
            "No return",
            "M8 1a7 7 0 1 0 0 14A7 7 0 1 0 8 1Zm0 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 1 1 0-9Z",
            "light-none",
        )
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
    /// The percentage of the PCT's groups that it says have agreed; none if it
    /// says nothing.
    pub percent: Option<u8>,
}

impl ClaimView {
    fn new(label: &str, item: &str, claim: &str, class: &str, percent: Option<u8>) -> Self {
        Self {
            label: label.to_owned(),
            item: item.to_owned(),
            claim: claim.to_owned(),
            class: class.to_owned(),
            percent,
        }
    }

    /// The five claims of a return, in its order.
    #[must_use]
    pub fn all(of: &Return) -> Vec<Self> {
        let claims = [of.incentive, of.information, of.governance, of.budget, of.plans];
        let views = MILESTONES.iter().zip(claims).map(|((label, item), claim)| match claim {
            Claim::Yes => Self::yes(label, item),
            Claim::No => Self::no(label, item),
            Claim::Part(percent) => Self::part(label, item, percent.get()),
            Claim::Blank => Self::not_stated(label, item),
        });
        views.collect()
    }

    /// Agreed by all groups.
    #[must_use]
    pub fn yes(label: &str, item: &str) -> Self {
        Self::new(label, item, "Yes", "claim-yes", Some(100))
    }

    /// Not agreed.
    #[must_use]
    pub fn no(label: &str, item: &str) -> Self {
        Self::new(label, item, "No", "claim-no", Some(0))
    }

    /// Agreed by a part of the groups, for example `75%`.
    #[must_use]
    pub fn part(label: &str, item: &str, percent: u8) -> Self {
        Self::new(label, item, &format!("{percent}%"), "claim-part", Some(percent))
    }

    /// Left blank in the return.
    #[must_use]
    pub fn not_stated(label: &str, item: &str) -> Self {
        Self::new(label, item, "Not stated", "claim-none", None)
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
    /// The column of these returns. The light is the published one where there
    /// is one, else what the rule gives.
    #[must_use]
    pub fn of(date: &str, href: &str, returns: &[Return]) -> Self {
        let unit = |of: &Return| UnitStocktake {
            light: LightView::of(of.published.map_or(light(of).light, Colour::from)),
            claims: ClaimView::all(of),
        };
        Self {
            date: date.to_owned(),
            href: href.to_owned(),
            units: returns.iter().map(|of| (of.unit.to_string(), unit(of))).collect(),
        }
    }

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

impl StocktakeRow {
    /// The row of a return: the unit's name, and its newest results if there are any.
    #[must_use]
    pub fn of(of: &Return, name: &str, href: Option<String>) -> Self {
        let computed = light(of);
        Self {
            name: name.to_owned(),
            href,
            claims: ClaimView::all(of),
            published: of.published.map(|published: Light| LightView::of(published.into())),
            computed: LightView::of(computed.light),
            differs: of
                .published
                .is_some_and(|published| Colour::from(published) != computed.light),
            basis: computed.basis.words().to_owned(),
            incomplete: computed.incomplete,
        }
    }
}

impl StocktakePage {
    /// The page of a stocktake. `rows` come in the order of display.
    #[must_use]
    pub fn of(layout: Layout, date: &str, rows: Vec<StocktakeRow>, others: Vec<Link>) -> Self {
        let published = rows.iter().filter(|row| row.published.is_some()).count();
        let same = rows.iter().filter(|row| row.published.is_some() && !row.differs).count();
        Self {
            layout,
            date: Some(date.to_owned()),
            heads: MILESTONES.iter().map(|(label, _)| (*label).to_owned()).collect(),
            agreement: if published == 0 {
                "No light was published with this stocktake.".to_owned()
            } else {
                format!("The rule gives the published light for {same} of {published} PCTs.")
            },
            rows,
            others,
        }
    }

    /// The page when no stocktake is held.
    #[must_use]
    pub fn none(layout: Layout) -> Self {
        Self {
            layout,
            date: None,
            heads: Vec::new(),
            rows: Vec::new(),
            agreement: String::new(),
            others: Vec::new(),
        }
    }
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
        ClaimView::part("Plans signed off", "MS_PLN", 75),
    ]
}

impl Page for StocktakePage {
    const TEMPLATE: &'static str = "stocktake";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let row = |name: &str, published: Option<LightView>, computed: LightView, incomplete| {
            StocktakeRow {
                name: name.to_owned(),
                href: Some("/results/2007-Q4/pct/luton".to_owned()),
                claims: sample_claims(incomplete),
                differs: published.as_ref().is_some_and(|published| *published != computed),
                published,
                computed,
                basis: "Published rule".to_owned(),
                incomplete,
            }
        };
        let layout = |title: &str| {
            Frame::sample()
                .at("/stocktake")
                .page(title)
                .notice(Some(
                    "Synthetic data: groups, leads and answers are made up for demonstration.",
                ))
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
                    StocktakeRow {
                        href: None,
                        ..row("North East Essex", None, LightView::no_return(), true)
                    },
                ],
                agreement: "The rule gives the published light for 1 of 2 PCTs.".to_owned(),
                others: vec![Link::new("30 September 2007", "/stocktake/2007-09-30")],
            },
            Self::none(layout("Stocktake")),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luton(published: Option<Light>) -> Return {
        Return {
            unit: "luton".parse().expect("a code"),
            incentive: Claim::Yes,
            information: Claim::Yes,
            governance: Claim::Yes,
            budget: Claim::No,
            plans: "75%".parse().expect("a claim"),
            published,
        }
    }

    #[test]
    fn a_return_becomes_claims_a_light_and_its_difference() {
        let row = StocktakeRow::of(&luton(Some(Light::Green)), "Luton", None);
        let claims: Vec<&str> = row.claims.iter().map(|claim| claim.claim.as_str()).collect();
        assert_eq!(claims, ["Yes", "Yes", "Yes", "No", "75%"]);
        assert_eq!((row.computed.word.as_str(), row.differs), ("Amber", true));
        assert!(!StocktakeRow::of(&luton(None), "Luton", None).differs);
    }

    #[test]
    fn the_published_light_stands_beside_results_and_the_page_says_how_often_the_rule_agrees() {
        let column =
            StocktakeColumn::of("15 June 2007", "/stocktake/x", &[luton(Some(Light::Red))]);
        assert_eq!(column.units["luton"].light, LightView::red());
        let rows = [Some(Light::Red), Some(Light::Amber), None];
        let rows = rows.map(|published| StocktakeRow::of(&luton(published), "Luton", None));
        let page =
            StocktakePage::of(Frame::sample().page("x"), "15 June 2007", rows.into(), Vec::new());
        assert_eq!(page.agreement, "The rule gives the published light for 1 of 2 PCTs.");
    }
}
