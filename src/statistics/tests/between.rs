//! PCTs among themselves, and funnels: methods.md 5.

use proptest::prelude::*;

use super::*;

pub(super) const EXAMPLE_E: [[u64; 5]; 5] =
    [[0, 1, 2, 3, 1], [2, 3, 2, 0, 0], [0, 0, 3, 5, 4], [1, 4, 5, 2, 0], [0, 2, 6, 3, 1]];

/// Twelve PCTs, the first five those of the example.
pub(super) const TWELVE: [[u64; 5]; 12] = [
    [0, 1, 2, 3, 1],
    [2, 3, 2, 0, 0],
    [0, 0, 3, 5, 4],
    [1, 4, 5, 2, 0],
    [0, 2, 6, 3, 1],
    [3, 3, 3, 9, 12],
    [0, 0, 1, 2, 9],
    [5, 5, 0, 1, 1],
    [1, 1, 1, 1, 1],
    [9, 3, 2, 1, 1],
    [0, 0, 0, 4, 4],
    [2, 2, 8, 8, 2],
];

pub(super) fn pct(people: [u64; 5]) -> PctScore {
    let answers = histogram(people);
    let mean = mean_estimate(&answers, answers.n(), sure()).expect("answers");
    PctScore { score: mean.mean, n: mean.n, variance: mean.sd.map(|sd| sd * sd) }
}

pub(super) fn pcts(people: &[[u64; 5]]) -> Vec<PctScore> {
    people.iter().copied().map(pct).collect()
}

pub(super) fn scores(pcts: &[PctScore]) -> Vec<f64> {
    pcts.iter().map(|pct| pct.score).collect()
}

fn all_six(values: impl IntoIterator<Item = f64>) -> Vec<String> {
    values.into_iter().map(six).collect()
}

fn bins(people: &[[u64; 5]]) -> Vec<Vec<(u64, u64)>> {
    people.iter().map(|people| scored(people)).collect()
}

#[test]
fn example_e_of_five_pcts() {
    let five = pcts(&EXAMPLE_E);
    assert_eq!(all_six(scores(&five)), ["64.285714", "25", "77.083333", "41.666667", "56.25"]);
    assert_eq!(pooled_variance(&five).map(six).as_deref(), Some("465.939153"));
    let test = kruskal_wallis(&bins(&EXAMPLE_E)).expect("five PCTs");
    assert_eq!((six(test.h), six(test.p)), ("20.131427".into(), "0.00047".into()));
    let icc = intraclass(&five).expect("five PCTs");
    assert_eq!((six(icc.n0), six(icc.icc)), ("9.85".into(), "0.415154".into()));
    let shrunk = shrink(&five).expect("five PCTs");
    assert_eq!(
        all_six([shrunk.q, shrunk.tau2, shrunk.middle]),
        ["31.968204", "330.748261", "53.093092"]
    );
    assert_eq!(
        all_six(shrunk.pcts.iter().map(|pct| pct.score)),
        ["62.41058", "29.706522", "74.562883", "42.867144", "55.918331"]
    );
    assert_eq!(
        all_six(shrunk.pcts.iter().map(|pct| pct.se)),
        ["7.585873", "7.585873", "5.965586", "5.965586", "5.965586"]
    );
    // np.percentile, whose default is type 7, and np.mean.
    let spread = spread(&scores(&five)).expect("five PCTs");
    assert_eq!(
        all_six([spread.lowest, spread.lower_quartile, spread.median]),
        ["25", "41.666667", "56.25"]
    );
    assert_eq!(
        all_six([spread.upper_quartile, spread.highest, spread.mean]),
        ["64.285714", "77.083333", "52.857143"]
    );
}

#[test]
fn figures_of_twelve_pcts_agree_with_those_of_other_programs() {
    // scipy 1.17 and statsmodels 0.14: kruskal, combine_effects(method_re="dl"),
    // np.percentile; the others by numpy from the formulas.
    let twelve = pcts(&TWELVE);
    near(pooled_variance(&twelve).expect("spread"), 739.195_463_627_281_7);
    let test = kruskal_wallis(&bins(&TWELVE)).expect("twelve PCTs");
    near(test.h, 63.259_362_559_660_3);
    near(test.p, 2.286_529_161_929_171_2e-9);
    let icc = intraclass(&twelve).expect("twelve PCTs");
    near(icc.n0, 12.597_067_448_680_35);
    near(icc.icc, 0.392_797_085_034_962_9);
    let shrunk = shrink(&twelve).expect("twelve PCTs");
    near(shrunk.q, 100.638_906_155_891_96);
    near(shrunk.tau2, 478.182_525_524_572_95);
    near(shrunk.middle, 55.666_138_033_559_95);
    near(shrunk.pcts[8].score, 51.338_095_493_379_82);
    near(shrunk.pcts[8].se, 10.745_874_404_537_266);
    let spread = spread(&scores(&twelve)).expect("twelve PCTs");
    near(spread.lower_quartile, 37.5);
    near(spread.median, 56.534_090_909_090_91);
    near(spread.upper_quartile, 71.770_833_333_333_33);
    near(spread.mean, 55.595_463_564_213_57);
    let funnel = mean_funnel(&twelve, 56.612_903_225_806_45).expect("twelve PCTs");
    near(funnel.dispersion, 6.760_016_905_999_567);
    near(funnel.tau2, 374.059_179_630_249_73);
    near(funnel.z[9], -5.110_741_862_228_575);
    near(funnel.limits[9].inner.lo, 16.433_216_275_492_39);
    near(funnel.limits[9].outer.hi, 119.963_336_011_798_48);
    // Without a value to Winsorise.
    let eight = mean_funnel(&pcts(&TWELVE[..8]), 59.855_769_230_769_23).expect("eight PCTs");
    near(eight.dispersion, 8.126_155_459_008_297);
}

#[test]
fn the_funnel_of_a_percentage_is_cut_at_the_ends() {
    let limits = share_funnel(6, 10, 10).expect("answers");
    assert_eq!(ends(limits.inner), "[29.636369, 90.363631]");
    assert_eq!(ends(limits.outer), "[12.126327, 100]");
    let low = share_funnel(1, 20, 5).expect("answers");
    assert_eq!(low.outer.lo.to_bits(), 0.0_f64.to_bits());
    assert_eq!(share_funnel(6, 10, 0), None);
    assert_eq!(share_funnel(0, 0, 10), None);
    assert_eq!(share_funnel(11, 10, 10), None);
    let whole = share_funnel(10, 10, 3).expect("answers");
    assert_eq!(ends(whole.inner), "[100, 100]");
}

#[test]
fn below_five_pcts_or_without_differences_there_is_nothing() {
    let four = pcts(&EXAMPLE_E[..4]);
    assert_eq!(spread(&scores(&four)), None);
    assert_eq!((pooled_variance(&four), intraclass(&four), shrink(&four)), (None, None, None));
    assert_eq!((kruskal_wallis(&bins(&EXAMPLE_E[..4])), mean_funnel(&four, 50.0)), (None, None));
    // A fifth without answers does not count.
    let mut empty = bins(&EXAMPLE_E);
    empty[4] = scored(&[0; 5]);
    assert_eq!(kruskal_wallis(&empty), None);
    let mut with_empty = bins(&EXAMPLE_E);
    with_empty.push(scored(&[0; 5]));
    assert_eq!(kruskal_wallis(&with_empty), kruskal_wallis(&bins(&EXAMPLE_E)));
    let equal =
        [[0, 4, 0, 0, 0], [0, 7, 0, 0, 0], [0, 5, 0, 0, 0], [0, 6, 0, 0, 0], [0, 1, 0, 0, 0]];
    assert_eq!(kruskal_wallis(&bins(&equal)), None);
    let equal = pcts(&equal);
    assert_eq!(equal[4].variance, None);
    assert_eq!((pooled_variance(&equal), intraclass(&equal), shrink(&equal)), (None, None, None));
    // One answer more says nothing of the variance within, and gets a score.
    let mut six = pcts(&EXAMPLE_E);
    six.push(pct([0, 0, 0, 0, 1]));
    near(pooled_variance(&six).expect("spread"), pooled_variance(&six[..5]).expect("spread"));
    near(shrink(&six).expect("six PCTs").pcts[5].variance, pooled_variance(&six).expect("spread"));
}

#[test]
fn pcts_that_differ_by_chance_alone_are_all_drawn_to_the_middle() {
    let alike = pcts(&[[3, 1, 2, 3, 1]; 6]);
    let shrunk = shrink(&alike).expect("six PCTs");
    assert_eq!((shrunk.tau2.to_bits(), shrunk.q < 1e-20), (0.0_f64.to_bits(), true));
    assert!(shrunk.pcts.iter().all(|pct| (pct.score - shrunk.middle).abs() < 1e-9));
    assert!(intraclass(&alike).expect("six PCTs").icc < 0.0);
    assert_eq!(mean_funnel(&alike, alike[0].score).expect("six").tau2.to_bits(), 0.0_f64.to_bits());
}

proptest! {
    #[test]
    fn shrunken_scores_lie_between_their_own_and_the_middle(
        people in prop::collection::vec(prop::array::uniform5(0_u64..9), 5..14),
    ) {
        let people: Vec<[u64; 5]> = people.into_iter().filter(|p| p.iter().sum::<u64>() > 0).collect();
        let all = pcts(&people);
        let Some(shrunk) = shrink(&all) else { return Ok(()) };
        for (own, pct) in all.iter().zip(&shrunk.pcts) {
            let (low, high) = (own.score.min(shrunk.middle), own.score.max(shrunk.middle));
            prop_assert!(low - 1e-9 <= pct.score && pct.score <= high + 1e-9);
            prop_assert!((0.0..1.0).contains(&pct.own) && pct.se > 0.0);
        }
        prop_assert!(shrunk.tau2 >= 0.0 && shrunk.q >= 0.0);
        // A wider scale makes everything wider, and ranks no different.
        let wide: Vec<PctScore> = all
            .iter()
            .map(|p| PctScore { score: 3.0 * p.score, n: p.n, variance: p.variance.map(|v| 9.0 * v) })
            .collect();
        let wide = shrink(&wide).expect("as before");
        prop_assert!((wide.tau2 - 9.0 * shrunk.tau2).abs() < 1e-6);
        prop_assert!((wide.middle - 3.0 * shrunk.middle).abs() < 1e-6);
        let heterogeneity = kruskal_wallis(&bins(&people)).expect("spread");
        prop_assert!((0.0..=1.0).contains(&heterogeneity.p) && heterogeneity.h >= 0.0);
    }

    #[test]
    fn quartiles_stand_in_order(scores in prop::collection::vec(0.0_f64..100.0, 5..30)) {
        let found = spread(&scores).expect("five or more");
        let in_order =
            [found.lowest, found.lower_quartile, found.median, found.upper_quartile, found.highest];
        prop_assert!(in_order.is_sorted());
        let mut back = scores;
        back.reverse();
        prop_assert_eq!(spread(&back).map(|s| s.median), Some(found.median));
    }
}
