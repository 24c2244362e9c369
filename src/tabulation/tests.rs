//! Counting is exact, complete and the same in any order.

use proptest::prelude::*;

use super::sample::{code, leaf, marks, survey};
use super::*;

fn tally() -> Tally {
    Tally::new(&survey(), [leaf("a"), leaf("b")])
}

fn counts(tally: &Tally, of: &str) -> LeafCounts {
    tally.sum([&leaf(of)])
}

#[test]
fn each_mark_is_counted_under_its_option() {
    let mut tally = tally();
    for ballot in ["15d.2", "15nn.", ".5321"] {
        tally.add(&leaf("a"), &marks(ballot)).expect("a ballot");
    }
    let a = counts(&tally, "a");
    assert_eq!(a.responded(), 3);
    let options: Vec<&[u64]> = a.items().iter().map(|item| item.options.as_slice()).collect();
    assert_eq!(
        options,
        [
            &[2, 0, 0, 0, 0, 0, 0][..],
            &[0, 0, 0, 0, 3, 0, 0],
            &[0, 0, 1, 0, 0, 1, 1],
            &[0, 1, 0, 0, 0, 0, 1],
            &[1, 1],
        ]
    );
    let blank: Vec<u64> = a.items().iter().map(|item| item.blank).collect();
    assert_eq!(blank, [1, 0, 0, 1, 1]);
    assert_eq!(counts(&tally, "b").responded(), 0);
}

#[test]
fn a_ballot_without_a_scored_answer_is_no_response() {
    let mut tally = tally();
    tally.add(&leaf("a"), &marks("dn..2")).expect("a ballot");
    let a = counts(&tally, "a");
    assert_eq!((a.responded(), a.empty()), (0, 1));
    assert!(a.items().iter().all(|item| item.blank == 0 && item.options.iter().all(|n| *n == 0)));
}

#[test]
fn a_ballot_that_does_not_fit_is_refused_and_nothing_of_it_counted() {
    let mut tally = tally();
    let nought = tally.clone();
    assert_eq!(tally.add(&leaf("c"), &marks("1....")), Err(TallyError::UnknownLeaf(leaf("c"))));
    assert_eq!(tally.add(&leaf("a"), &marks("1")), Err(TallyError::Length { found: 1, wanted: 5 }));
    assert_eq!(
        tally.add(&leaf("a"), &marks("18...")),
        Err(TallyError::Mark { item: 1, mark: 8, options: 7 })
    );
    assert_eq!(tally, nought);
}

#[test]
fn tallies_of_different_surveys_do_not_add_up() {
    let mut other = survey();
    other.indexes.pop();
    let mut tally = tally();
    assert_eq!(tally.merge(&Tally::new(&other, [])), Err(TallyError::OtherSurvey));
    assert!(tally.counts(&survey()) && !tally.counts(&other));
}

#[test]
fn the_sums_of_a_pair_are_over_people_who_answered_both() {
    let mut tally = tally();
    for ballot in ["35...", "44...", "2....", ".3...", "5n1.."] {
        tally.add(&leaf("a"), &marks(ballot)).expect("a ballot");
    }
    let a = counts(&tally, "a");
    let index = a.indexes().first().expect("the first index");
    let pair = PairSums { both: 2, first: 50 + 75, second: 100 + 75, product: 5000 + 5625 };
    assert_eq!(index.pair(0, 1), pair);
    assert_eq!(index.pair(1, 0), PairSums { first: pair.second, second: pair.first, ..pair });
    assert_eq!(index.pair(0, 0).both, 4);
    assert_eq!(index.people(|answered| answered.contains(&true)), 5);
    assert_eq!(index.people(|answered| answered == [false, true]), 1);
}

proptest! {
    #[test]
    fn the_tally_of_parts_is_the_tally_of_the_whole(
        ballots in prop::collection::vec((any::<bool>(), prop::array::uniform5(0_u8..3)), 0..40),
        cut in 0_usize..40,
    ) {
        let place = |first: bool| leaf(if first { "a" } else { "b" });
        let mut whole = tally();
        let (mut left, mut right) = (tally(), tally());
        for (at, (first, marks)) in ballots.iter().enumerate() {
            whole.add(&place(*first), marks).expect("a ballot");
            let part = if at < cut { &mut left } else { &mut right };
            part.add(&place(*first), marks).expect("a ballot");
        }
        right.merge(&left).expect("the same survey");
        prop_assert_eq!(&right, &whole);
        let responded: usize = ballots
            .iter()
            .filter(|(_, marks)| marks.iter().take(4).any(|mark| *mark > 0))
            .count();
        let all = whole.sum([&leaf("a"), &leaf("b")]);
        prop_assert_eq!(usize::try_from(all.responded()).expect("small"), responded);
    }
}

/// Ballots of two leaves: marks of the five columns.
fn some_ballots(most: usize) -> impl Strategy<Value = Vec<(bool, [u8; 5])>> {
    let mark = prop_oneof![12 => 1_u8..6, 1 => Just(0_u8), 1 => 6_u8..8, 1 => Just(255_u8)];
    let ballot = (mark.clone(), mark.clone(), mark.clone(), mark, 0_u8..3);
    prop::collection::vec(
        (any::<bool>(), ballot.prop_map(|(a, b, c, d, e)| [a, b, c, d, e])),
        0..most,
    )
}

fn place(first: bool) -> OrgCode {
    leaf(if first { "a" } else { "b" })
}

fn one_by_one(ballots: &[(bool, [u8; 5])]) -> Tally {
    let mut one = tally();
    for (first, marks) in ballots {
        one.add(&place(*first), marks).expect("a ballot");
    }
    one
}

/// The scores of a ballot's first three items, and their weights in `IDX_ALL`.
fn three(marks: [u8; 5]) -> Vec<(u64, u64)> {
    let weights = [1, 1, 2];
    let of = |(mark, weight): (&u8, u64)| {
        (1..6).contains(mark).then(|| (25 * (u64::from(*mark) - 1), weight))
    };
    marks.iter().zip(weights).filter_map(of).collect()
}

/// The weighted mean of scores, if at least half of `whole` is answered.
fn mean(scores: &[(u64, u64)], whole: u64) -> Option<f64> {
    let weight: u64 = scores.iter().map(|(_, weight)| weight).sum();
    let sum: u64 = scores.iter().map(|(score, weight)| score * weight).sum();
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    (weight > 0 && 2 * weight >= whole).then(|| sum as f64 / weight as f64)
}

/// Values with the number of people at each, as the tally has them.
fn people_by_value(all: impl IntoIterator<Item = f64>) -> BTreeMap<u32, u64> {
    let mut people = BTreeMap::new();
    for value in all {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
        let millionths = (value * 1e6).round() as u32;
        *people.entry(millionths).or_default() += 1;
    }
    people
}

fn by_value(values: &BTreeMap<IndexValue, u64>) -> BTreeMap<u32, u64> {
    values.iter().map(|(value, people)| (value.millionths(), *people)).collect()
}

#[test]
fn a_batch_that_does_not_fit_is_refused_and_nothing_of_it_counted() {
    let mut tally = tally();
    let nought = tally.clone();
    let mut batch = Batch::with_capacity(2, 5);
    batch.push(0, &marks("1...."));
    assert_eq!((batch.len(), batch.is_empty()), (1, false));
    let mut beyond = batch.clone();
    beyond.push(2, &marks("1...."));
    assert_eq!(tally.count(&beyond), Err(TallyError::NoPlace(2)));
    let mut strange = batch.clone();
    strange.push(1, &marks("...83"));
    assert_eq!(tally.count(&strange), Err(TallyError::Mark { item: 3, mark: 8, options: 7 }));
    let mut short = batch.clone();
    short.push(1, &marks("1"));
    let short_by = TallyError::Batch { marks: 6, ballots: 2, columns: 5 };
    assert_eq!(tally.count(&short), Err(short_by.clone()));
    assert_eq!(tally, nought);
    assert_eq!(tally.count_all([&batch, &short], 2), Err(short_by));
    batch.clear();
    assert!(batch.is_empty() && tally.count(&batch).is_ok());
    assert_eq!(tally, nought);
    assert_eq!([tally.place(&leaf("b")), tally.place(&leaf("c"))], [Some(1), None]);
}

#[test]
fn people_with_many_answers_share_one_pattern() {
    let mut tally = tally();
    for ballot in ["123..", "45...", "..1..", "1.2..", ".12.."] {
        tally.add(&leaf("a"), &marks(ballot)).expect("a ballot");
    }
    let a = counts(&tally, "a");
    let all = a.indexes().get(1).expect("the second index");
    // Of weights 1, 1 and 2: more than half of 4 meets any half of it.
    let patterns: Vec<&Vec<bool>> = all.patterns.keys().collect();
    assert_eq!(
        patterns,
        [&vec![false, false, true], &vec![true, true, false], &vec![true, true, true]]
    );
    assert_eq!(all.people(|answered| answered.contains(&true)), 5);
    assert_eq!(all.values().values().sum::<u64>(), 5);
}

#[test]
fn another_least_weight_is_another_tally() {
    let all = MinWeight::new(1.0).expect("a share");
    let mut strict = Tally::with_min_weight(&survey(), [leaf("a")], all);
    strict.add(&leaf("a"), &marks("12...")).expect("a ballot");
    strict.add(&leaf("a"), &marks("123..")).expect("a ballot");
    let a = strict.sum([&leaf("a")]);
    let people: Vec<u64> = a.indexes().iter().map(|index| index.values().values().sum()).collect();
    assert_eq!(people, [2, 1]);
    assert_eq!(a.overall().map(|overall| overall.values().values().sum()), Some(1_u64));
    assert_eq!((strict.min_weight(), strict.counts(&survey())), (all, true));
    assert_eq!(tally().merge(&strict), Err(TallyError::OtherSurvey));
}

#[test]
fn a_survey_without_progress_indexes_has_no_overall_index() {
    let mut other = survey();
    other.indexes =
        vec![crate::definition::Index { items: vec![(code("B1"), 1)], ..other.indexes.remove(0) }];
    let mut tally = Tally::new(&other, [leaf("a")]);
    tally.add(&leaf("a"), &marks("12.4.")).expect("a ballot");
    let a = tally.sum([&leaf("a")]);
    assert_eq!(a.overall(), None);
    assert_eq!(by_value(a.indexes()[0].values()), people_by_value([75.0]));
    assert!(tally.barrier(3).is_empty());
}

proptest! {
    #[test]
    fn however_it_is_counted_the_tally_is_the_same(
        ballots in some_ballots(700), cut in 1_usize..300, threads in 1_usize..4,
    ) {
        let wanted = one_by_one(&ballots);
        let batches: Vec<Batch> = ballots
            .chunks(cut)
            .map(|part| {
                let mut batch = Batch::default();
                for (first, marks) in part {
                    batch.push(usize::from(!first), marks);
                }
                batch
            })
            .collect();
        let mut found = tally();
        found.count_all(batches.iter().rev(), threads).expect("ballots");
        prop_assert_eq!(found, wanted);
    }

    #[test]
    fn sums_are_what_a_plain_reading_of_the_ballots_gives(ballots in some_ballots(60)) {
        let tally = one_by_one(&ballots);
        let own: Vec<&[u8; 5]> =
            ballots.iter().filter(|(first, marks)| *first && marks[..4].iter().any(|m| (1..6).contains(m)))
                .map(|(_, marks)| marks).collect();
        let a = counts(&tally, "a");
        let two = |marks: &[u8; 5]| {
            let both: Vec<(u64, u64)> =
                three([marks[0], marks[1], 0, 0, 0]).into_iter().map(|(score, _)| (score, 1)).collect();
            mean(&both, 2)
        };
        let all = |marks: &[u8; 5]| mean(&three(*marks), 4);
        let values = |of: &dyn Fn(&[u8; 5]) -> Option<f64>| {
            people_by_value(own.iter().filter_map(|marks| of(marks)))
        };
        prop_assert_eq!(by_value(a.indexes()[0].values()), values(&two));
        prop_assert_eq!(by_value(a.indexes()[1].values()), values(&all));
        // Two progress indexes: one of them is half.
        let overall = |marks: &[u8; 5]| match (two(marks), all(marks)) {
            (Some(one), Some(other)) => Some(f64::midpoint(one, other)),
            (one, other) => one.or(other),
        };
        prop_assert_eq!(by_value(a.overall().expect("an index").values()), values(&overall));
        let met = |item: usize| own.iter().filter(|marks| (1..6).contains(&marks[item])).count() as u64;
        for item in 0..3 {
            prop_assert_eq!(a.indexes()[1].pair(item, item).both, met(item));
            prop_assert_eq!(a.overall().expect("an index").pair(item, item).both, met(item));
        }
    }

    #[test]
    fn sums_over_all_units_are_those_of_complete_replies(ballots in some_ballots(60)) {
        let tally = one_by_one(&ballots);
        let complete: Vec<Vec<u64>> = ballots
            .iter()
            .map(|(_, marks)| three(*marks).into_iter().map(|(score, _)| score).collect::<Vec<u64>>())
            .filter(|scores| scores.len() == 3)
            .collect();
        let sums = &tally.complete()[1];
        prop_assert_eq!(sums.people, complete.len() as u64);
        let sum = |of: &dyn Fn(&[u64]) -> u64| complete.iter().map(|scores| of(scores)).sum::<u64>();
        let first: Vec<u64> = (0..3).map(|item| sum(&|scores| scores[item])).collect();
        prop_assert_eq!(&sums.sums, &first);
        let pairs = [(0, 0), (0, 1), (1, 1), (0, 2), (1, 2), (2, 2)];
        let products: Vec<u64> =
            pairs.iter().map(|(one, other)| sum(&|scores| scores[*one] * scores[*other])).collect();
        prop_assert_eq!(&sums.products, &products);
        // The barrier of those with an overall index, by how severe it is.
        let barrier = tally.barrier(3);
        let mut severe = [0_u64; 7];
        for (_, marks) in &ballots {
            let has = mean(&three(*marks), 4).is_some() || !three([marks[0], marks[1], 0, 0, 0]).is_empty();
            if has && (1..6).contains(&marks[3]) {
                severe[usize::from(marks[3]) - 1] += 1;
            }
        }
        let found: Vec<u64> =
            (0..7).map(|at| barrier.values().map(|people| people[at]).sum()).collect();
        prop_assert_eq!(found, severe);
    }
}
