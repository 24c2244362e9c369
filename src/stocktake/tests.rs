//! The June 2007 table, every row of the rule, and faults of a stocktake file.

use super::*;
use crate::register::ReportingUnit;

const JUNE_2007: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/survey_definitions/east-of-england/stocktake/stocktake-2007-06-15.csv"
));
const UNITS: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/survey_definitions/east-of-england/register/reporting-units.csv"
));
const HEADER: &str = "traffic_light,PCT,incentive agreed,information agreed,governance agreed,budget signed off,plans signed off\n";

fn units() -> Vec<ReportingUnit> {
    UNITS
        .lines()
        .skip(1)
        .map(|line| {
            let mut cells = line.split(',');
            ReportingUnit {
                slug: cells.next().and_then(|cell| cell.parse().ok()).expect("a slug"),
                label: cells.next().expect("a label").to_owned(),
                pcts: Vec::new(),
                cluster: None,
            }
        })
        .collect()
}

fn faults(rows: &str) -> Vec<String> {
    let found = read("s.csv", format!("{HEADER}{rows}"), &units()).expect_err("faults");
    found.iter().map(ToString::to_string).collect()
}

/// A return with these claims for information, governance, budget, incentive.
fn with(information: Claim, governance: Claim, budget: Claim, incentive: Claim) -> Return {
    let unit = "luton".parse().expect("a slug");
    Return { unit, incentive, information, governance, budget, plans: Claim::No, published: None }
}

#[test]
fn all_thirteen_published_lights_of_june_2007_are_reproduced() {
    let returns = read("stocktake.csv", JUNE_2007, &units()).expect("a sound file");
    assert_eq!(returns.len(), 13);
    for row in &returns {
        let computed = light(row);
        assert_eq!(row.published.map(Colour::from), Some(computed.light), "{}", row.unit);
        assert_eq!((computed.basis, computed.incomplete), (Basis::PublishedRule, false));
    }
    let of = |colour| returns.iter().filter(|row| light(row).light == colour).count();
    assert_eq!((of(Colour::Green), of(Colour::Amber), of(Colour::Red)), (5, 6, 2));
    let herts = returns.iter().find(|row| row.unit.as_str() == "herts").expect("Herts");
    assert_eq!(herts.plans.to_string(), "75%");
}

#[test]
fn each_row_of_the_rule_gives_its_light_and_its_basis() {
    use Basis::{NothingReturned, OutsidePublishedDefinitions, PublishedRule};
    use Claim::{Blank, No, Yes};
    let part = Claim::Part(Percent::new(75).expect("a share"));
    let all = Claim::Part(Percent::new(100).expect("a share"));
    for (claims, colour, basis, incomplete) in [
        ([Yes, Yes, Yes, Yes], Colour::Green, PublishedRule, false),
        ([Yes, Yes, Yes, No], Colour::Amber, PublishedRule, false),
        ([Yes, Yes, No, Yes], Colour::Amber, PublishedRule, false),
        ([Yes, Yes, part, Yes], Colour::Amber, PublishedRule, false),
        ([Yes, Yes, Yes, all], Colour::Amber, PublishedRule, false),
        ([Yes, Yes, Yes, Blank], Colour::Amber, PublishedRule, true),
        ([Yes, Yes, No, No], Colour::Red, PublishedRule, false),
        ([Yes, Yes, part, Blank], Colour::Red, PublishedRule, true),
        ([No, Yes, Yes, Yes], Colour::Red, OutsidePublishedDefinitions, false),
        ([Yes, part, Yes, Yes], Colour::Red, OutsidePublishedDefinitions, false),
        ([Blank, Yes, No, No], Colour::Red, OutsidePublishedDefinitions, true),
        ([Blank, Blank, Blank, No], Colour::Red, OutsidePublishedDefinitions, true),
        ([Blank, Blank, Blank, Blank], Colour::NoReturn, NothingReturned, true),
    ] {
        let [information, governance, budget, incentive] = claims;
        assert_eq!(
            light(&with(information, governance, budget, incentive)),
            Computed { light: colour, basis, incomplete },
            "{claims:?}"
        );
    }
}

#[test]
fn plans_never_count() {
    let mut row = with(Claim::Yes, Claim::Yes, Claim::Yes, Claim::Yes);
    let before = light(&row);
    row.plans = Claim::Blank;
    assert_eq!(light(&row), before);
}

#[test]
fn a_unit_is_known_by_its_label_or_its_slug_in_any_case() {
    let rows =
        format!("{HEADER},YARMOUTH & waveney,YES,,75 %,no,\ng,NE-Essex,no,0%,yes,yes,100%\n");
    let returns = read("s.csv", rows.as_bytes(), &units()).expect("a sound file");
    let first = &returns[0];
    assert_eq!((first.unit.as_str(), first.published), ("yarmouth-waveney", None));
    assert_eq!(
        (first.incentive, first.information, first.governance.to_string()),
        (Claim::Yes, Claim::Blank, "75%".to_owned())
    );
    assert_eq!((returns[1].unit.as_str(), returns[1].published), ("ne-essex", Some(Light::Green)));
}

#[test]
fn every_fault_comes_at_once_with_its_place() {
    let found = faults(
        "B,Lutton,maybe,yes,yes,101%,-5%\nG,,yes,yes,yes,yes,+5%\nG,Luton,yes,yes,yes,yes,%\nG,luton,yes,yes,yes,yes\nA,Herts,,,,,\nA,herts,,,,,\n",
    );
    let expected = [
        "s.csv:2:1: traffic_light is \"B\", not a light\n    hint: write G, A or R, or nothing",
        "s.csv:2:3: \"Lutton\" is not a reporting unit of the register\n    hint: did you mean \"Luton\"?",
        "s.csv:2:10: incentive agreed is \"maybe\", not a claim",
        "s.csv:2:24: budget signed off is \"101%\"",
        "s.csv:2:29: plans signed off is \"-5%\"",
        "s.csv:3:3: PCT is empty",
        "s.csv:3:20: plans signed off is \"+5%\"",
        "s.csv:4:25: plans signed off is \"%\"",
        "s.csv:5: has 6 cells; the header has 7",
        "s.csv:7:3: herts already has a return on line 6",
    ];
    for (fault, start) in found.iter().zip(expected) {
        assert!(fault.starts_with(start), "{fault}\nshould start\n{start}");
    }
    assert_eq!(found.len(), expected.len(), "{found:#?}");
}
