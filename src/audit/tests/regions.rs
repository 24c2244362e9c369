//! Random regions: what is made by the rule passes, what is made without a part
//! of it is noticed.

use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::*;

proptest! {
    // Four questions and two indexes in each, by two rules: some thousand regions.
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn what_the_rule_makes_passes_with_and_without_ballots(wave in waves()) {
        for rule in [Rule::default(), without_groups()] {
            let made = wave.exported(rule);
            prop_assert_eq!(made.audited().findings, []);
            prop_assert_eq!(made.audited_alone().findings, []);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(50))]

    #[test]
    fn the_order_of_ballots_and_nodes_changes_nothing(
        wave in waves(), turn in any::<prop::sample::Index>(),
    ) {
        let mut other = wave.clone();
        other.nodes.reverse();
        if !other.ballots.is_empty() {
            let turn = turn.index(other.ballots.len());
            other.ballots.rotate_left(turn);
        }
        let (one, other) = (wave.exported(without_groups()), other.exported(without_groups()));
        prop_assert_eq!(&one.release, &other.release);
        prop_assert_eq!(one.audited(), other.audited());
    }
}

/// Makes random regions without a part of the rule until something of this kind
/// was found in three of them; says in how many it was found without ballots.
fn noticed_alone(part: Part, check: Check) -> usize {
    let mut runner = TestRunner::deterministic();
    let rule = if part == Part::Groups { Rule::default() } else { without_groups() };
    let (mut with, mut alone) = (0, 0);
    for _ in 0..600 {
        let wave = waves().new_tree(&mut runner).expect("a wave").current();
        let made = wave.exported(rule.without(part));
        if found(&made.audited(), check) {
            with += 1;
            alone += usize::from(found(&made.audited_alone(), check));
        }
        if with == 3 {
            return alone;
        }
    }
    panic!("{part:?} was noticed {with} times only");
}

#[test]
fn each_rule_of_a_single_cell_is_noticed_from_the_files_alone() {
    for part in [Part::Groups, Part::People, Part::Mixed, Part::Critical] {
        assert_eq!(noticed_alone(part, Check::Safe), 3, "{part:?}");
    }
}

#[test]
fn what_remains_of_a_total_is_noticed_from_the_files_alone() {
    assert_eq!(noticed_alone(Part::Rest, Check::Rest), 3);
    assert_eq!(noticed_alone(Part::Rest, Check::Combination), 3, "the elimination finds it too");
}

#[test]
fn a_hidden_mean_that_can_be_told_is_noticed_with_the_ballots() {
    assert_eq!(noticed_alone(Part::Room, Check::Room), 0);
}

#[test]
fn an_index_of_too_few_people_is_noticed() {
    noticed_alone(Part::Index, Check::Index);
}

#[test]
fn cells_hidden_in_vain_or_in_another_order_are_noticed_with_the_ballots() {
    for part in [Part::Restoring, Part::RestoringOrder] {
        assert_eq!(noticed_alone(part, Check::Status), 0, "{part:?}");
    }
}
