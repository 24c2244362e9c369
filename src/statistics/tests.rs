//! The worked examples of methods.md, at the precision printed there.

mod barrier;
mod between;
mod change;
mod compare;
mod gap;
mod overall;
mod rank;
mod reliability;
mod rest;
mod xmr;

use proptest::prelude::*;

use super::*;
use crate::definition::{AnswerOption, Counts, Direction, Scale};

fn scale() -> Scale {
    let option = |value: u8| {
        let counts = Counts::Scored {
            score: 25 * (value - 1),
            favourable: value > 3,
            unfavourable: value < 3,
        };
        AnswerOption::new(u16::from(value), value.to_string(), counts)
    };
    Scale { direction: Direction::Progress, options: (1..=5).map(option).collect() }
}

fn histogram(people: [u64; 5]) -> Histogram {
    Histogram::of(&scale(), &people)
}

fn sure() -> Confidence {
    Confidence::default()
}

/// As printed in the document: six places without trailing noughts.
fn six(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn ends(interval: Interval) -> String {
    format!("[{}, {}]", six(interval.lo), six(interval.hi))
}

fn or_null(interval: Option<Interval>) -> String {
    interval.map_or("null".to_owned(), ends)
}

/// Equal to the tolerance of methods.md.
#[track_caller]
fn near(found: f64, expected: f64) {
    let off = (found - expected).abs();
    assert!(off <= 1e-9 * expected.abs().max(1e-300), "{found} is not {expected}");
}

/// The scores 0, 25, 50, 75 and 100 with these numbers of people.
fn scored(people: &[u64]) -> Vec<(u64, u64)> {
    people.iter().enumerate().map(|(at, people)| (25 * at as u64, *people)).collect()
}

#[test]
fn example_a_of_one_item_in_one_organisation() {
    let answers = histogram([0, 1, 4, 9, 2]);
    let mean = mean_estimate(&answers, 23, sure()).expect("answers");
    assert_eq!(answers.n(), 16);
    assert_eq!(six(mean.mean), "68.75");
    assert_eq!(mean.sd.map(six).as_deref(), Some("19.364917"));
    assert_eq!(ends(mean.bounds), "[47.826087, 78.26087]");
    assert_eq!(ends(mean.reply), "[63.057333, 74.442667]");
    assert_eq!(or_null(mean.process), "[58.431164, 79.068836]");
    let share = share_estimate(answers.favourable(), answers.n(), 23, sure()).expect("answers");
    assert_eq!(six(share.percent), "68.75");
    assert_eq!(ends(share.reply), "[54.999652, 78.26087]");
    assert_eq!(ends(share.process), "[44.404356, 85.835356]");
}

#[test]
fn the_table_of_edge_cases_holds_row_by_row() {
    type Row = ([u64; 5], u64, [&'static str; 5]);
    let rows: [Row; 11] = [
        ([0; 5], 10, ["null"; 5]),
        ([0, 0, 1, 0, 0], 1, ["50", "null", "[50, 50]", "[50, 50]", "null"]),
        ([0, 0, 1, 0, 0], 4, ["50", "null", "[12.5, 87.5]", "[12.5, 87.5]", "null"]),
        ([1, 0, 0, 0, 1], 2, ["50", "70.710678", "[50, 50]", "[50, 50]", "[0, 100]"]),
        (
            [1, 0, 0, 0, 1],
            6,
            ["50", "70.710678", "[16.666667, 83.333333]", "[16.666667, 83.333333]", "[0, 100]"],
        ),
        ([0, 0, 6, 0, 0], 6, ["50", "0", "[50, 50]", "[50, 50]", "null"]),
        (
            [0, 0, 6, 0, 0],
            9,
            ["50", "0", "[33.333333, 66.666667]", "[33.333333, 66.666667]", "null"],
        ),
        (
            [1, 2, 3, 2, 0],
            8,
            ["43.75", "25.877458", "[43.75, 43.75]", "[43.75, 43.75]", "[22.115903, 65.384097]"],
        ),
        (
            [1, 2, 3, 2, 0],
            9,
            ["43.75", "25.877458", "[38.888889, 50]", "[38.888889, 50]", "[22.115903, 65.384097]"],
        ),
        (
            [1, 2, 3, 2, 0],
            12,
            [
                "43.75",
                "25.877458",
                "[29.166667, 62.5]",
                "[31.259548, 56.240452]",
                "[22.115903, 65.384097]",
            ],
        ),
        (
            [0, 0, 0, 1, 9],
            11,
            [
                "97.5",
                "7.905694",
                "[88.636364, 97.727273]",
                "[95.794835, 97.727273]",
                "[91.844607, 100]",
            ],
        ),
    ];
    for (people, population, expected) in rows {
        let found = match mean_estimate(&histogram(people), population, sure()) {
            None => ["null"; 5].map(str::to_owned),
            Some(mean) => [
                six(mean.mean),
                mean.sd.map_or("null".to_owned(), six),
                ends(mean.bounds),
                ends(mean.reply),
                or_null(mean.process),
            ],
        };
        assert_eq!(found, expected, "{people:?} of {population}");
    }
}

#[test]
fn the_list_of_percentages_holds() {
    let rows = [
        (0, 5, 5, "[0, 0]", "[0, 43.448246]"),
        (0, 5, 9, "[0, 27.75328]", "[0, 43.448246]"),
        (3, 8, 12, "[25, 58.11619]", "[13.684429, 69.425761]"),
        (2, 5, 6, "[33.333333, 50]", "[11.762077, 76.927572]"),
        (0, 30, 1000, "[0, 11.05826]", "[0, 11.351339]"),
    ];
    for (part, n, population, reply, process) in rows {
        let share = share_estimate(part, n, population, sure()).expect("answers");
        assert_eq!((ends(share.reply).as_str(), ends(share.process).as_str()), (reply, process));
    }
    assert_eq!(share_estimate(0, 0, 9, sure()), None);
    assert_eq!(share_estimate(1, 5, 4, sure()), None);
    assert_eq!(mean_estimate(&histogram([1; 5]), 4, sure()), None);
}

#[test]
fn quantiles_are_those_of_the_tables() {
    // Reference values of Student's t at 0.975, as R prints them.
    let rows = [
        (1, 12.706_204_736_174_7),
        (2, 4.302_652_729_749_46),
        (15, 2.131_449_545_559_78),
        (30, 2.042_272_456_301_24),
        (100, 1.983_971_518_523_55),
    ];
    for (freedom, expected) in rows {
        let found = sure().student(freedom).expect("a quantile");
        assert!((found / expected - 1.0).abs() < 1e-9, "{freedom}: {found}");
    }
    assert!((sure().normal() - 1.959_963_984_540_054).abs() < 1e-12);
    assert_eq!(sure().student(0), None);
}

#[test]
fn the_large_sample_quantile_meets_the_library_where_it_takes_over() {
    let (below, above) = (sure().student(10_000), sure().student(10_001));
    let step = below.expect("a quantile") - above.expect("a quantile");
    assert!(step > 0.0 && step < 1e-7, "{step}");
    assert!(sure().student(1_000_000).expect("a quantile") > sure().normal());
}

#[test]
fn a_confidence_outside_its_range_is_refused() {
    assert!(Confidence::new(0.95).is_ok());
    for level in [0.89, 1.0, f64::NAN] {
        assert!(Confidence::new(level).is_err(), "{level}");
    }
}

#[test]
fn options_with_one_score_are_one_category() {
    let mut scale = scale();
    let nothing = Counts::Scored { score: 0, favourable: false, unfavourable: true };
    scale.options.push(AnswerOption::new(6, "We receive none", nothing));
    let answers = Histogram::of(&scale, &[2, 0, 0, 0, 1, 3]);
    assert_eq!(answers.bins(), [(0, 5), (25, 0), (50, 0), (75, 0), (100, 1)]);
    assert_eq!((answers.largest(), answers.unfavourable(), answers.favourable()), (5, 5, 1));
}

proptest! {
    #[test]
    fn merging_needs_no_order_and_can_be_undone(
        [one, two, three] in [0, 1, 2].map(|_| prop::array::uniform5(0_u64..9)),
    ) {
        let [a, b, c] = [one, two, three].map(histogram);
        let sum = a.plus(&b).plus(&c);
        prop_assert_eq!(&c.plus(&b.plus(&a)), &sum);
        prop_assert_eq!(sum.minus(&b).and_then(|rest| rest.minus(&c)), Some(a));
    }

    #[test]
    fn nothing_is_ever_not_a_number(
        people in prop::array::uniform5(0_u64..3), silent in 0_u64..3, more in 0_u64..2_000_000,
    ) {
        let mut people = people;
        people[2] += more * (silent % 2);
        let answers = histogram(people);
        let (n, population) = (answers.n(), answers.n() + silent);
        let mean = mean_estimate(&answers, population, sure());
        let share = share_estimate(answers.favourable(), n, population, sure());
        let figures = mean.iter().flat_map(|m| [m.mean, m.reply.lo, m.reply.hi, m.sd.unwrap_or(0.0)]);
        let shares = share.iter().flat_map(|s| [s.percent, s.reply.lo, s.reply.hi, s.process.hi]);
        prop_assert!(figures.chain(shares).all(f64::is_finite));
        let pair = Pair::new(answers.bins().iter().copied(), [(50, 3), (75, 1)]);
        let compared = pair.iter().map(|pair| compare(pair, Answers::Item, sure()));
        prop_assert!(compared.into_iter().all(|c| c.p > 0.0 && c.delta.value().is_finite()
            && c.delta.interval.is_none_or(|i| i.lo.is_finite() && i.hi.is_finite())));
    }

    #[test]
    fn figures_lie_in_their_intervals_and_these_in_their_bounds(
        people in prop::array::uniform5(0_u64..12),
        silent in 0_u64..30,
    ) {
        let answers = histogram(people);
        let population = answers.n() + silent;
        let Some(mean) = mean_estimate(&answers, population, sure()) else {
            prop_assert_eq!(answers.n(), 0);
            return Ok(());
        };
        let share = share_estimate(answers.favourable(), answers.n(), population, sure())
            .expect("answers");
        let inside = |inner: Interval, outer: Interval| {
            outer.lo <= inner.lo && inner.lo <= inner.hi && inner.hi <= outer.hi
        };
        let point = |at: f64| Interval { lo: at, hi: at };
        prop_assert!(inside(point(mean.mean), mean.reply));
        prop_assert!(inside(mean.reply, mean.bounds));
        prop_assert!(inside(mean.bounds, SCALE));
        prop_assert!(mean.process.is_none_or(|i| inside(point(mean.mean), i) && inside(i, SCALE)));
        prop_assert!(inside(point(share.percent), share.reply));
        prop_assert!(inside(share.reply, share.bounds));
        prop_assert!(inside(point(share.percent), share.process));
        if silent == 0 {
            prop_assert!((mean.reply.hi - mean.reply.lo).abs() < 1e-12);
        }
    }

    #[test]
    fn turning_the_scale_round_turns_the_figures_round(
        people in prop::array::uniform5(0_u64..12),
        silent in 0_u64..30,
    ) {
        let (answers, mut back) = (histogram(people), people);
        back.reverse();
        let population = answers.n() + silent;
        let pair = mean_estimate(&answers, population, sure())
            .zip(mean_estimate(&histogram(back), population, sure()));
        if let Some((one, other)) = pair {
            prop_assert!((one.mean + other.mean - 100.0).abs() < 1e-9);
            prop_assert!((one.reply.lo + other.reply.hi - 100.0).abs() < 1e-9);
            prop_assert!((one.bounds.hi + other.bounds.lo - 100.0).abs() < 1e-9);
        }
    }

    #[test]
    fn the_lowest_and_the_highest_answers_are_taken_from_the_ends(
        people in prop::array::uniform5(0_u64..6), some in 0_u64..40,
    ) {
        let answers = histogram(people);
        let mut scores: Vec<u64> = answers
            .bins()
            .iter()
            .flat_map(|(score, n)| std::iter::repeat_n(u64::from(*score), usize::try_from(*n).expect("small")))
            .collect();
        let take = usize::try_from(some).expect("small");
        prop_assert_eq!(answers.lowest(some), scores.iter().take(take).sum::<u64>());
        scores.reverse();
        prop_assert_eq!(answers.highest(some), scores.iter().take(take).sum::<u64>());
    }
}
