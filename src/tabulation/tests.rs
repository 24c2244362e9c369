//! Counting is exact, complete and the same in any order.

use proptest::prelude::*;

use super::sample::{leaf, marks, survey};
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
        let mut sum = counts(&whole, "a");
        sum.merge(&counts(&whole, "b"));
        prop_assert_eq!(sum, whole.sum([&leaf("a"), &leaf("b")]));
        let responded: usize = ballots
            .iter()
            .filter(|(_, marks)| marks.iter().take(4).any(|mark| *mark > 0))
            .count();
        let all = whole.sum([&leaf("a"), &leaf("b")]);
        prop_assert_eq!(usize::try_from(all.responded()).expect("small"), responded);
    }
}
