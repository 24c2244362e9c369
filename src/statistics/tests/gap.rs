//! Claim against experience: methods.md 11.

use super::*;

fn experience(favourable: u64, n: u64, population: u64) -> Experience {
    let share = share_estimate(favourable, n, population, sure()).expect("answers");
    Experience { favourable, n, share }
}

fn agreed(agreed: u64, consortia: u64) -> Agreed {
    Agreed::new(agreed, consortia).expect("counts")
}

#[test]
fn the_example_of_a_gap() {
    let as_in_a = experience(11, 16, 23);
    let all = gap(agreed(4, 4), &as_in_a, Thresholds::default());
    assert_eq!((six(all.claimed), six(all.gap)), ("100".into(), "31.25".into()));
    assert_eq!(ends(all.interval), "[21.73913, 45.000348]");
    assert_eq!(all.flag, GapFlag::ClaimedNotExperienced);
    let most = gap(agreed(3, 4), &as_in_a, Thresholds::default());
    assert_eq!(six(most.gap), "6.25");
    assert_eq!(ends(most.interval), "[-3.26087, 20.000348]");
    assert_eq!(most.flag, GapFlag::Consistent);
}

#[test]
fn a_gap_needs_the_margin_and_an_interval_on_one_side() {
    let flag = |claim, of: &Experience| gap(claim, of, Thresholds::default()).flag;
    // Exactly 25 points, everybody answered.
    assert_eq!(flag(agreed(1, 1), &experience(12, 16, 16)), GapFlag::ClaimedNotExperienced);
    assert_eq!(flag(agreed(1, 1), &experience(13, 17, 17)), GapFlag::Consistent);
    assert_eq!(flag(agreed(0, 3), &experience(4, 16, 16)), GapFlag::ExperiencedNotClaimed);
    assert_eq!(flag(agreed(0, 3), &experience(4, 17, 17)), GapFlag::Consistent);
    // Far enough, but those who are silent might make up for it.
    let unsure = experience(2, 6, 60);
    assert!(gap(agreed(2, 3), &unsure, Thresholds::default()).interval.lo < 0.0);
    assert_eq!(flag(agreed(2, 3), &unsure), GapFlag::Consistent);
    let unsure = experience(4, 6, 60);
    assert!(gap(agreed(1, 3), &unsure, Thresholds::default()).interval.hi > 0.0);
    assert_eq!(flag(agreed(1, 3), &unsure), GapFlag::Consistent);
    // Nothing between an interval's end and nought.
    let none = Thresholds::new(0.05, 0.1, 1.0, 0.0).expect("allowed");
    assert_eq!(gap(agreed(3, 4), &experience(12, 16, 16), none).flag, GapFlag::Consistent);
}

#[test]
fn what_is_missing_comes_before_what_is_compared() {
    let thresholds = Thresholds::default();
    let (claim, of) = (agreed(4, 4), experience(11, 16, 23));
    assert_eq!(gap_flag(None, None, thresholds), GapFlag::NotEnoughResponses);
    assert_eq!(gap_flag(Some(claim), None, thresholds), GapFlag::NotEnoughResponses);
    assert_eq!(gap_flag(None, Some(&of), thresholds), GapFlag::NoReturn);
    assert_eq!(gap_flag(Some(claim), Some(&of), thresholds), GapFlag::ClaimedNotExperienced);
    assert_eq!((Agreed::new(0, 0), Agreed::new(3, 2)), (None, None));
    let words = [
        GapFlag::NotEnoughResponses,
        GapFlag::NoReturn,
        GapFlag::ClaimedNotExperienced,
        GapFlag::ExperiencedNotClaimed,
        GapFlag::Consistent,
    ]
    .map(GapFlag::words);
    let expected = [
        "not enough responses",
        "no return",
        "claimed, not experienced",
        "experienced, not claimed",
        "consistent",
    ];
    assert_eq!(words, expected);
}
