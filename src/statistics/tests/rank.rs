//! Ranks and the stream behind them: methods.md 5.

use proptest::prelude::*;

use super::between::{EXAMPLE_E, TWELVE, pcts, scores};
use super::*;

fn ranges(ranges: impl IntoIterator<Item = RankRange>) -> Vec<(u32, u32)> {
    ranges.into_iter().map(|range| (range.lo, range.hi)).collect()
}

#[test]
fn the_stream_is_the_published_one() {
    let mut stream = Stream::new(1_234_567);
    assert_eq!(stream.next_bits(), 6_457_827_717_110_365_317);
    assert_eq!(stream.next_bits(), 3_203_168_211_198_807_973);
    assert_eq!(fnv_1a(b""), 0xcbf2_9ce4_8422_2325);
    assert_eq!(fnv_1a(b"W1|EX"), 14_064_992_426_072_799_590);
    // Python's math with the same generator.
    for (wave, measure, expected) in [
        ("W1", "EX", [0.294_787_265_460_828_45, 0.939_802_258_636_999_5, -0.886_851_927_436_258_5]),
        (
            "2007-Q4",
            "IDX_A",
            [0.511_809_396_972_861_5, 1.329_626_031_241_906, -0.072_546_813_596_730_97],
        ),
    ] {
        let mut stream = Stream::of_measure(wave, measure);
        for z in expected {
            near(stream.next_normal(), z);
        }
    }
}

#[test]
fn shares_never_reach_the_ends() {
    let mut stream = Stream::new(1_234_567);
    // (6457827717110365317 >> 11 + 1/2) / 2^53
    near(stream.next_share(), 0.350_079_542_021_408_2);
}

#[test]
fn example_e_of_ranks() {
    let five = pcts(&EXAMPLE_E);
    let shrunk = shrink(&five).expect("five PCTs");
    assert_eq!(ranks(&scores(&five)), [2, 5, 1, 4, 3]);
    let pairwise = pairwise_ranks(&scores(&five), &shrunk, sure()).expect("five PCTs");
    assert_eq!(ranges(pairwise), [(1, 4), (4, 5), (1, 3), (2, 5), (1, 4)]);
    let simulated = simulated_ranks(&shrunk, Stream::of_measure("W1", "EX"), sure());
    let found = ranges(simulated.iter().map(|one| one.range));
    assert_eq!(found, [(1, 3), (4, 5), (1, 2), (3, 5), (2, 4)]);
    // numpy, draw by draw with the same stream.
    let drawn = simulated.iter().filter_map(|one| one.drawn);
    let drawn: Vec<(u32, f64, f64)> =
        drawn.map(|d| (d.median, d.top_quarter, d.bottom_quarter)).collect();
    let expected = [
        (2, 0.7524, 0.0195),
        (5, 0.0, 0.9973),
        (1, 0.9935, 0.0),
        (4, 0.0056, 0.9251),
        (3, 0.2485, 0.0581),
    ];
    assert_eq!(drawn, expected);
}

#[test]
fn ranks_of_twelve_pcts_agree_with_those_of_other_programs() {
    let twelve = pcts(&TWELVE);
    let shrunk = shrink(&twelve).expect("twelve PCTs");
    let pairwise = pairwise_ranks(&scores(&twelve), &shrunk, sure()).expect("twelve PCTs");
    let expected = [
        (1, 10),
        (5, 12),
        (1, 8),
        (5, 12),
        (2, 11),
        (1, 8),
        (1, 5),
        (7, 12),
        (2, 12),
        (8, 12),
        (1, 8),
        (2, 10),
    ];
    assert_eq!(ranges(pairwise), expected);
    let simulated = simulated_ranks(&shrunk, Stream::of_measure("W1", "EX"), sure());
    let expected = [
        (2, 8),
        (8, 12),
        (1, 6),
        (6, 11),
        (4, 9),
        (2, 6),
        (1, 3),
        (9, 12),
        (4, 10),
        (9, 12),
        (1, 5),
        (4, 9),
    ];
    assert_eq!(ranges(simulated.iter().map(|one| one.range)), expected);
    let last = simulated[11].drawn.expect("drawn");
    assert_eq!((last.median, last.top_quarter, last.bottom_quarter), (7, 0.0047, 0.0016));
    // Surer intervals are wider, and so are fewer draws inside less sure ones.
    let surer = Confidence::new(0.999).expect("allowed");
    let wide = simulated_ranks(&shrunk, Stream::of_measure("W1", "EX"), surer);
    assert!(
        wide.iter()
            .zip(&simulated)
            .all(|(wide, one)| { wide.range.lo <= one.range.lo && wide.range.hi >= one.range.hi })
    );
    assert_ne!(wide[0].range, simulated[0].range);
}

#[test]
fn equal_scores_share_a_rank() {
    assert_eq!(ranks(&[50.0, 70.0, 50.0 + 5e-10, 30.0]), [2, 1, 2, 4]);
    assert_eq!(ranks(&[]), Vec::<u32>::new());
}

#[test]
fn without_differences_every_rank_is_possible() {
    let alike = shrink(&pcts(&[[3, 1, 2, 3, 1]; 6])).expect("six PCTs");
    let found = simulated_ranks(&alike, Stream::new(1), sure());
    let any = SimulatedRank { range: RankRange { lo: 1, hi: 6 }, drawn: None };
    assert_eq!(found, vec![any; 6]);
}

#[test]
fn pcts_that_cannot_be_told_apart_in_a_draw_share_its_rank() {
    // No doubt about any score, so every draw is the same.
    let sure_of = |score| Shrunken { score, se: 0.0, own: 0.0, variance: 0.0 };
    let shrunk = Shrinkage {
        q: 9.0,
        tau2: 1.0,
        middle: 50.0,
        pcts: [40.0, 60.0, 60.0, 50.0, 30.0].map(sure_of).to_vec(),
    };
    let found = simulated_ranks(&shrunk, Stream::new(7), sure());
    assert_eq!(ranges(found.iter().map(|one| one.range)), [(4, 4), (1, 1), (1, 1), (3, 3), (5, 5)]);
    let bottom: Vec<f64> =
        found.iter().filter_map(|one| one.drawn).map(|d| d.bottom_quarter).collect();
    assert_eq!(bottom, [1.0, 0.0, 0.0, 0.0, 1.0]);
}

#[test]
fn standings_put_a_rank_and_its_intervals_together() {
    let five = pcts(&EXAMPLE_E);
    let found = standings(&five, Stream::of_measure("W1", "EX"), sure()).expect("five PCTs");
    let third = found[2];
    assert_eq!((third.rank, third.pairwise), (1, RankRange { lo: 1, hi: 3 }));
    assert_eq!(third.simulated.range, RankRange { lo: 1, hi: 2 });
    assert_eq!(six(third.shrunken.score), "74.562883");
    assert_eq!(found.len(), 5);
    assert_eq!(standings(&five[..4], Stream::new(1), sure()), None);
    let equal = pcts(&[[0, 4, 0, 0, 0]; 6]);
    assert_eq!(standings(&equal, Stream::new(1), sure()), None);
}

#[test]
fn the_interval_goes_from_the_250th_draw_to_the_9750th() {
    let of = |times: &[u32]| crate::statistics::rank::summary(times, sure());
    let exactly = of(&[250, 4750, 4750, 250, 0]);
    assert_eq!(exactly.range, RankRange { lo: 1, hi: 3 });
    let drawn = exactly.drawn.expect("drawn");
    assert_eq!((drawn.median, drawn.top_quarter, drawn.bottom_quarter), (2, 0.5, 0.025));
    let just = of(&[249, 4750, 4750, 251, 0]);
    assert_eq!(just.range, RankRange { lo: 2, hi: 4 });
    assert_eq!(just.drawn.expect("drawn").median, 3);
}

#[test]
fn four_pcts_have_no_pairwise_ranks() {
    let five = pcts(&EXAMPLE_E);
    let shrunk = shrink(&five).expect("five PCTs");
    assert_eq!(pairwise_ranks(&scores(&five)[..4], &shrunk, sure()), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn ranks_lie_in_their_ranges(
        people in prop::collection::vec(prop::array::uniform5(1_u64..9), 5..9),
    ) {
        let all = pcts(&people);
        let shrunk = shrink(&all).expect("spread");
        let own = ranks(&scores(&all));
        let pairwise = pairwise_ranks(&scores(&all), &shrunk, sure()).expect("five or more");
        for (rank, range) in own.iter().zip(&pairwise) {
            prop_assert!(range.lo <= *rank && *rank <= range.hi);
        }
        let simulated = simulated_ranks(&shrunk, Stream::new(3), sure());
        for one in &simulated {
            let last = u32::try_from(all.len()).expect("few");
            prop_assert!(1 <= one.range.lo && one.range.lo <= one.range.hi && one.range.hi <= last);
            if let Some(drawn) = one.drawn {
                prop_assert!(one.range.lo <= drawn.median && drawn.median <= one.range.hi);
                prop_assert!(drawn.top_quarter + drawn.bottom_quarter <= 1.0 + 1e-9);
            }
        }
    }
}
