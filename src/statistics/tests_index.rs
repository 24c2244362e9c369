//! Indexes and tables: the worked example of methods.md 2 and what must hold
//! for any answers.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::id::OrgCode;
use crate::register::{Level, Node, Tree};
use crate::tabulation::Tally;
use crate::tabulation::sample::{code, leaf, marks, survey};

fn tree() -> Tree {
    let node = |of: &str, level, parent: Option<&str>| Node {
        code: code(of),
        name: of.to_owned(),
        level,
        parent: parent.map(code),
    };
    Tree::new([
        node("top", Level::Region, None),
        node("a", Level::Pct, Some("top")),
        node("b", Level::Pct, Some("top")),
    ])
    .expect("a tree")
}

fn tally(ballots: &[&str]) -> Tally {
    let mut tally = Tally::new(&survey(), [leaf("a"), leaf("b")]);
    for ballot in ballots {
        tally.add(&leaf("a"), &marks(ballot)).expect("a ballot");
    }
    tally
}

/// The index of these places over everybody in `a`.
fn estimate(tally: &Tally, weights: &[(usize, u32)], invited: u64) -> IndexEstimate {
    let counts = tally.sum([&leaf("a")]);
    let scale = crate::tabulation::sample::scale(crate::definition::Direction::Progress);
    let parts: Vec<Part> = weights
        .iter()
        .map(|(place, weight)| {
            let people = &counts.items().get(*place).expect("an item").options;
            let mean =
                mean_estimate(&Histogram::of(&scale, people), invited, Confidence::default())
                    .expect("answers");
            Part { place: *place, weight: *weight, mean }
        })
        .collect();
    let all_three = counts.indexes().get(1).expect("the second index");
    index_estimate(all_three, &parts, invited, Confidence::default()).expect("people")
}

#[test]
fn example_d_of_an_index_with_missing_answers() {
    let tally = tally(&["35...", "44...", "2....", "55...", ".3...", "12..."]);
    let index = estimate(&tally, &[(0, 1), (1, 1)], 6);
    assert_eq!(index.people, 6);
    assert!((index.index - 60.0).abs() < 1e-12);
    let se = index.se.expect("six people");
    assert_eq!(format!("{se:.6}"), "14.798649");
    // All six invited people answered something: nobody is missing.
    assert_eq!(index.reply, Interval { lo: index.index, hi: index.index });
    let process = index.process.expect("spread");
    let t = Confidence::default().student(5).expect("five degrees");
    assert!((process.lo - (60.0 - t * se)).abs() < 1e-9);
}

#[test]
fn an_index_counts_the_people_behind_the_items_it_uses() {
    let tally = tally(&["35...", "4....", "..2..", "..3.."]);
    assert_eq!(estimate(&tally, &[(0, 1), (1, 1)], 9).people, 2);
    assert_eq!(estimate(&tally, &[(0, 1), (2, 2)], 9).people, 4);
}

#[test]
fn one_person_or_equal_people_have_no_interval_for_comparisons() {
    let one = estimate(&tally(&["35..."]), &[(0, 1), (1, 1)], 4);
    assert_eq!((one.se, one.process, one.reply), (None, None, one.bounds));
    // Item by item they differ, person by person they do not.
    let equal = estimate(&tally(&["15...", "51...", "33..."]), &[(0, 1), (1, 1)], 4);
    assert_eq!((equal.se, equal.process, equal.reply), (Some(0.0), None, equal.bounds));
    // Nor here, where thirds and sevenths leave a trace of rounding.
    let people = ["153..", "513..", "333..", "224..", "442..", "134..", "532.."];
    let equal = estimate(&tally(&people), &[(0, 1), (1, 1), (2, 2)], 9);
    assert_eq!((equal.se, equal.process), (Some(0.0), None));
}

#[test]
fn who_is_not_concerned_leaves_the_population_and_who_does_not_know_stays() {
    let (survey, tree, tally) = (survey(), tree(), tally(&["1n...", "1d...", "2....", "22..."]));
    let invited = BTreeMap::from([(leaf("a"), 7), (leaf("b"), 3)]);
    let table =
        Table::new(&survey, &tree, &tally, &invited, &BTreeMap::new(), Confidence::default())
            .expect("a table");
    let cell = |org: &str, item| table.cell(&leaf(org), item).expect("a cell");
    assert_eq!((cell("a", 0).population, cell("a", 1).population), (7, 6));
    assert_eq!((cell("top", 1).population, cell("top", 1).answers.n()), (9, 1));
    assert_eq!(cell("a", 1).counts, [0, 1, 0, 0, 0, 0, 0]);
}

#[test]
fn more_answers_than_people_stop_the_table_and_all_of_them_are_named() {
    let (survey, tree, tally) = (survey(), tree(), tally(&["1....", "2...."]));
    let with = |invited: BTreeMap<OrgCode, u32>, tally: &Tally| {
        Table::new(&survey, &tree, tally, &invited, &BTreeMap::new(), Confidence::default())
            .expect_err("refused")
    };
    assert_eq!(
        with(BTreeMap::from([(leaf("a"), 1), (leaf("b"), 5)]), &tally),
        [
            TableError::TooManyResponses { org: leaf("a"), responded: 2, invited: 1 },
            TableError::TooManyAnswers { org: leaf("a"), item: code("Q1"), n: 2, population: 1 },
        ]
    );
    let stranger = Tally::new(&survey, [leaf("elsewhere"), leaf("nowhere")]);
    assert_eq!(
        with(BTreeMap::new(), &stranger),
        [TableError::UnknownLeaf(leaf("elsewhere")), TableError::UnknownLeaf(leaf("nowhere"))]
    );
    let mut other = survey.clone();
    other.indexes.pop();
    assert_eq!(with(BTreeMap::new(), &Tally::new(&other, [])), [TableError::OtherSurvey]);
}

proptest! {
    #[test]
    fn without_missing_answers_the_standard_error_is_that_of_the_people(
        people in prop::collection::vec(prop::array::uniform3(1_u8..6), 2..20),
    ) {
        let ballots: Vec<String> =
            people.iter().map(|[a, b, c]| format!("{a}{b}{c}..")).collect();
        let ballots: Vec<&str> = ballots.iter().map(String::as_str).collect();
        let found = estimate(&tally(&ballots), &[(0, 1), (1, 1), (2, 2)], 40);
        let score = |point: u8| 25.0 * f64::from(point - 1);
        let own: Vec<f64> =
            people.iter().map(|[a, b, c]| (score(*a) + score(*b) + 2.0 * score(*c)) / 4.0).collect();
        let n = real(found.people);
        let mean = own.iter().sum::<f64>() / n;
        let variance = own.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / (n - 1.0);
        prop_assert!((found.index - mean).abs() < 1e-9);
        prop_assert!((found.se.expect("two or more") - (variance / n).sqrt()).abs() < 1e-6);
        prop_assert!(found.reply.lo >= found.bounds.lo && found.reply.hi <= found.bounds.hi);
    }

    #[test]
    fn pairs_of_sums_give_the_linearised_error_of_the_replies(
        people in prop::collection::vec(prop::array::uniform3(0_u8..6), 3..20),
    ) {
        let mut people = people;
        people.push([1, 2, 3]); // each item has an answer
        let text = |point: &u8| if *point == 0 { ".".into() } else { point.to_string() };
        let ballots: Vec<String> =
            people.iter().map(|own| own.iter().map(text).collect::<String>() + "..").collect();
        let ballots: Vec<&str> = ballots.iter().map(String::as_str).collect();
        let found = estimate(&tally(&ballots), &[(0, 1), (1, 1), (2, 2)], 40);
        // From the replies themselves, by the formula of methods.md 2.
        let score = |point: u8| (point > 0).then(|| 25.0 * f64::from(point) - 25.0);
        let item = |at: usize| people.iter().filter_map(move |own| score(*own.get(at)?));
        let stars = people.iter().filter(|own| own.iter().any(|point| *point > 0)).count();
        let stars = f64::from(u32::try_from(stars).expect("small"));
        let weights = [0.25, 0.25, 0.5];
        let squares: f64 = people
            .iter()
            .map(|own| {
                let u: f64 = own
                    .iter()
                    .zip(weights)
                    .enumerate()
                    .filter_map(|(at, (point, weight))| {
                        let n = f64::from(u32::try_from(item(at).count()).expect("small"));
                        let mean = item(at).sum::<f64>() / n;
                        Some(weight * (score(*point)? - mean) / n)
                    })
                    .sum();
                (stars * u).powi(2)
            })
            .sum();
        if stars > 1.0 {
            let se = (squares / (stars - 1.0) / stars).sqrt();
            prop_assert!((found.se.expect("people") - se).abs() < 1e-6);
        }
    }
}
