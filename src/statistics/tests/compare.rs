//! Comparison with the rest: methods.md 4.

use proptest::prelude::*;

use super::*;

fn pair(first: &[u64], second: &[u64]) -> Pair {
    Pair::new(scored(first), scored(second)).expect("two groups")
}

fn item(first: &[u64], second: &[u64]) -> Comparison {
    compare(&pair(first, second), Answers::Item, sure())
}

fn q_and_band(comparison: &Comparison, q: f64) -> Band {
    band(q, &comparison.delta, Thresholds::default())
}

#[test]
fn example_b_of_two_pcts_against_the_rest() {
    let rest = [8, 22, 41, 35, 12];
    let like_it = pair(&[0, 1, 2, 4, 1], &rest);
    assert_eq!(like_it.doubled_ranks(), [9, 40, 106, 188, 240]);
    let like_it = compare(&like_it, Answers::Item, sure());
    assert_eq!((like_it.rank_sum, like_it.expected, like_it.exact), (1244, 1016, true));
    assert_eq!(six(like_it.p), "0.25099");
    assert_eq!(six(normal_p(&pair(&[0, 1, 2, 4, 1], &rest))), "0.235223");
    assert_eq!(six(like_it.delta.value()), "0.241525");
    assert_eq!(or_null(like_it.delta.interval), "[-0.14123, 0.561463]");
    assert_eq!(q_and_band(&like_it, like_it.p), Band::InLine);
    let lower = item(&[3, 4, 1, 0, 0], &rest);
    assert_eq!(six(lower.p), "0.000249");
    assert_eq!(six(lower.delta.value()), "-0.706568");
    assert_eq!(or_null(lower.delta.interval), "[-0.854163, -0.453616]");
    assert_eq!(q_and_band(&lower, lower.p), Band::Below);
}

#[test]
fn example_c_of_many_tests() {
    let q = benjamini_hochberg(&[0.004, 0.03, 0.02, 0.6, 0.9]);
    let expected = [0.02, 0.05, 0.05, 0.75, 0.9];
    q.iter().zip(expected).for_each(|(q, expected)| near(*q, expected));
    // multipletests(…, method="fdr_bh") of statsmodels 0.14.
    let q = benjamini_hochberg(&[0.2, 0.01, 0.01, 0.049, 0.5, 1.0, 0.03, 0.0007, 0.81]);
    let expected =
        [0.3, 0.03, 0.03, 0.0882, 0.642_857_142_857_142_8, 1.0, 0.0675, 0.0063, 0.911_25];
    q.iter().zip(expected).for_each(|(q, expected)| near(*q, expected));
    assert_eq!(benjamini_hochberg(&[]), Vec::<f64>::new());
}

/// First group, second group, doubled rank sum, its expectation, exact p, normal
/// p, delta and the ends of its interval.
///
/// Exact p in Python's fractions over all (count, sum) of the deals; normal p by
/// `mannwhitneyu(use_continuity=False, method="asymptotic")` of scipy; delta and
/// interval from numpy's matrix of all pairs, with `t.ppf` of scipy.
type Row = (&'static [u64], &'static [u64], i64, i64, f64, f64, f64, (f64, f64));

const ROWS: [Row; 13] = [
    (
        &[0, 1, 2, 4, 1],
        &[8, 22, 41, 35, 12],
        1244,
        1016,
        0.250_990_463_927_822_87,
        0.235_223_394_425_387_2,
        0.241_525_423_728_813_55,
        (-0.141_229_841_320_715_67, 0.561_462_918_600_810_1),
    ),
    (
        &[3, 4, 1, 0, 0],
        &[8, 22, 41, 35, 12],
        349,
        1016,
        0.000_248_904_425_513_857_64,
        0.000_545_244_391_411_233_9,
        -0.706_567_796_610_169_4,
        (-0.854_163_010_152_373_8, -0.453_615_634_398_218_2),
    ),
    (
        &[5, 0, 0, 0, 0],
        &[0, 0, 3, 4, 5],
        30,
        90,
        0.000_323_206_205_559_146_7,
        0.001_066_351_501_593_523_8,
        -1.0,
        (-1.0, -0.947_853_600_174_370_8),
    ),
    (
        &[0, 0, 0, 0, 6],
        &[7, 2, 0, 0, 0],
        150,
        96,
        0.000_199_800_199_800_199_8,
        0.000_500_075_225_836_900_6,
        1.0,
        (0.942_962_035_226_904_5, 1.0),
    ),
    (
        &[1, 0, 0, 0, 1],
        &[0, 3, 0, 0, 2],
        14,
        16,
        1.0,
        0.675_705_848_703_095_4,
        -0.2,
        (-0.941_954_155_454_271_2, 0.873_969_081_704_205_6),
    ),
    (
        &[12, 9, 20, 11, 8],
        &[110, 240, 333, 200, 90],
        61_854,
        62_040,
        0.965_975_171_808_133_6,
        0.965_796_799_224_444_2,
        -0.003_186_022_610_483_042_3,
        (-0.161_395_373_195_919_96, 0.155_182_984_105_112_14),
    ),
    (
        &[2, 7, 1, 9, 6],
        &[400, 900, 2100, 1500, 333],
        153_548,
        131_475,
        0.125_999_683_351_546_43,
        0.125_843_974_684_151_23,
        0.168_721_574_622_587_44,
        (-0.117_132_974_972_925_92, 0.428_758_126_801_290_33),
    ),
    (
        &[20, 30, 5, 10, 9],
        &[31, 12, 44, 25, 17],
        13_199,
        15_096,
        0.015_720_993_691_501_445,
        0.015_926_704_694_622_953,
        -0.198_721_977_791_745_25,
        (-0.355_633_858_363_009_6, -0.030_914_760_389_677_436),
    ),
    (
        &[4, 0, 3],
        &[9, 2, 1],
        161,
        140,
        0.389_834_881_320_949_46,
        0.278_677_226_463_896_25,
        0.25,
        (-0.287_554_376_656_383_2, 0.667_778_959_091_322_6),
    ),
    (
        &[0, 7],
        &[5, 3],
        147,
        112,
        0.025_641_025_641_025_64,
        0.013_328_328_780_817_546,
        0.625,
        (0.116_072_046_261_027_07, 0.873_991_787_631_785_8),
    ),
    (
        &[1, 1, 1, 1, 1, 1],
        &[2, 3, 2, 3, 2, 3],
        129,
        132,
        1.0,
        0.905_750_285_496_140_3,
        -0.033_333_333_333_333_33,
        (-0.558_924_672_504_959_6, 0.511_365_156_590_033_9),
    ),
    (
        &[60, 0, 0, 0, 0],
        &[100, 100, 100, 100, 100],
        9660,
        33_660,
        1.697_567_674_354_528_5e-32,
        3.230_417_617_051_198_7e-25,
        -0.8,
        (-0.832_483_288_764_611_6, -0.762_035_815_357_861_2),
    ),
    (
        &[0, 3, 0, 5, 0, 2, 4],
        &[5, 5, 8, 9, 12, 4, 1],
        992,
        826,
        0.127_878_388_515_193_23,
        0.125_637_497_465_362_49,
        0.269_480_519_480_519_5,
        (-0.121_948_023_564_757_05, 0.588_367_241_085_137_2),
    ),
];

#[test]
fn figures_agree_with_those_of_other_programs() {
    for (first, second, rank_sum, expected, p, by_normal, delta, interval) in ROWS {
        let found = item(first, second);
        assert_eq!((found.rank_sum, found.expected), (rank_sum, expected), "{first:?}");
        let few = found_size(first).min(found_size(second)) <= 60;
        assert_eq!(found.exact, few, "{first:?}");
        near(found.p, if few { p } else { by_normal });
        near(normal_p(&pair(first, second)), by_normal);
        near(found.delta.value(), delta);
        let ends = found.delta.interval.expect("an interval");
        near(ends.lo, interval.0);
        near(ends.hi, interval.1);
        // As indexes, where the table of sums is used or the normal curve.
        let small = found_size(first).min(found_size(second)) <= 20
            && found_size(first) + found_size(second) <= 2000;
        let as_index = compare(&pair(first, second), Answers::Index, sure());
        assert_eq!(as_index.exact, small, "{first:?}");
        near(as_index.p, if small { p } else { by_normal });
    }
}

fn found_size(people: &[u64]) -> u64 {
    people.iter().sum()
}

#[test]
fn without_ties_p_is_the_one_of_the_tables() {
    // mannwhitneyu(x, y, method="exact") of scipy.
    let first = [1, 4, 9, 11, 15, 22, 27].map(|score| (score, 1));
    let second = [2, 3, 5, 6, 7, 8, 10, 12, 13, 14, 16, 17, 18, 19, 20, 21].map(|score| (score, 1));
    let pair = Pair::new(first, second).expect("two groups");
    let found = compare(&pair, Answers::Index, sure());
    assert!(found.exact);
    near(found.p, 0.973_996_255_460_784_7);
}

#[test]
fn exact_up_to_sixty_for_items_and_twenty_of_two_thousand_for_indexes() {
    let exact = |first: u64, second: u64, answers| {
        let pair = pair(&[1, 0, first - 1], &[1, second - 1, 0]);
        compare(&pair, answers, sure()).exact
    };
    assert!(exact(60, 3000, Answers::Item) && exact(3000, 60, Answers::Item));
    assert!(!exact(61, 61, Answers::Item));
    assert!(exact(20, 1980, Answers::Index) && exact(1980, 20, Answers::Index));
    assert!(!exact(20, 1981, Answers::Index) && !exact(21, 21, Answers::Index));
}

#[test]
fn a_scale_of_many_points_is_exact_while_that_can_be_counted() {
    let spread = |n: u64| vec![n; 11];
    let mut first = spread(3);
    first[0] += 4;
    let found = item(&first, &spread(9));
    assert!(found.exact);
    // Python's fractions, as above.
    near(found.p, 0.377_546_246_832_255_24);
    assert!(!item(&first, &spread(90_000)).exact);
}

#[test]
fn a_million_people_do_not_leave_the_range_of_a_float() {
    let found = item(&[0, 0, 0, 0, 60], &[250_000, 250_000, 250_000, 250_000, 250_000]);
    assert!(found.exact);
    // sum of hypergeometric chances in Python's fractions.
    near(found.p, 2.302_804_452_832_225e-42);
}

#[test]
fn one_among_thousands_of_different_scores_has_its_place_as_chance() {
    let others = (1..2000_u64).map(|score| (score, 1));
    let at = |score| {
        let pair = Pair::new([(score, 1)], others.clone()).expect("two groups");
        compare(&pair, Answers::Index, sure())
    };
    assert!(at(0).exact);
    near(at(0).p, 2.0 / 2000.0);
    near(at(5000).p, 2.0 / 2000.0);
    // Tied with one of them, on 1.5th place: the two lowest and the highest.
    near(at(1).p, 3.0 / 2000.0);
}

#[test]
fn no_one_all_equal_and_all_one_way() {
    assert_eq!(Pair::new(scored(&[0, 0]), scored(&[1, 2])), None);
    assert_eq!(Pair::new(scored(&[1, 2]), scored(&[])), None);
    let equal = item(&[0, 4, 0], &[0, 9, 0]);
    assert_eq!((equal.p, equal.delta.value(), equal.delta.interval), (1.0, 0.0, None));
    assert_eq!(normal_p(&pair(&[0, 4], &[0, 9])).to_bits(), 1.0_f64.to_bits());
    let one = item(&[1, 0], &[0, 5]);
    assert_eq!((one.delta.value(), one.delta.interval), (-1.0, None));
    assert_eq!(item(&[5, 0], &[0, 1]).delta.interval, None);
    assert!(item(&[2, 0], &[0, 2]).delta.interval.is_some());
}

#[test]
fn words_for_effects_change_at_their_limits() {
    let effect = |dominance, pairs| Delta { dominance, pairs, interval: None }.effect();
    assert_eq!(effect(146, 1000), Effect::Negligible);
    assert_eq!(effect(147, 1000), Effect::Small);
    assert_eq!(effect(-329, 1000), Effect::Small);
    assert_eq!(effect(-330, 1000), Effect::Medium);
    assert_eq!(effect(473, 1000), Effect::Medium);
    assert_eq!(effect(474, 1000), Effect::Large);
    let words: Vec<&str> = [Effect::Negligible, Effect::Small, Effect::Medium, Effect::Large]
        .map(Effect::word)
        .to_vec();
    assert_eq!(words, ["negligible", "small", "medium", "large"]);
}

#[test]
fn a_band_needs_both_a_sure_and_a_material_difference() {
    let thresholds = Thresholds::default();
    let at = |q, dominance| band(q, &Delta { dominance, pairs: 1000, interval: None }, thresholds);
    assert_eq!(at(0.05, 147), Band::Above);
    assert_eq!(at(0.05, -147), Band::Below);
    assert_eq!(at(0.05, 146), Band::InLine);
    assert_eq!(at(0.05, -146), Band::InLine);
    assert_eq!(at(0.050_001, 900), Band::InLine);
    assert_eq!(at(0.050_001, -900), Band::InLine);
    // Rounding of a chance that is exactly on the limit does not decide.
    assert_eq!(at(0.05 + 1e-17, 147), Band::Above);
    let any = Thresholds::new(0.05, 0.0, 2.5, 25.0).expect("allowed");
    assert_eq!(band(0.0, &Delta { dominance: 0, pairs: 9, interval: None }, any), Band::InLine);
    assert_eq!(Band::Above.words(Direction::Progress), "above");
    assert_eq!(Band::Below.words(Direction::Progress), "below");
    assert_eq!(Band::Above.words(Direction::Barrier), "more severe than the rest");
    assert_eq!(Band::Below.words(Direction::Barrier), "less severe than the rest");
    assert_eq!(Band::InLine.words(Direction::Barrier), "in line");
    assert_eq!(Band::NotEnoughResponses.words(Direction::Progress), "not enough responses");
}

#[test]
fn pcts_are_placed_together_and_hidden_ones_left_out() {
    let rest = [8, 22, 41, 35, 12];
    let pairs = [Some(pair(&[3, 4, 1, 0, 0], &rest)), None, Some(pair(&[0, 1, 2, 4, 1], &rest))];
    let placed = place_all(&pairs, Answers::Item, Thresholds::default(), sure());
    let found: Vec<Option<(String, Band)>> =
        placed.iter().map(|one| one.map(|one| (format!("{:.6}", one.q), one.band))).collect();
    assert_eq!(
        found,
        [Some(("0.000498".into(), Band::Below)), None, Some(("0.250990".into(), Band::InLine))]
    );
    near(placed[0].expect("placed").comparison.p, ROWS[1].4);
}

#[test]
fn the_rest_is_the_whole_without_the_part() {
    let (part, whole) = (histogram([0, 1, 2, 4, 1]), histogram([8, 23, 43, 39, 13]));
    let rest = whole.minus(&part).expect("a part");
    assert_eq!(rest, histogram([8, 22, 41, 35, 12]));
    assert_eq!(against_rest(&part, &whole), Some(pair(&[0, 1, 2, 4, 1], &[8, 22, 41, 35, 12])));
    assert_eq!(part.minus(&whole), None);
    assert_eq!(against_rest(&whole, &whole), None);
    let options = [10, 20]
        .map(|score| {
            let counts = Counts::Scored { score, favourable: false, unfavourable: false };
            AnswerOption::new(1, "one", counts)
        })
        .to_vec();
    let other = Scale { direction: Direction::Progress, options };
    assert_eq!(whole.minus(&Histogram::of(&other, &[1, 0])), None);
    assert_eq!(whole.minus(&Histogram::of(&other, &[0, 0])), Some(whole));
}

#[test]
fn thresholds_outside_their_ranges_are_refused() {
    let of = |fdr, delta, change, gap| Thresholds::new(fdr, delta, change, gap);
    assert_eq!(of(0.05, 0.147, 2.5, 25.0), Ok(Thresholds::default()));
    for (good, fine) in [(of(0.01, 0.0, 0.0, 0.0), 0.01), (of(0.2, 0.5, 25.0, 100.0), 0.2)] {
        near(good.expect("allowed").fdr(), fine);
    }
    let name = |refused: Result<Thresholds, ThresholdError>| refused.expect_err("refused").name;
    assert_eq!(name(of(0.009, 0.1, 1.0, 1.0)), "fdr");
    assert_eq!(name(of(0.21, 0.1, 1.0, 1.0)), "fdr");
    assert_eq!(name(of(f64::NAN, 0.1, 1.0, 1.0)), "fdr");
    assert_eq!(name(of(0.05, -0.1, 1.0, 1.0)), "material_delta");
    assert_eq!(name(of(0.05, 0.51, 1.0, 1.0)), "material_delta");
    assert_eq!(name(of(0.05, 0.1, 25.1, 1.0)), "material_change");
    assert_eq!(name(of(0.05, 0.1, 1.0, 100.1)), "gap_margin");
    let error = of(0.05, 0.1, 1.0, 100.5).expect_err("refused");
    assert_eq!(error.to_string(), "gap_margin is 100.5; it must lie between 0 and 100");
    assert_eq!(Limit::new(0.147).map(Limit::millionths), Some(147_000));
    assert_eq!(Limit::new(-1000.0).map(Limit::millionths), Some(-1_000_000_000));
    assert_eq!((Limit::new(1000.1), Limit::new(f64::NAN)), (None, None));
}

/// All ways to label: the share with a rank sum at least as far off.
fn by_permutation(pair: &Pair) -> f64 {
    let ranks: Vec<i64> = pair
        .sizes()
        .into_iter()
        .zip(pair.doubled_ranks())
        .flat_map(|(size, rank)| std::iter::repeat_n(rank, usize::try_from(size).expect("small")))
        .collect();
    let distance = (pair.doubled_rank_sum() - pair.expected_rank_sum()).abs();
    let (mut all, mut extreme) = (0_u32, 0_u32);
    for labels in 0_u32..1 << ranks.len() {
        if i64::from(labels.count_ones()) != pair.first() {
            continue;
        }
        let sum: i64 = ranks
            .iter()
            .enumerate()
            .filter(|(at, _)| labels >> at & 1 == 1)
            .map(|(_, rank)| rank)
            .sum();
        all += 1;
        extreme += u32::from((sum - pair.expected_rank_sum()).abs() >= distance);
    }
    f64::from(extreme) / f64::from(all)
}

fn groups(most: u64, scores: std::ops::Range<usize>) -> impl Strategy<Value = [Vec<u64>; 2]> {
    scores.prop_flat_map(move |scores| {
        let group = prop::collection::vec(0..most, scores);
        [group.clone(), group]
    })
}

proptest! {
    #[test]
    fn exact_p_is_the_share_of_permutations([first, second] in groups(3, 1..7)) {
        let pair = Pair::new(scored(&first), scored(&second));
        prop_assume!(pair.as_ref().is_some_and(|pair| pair.both() <= 12));
        let pair = pair.expect("two groups");
        let expected = by_permutation(&pair);
        for answers in [Answers::Item, Answers::Index] {
            let found = compare(&pair, answers, sure());
            prop_assert!((found.p - expected).abs() <= 1e-12 * expected, "{} {expected}", found.p);
        }
    }

    #[test]
    fn swapping_the_groups_turns_the_effect_round([first, second] in groups(9, 2..6)) {
        let Some(pair) = Pair::new(scored(&first), scored(&second)) else { return Ok(()) };
        let back = Pair::new(scored(&second), scored(&first)).expect("two groups");
        let (one, other) =
            (compare(&pair, Answers::Item, sure()), compare(&back, Answers::Item, sure()));
        prop_assert!((one.p - other.p).abs() <= 1e-12 * one.p);
        prop_assert!((normal_p(&pair) - normal_p(&back)).abs() <= 1e-12);
        prop_assert_eq!(one.delta.dominance, -other.delta.dominance);
        match (one.delta.interval, other.delta.interval) {
            (Some(a), Some(b)) => {
                prop_assert!((a.lo + b.hi).abs() < 1e-9 && (a.hi + b.lo).abs() < 1e-9);
            }
            (a, b) => prop_assert_eq!(a, b),
        }
    }

    #[test]
    fn chances_and_effects_stay_in_their_ranges([first, second] in groups(40, 1..8)) {
        let Some(pair) = Pair::new(scored(&first), scored(&second)) else { return Ok(()) };
        let found = compare(&pair, Answers::Item, sure());
        prop_assert!(found.p > 0.0 && found.p <= 1.0);
        let (delta, range) = (found.delta.value(), -1.0..=1.0);
        prop_assert!(range.contains(&delta));
        // The rank sum and the effect say the same.
        prop_assert_eq!(found.rank_sum - found.expected, found.delta.dominance);
        if let Some(ends) = found.delta.interval {
            prop_assert!(ends.lo <= delta + 1e-12 && delta <= ends.hi + 1e-12);
            prop_assert!(range.contains(&ends.lo) && range.contains(&ends.hi));
        }
    }

    #[test]
    fn only_the_order_of_scores_counts(
        [first, second] in groups(6, 2..6), steps in prop::array::uniform6(1_u64..9),
    ) {
        let moved = |people: &[u64]| -> Vec<(u64, u64)> {
            let mut score = 0;
            people.iter().zip(steps).map(|(people, step)| { score += step; (score, *people) }).collect()
        };
        let mut turned = moved(&second);
        turned.reverse();
        prop_assert_eq!(Pair::new(scored(&first), scored(&second)), Pair::new(moved(&first), turned));
    }

    #[test]
    fn adjusted_chances_keep_their_order(p in prop::collection::vec(0.0_f64..=1.0, 0..20)) {
        let q = benjamini_hochberg(&p);
        prop_assert_eq!(q.len(), p.len());
        for (p1, q1) in p.iter().zip(&q) {
            prop_assert!(q1 >= p1 && *q1 <= 1.0);
            for (p2, q2) in p.iter().zip(&q) {
                prop_assert!(p1 > p2 || q1 <= q2);
            }
        }
    }
}
