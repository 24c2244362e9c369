//! Change between waves: methods.md 7.

use proptest::prelude::*;

use super::*;

fn sample(people: [u64; 5]) -> Sample {
    let answers = histogram(people);
    Sample::of_mean(&mean_estimate(&answers, answers.n(), sure()).expect("answers"))
}

fn between(before: [u64; 5], after: [u64; 5]) -> Change {
    change(&sample(before), &sample(after), sure()).expect("a change")
}

fn share(part: u64, n: u64) -> ShareEstimate {
    share_estimate(part, n, n, sure()).expect("answers")
}

#[test]
fn example_g_of_two_waves() {
    let found = between([1, 3, 6, 5, 1], [0, 1, 4, 9, 2]);
    let test = found.test.expect("a test");
    assert_eq!(six(found.difference), "15.625");
    assert_eq!(ends(test.interval), "[-0.822208, 32.072208]");
    assert_eq!((six(test.freedom), six(test.p)), ("27.923077".into(), "0.061751".into()));
    let share = share_change(&share(6, 16), &share(11, 16));
    assert_eq!(six(share.difference), "31.25");
    assert_eq!(ends(share.interval), "[-2.837539, 56.81605]");
}

#[test]
fn changes_agree_with_those_of_other_programs() {
    // scipy: ttest_ind(later, earlier, equal_var=False) and its interval.
    let rows = [
        (
            [5, 5, 5, 0, 0],
            [0, 1, 1, 1, 30],
            [
                70.454_545_454_545_45,
                57.753_846_225_633_986,
                83.155_244_683_456_91,
                21.491_015_314_626_516,
                1.158_553_957_303_132_1e-10,
            ],
        ),
        (
            [0, 0, 0, 1, 5],
            [0, 0, 0, 0, 6],
            [
                4.166_666_666_666_671,
                -6.544_090_981_817_973,
                14.877_424_315_151_316,
                5.0,
                0.363_217_467_649_122_27,
            ],
        ),
        (
            [100, 200, 300, 100, 50],
            [80, 190, 340, 120, 77],
            [
                4.312_267_657_992_564,
                1.654_146_839_991_14,
                6.970_388_475_993_987,
                1_548.930_451_311_581,
                0.001_490_946_271_192_275,
            ],
        ),
    ];
    for (before, after, [difference, lo, hi, freedom, p]) in rows {
        let found = between(before, after);
        let test = found.test.expect("a test");
        near(found.difference, difference);
        near(test.interval.lo, lo);
        near(test.interval.hi, hi);
        near(test.freedom, freedom);
        near(test.p, p);
    }
    // statsmodels: confint_proportions_2indep(method="newcomb", compare="diff").
    let rows = [
        ((0, 5), (5, 5), (-100.0, -38.554_900_569_034_36)),
        ((300, 400), (10, 12), (-21.110_070_463_921_314, 20.084_881_892_514_538)),
        ((3, 9), (0, 30), (9.219_510_214_672_525, 64.579_786_441_960_38)),
    ];
    for (after, before, (lo, hi)) in rows {
        let found = share_change(&share(before.0, before.1), &share(after.0, after.1));
        near(found.interval.lo, lo);
        near(found.interval.hi, hi);
    }
}

#[test]
fn without_spread_or_with_one_answer_there_is_a_difference_and_no_test() {
    let equal = between([0, 0, 5, 0, 0], [0, 0, 0, 5, 0]);
    assert_eq!((equal.difference.to_bits(), equal.test), (25.0_f64.to_bits(), None));
    let one = between([0, 0, 1, 0, 0], [1, 2, 3, 2, 1]);
    assert_eq!(one.test, None);
    assert_eq!(between([1, 2, 3, 2, 1], [0, 0, 1, 0, 0]).test, None);
    // A single answer with a made-up variance has none either.
    let single = Sample { n: 1, ..sample([1, 2, 3, 2, 1]) };
    let other = sample([1, 2, 3, 2, 1]);
    assert_eq!(change(&single, &other, sure()).expect("a change").test, None);
    assert_eq!(change(&other, &single, sure()).expect("a change").test, None);
}

#[test]
fn a_label_needs_a_sure_and_a_material_change() {
    let thresholds = Thresholds::default();
    let up = between([10, 10, 0, 0, 0], [9, 9, 2, 0, 0]);
    assert_eq!(six(up.difference), "3.75");
    let label = |change: &Change, q, direction| change_label(change, q, thresholds, direction);
    assert_eq!(label(&up, Some(0.05), Direction::Progress), ChangeLabel::Improved);
    assert_eq!(label(&up, Some(0.05), Direction::Barrier), ChangeLabel::Worsened);
    assert_eq!(label(&up, Some(0.06), Direction::Progress), ChangeLabel::NoClearChange);
    assert_eq!(label(&up, None, Direction::Progress), ChangeLabel::NoClearChange);
    let down = between([9, 9, 2, 0, 0], [10, 10, 0, 0, 0]);
    assert_eq!(label(&down, Some(0.0), Direction::Progress), ChangeLabel::Worsened);
    assert_eq!(label(&down, Some(0.0), Direction::Barrier), ChangeLabel::Improved);
    // Exactly 2.5 points is material, however a float would have it.
    let limit = between([10, 10, 0, 0, 0], [9, 10, 0, 1, 0]);
    assert_eq!(six(limit.difference), "3.75");
    let limit = between([0, 0, 30, 0, 0], [0, 0, 27, 3, 0]);
    assert_eq!(label(&limit, Some(0.0), Direction::Progress), ChangeLabel::Improved);
    let less = between([0, 0, 31, 0, 0], [0, 0, 28, 3, 0]);
    assert_eq!(label(&less, Some(0.0), Direction::Progress), ChangeLabel::NoClearChange);
    let untested = Change { test: None, ..up };
    assert_eq!(label(&untested, Some(0.0), Direction::Progress), ChangeLabel::NoClearChange);
    let words = [ChangeLabel::Improved, ChangeLabel::Worsened, ChangeLabel::NoClearChange];
    assert_eq!(words.map(ChangeLabel::words), ["improved", "worsened", "no clear change"]);
}

#[test]
fn an_index_is_compared_by_its_own_error() {
    let index = |index: f64, se| IndexEstimate {
        people: 16,
        index,
        se,
        bounds: SCALE,
        reply: SCALE,
        process: None,
    };
    let exact = |points: i64| num_rational::BigRational::from_integer(points.into());
    let before = Sample::of_index(&index(50.0, Some(3.0)), exact(50));
    let after = Sample::of_index(&index(60.0, Some(4.0)), exact(60));
    let found = change(&before, &after, sure()).expect("a change");
    let test = found.test.expect("a test");
    // 25² / (9²/15 + 16²/15)
    near(test.freedom, 625.0 * 15.0 / 337.0);
    let half = sure().student_at(test.freedom).expect("a quantile") * 5.0;
    near(test.interval.hi, 10.0 + half);
    let none = Sample::of_index(&index(50.0, None), exact(50));
    assert_eq!(change(&none, &after, sure()).expect("a change").test, None);
}

proptest! {
    #[test]
    fn turning_time_round_turns_the_change_round(
        before in prop::array::uniform5(0_u64..9), after in prop::array::uniform5(0_u64..9),
    ) {
        prop_assume!(before.iter().sum::<u64>() > 0 && after.iter().sum::<u64>() > 0);
        let (there, back) = (between(before, after), between(after, before));
        prop_assert_eq!(&there.exact, &-back.exact);
        prop_assert_eq!(there.test.is_some(), back.test.is_some());
        if let (Some(there), Some(back)) = (there.test, back.test) {
            prop_assert!((there.p - back.p).abs() < 1e-12 && (0.0..=1.0).contains(&there.p));
            prop_assert!((there.interval.lo + back.interval.hi).abs() < 1e-9);
        }
        let part = |people: [u64; 5]| share(people[3] + people[4], people.iter().sum());
        let share = share_change(&part(before), &part(after));
        prop_assert!(share.interval.lo <= share.difference && share.difference <= share.interval.hi);
        prop_assert!(share.interval.lo >= -100.0 - 1e-9 && share.interval.hi <= 100.0 + 1e-9);
    }
}
