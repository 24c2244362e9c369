//! The rule example by example, and what no protected table may ever let a
//! reader work out.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::definition::{Direction, Survey};
use crate::id::OrgCode;
use crate::register::{Level, Node, Tree};
use crate::statistics::{Confidence, Histogram, Table};
use crate::tabulation::Tally;
use crate::tabulation::sample::{code, leaf, marks, scale, survey};

/// A wave in short: nodes with their parents, ballots per leaf, people invited
/// beyond those who answered, PBC groups per leaf.
#[derive(Debug, Clone)]
pub(super) struct Wave {
    pub(super) nodes: Vec<(String, Level, Option<String>)>,
    pub(super) ballots: BTreeMap<String, Vec<String>>,
    pub(super) silent: u32,
    pub(super) groups: BTreeMap<String, u32>,
}

impl Wave {
    pub(super) fn tree(&self) -> Tree {
        Tree::new(self.nodes.iter().map(|(of, level, parent)| Node {
            code: code(of),
            name: of.clone(),
            level: *level,
            parent: parent.as_deref().map(code),
        }))
        .expect("a tree")
    }

    pub(super) fn protect(&self, rule: &Rule) -> SafeTable {
        self.protect_answers_to(&survey(), rule, Confidence::default())
    }

    pub(super) fn protect_answers_to(
        &self,
        survey: &Survey,
        rule: &Rule,
        sure: Confidence,
    ) -> SafeTable {
        let tree = self.tree();
        let mut tally = Tally::new(survey, tree.leaves().map(|node| node.code.clone()));
        let mut invited = BTreeMap::new();
        for (of, ballots) in &self.ballots {
            for ballot in ballots {
                tally.add(&leaf(of), &marks(ballot)).expect("a ballot");
            }
            invited.insert(leaf(of), u32::try_from(ballots.len()).expect("small") + self.silent);
        }
        let groups = self.groups.iter().map(|(of, groups)| (leaf(of), *groups)).collect();
        let table = Table::new(survey, &tree, &tally, &invited, &groups, sure).expect("a table");
        protect(&table, rule, &code("W1"), &[]).expect("a first release")
    }
}

/// Two clusters A and B; per leaf so many ballots of mixed answers to `Q1`.
pub(super) fn two_clusters(leaves: &[(&str, usize)]) -> Wave {
    let mut nodes = vec![("r".to_owned(), Level::Region, None)];
    for cluster in ["A", "B"] {
        nodes.push((cluster.to_owned(), Level::Cluster, Some("r".to_owned())));
    }
    let mut ballots = BTreeMap::new();
    for (of, people) in leaves {
        let cluster = of.get(..1).expect("a letter").to_uppercase();
        nodes.push(((*of).to_owned(), Level::Pct, Some(cluster)));
        let mixed = ["1", "5", "3", "2", "4"].iter().cycle().take(*people);
        ballots.insert((*of).to_owned(), mixed.map(|point| format!("{point}....")).collect());
    }
    Wave { nodes, ballots, silent: 3, groups: BTreeMap::new() }
}

pub(super) fn without_groups() -> Rule {
    Rule::new(RuleSettings { min_groups: 0, ..RuleSettings::default() }).expect("a rule")
}

/// The statuses of the item at a place, by node.
fn statuses(safe: &SafeTable, item: usize) -> BTreeMap<String, Status> {
    safe.orgs()
        .iter()
        .map(|org| (org.node.code.to_string(), org.items.get(item).expect("a cell").status()))
        .collect()
}

fn hidden(safe: &SafeTable, item: usize) -> Vec<String> {
    let all = statuses(safe, item).into_iter();
    all.filter(|(_, status)| *status == Status::Hidden).map(|(of, _)| of).collect()
}

fn group(people: [u64; 5], invited: u64) -> Group {
    let answers = Histogram::of(&scale(Direction::Progress), &people);
    Group { answers, invited, groups: 3 }
}

#[test]
fn a_group_is_safe_if_it_is_large_mixed_and_not_wholly_critical() {
    let rule = Rule::default();
    assert!(rule.is_safe(&group([1, 0, 2, 0, 2], 9)));
    assert!(!rule.is_safe(&group([1, 0, 1, 0, 2], 9)), "four people");
    assert!(!rule.is_safe(&group([0, 0, 9, 0, 0], 12)), "unanimous");
    assert!(!rule.is_safe(&group([1, 0, 9, 0, 0], 12)), "all but one");
    assert!(rule.is_safe(&group([2, 0, 9, 0, 0], 12)), "all but two");
    assert!(!rule.is_safe(&group([4, 5, 0, 0, 0], 9)), "everybody is critical");
    assert!(rule.is_safe(&group([4, 5, 0, 0, 0], 10)), "one more was invited");
    let few = Group { groups: 2, ..group([3, 3, 3, 3, 3], 20) };
    assert!(!rule.is_safe(&few), "two groups");
}

#[test]
fn a_rule_that_protects_nobody_is_refused_with_every_reason() {
    let settings = RuleSettings {
        k: 2,
        coalition: 3,
        width: 51,
        min_groups: 0,
        min_weight: f64::NAN,
        n_microdata: 19,
    };
    assert_eq!(Rule::new(settings).expect_err("refused").len(), 5);
    assert!(Rule::new(RuleSettings { k: 3, ..RuleSettings::default() }).is_ok());
}

#[test]
fn an_index_needs_the_share_of_its_weight_that_is_set() {
    let rule = |min_weight| Rule::new(RuleSettings { min_weight, ..RuleSettings::default() });
    let quarter = rule(0.25).expect("a rule");
    assert!(quarter.is_enough_weight(1, 4) && !quarter.is_enough_weight(1, 5));
    let whole = rule(1.0).expect("a rule");
    assert!(whole.is_enough_weight(4, 4) && !whole.is_enough_weight(3, 4));
}

#[test]
fn a_hidden_unit_must_leave_room_for_other_means() {
    let rule = Rule::default();
    let answers = group([0, 0, 6, 6, 0], 20).answers;
    assert!(rule.leaves_room(&answers, 3), "50 to 75");
    assert!(rule.leaves_room(&answers, 6));
    assert!(!rule.leaves_room(&answers, 7), "the seven highest hold one of the lower");
}

#[test]
fn the_worked_example_hides_a1_and_a2_and_keeps_the_cluster() {
    let wave = two_clusters(&[("a1", 3), ("a2", 7), ("a3", 9), ("b1", 6), ("b2", 12)]);
    assert_eq!(hidden(&wave.protect(&without_groups()), 0), ["a1", "a2"]);
}

#[test]
fn two_units_in_which_all_who_were_invited_are_critical_do_not_cover_each_other() {
    let leaves = [("a1", 3), ("a2", 3), ("a3", 9), ("b1", 8), ("b2", 8)];
    let mut wave = Wave { silent: 0, ..two_clusters(&leaves) };
    for of in ["a1", "a2"] {
        let critical = ["1", "2", "1"].map(|point| format!("{point}....")).to_vec();
        wave.ballots.insert(of.to_owned(), critical);
    }
    // Two neighbouring answers leave little room, which is another rule.
    let settings = RuleSettings { min_groups: 0, width: 0, ..RuleSettings::default() };
    let rule = Rule::new(settings).expect("a rule");
    let found = hidden(&wave.protect(&rule), 0);
    assert!(found.len() > 2, "six people of six: {found:?}");
    // Those who were invited and kept silent may have thought otherwise.
    wave.silent = 1;
    assert_eq!(hidden(&wave.protect(&rule), 0), ["a1", "a2"]);
}

#[test]
fn a_cell_without_answers_is_empty_and_needs_no_cover() {
    let wave = two_clusters(&[("a1", 0), ("a2", 7), ("b1", 6), ("b2", 12)]);
    let safe = wave.protect(&without_groups());
    assert_eq!(statuses(&safe, 0).get("a1"), Some(&Status::Empty));
    assert_eq!(hidden(&safe, 0), Vec::<String>::new());
}

#[test]
fn one_question_hides_nothing_of_another() {
    let mut wave = two_clusters(&[("a1", 8), ("a2", 8), ("b1", 8), ("b2", 8)]);
    for ballots in wave.ballots.values_mut() {
        for ballot in ballots {
            let first = ballot.get(..1).expect("a mark").to_owned();
            *ballot = format!("{first}{first}...");
        }
    }
    let a1 = wave.ballots.get_mut("a1").expect("a leaf");
    *a1 = a1.iter().map(|ballot| format!("{}5...", ballot.get(..1).expect("a mark"))).collect();
    let safe = wave.protect(&without_groups());
    assert_eq!(hidden(&safe, 0), Vec::<String>::new());
    assert!(hidden(&safe, 1).contains(&"a1".to_owned()), "unanimous on the second item");
    let a1 = safe.orgs().iter().find(|org| org.node.name == "a1").expect("a leaf");
    let two = a1.indexes.first().and_then(Protected::shown).expect("half of the weight");
    assert_eq!(two.used, [code("Q1")]);
    let all = a1.indexes.get(1).expect("the second index");
    assert_eq!(all.status(), Status::Hidden, "Q1 is a quarter of its weight");
}

#[test]
fn a_unit_of_few_groups_is_hidden_in_all_measures_and_cannot_be_subtracted() {
    let mut wave = two_clusters(&[("a1", 9), ("a2", 9), ("b1", 9), ("b2", 9)]);
    for of in ["a1", "a2", "b1", "b2"] {
        wave.groups.insert(of.to_owned(), if of == "a1" { 2 } else { 4 });
    }
    let safe = wave.protect(&Rule::default());
    let found = hidden(&safe, 0);
    assert!(found.contains(&"a1".to_owned()));
    assert!(found.len() > 1, "something covers it: {found:?}");
    let a1 = safe.orgs().iter().find(|org| org.node.name == "a1").expect("a leaf");
    assert!(a1.items.iter().all(|cell| cell.shown().is_none()));
    assert!(a1.indexes.iter().all(|cell| cell.shown().is_none()));
    assert_eq!(a1.responded, Some(9), "participation is not an answer");
}

#[test]
fn units_of_few_groups_cover_each_other_if_they_have_enough_together() {
    let mut wave = two_clusters(&[("a1", 9), ("a2", 9), ("a3", 9), ("b1", 9), ("b2", 9)]);
    let groups = [("a1", 1), ("a2", 2), ("a3", 4), ("b1", 4), ("b2", 4)];
    wave.groups.extend(groups.map(|(of, groups)| (of.to_owned(), groups)));
    assert_eq!(hidden(&wave.protect(&Rule::default()), 0), ["a1", "a2"]);
}

#[test]
fn fewer_than_k_responses_are_not_told_exactly() {
    let wave = two_clusters(&[("a1", 4), ("a2", 5), ("b1", 0), ("b2", 12)]);
    let safe = wave.protect(&without_groups());
    let told: BTreeMap<&str, Option<u64>> =
        safe.orgs().iter().map(|org| (org.node.name.as_str(), org.responded)).collect();
    assert_eq!(told.get("a1"), Some(&None));
    assert_eq!(told.get("a2"), Some(&Some(5)));
    assert_eq!(told.get("b1"), Some(&Some(0)));
}

#[test]
fn a_wave_is_released_once() {
    let (survey, wave) = (survey(), two_clusters(&[("a1", 9), ("b1", 9)]));
    let tree = wave.tree();
    let nobody = BTreeMap::new();
    let tally = Tally::new(&survey, []);
    let table = Table::new(&survey, &tree, &tally, &nobody, &nobody, Confidence::default())
        .expect("a table");
    let past = |of: &str| [Past { wave: code(of), shown: BTreeMap::new() }];
    assert!(protect(&table, &Rule::default(), &code("W2"), &past("W1")).is_ok());
    assert_eq!(
        protect(&table, &Rule::default(), &code("W1"), &past("W1")),
        Err(ProtectError::Released(code("W1")))
    );
}

/// A region with up to three clusters and up to eight units, under a cluster
/// or straight under the region.
fn waves() -> impl Strategy<Value = Wave> {
    let point = prop_oneof![3 => 1_u8..6, 1 => Just(0_u8), 3 => 4_u8..6];
    let unit = (0_usize..4, prop::collection::vec((point, 1_u8..6), 0..14), 1_u32..5);
    (prop::collection::vec(unit, 1..9), 0_u32..3).prop_map(|(units, silent)| {
        let mut nodes = vec![("r".to_owned(), Level::Region, None)];
        for cluster in 0..3 {
            nodes.push((format!("c{cluster}"), Level::Cluster, Some("r".to_owned())));
        }
        let (mut ballots, mut groups) = (BTreeMap::new(), BTreeMap::new());
        for (at, (cluster, people, of_groups)) in units.into_iter().enumerate() {
            let of = format!("u{at}");
            let parent = if cluster == 3 { "r".to_owned() } else { format!("c{cluster}") };
            nodes.push((of.clone(), Level::Pct, Some(parent)));
            let text = |point: u8| if point == 0 { ".".into() } else { point.to_string() };
            let own = people.iter().map(|(a, b)| format!("{}{}...", text(*a), text(*b)));
            ballots.insert(of.clone(), own.collect());
            groups.insert(of, of_groups);
        }
        Wave { nodes, ballots, silent, groups }
    })
}

/// The people of one unit, in plain lists: how the checks below see a wave,
/// without any of the code that they check.
struct Unit {
    code: OrgCode,
    scores: Vec<u32>,
    invited: usize,
    groups: u32,
}

fn units(wave: &Wave, item: usize) -> Vec<Unit> {
    let unit = |(of, ballots): (&String, &Vec<String>)| Unit {
        code: leaf(of),
        scores: ballots
            .iter()
            .filter_map(|ballot| ballot.chars().nth(item)?.to_digit(10))
            .map(|point| 25 * point - 25)
            .collect(),
        invited: ballots.len() + usize::try_from(wave.silent).expect("small"),
        groups: wave.groups.get(of).copied().expect("each has some"),
    };
    wave.ballots.iter().map(unit).collect()
}

fn plainly_safe(units: &[&Unit]) -> bool {
    let scores: Vec<u32> = units.iter().flat_map(|unit| unit.scores.clone()).collect();
    let most = [0, 25, 50, 75, 100].map(|of| scores.iter().filter(|s| **s == of).count());
    let invited: usize = units.iter().map(|unit| unit.invited).sum();
    scores.len() >= 5
        && most.iter().all(|n| n + 2 <= scores.len())
        && !(scores.len() == invited && scores.iter().all(|score| *score <= 25))
        && units.iter().map(|unit| unit.groups).sum::<u32>() >= 3
}

fn room(units: &[&Unit], hidden: &Unit) -> bool {
    let mut scores: Vec<u32> = units.iter().flat_map(|unit| unit.scores.clone()).collect();
    scores.sort_unstable();
    let m = hidden.scores.len();
    let low: u32 = scores.iter().take(m).sum();
    let high: u32 = scores.iter().rev().take(m).sum();
    high - low >= 25 * u32::try_from(m).expect("small")
}

proptest! {
    #[test]
    fn nothing_unsafe_can_be_read_or_worked_out(wave in waves()) {
        let (tree, safe) = (wave.tree(), wave.protect(&Rule::default()));
        for item in 0..2 {
            let all = units(&wave, item);
            let shown: Vec<&OrgCode> = safe
                .orgs()
                .iter()
                .filter(|org| org.items.get(item).is_some_and(|cell| cell.shown().is_some()))
                .map(|org| &org.node.code)
                .collect();
            for above in &shown {
                let under: Vec<&Unit> = all
                    .iter()
                    .filter(|unit| !unit.scores.is_empty() && tree.is_within(&unit.code, above))
                    .collect();
                prop_assert!(plainly_safe(&under), "{} stands alone", above);
                let rest: Vec<&Unit> = under
                    .into_iter()
                    .filter(|unit| {
                        !shown.iter().any(|lower| {
                            lower != above
                                && tree.is_within(lower, above)
                                && tree.is_within(&unit.code, lower)
                        })
                    })
                    .collect();
                if tree.get(above).is_some_and(|node| node.level != Level::Pct) && !rest.is_empty() {
                    prop_assert!(plainly_safe(&rest), "the rest of {}", above);
                    for unit in rest.iter().filter(|unit| !plainly_safe(&[unit])) {
                        prop_assert!(room(&rest, unit), "{} within {}", unit.code, above);
                    }
                }
            }
        }
    }

    #[test]
    fn people_behind_an_index_cannot_be_worked_out_below_k(wave in waves()) {
        let (tree, safe) = (wave.tree(), wave.protect(&without_groups()));
        // One of two items is half of the weight: anybody with an answer has an index.
        let people = |of: &OrgCode| {
            let own = wave.ballots.get(of.as_str()).expect("a unit");
            own.iter().filter(|ballot| !ballot.starts_with("..")).count()
        };
        let shown: Vec<&SafeOrg> = safe
            .orgs()
            .iter()
            .filter(|org| org.indexes.first().is_some_and(|cell| cell.shown().is_some()))
            .collect();
        for org in &shown {
            let above = &org.node.code;
            let covered = |unit: &OrgCode| {
                shown.iter().map(|org| &org.node.code).any(|lower| {
                    lower != above && tree.is_within(lower, above) && tree.is_within(unit, lower)
                })
            };
            let rest: usize = tree
                .leaves()
                .filter(|unit| tree.is_within(&unit.code, above) && !covered(&unit.code))
                .map(|unit| people(&unit.code))
                .sum();
            prop_assert!(rest == 0 || rest >= 5, "{} people under {}", rest, above);
            let figures = org.indexes.first().and_then(Protected::shown).expect("shown");
            for used in &figures.used {
                let item = usize::from(used.as_str() == "Q2");
                prop_assert!(org.items.get(item).is_some_and(|cell| cell.shown().is_some()));
            }
        }
    }

    #[test]
    fn a_stricter_rule_never_shows_a_smaller_group(wave in waves(), k in 3_u32..9) {
        let rule = Rule::new(RuleSettings { k, ..RuleSettings::default() }).expect("a rule");
        for org in wave.protect(&rule).orgs() {
            for figures in org.items.iter().filter_map(Protected::shown) {
                prop_assert!(figures.n >= u64::from(k));
            }
        }
    }
}
