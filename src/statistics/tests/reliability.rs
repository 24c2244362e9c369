//! Alpha: methods.md 6.

use proptest::prelude::*;

use super::*;

fn sums(people: &[Vec<u64>]) -> CompleteSums {
    let items = people.first().map_or(0, Vec::len);
    let sum = |of: &dyn Fn(&Vec<u64>) -> u64| people.iter().map(of).sum();
    CompleteSums {
        people: people.len() as u64,
        sums: (0..items).map(|q| sum(&|own| own[q])).collect(),
        products: (0..items)
            .map(|q| (0..items).map(|r| sum(&|own| own[q] * own[r])).collect())
            .collect(),
    }
}

fn rows(rows: &[[u64; 3]]) -> Vec<Vec<u64>> {
    rows.iter().map(|row| row.to_vec()).collect()
}

const EXAMPLE_F: [[u64; 3]; 6] =
    [[0, 25, 50], [25, 25, 75], [50, 75, 75], [100, 75, 100], [25, 0, 25], [75, 50, 100]];

#[test]
fn example_f_of_three_items() {
    let found = reliability(&sums(&rows(&EXAMPLE_F)), sure()).expect("people");
    assert_eq!(six(found.alpha), "0.907895");
    assert_eq!(ends(found.interval), "[0.609834, 0.986085]");
    assert!(!found.is_no_scale());
}

#[test]
fn alpha_of_two_items_and_a_negative_one_agree_with_numpy_and_scipy() {
    let two: Vec<Vec<u64>> = EXAMPLE_F.iter().map(|row| row[..2].to_vec()).collect();
    let found = reliability(&sums(&two), sure()).expect("people");
    near(found.alpha, 0.846_560_846_560_846_5);
    near(found.interval.lo, -0.096_534_777_953_715_12);
    near(found.interval.hi, 0.978_529_113_456_793_7);
    let opposed = [[0, 100], [25, 75], [50, 25], [100, 0], [100, 25]].map(|row| row.to_vec());
    let found = reliability(&sums(&opposed), sure()).expect("people");
    near(found.alpha, -21.6);
    near(found.interval.lo, -216.062_375_394_736_6);
    near(found.interval.hi, -1.353_056_346_458_764_8);
    assert!(found.is_no_scale());
}

#[test]
fn fewer_than_two_items_or_people_or_no_difference_have_no_alpha() {
    let of = |people: &[Vec<u64>]| reliability(&sums(people), sure());
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[vec![25, 50, 75]]), None);
    assert_eq!(of(&[vec![25], vec![50], vec![75]]), None);
    assert_eq!(of(&rows(&[[25, 50, 75]; 4])), None);
    // Everybody's scores add up to the same.
    assert_eq!(of(&[vec![0, 100], vec![100, 0], vec![50, 50]]), None);
    assert!(of(&[vec![0, 100], vec![100, 25]]).is_some());
}

proptest! {
    #[test]
    fn alpha_needs_no_particular_scale_or_order(
        people in prop::collection::vec(prop::array::uniform3(0_u64..5), 3..20),
    ) {
        let people = rows(&people);
        let wider: Vec<Vec<u64>> =
            people.iter().map(|own| own.iter().rev().map(|y| 25 * y + 3).collect()).collect();
        let (one, other) = (reliability(&sums(&people), sure()), reliability(&sums(&wider), sure()));
        prop_assert_eq!(one.is_some(), other.is_some());
        if let (Some(one), Some(other)) = (one, other) {
            prop_assert_eq!(one, other);
            prop_assert!(one.alpha <= 1.0);
            prop_assert!(one.interval.lo <= one.alpha && one.alpha <= one.interval.hi);
        }
    }
}
