//! A small release for the tests of this room and the rooms after it.

use std::collections::BTreeMap;

use super::{About, Contents, Ingredients, MakeError, Release, make, protected};
use crate::definition::Survey;
use crate::disclosure::{Past, Rule, RuleSettings};
use crate::register::{Level, Node, Tree};
use crate::statistics::{Confidence, Thresholds};
use crate::tabulation::Tally;
use crate::tabulation::sample::{code, leaf, marks, survey};
use crate::wave::Purpose;

/// The text about the sample.
pub(crate) fn about(survey: &Survey) -> About {
    About {
        wave: code("2007-Q4"),
        wave_title: "Autumn 2007".into(),
        survey: survey.code.clone(),
        survey_title: survey.title.clone(),
        survey_version: survey.version.clone(),
        fingerprint: survey.fingerprint.to_string(),
        purpose: Purpose::Synthetic,
        imported: false,
        fin_year: "2007/08".into(),
        opened: "1 October 2007".into(),
        closed: "31 October 2007".into(),
    }
}

/// Three units with 12, 8 and 3 replies; the last must be covered.
pub(crate) fn ballots() -> Vec<(&'static str, &'static str)> {
    let mut ballots = Vec::new();
    let mixed = ["1553.", "24151", "3322.", "44d42", "52.11", "1243."];
    for (unit, people) in [("a", 12), ("b", 8), ("c", 3)] {
        ballots.extend(mixed.iter().cycle().take(people).map(|ballot| (unit, *ballot)));
    }
    ballots
}

/// A region and its three units.
pub(crate) fn nodes() -> Vec<Node> {
    let node = |of: &str, level, parent: Option<&str>| Node {
        code: code(of),
        name: format!("-Unit {of}"),
        level,
        parent: parent.map(code),
    };
    let unit = |of| node(of, Level::Pct, Some("eoe"));
    vec![node("eoe", Level::Region, None), unit("a"), unit("b"), unit("c")]
}

/// A release of these ballots.
///
/// # Errors
/// As [`make`].
pub(crate) fn made(
    ballots: &[(&str, &str)],
    nodes: Vec<Node>,
    past: &[Past],
) -> Result<Release, MakeError> {
    let (survey, tree) = (survey(), Tree::new(nodes).expect("a tree"));
    let mut tally = Tally::new(&survey, []);
    for (unit, ballot) in ballots {
        let mut one = Tally::new(&survey, [leaf(unit)]);
        one.add(&leaf(unit), &marks(ballot)).expect("a ballot");
        tally.merge(&one).expect("the same survey");
    }
    let invited = BTreeMap::from([(leaf("a"), 20), (leaf("b"), 10), (leaf("c"), 5)]);
    let rule = Rule::new(RuleSettings { min_groups: 0, ..RuleSettings::default() }).expect("rule");
    let from = Ingredients {
        survey: &survey,
        tree: &tree,
        tally: &tally,
        invited: &invited,
        groups: &BTreeMap::new(),
        rule: &rule,
        confidence: Confidence::default(),
        past,
    };
    make(&from, None, Thresholds::default(), about(&survey))
}

/// The release of the sample.
pub(crate) fn release() -> Release {
    made(&ballots(), nodes(), &[]).expect("a release")
}

/// Two waves of two clusters and eight units, the earlier first: `a` is low and `b`
/// high in both, `c` falls from high to low, `h` must be covered, and the others
/// lie between.
pub(crate) fn waves() -> [Release; 2] {
    let survey = survey();
    let units = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let node = |of: &str, level, parent: Option<&str>| Node {
        code: code(of),
        name: format!("Unit {}", of.to_uppercase()),
        level,
        parent: parent.map(code),
    };
    let clusters = ["north", "south"].map(|of| node(of, Level::Cluster, Some("eoe")));
    let of_cluster = |unit: &str| if unit < "e" { "north" } else { "south" };
    let leaves = units.map(|unit| node(unit, Level::Pct, Some(of_cluster(unit))));
    let root = node("eoe", Level::Region, None);
    let nodes: Vec<Node> = std::iter::once(root).chain(clusters).chain(leaves).collect();
    let tree = Tree::new(nodes).expect("a tree");
    let rule = Rule::new(RuleSettings { min_groups: 0, ..RuleSettings::default() }).expect("rule");
    let invited = units.into_iter().map(|unit| (leaf(unit), 20)).collect();
    let counted = |low: &dyn Fn(&str) -> usize| {
        let mut tally = Tally::new(&survey, []);
        for unit in units {
            for person in 0..if unit == "h" { 3 } else { 12 } {
                let mut one = Tally::new(&survey, [leaf(unit)]);
                let ballot = ballot(low(unit), person);
                one.add(&leaf(unit), &marks(&ballot)).expect("a ballot");
                tally.merge(&one).expect("the same survey");
            }
        }
        tally
    };
    let low = |unit: &str| match unit {
        "a" => 1,
        "b" => 3,
        _ => 2,
    };
    let tallies = [
        counted(&|unit| if unit == "c" { 3 } else { low(unit) }),
        counted(&|unit| if unit == "c" { 1 } else { low(unit) }),
    ];
    let safe = |tally, wave: &str| {
        let from = Ingredients {
            survey: &survey,
            tree: &tree,
            tally,
            invited: &invited,
            groups: &BTreeMap::new(),
            rule: &rule,
            confidence: Confidence::default(),
            past: &[],
        };
        protected(&from, &code(wave)).expect("a table")
    };
    let [before, after] = [safe(&tallies[0], "2007-Q3"), safe(&tallies[1], "2007-Q4")];
    let release = |table, earlier, wave: &str, title: &str| {
        let about = About { wave: code(wave), wave_title: title.into(), ..about(&survey) };
        let contents = Contents::new(table, earlier, Thresholds::default(), about);
        Release::new(&contents.expect("a release"))
    };
    [
        release(&before, None, "2007-Q3", "Summer 2007"),
        release(&after, Some(&before), "2007-Q4", "Autumn 2007"),
    ]
}

/// Answers between `low` and two points above it; the barrier the other way round.
fn ballot(low: usize, person: usize) -> String {
    let point = |item: usize| low + (person + item + person * item / 2) % 3;
    let barrier = 6 - low - (person * 5 + person / 3) % 3;
    format!("{}{}{}{barrier}.", point(0), point(1), point(2))
}
