//! Combinations of totals, in small puzzles whose solution is known.

use std::collections::BTreeSet;

use super::*;
use crate::audit::answers::Answers;
use crate::audit::elimination::{Atom, Puzzle, Total};

/// Answers with so many people at each of five points.
fn answers(people: [i64; 5]) -> Answers {
    Answers::from_counts((0..5_u8).map(|at| Some(25 * at)).zip(people))
}

/// Atoms with their answers, and totals of some of them.
fn puzzle(atoms: &[[i64; 5]], totals: &[&[usize]]) -> Puzzle {
    let atoms: Vec<Answers> = atoms.iter().map(|people| answers(*people)).collect();
    let total = |of: &&[usize]| Total {
        atoms: of.iter().copied().collect(),
        answers: Answers::sum(of.iter().map(|at| &atoms[*at])),
    };
    Puzzle {
        totals: totals.iter().map(total).collect(),
        atoms: atoms
            .iter()
            .enumerate()
            .map(|(who, answers)| Atom {
                who,
                answers: Some(answers.clone()),
                invited: 99,
                groups: None,
            })
            .collect(),
    }
}

fn limits() -> Limits {
    let release = crate::release::sample::release();
    Limits::of(release.settings())
}

fn passes(puzzle: &Puzzle) -> bool {
    let mut log = Log::default();
    puzzle.test(limits(), &mut log, "Q");
    log.report("").passed()
}

const MANY: [i64; 5] = [2, 2, 2, 2, 2];
const FEW: [i64; 5] = [1, 0, 1, 0, 1];
const ALIKE: [i64; 5] = [0, 0, 0, 0, 7];

#[test]
fn a_difference_of_two_totals_is_found() {
    assert!(passes(&puzzle(&[MANY, MANY, MANY], &[&[0, 1, 2], &[0, 1]])));
    assert!(!passes(&puzzle(&[MANY, MANY, FEW], &[&[0, 1, 2], &[0, 1]])), "three people remain");
    assert!(!passes(&puzzle(&[MANY, MANY, ALIKE], &[&[0, 1, 2], &[0, 1]])), "seven who agree");
}

#[test]
fn a_difference_over_several_steps_is_found() {
    // (0+1) + (2+3) − (0+2) − (1) leaves 3, in no single pair of totals.
    let totals: [&[usize]; 4] = [&[0, 1], &[2, 3], &[0, 2], &[1]];
    assert!(passes(&puzzle(&[MANY; 4], &totals)));
    assert!(!passes(&puzzle(&[MANY, MANY, MANY, FEW], &totals)));
}

#[test]
fn a_combination_of_several_small_groups_is_found() {
    // 1 − 2 can be told: one person's answer less another's.
    let one = [1, 0, 0, 0, 0];
    let totals: [&[usize]; 2] = [&[0, 1], &[0, 2]];
    assert!(!passes(&puzzle(&[MANY, one, one], &totals)));
    assert!(!passes(&puzzle(&[MANY, FEW, one], &totals)), "four people");
    // Three against two is no smaller than five; and neither side stands alone.
    let two = [1, 0, 0, 1, 0];
    assert!(!passes(&puzzle(&[MANY, FEW, two], &totals)), "each side is unsafe");
    assert!(passes(&puzzle(&[MANY, MANY, MANY], &totals)));
}

#[test]
fn factors_other_than_one_are_followed() {
    // Pairs of a triangle: their sum less twice one leaves the third.
    let totals: [&[usize]; 3] = [&[0, 1], &[1, 2], &[0, 2]];
    assert!(passes(&puzzle(&[MANY; 3], &totals)));
    assert!(!passes(&puzzle(&[MANY, MANY, FEW], &totals)));
}

#[test]
fn what_no_total_tells_apart_is_safe_together() {
    assert!(passes(&puzzle(&[FEW, FEW, MANY], &[&[0, 1, 2]])));
}

#[test]
fn people_who_changed_count_once() {
    // Four people before and the same four after: the difference tells of four.
    let mut changed = puzzle(&[MANY, [1, 1, 1, 1, 0], [0, 1, 1, 1, 1]], &[&[0, 1], &[0, 2]]);
    changed.atoms[2].who = 1;
    let mut log = Log::default();
    changed.test(limits(), &mut log, "Q");
    let found = log.report("").findings;
    assert!(found.iter().any(|at| at.what.contains("fewer than k people")), "{found:?}");
}

#[test]
fn too_many_small_groups_are_refused_rather_than_passed() {
    let one = [1, 0, 0, 0, 0];
    let atoms: Vec<[i64; 5]> = std::iter::once(MANY).chain(std::iter::repeat_n(one, 90)).collect();
    let own: Vec<Vec<usize>> = (1..=90).map(|at| vec![0, at]).collect();
    let totals: Vec<&[usize]> = own.iter().map(Vec::as_slice).collect();
    assert!(!passes(&puzzle(&atoms, &totals)));
}

proptest! {
    #[test]
    fn in_one_tree_the_linear_program_says_what_r2_says(
        rest in prop::collection::vec(prop::array::uniform5(0_i64..4), 1..5),
        own in prop::array::uniform5(0_i64..4),
        width in 0_i64..50,
    ) {
        let mut atoms = vec![own];
        atoms.extend(rest);
        let all: Vec<usize> = (0..atoms.len()).collect();
        let puzzle = puzzle(&atoms, &[&all]);
        let target = BTreeSet::from([0]);
        let m: i64 = own.iter().sum();
        // All people in order of their scores.
        let mut scores: Vec<i64> = Vec::new();
        for at in 0..5_usize {
            let people: i64 = atoms.iter().map(|own| own[at]).sum();
            scores.extend(std::iter::repeat_n(25 * i64::try_from(at).expect("small"), usize::try_from(people).expect("small")));
        }
        let taken = usize::try_from(m).expect("small");
        let low: i64 = scores.iter().take(taken).sum();
        let high: i64 = scores.iter().rev().take(taken).sum();
        let found = crate::audit::bounds::leaves_room(&puzzle, &target, width);
        prop_assert_eq!(found, Some(m == 0 || high - low >= width * m));
    }
}
