//! Tails and quantiles, cautions, bands and choices: methods.md 0, 10 and 15.

use proptest::prelude::*;

use super::*;

#[test]
fn tails_agree_with_scipy() {
    // 2·norm.sf(z), 2·t.sf(t, nu), chi2.sf(x, k); at 10 001 by betainc of mpmath.
    for (z, p) in [
        (0.0, 1.0),
        (0.3, 0.764_177_155_622_094_8),
        (-1.96, 0.049_995_790_296_440_87),
        (5.5, 3.797_912_493_177_536e-8),
        (30.0, 9.813_427_854_295_816e-198),
    ] {
        near(normal_both(z), p);
    }
    for (t, freedom, p) in [
        (2.0, 3.7, 0.121_817_201_905_233_98),
        (-0.3, 27.9, 0.766_401_026_061_172),
        (4.5, 120.25, 1.580_046_811_996_124_2e-5),
        (2.5, 20_000.0, 0.012_427_274_131_994_228),
        (2.5, 10_001.0, 0.012_435_217_961_465_156),
        (36.0, 10_001.0, 5.581_936_839_042_73e-267),
        (1.0, 10_000_000.0, 0.317_310_532_059_986_05),
        (7.0, 1_000_000.0, 2.561_224_111_374_084e-12),
        (30.0, 15_000.0, 4.395_354_041_791_83e-192),
    ] {
        near(student_both(t, freedom).expect("a chance"), p);
    }
    for (x, freedom, p) in [
        (20.131_427, 4, 0.000_470_430_631_284_612_67),
        (3.0, 12, 0.995_544_019_224_752_1),
        (180.5, 149, 0.040_232_293_980_129_945),
        (900.0, 149, 1.179_303_872_746_387_6e-107),
    ] {
        near(chi_squared_above(x, freedom).expect("a chance"), p);
    }
}

#[test]
fn tails_without_degrees_of_freedom_or_values_are_none() {
    for (t, freedom) in [(1.0, 0.0), (1.0, -2.0), (1.0, f64::NAN), (f64::NAN, 5.0)] {
        assert_eq!(student_both(t, freedom), None);
    }
    assert_eq!(student_both(0.0, 5.0), Some(1.0));
    assert_eq!(student_both(f64::INFINITY, 20_000.0), Some(0.0));
    assert_eq!((chi_squared_above(1.0, 0), chi_squared_above(f64::NAN, 3)), (None, None));
    assert_eq!(chi_squared_above(-1e-12, 3), Some(1.0));
}

#[test]
fn quantiles_agree_with_scipy() {
    for (freedom, t) in [
        (0.8, 23.327_935_796_004_3),
        (5.5, 2.501_858_617_589_239),
        (27.923_077, 2.048_661_397_741_273_3),
        (333.25, 1.967_108_062_261_617_3),
        (10_000.5, 1.960_201_228_027_040_2),
        (123_456.0, 1.959_983_200_245_186_7),
    ] {
        near(sure().student_at(freedom).expect("a quantile"), t);
    }
    assert_eq!((sure().student_at(0.0), sure().student_at(f64::NAN)), (None, None));
    for (above, below, low, high) in [
        (5, 10, 0.151_076_701_029_982, 4.236_085_668_188_632),
        (29, 261, 0.542_208_653_712_788_5, 1.633_202_791_445_207_6),
        (9_999, 39_996, 0.969_341_064_667_021_1, 1.031_327_320_446_887_4),
    ] {
        let (found_low, found_high) = sure().fisher(above, below).expect("quantiles");
        near(found_low, low);
        near(found_high, high);
    }
    assert_eq!((sure().fisher(0, 3), sure().fisher(3, 0)), (None, None));
    near(sure().tail(), 0.025);
    near(sure().level(), 0.95);
    // norm.ppf(1 - 0.025/4)
    near(sure().normal_among(4).expect("a quantile"), 2.497_705_474_412_374);
    assert_eq!(sure().normal_among(0), None);
    let other = Confidence::new(0.9).expect("allowed");
    near(other.normal(), 1.644_853_626_951_472_2);
    near(other.level(), 0.9);
}

#[test]
fn cautions_change_at_half_and_at_seven_tenths() {
    let of = |responded, invited| Caution::of(responded, invited).map(Caution::words);
    let (some, most) =
        ("some leads did not answer; bounds shown", "treat with caution: fewer than half answered");
    assert_eq!([of(70, 100), of(10, 10), of(0, 0)], [None; 3]);
    assert_eq!([of(69, 100), of(50, 100), of(3, 5)], [Some(some); 3]);
    assert_eq!([of(49, 100), of(0, 1)], [Some(most); 2]);
    assert_eq!((few_answers(9), few_answers(10)), (Some("small number of answers"), None));
}

#[test]
fn quartiles_of_bands_name_the_bands_of_both_neighbours() {
    let at = |lower, upper| BandRange { lower, upper };
    // Five answers: places 0, 1, 2, 3, 4.
    let found = band_quartiles(&[2, 1, 0, 2]).expect("answers");
    assert_eq!((found.lower, found.median, found.upper), (at(0, 0), at(1, 1), at(3, 3)));
    // Four answers: a quarter of the way lies between places 0 and 1.
    let found = band_quartiles(&[1, 1, 1, 1]).expect("answers");
    assert_eq!((found.lower, found.median, found.upper), (at(0, 1), at(1, 2), at(2, 3)));
    let found = band_quartiles(&[0, 1]).expect("answers");
    assert_eq!((found.lower, found.median, found.upper), (at(1, 1), at(1, 1), at(1, 1)));
    assert_eq!((band_quartiles(&[0, 0]), band_quartiles(&[])), (None, None));
}

#[test]
fn ways_out_are_in_no_band() {
    let option = |counts| AnswerOption::new(1, "one", counts);
    let options = [
        option(Counts::Band { favourable: false }),
        option(Counts::Band { favourable: true }),
        option(Counts::Band { favourable: true }),
        option(Counts::DontKnow),
        option(Counts::NotApplicable),
    ];
    assert_eq!(in_good_bands(&options, &[7, 4, 2, 11, 13]), (6, 13));
}

#[test]
fn a_response_rate_needs_somebody_who_was_invited() {
    assert_eq!((response_rate(3, 8), response_rate(0, 0)), (Some(37.5), None));
}

#[test]
fn shares_of_choices_may_add_up_to_more_than_everybody() {
    assert_eq!(choice_shares(&[3, 2, 0], 4), Some(vec![75.0, 50.0, 0.0]));
    assert_eq!(choice_shares(&[0, 0], 0), None);
}

proptest! {
    #[test]
    fn quartiles_of_bands_are_those_of_the_answers(
        people in prop::collection::vec(0_u64..6, 1..8),
    ) {
        let answers: Vec<usize> = people
            .iter()
            .enumerate()
            .flat_map(|(band, n)| std::iter::repeat_n(band, usize::try_from(*n).expect("small")))
            .collect();
        let Some(found) = band_quartiles(&people) else {
            prop_assert!(answers.is_empty());
            return Ok(());
        };
        for (quarters, range) in [(1, found.lower), (2, found.median), (3, found.upper)] {
            let way = quarters * (answers.len() - 1);
            prop_assert_eq!(range.lower, answers[way / 4]);
            prop_assert_eq!(range.upper, answers[way.div_ceil(4)]);
        }
    }
}
