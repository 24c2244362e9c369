//! What a second release of a wave may differ in, what is shown of the root
//! alone, and what becomes of words.

use std::collections::{BTreeMap, BTreeSet};

use super::tests::{Wave, two_clusters, without_groups};
use super::*;
use crate::definition::Survey;
use crate::id::OrgCode;
use crate::register::{Level, Node, Tree};
use crate::statistics::{Confidence, Table};
use crate::tabulation::Tally;
use crate::tabulation::sample::{code, leaf, marks, survey};

/// Ballots by number: unit and marks.
type Ballots = BTreeMap<usize, (OrgCode, Vec<u8>)>;

fn ballots(wave: &Wave) -> Ballots {
    let all = wave.ballots.iter().flat_map(|(of, own)| own.iter().map(move |one| (of, one)));
    all.map(|(of, one)| (leaf(of), marks(one))).enumerate().collect()
}

fn cast(ballots: &Ballots) -> BTreeMap<usize, Cast<'_>> {
    ballots.iter().map(|(key, (of, marks))| (*key, (of, marks.as_slice()))).collect()
}

/// The second release of the wave, after its ballots were changed.
fn corrected(wave: &Wave, change: impl FnOnce(&mut Ballots)) -> Result<SafeTable, ProtectError> {
    let (survey, tree, rule) = (survey(), wave.tree(), without_groups());
    let first = wave.protect(&rule);
    let shown = ["Q1", "Q2", "IDX_TWO", "IDX_ALL"];
    let past = Past {
        wave: code("W1"),
        shown: shown.iter().map(|of| ((*of).to_owned(), first.shown(of))).collect(),
    };
    let old = ballots(wave);
    let mut new = old.clone();
    change(&mut new);
    let correction = Correction::between(&survey, &cast(&old), &cast(&new));
    let mut tally = Tally::new(&survey, tree.leaves().map(|node| node.code.clone()));
    for (of, marks) in new.values() {
        tally.add(of, marks).expect("a ballot");
    }
    let invited = tree.leaves().map(|node| (node.code.clone(), 99)).collect();
    let table =
        Table::new(&survey, &tree, &tally, &invited, &BTreeMap::new(), Confidence::default())
            .expect("a table");
    protect_correction(&table, &rule, &code("W1"), &[(past, correction)])
}

fn exposed(outcome: Result<SafeTable, ProtectError>) -> BTreeSet<(String, String)> {
    match outcome {
        Err(ProtectError::Correction { exposed, .. }) => {
            exposed.into_iter().map(|at| (at.measure, at.org.to_string())).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn region() -> Wave {
    two_clusters(&[("a1", 12), ("a2", 12), ("b1", 12), ("b2", 12)])
}

/// The first ballots of a unit, so many of them.
fn of(ballots: &Ballots, unit: &str, people: usize) -> Vec<usize> {
    let own = ballots.iter().filter(|(_, (of, _))| of == &leaf(unit)).map(|(key, _)| *key);
    own.take(people).collect()
}

fn add(ballots: &mut Ballots, unit: &str, answers: &[&str]) {
    for answer in answers {
        ballots.insert(ballots.len() + 1000, (leaf(unit), marks(&format!("{answer}...."))));
    }
}

#[test]
fn the_same_ballots_may_be_released_again() {
    assert!(corrected(&region(), |_| {}).is_ok());
}

#[test]
fn a_correction_of_one_person_is_refused_wherever_the_person_counts() {
    let found = exposed(corrected(&region(), |ballots| {
        let first = of(ballots, "a1", 1);
        ballots.insert(first[0], (leaf("a1"), marks("4....")));
    }));
    let at = |org: &str| ("Q1".to_owned(), org.to_owned());
    assert!(found.contains(&at("a1")) && found.contains(&at("r")), "{found:?}");
    assert!(!found.contains(&at("b1")) && !found.contains(&at("A")), "{found:?}");
}

#[test]
fn a_refusal_names_how_many_figures_and_the_first() {
    let refused = corrected(&region(), |ballots| {
        let first = of(ballots, "a1", 1);
        ballots.insert(first[0], (leaf("a1"), marks("4....")));
    });
    let said = refused.expect_err("one person").to_string();
    assert!(said.contains("correction of wave W1") && said.contains(" at a1"), "{said}");
}

#[test]
fn many_mixed_people_may_be_added_or_removed() {
    let five = ["1", "2", "3", "4", "5"];
    assert!(corrected(&region(), |ballots| add(ballots, "a1", &five)).is_ok());
    let removed = corrected(&region(), |ballots| {
        for key in of(ballots, "b2", 6) {
            ballots.remove(&key);
        }
    });
    assert!(removed.is_ok());
}

#[test]
fn people_added_who_agree_are_told_by_the_difference() {
    let found = exposed(corrected(&region(), |b| add(b, "a1", &["5", "5", "5", "5", "5", "1"])));
    assert!(found.contains(&("Q1".to_owned(), "a1".to_owned())), "all but one");
    let critical = corrected(&region(), |b| add(b, "a1", &["1", "1", "1", "2", "2", "2"]));
    assert!(!exposed(critical).is_empty(), "all of those added are critical");
}

#[test]
fn one_person_lost_is_not_covered_by_many_gained() {
    let found = exposed(corrected(&region(), |ballots| {
        let first = of(ballots, "a1", 1);
        ballots.remove(&first[0]);
        add(ballots, "a1", &["1", "2", "3", "4", "4", "3"]);
    }));
    assert!(found.contains(&("Q1".to_owned(), "a1".to_owned())));
}

#[test]
fn a_reply_that_moves_is_lost_here_and_gained_there() {
    let moved = |people: usize| {
        corrected(&region(), move |ballots| {
            for key in of(ballots, "a1", people) {
                ballots.insert(key, (leaf("a2"), ballots[&key].1.clone()));
            }
        })
    };
    let found = exposed(moved(2));
    let units: BTreeSet<&str> =
        found.iter().filter(|(measure, _)| measure == "Q1").map(|(_, org)| org.as_str()).collect();
    assert_eq!(units, BTreeSet::from(["a1", "a2", "r"]));
    assert!(moved(5).is_ok(), "1 5 3 2 4");
}

#[test]
fn what_differs_between_two_nodes_is_what_neither_tells_of_the_lower() {
    // Three people of a hidden unit differ: only the cluster's figure moves.
    let wave = two_clusters(&[("a1", 4), ("a2", 8), ("a3", 12), ("b1", 12), ("b2", 12)]);
    let found = exposed(corrected(&wave, |ballots| add(ballots, "a1", &["1", "3", "5"])));
    let q1: BTreeSet<&str> =
        found.iter().filter(|(measure, _)| measure == "Q1").map(|(_, org)| org.as_str()).collect();
    assert_eq!(q1, BTreeSet::from(["A", "r"]));
}

#[test]
fn an_index_moves_with_k_people_or_with_nobody() {
    let found = exposed(corrected(&region(), |ballots| {
        for key in of(ballots, "a1", 4) {
            let mut marks = ballots[&key].1.clone();
            marks[1] = 7;
            ballots.insert(key, (leaf("a1"), marks));
        }
    }));
    assert!(found.contains(&("IDX_TWO".to_owned(), "a1".to_owned())), "{found:?}");
    assert!(!found.contains(&("Q1".to_owned(), "a1".to_owned())));
    assert!(found.contains(&("Q2".to_owned(), "r".to_owned())), "who did not answer is told there");
}

/// A root with one unit, and a survey of a number and two kinds of choice.
fn of_choices(ballots: &[&[u8]]) -> SafeTable {
    const SURVEY: &str = r#"
format = 1
code = "small"
title = "Small"
version = "1"
[texts]
welcome = "Welcome."
thanks = "Thanks."
[answers.DK]
value = 98
label = "Don't know"
counts = "dont-know"
[scales.S]
options = [{ value = 1, label = "Good", score = 100 }, { value = 2, label = "Bad", score = 0 }]
[[sections]]
code = "one"
title = "One"
[[sections.questions]]
code = "RATE"
ask = "How is it?"
kind = "rating"
scale = "S"
also = ["DK"]
[[sections.questions]]
code = "DAYS"
ask = "How many days?"
kind = "number"
min = 0
max = 60
unit = "days"
bands = [{ up_to = 0, label = "None", favourable = true }, { up_to = 4 }, {}]
[[sections.questions]]
code = "WHO"
ask = "Who?"
kind = "choice"
options = [{ value = 1, label = "I" }, { value = 2, label = "You" }, { value = 3, label = "They" }, { value = 4, label = "Nobody" }]
[[sections.questions]]
code = "WHICH"
ask = "Which?"
kind = "choices"
options = [{ value = 1, label = "This" }, { value = 2, label = "That" }, { value = 3, label = "Other" }]
"#;
    let survey: Survey = crate::definition::parse("small.toml", SURVEY).expect("sound");
    let node = |of: &str, level, parent: Option<&str>| Node {
        code: code(of),
        name: of.to_owned(),
        level,
        parent: parent.map(code),
    };
    let tree = Tree::new([node("r", Level::Region, None), node("u", Level::Pct, Some("r"))])
        .expect("a tree");
    let mut tally = Tally::new(&survey, [leaf("u")]);
    for marks in ballots {
        tally.add(&leaf("u"), marks).expect("a ballot");
    }
    let invited = BTreeMap::from([(leaf("u"), 40)]);
    let table =
        Table::new(&survey, &tree, &tally, &invited, &BTreeMap::new(), Confidence::default())
            .expect("a table");
    protect(&table, &without_groups(), &code("W1"), &[]).expect("a first release")
}

/// So many ballots with each of these marks of `WHO`, all else mixed.
fn who(people: [usize; 4]) -> Vec<[u8; 7]> {
    let chosen = (1..=4_u8).zip(people).flat_map(|(mark, people)| vec![mark; people]);
    chosen
        .enumerate()
        .map(|(at, mark)| {
            let turn = u8::try_from(at % 2).expect("small");
            [1 + turn, 1 + turn, mark, 1 + turn, 2 - turn, 2, 0]
        })
        .map(|[rate, days, who, this, that, other, _]| [rate, days, who, this, that, other, 0])
        .collect()
}

fn choices(people: [usize; 4]) -> ChoiceFigures {
    let ballots = who(people);
    let ballots: Vec<&[u8]> = ballots.iter().map(|marks| &marks[..6]).collect();
    of_choices(&ballots).root().choices[0].clone()
}

#[test]
fn an_index_moves_with_the_questions_that_it_is_made_of_and_with_no_other() {
    let mut wave = region();
    for ballot in wave.ballots.values_mut().flatten() {
        let first = ballot.get(..1).expect("a mark").to_owned();
        *ballot = format!("{first}{first}{first}..");
    }
    // The third question is in one of the two indexes alone.
    let found = exposed(corrected(&wave, |ballots| {
        for key in of(ballots, "a1", 2) {
            let mut marks = ballots[&key].1.clone();
            marks[2] = 3;
            ballots.insert(key, (leaf("a1"), marks));
        }
    }));
    let at = |measure: &str| (measure.to_owned(), "a1".to_owned());
    assert!(found.contains(&at("IDX_ALL")), "{found:?}");
    assert!(!found.contains(&at("IDX_TWO")) && !found.contains(&at("Q1")), "{found:?}");
}

#[test]
fn rare_choices_are_told_together_or_not_at_all() {
    let figures = |options: &[(u16, u64)], others, n| ChoiceFigures {
        item: code("WHO"),
        options: options.to_vec(),
        others,
        n,
    };
    assert_eq!(choices([7, 6, 3, 2]), figures(&[(1, 7), (2, 6)], Some(5), Some(18)));
    assert_eq!(choices([7, 6, 3, 1]), figures(&[(1, 7), (2, 6)], None, None), "four others");
    assert_eq!(choices([7, 6, 5, 5]), figures(&[(1, 7), (2, 6), (3, 5), (4, 5)], None, Some(23)));
    assert_eq!(choices([2, 1, 1, 0]), figures(&[], None, None), "four people");
    assert_eq!(choices([9, 1, 0, 0]), figures(&[], None, None), "all but one");
    assert_eq!(choices([2, 2, 1, 1]), figures(&[], Some(6), Some(6)));
}

#[test]
fn of_several_choices_nothing_tells_who_chose_otherwise() {
    let mut all: Vec<[u8; 6]> = Vec::new();
    for at in 0..20 {
        // "This" by 16, "That" by 12, "Other" by 3.
        let tick = |yes: bool| if yes { 1 } else { 2 };
        all.push([1, 1, 1, tick(at < 16), tick(at < 12), tick(at < 3)]);
    }
    let ballots: Vec<&[u8]> = all.iter().map(|marks| &marks[..]).collect();
    let found = of_choices(&ballots).root().choices[1].clone();
    let (options, nothing) = (vec![(1, 16), (2, 12)], (None, None));
    assert_eq!((found.options, (found.others, found.n)), (options, nothing));
}

#[test]
fn a_number_is_shown_as_a_share_of_bands_and_never_alone() {
    let with = |bands: &[(u8, usize)]| {
        let marks = bands.iter().flat_map(|(band, people)| vec![*band; *people]);
        let all: Vec<[u8; 6]> = marks
            .enumerate()
            .map(|(at, band)| [1 + u8::from(at % 2 == 0), band, 1, 1, 1, 1])
            .collect();
        let ballots: Vec<&[u8]> = all.iter().map(|marks| &marks[..]).collect();
        let safe = of_choices(&ballots);
        let number = safe.orgs()[0].numbers[0].clone();
        // The same is said of it by its code, and the root's quartiles follow it.
        assert!(safe.statuses("DAYS").all(|(_, status)| status == number.status()));
        let told: Vec<&str> = safe.root().numbers.iter().map(|(item, _)| item.as_str()).collect();
        assert_eq!(told.contains(&"DAYS"), number.status() == Status::Shown);
        number
    };
    let shown = with(&[(1, 6), (2, 4), (3, 2)]);
    let figures = shown.shown().expect("shown");
    assert_eq!((figures.n, figures.population), (12, 40));
    assert!(figures.share.is_some_and(|share| (share.percent - 50.0).abs() < 1e-12));
    let thirty = |people: usize| {
        let marks = (0..people).map(|at| [1 + u8::from(at % 2 == 0), 1 + u8::from(at % 3 == 0)]);
        let all: Vec<[u8; 6]> = marks.map(|[rate, band]| [rate, band, 1, 1, 1, 1]).collect();
        let ballots: Vec<&[u8]> = all.iter().map(|marks| &marks[..]).collect();
        of_choices(&ballots).root().numbers[0].1.is_some()
    };
    assert!(thirty(30) && !thirty(29), "quartiles are made from whole replies");
    assert_eq!(with(&[(1, 11), (2, 1)]).status(), Status::Hidden, "all but one");
    assert_eq!(with(&[(1, 2), (2, 2)]).status(), Status::Hidden, "four people");
}

#[test]
fn who_did_not_answer_is_told_of_the_root_where_they_are_enough() {
    let mut all = vec![[1, 0, 1, 1, 1, 1]; 3];
    all.extend([[2, 1, 0, 2, 2, 2]; 4]);
    all.extend([[1, 0, 1, 1, 1, 1]; 2]);
    all.push([0, 1, 1, 1, 1, 1]);
    all.extend([[3, 1, 1, 1, 1, 1]; 6]);
    // "Don't know" alone is no response.
    let ballots: Vec<&[u8]> = all.iter().map(|marks| &marks[..]).collect();
    let table = of_choices(&ballots);
    let told: Vec<(String, [Option<u64>; 3])> = table
        .root()
        .unanswered
        .iter()
        .map(|at| (at.item.to_string(), [at.not_applicable, at.dont_know, at.blank]))
        .collect();
    let none = [None, None, None];
    assert_eq!(
        told,
        [
            ("RATE".to_owned(), none),
            ("DAYS".to_owned(), [None, None, Some(5)]),
            ("WHO".to_owned(), none),
        ]
    );
}

#[test]
fn words_are_published_from_ten_comments_on_and_in_an_order_of_their_own() {
    let read = |words: &[&str]| words.iter().filter_map(|words| ReadComment::new(words)).collect();
    assert!(SafeComments::new(9, read(&["one"])).is_none());
    let safe = SafeComments::new(10, read(&["later", " ", "a clerk", "more time"])).expect("ten");
    assert_eq!(safe.iter().collect::<Vec<_>>(), ["a clerk", "later", "more time"]);
    assert_eq!(format!("{safe:?}"), "SafeComments(3)");
    let one = ReadComment::new("a clerk").expect("words");
    assert_eq!(format!("{one:?}"), "ReadComment(…)", "words are not for logs");
}

#[test]
fn a_theme_is_told_of_parts_only_if_it_may_be_told_of_each() {
    let rule = Rule::default();
    let theme = |with, without| Theme { with, without };
    assert!(theme(5, 5).may_be_told(&rule));
    assert!(!theme(4, 9).may_be_told(&rule) && !theme(9, 4).may_be_told(&rule));
    assert_eq!(Theme::of_parts(&[theme(5, 9), theme(4, 9)], &rule), None);
    assert!(Theme::of_parts(&[theme(5, 9), theme(7, 9)], &rule).is_some());
}

#[test]
fn figures_from_whole_replies_need_thirty_people() {
    let rule = Rule::default();
    assert!(rule.is_enough_for_microdata(30) && !rule.is_enough_for_microdata(29));
}
