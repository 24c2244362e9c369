//! What the auditor lets pass and what it notices: random regions through
//! suppression and audit, each part of the rule left out, files that were
//! tampered with, and two releases side by side.

mod pairs;
mod regions;
mod tampering;
mod totals;

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::disclosure::{Part, Rule, RuleSettings};
use crate::register::{Node, Tree};
use crate::release::sample::about;
use crate::release::{Ingredients, make};
use crate::render::tables::{text, write_distribution, write_figures, write_region};
use crate::statistics::Thresholds;
use crate::tabulation::Tally;
use crate::tabulation::sample::{code, leaf, marks, survey};

/// A wave in short: nodes with their parents, and ballots in the letters of the
/// sample survey by unit, each with a name.
#[derive(Debug, Clone)]
struct Wave {
    nodes: Vec<(String, Level, Option<String>)>,
    ballots: Vec<(String, String, String)>,
    silent: u32,
    groups: BTreeMap<String, u32>,
}

/// The files of a wave, and its ballots as a file.
#[derive(Debug, Clone, PartialEq)]
struct Exported {
    release: Vec<u8>,
    figures: String,
    distribution: String,
    region: String,
    ballots: String,
}

impl Wave {
    fn exported(&self, rule: Rule) -> Exported {
        let survey = survey();
        let tree = Tree::new(self.nodes.iter().map(|(of, level, parent)| Node {
            code: code(of),
            name: of.clone(),
            level: *level,
            parent: parent.as_deref().map(code),
        }))
        .expect("a tree");
        let mut tally = Tally::new(&survey, tree.leaves().map(|node| node.code.clone()));
        let mut invited: BTreeMap<_, u32> =
            tree.leaves().map(|node| (node.code.clone(), self.silent)).collect();
        for (of, _, ballot) in &self.ballots {
            tally.add(&leaf(of), &marks(ballot)).expect("a ballot");
            *invited.entry(leaf(of)).or_default() += 1;
        }
        let from = Ingredients {
            survey: &survey,
            tree: &tree,
            tally: &tally,
            invited: &invited,
            groups: &self.groups.iter().map(|(of, groups)| (leaf(of), *groups)).collect(),
            rule: &rule,
            confidence: Confidence::default(),
            past: &[],
        };
        let thresholds = Thresholds::default();
        let release = make(&from, None, thresholds, about(&survey)).expect("a release");
        Exported {
            release: release.to_bytes(),
            figures: text(&release, write_figures),
            distribution: text(&release, write_distribution),
            region: text(&release, write_region),
            ballots: self.responses(),
        }
    }

    /// The ballots as responses.csv.
    fn responses(&self) -> String {
        let mut text = "wave,org,resp,Q1,Q2,Q3,B1,C1\n".to_owned();
        for (of, name, ballot) in &self.ballots {
            let cells: Vec<String> = ballot
                .chars()
                .map(|letter| match letter {
                    '.' => String::new(),
                    'd' => "DK".to_owned(),
                    'n' => "NA".to_owned(),
                    digit => digit.to_string(),
                })
                .collect();
            let line = [&["2007-Q4", of, name].join(","), ",", &cells.join(","), "\n"].concat();
            text.push_str(&line);
        }
        text
    }
}

impl Exported {
    fn files<'a>(&'a self, ballots: Option<&'a mut dyn Read>) -> Files<'a> {
        Files {
            release: &self.release,
            figures: &self.figures,
            distribution: Some(&self.distribution),
            region: Some(&self.region),
            ballots,
        }
    }

    fn audited(&self) -> Report {
        audit(self.files(Some(&mut self.ballots.as_bytes())))
    }

    fn audited_alone(&self) -> Report {
        audit(self.files(None))
    }
}

fn without_groups() -> Rule {
    Rule::new(RuleSettings { min_groups: 0, ..RuleSettings::default() }).expect("a rule")
}

/// Whether something of this kind was found.
fn found(report: &Report, check: Check) -> bool {
    report.findings.iter().any(|finding| finding.check == check)
}

/// Two clusters A and B, units by name; so many ballots of mixed answers each.
fn region(units: &[(&str, usize)]) -> Wave {
    let mut nodes = vec![("r".to_owned(), Level::Region, None)];
    for cluster in ["A", "B"] {
        nodes.push((cluster.to_owned(), Level::Cluster, Some("r".to_owned())));
    }
    let mut ballots = Vec::new();
    let mixed = ["1553.", "24151", "3322.", "44d42", "52n11", "1243."];
    for (of, people) in units {
        let cluster = of.get(..1).expect("a letter").to_uppercase();
        nodes.push(((*of).to_owned(), Level::Pct, Some(cluster)));
        for (at, ballot) in mixed.iter().cycle().take(*people).enumerate() {
            ballots.push(((*of).to_owned(), format!("{of}-{at}"), (*ballot).to_owned()));
        }
    }
    Wave { nodes, ballots, silent: 3, groups: BTreeMap::new() }
}

/// A nation of two regions with two clusters each, and up to fourteen units
/// anywhere below, of up to thirteen people.
fn waves() -> impl Strategy<Value = Wave> {
    let letter = prop_oneof![
        8 => prop::sample::select(vec!['1', '2', '3', '4', '5']),
        1 => prop::sample::select(vec!['.', 'd', 'n']),
    ];
    let usual = prop::sample::select(vec!['1', '4', '5']);
    // Some units agree with themselves: their cells must be hidden.
    let person = (0_u8..4, prop::array::uniform4(letter));
    let unit = (0_usize..6, prop::collection::vec(person, 0..14), usual, 0_u8..3, 1_u32..5);
    (prop::collection::vec(unit, 1..15), 0_u32..3).prop_map(|(units, silent)| {
        let above = ["north", "south", "n1", "n2", "s1", "s2"];
        let mut nodes = vec![("all".to_owned(), Level::Nation, None)];
        for (of, level, parent) in [
            ("north", Level::Region, "all"),
            ("south", Level::Region, "all"),
            ("n1", Level::Cluster, "north"),
            ("n2", Level::Cluster, "north"),
            ("s1", Level::Cluster, "south"),
            ("s2", Level::Cluster, "south"),
        ] {
            nodes.push((of.to_owned(), level, Some(parent.to_owned())));
        }
        let (mut ballots, mut groups) = (Vec::new(), BTreeMap::new());
        for (at, (parent, people, usual, agree, of_groups)) in units.into_iter().enumerate() {
            let of = format!("u{at:02}");
            nodes.push((of.clone(), Level::Pct, Some(above[parent].to_owned())));
            for (number, (turn, letters)) in people.into_iter().enumerate() {
                let own: String = letters
                    .iter()
                    .map(|letter| if turn > 0 && turn > agree { *letter } else { usual })
                    .collect();
                ballots.push((of.clone(), format!("{of}-{number}"), format!("{own}.")));
            }
            groups.insert(of, of_groups);
        }
        Wave { nodes, ballots, silent, groups }
    })
}
