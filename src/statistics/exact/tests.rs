//! The two ways to count the deals agree where both can be gone.

use proptest::prelude::*;

use super::*;

fn deal(first: &[u64], second: &[u64]) -> Option<Deal> {
    let pair = Pair::new(first.iter().copied().enumerate(), second.iter().copied().enumerate())?;
    let distance = (pair.doubled_rank_sum() - pair.expected_rank_sum()).abs();
    let dealt = pair.first();
    let expected = dealt * (pair.both() + 1);
    Some(Deal {
        sizes: pair.sizes(),
        ranks: pair.doubled_ranks(),
        dealt,
        low: expected - distance,
        high: expected + distance,
    })
}

#[test]
fn the_number_of_tables_is_that_of_all_fillings_but_of_two_ties() {
    let tables = |ties: usize| deal(&vec![10; ties], &vec![1; ties]).expect("groups").tables();
    // C(10·ties + ties − 2, ties − 2) fillings with at most all labels.
    assert_eq!((tables(2), tables(3), tables(4)), (1, 31, 861));
    // One more tie than methods.md counts with, and the last two are not walked.
    let six = deal(&[10; 6], &[1; 6]).expect("groups");
    assert_eq!(six.tables(), MOST_TABLES);
    assert!(deal(&[11; 6], &[1; 6]).expect("groups").tables() > MOST_TABLES);
}

#[test]
fn the_grid_is_what_ranks_have_in_common() {
    let grid = |first: &[u64], second: &[u64]| deal(first, second).expect("groups").grid();
    assert_eq!(grid(&[1, 1, 1], &[1, 1, 1]), (3, 4));
    assert_eq!(grid(&[1, 0, 2], &[0, 1, 2]), (2, 1));
    assert_eq!(grid(&[3], &[4]), (8, 1));
}

#[test]
fn steps_grow_with_labels_ranks_and_ties() {
    let steps = |first: &[u64], second: &[u64]| deal(first, second).expect("groups").steps();
    // Two ties of one: half of 1·1 rows of a width of 1.
    assert_eq!(steps(&[2, 2], &[2, 2]), 8 * 4);
    assert_eq!(steps(&[4, 0], &[0, 1]), 8);
}

#[test]
fn every_index_that_should_be_exact_can_be_counted() {
    let (first, second) = ([vec![1; 20], vec![0; 1980]].concat(), [vec![0; 20], vec![1; 1980]]);
    let apart = deal(&first, &second.concat()).expect("groups");
    assert_eq!(apart.sizes.len(), 2000);
    assert!(apart.steps() <= MOST_STEPS && apart.steps() > MOST_STEPS / 4, "{}", apart.steps());
    // Ties of different sizes have nothing in common.
    let (first, second) = ([vec![1; 20], vec![0; 980]].concat(), vec![1, 2]);
    let second: Vec<u64> = second.into_iter().cycle().take(1000).collect();
    assert!(deal(&first, &second).expect("groups").steps() <= MOST_STEPS);
}

proptest! {
    #[test]
    fn tables_and_sums_give_the_same(
        (first, second) in (2_usize..6).prop_flat_map(|ties| (
            prop::collection::vec(0_u64..8, ties), prop::collection::vec(0_u64..30, ties),
        )),
    ) {
        let Some(deal) = deal(&first, &second) else { return Ok(()) };
        prop_assume!(deal.sizes.len() > 1 && deal.high > deal.low);
        let (tables, sums) = (deal.by_tables(), deal.by_sums());
        prop_assert!((tables - sums).abs() <= 1e-12 * tables, "{tables} {sums}");
    }
}
