//! Measures over the waves: methods.md 7.

use super::*;

fn chart(points: &[f64]) -> XmrChart {
    xmr(&points.iter().copied().map(Some).collect::<Vec<_>>()).expect("enough waves")
}

/// The signals of a chart, a letter for each point.
fn letters(chart: &XmrChart) -> String {
    let letter = |signal: &Option<Signal>| match signal {
        None => '.',
        Some(Signal::AboveLimit) => 'A',
        Some(Signal::BelowLimit) => 'B',
        Some(Signal::Rising) => 'R',
        Some(Signal::Falling) => 'F',
        Some(Signal::NearUpper) => 'U',
        Some(Signal::NearLower) => 'L',
        Some(Signal::SevenAbove) => 'a',
        Some(Signal::SevenBelow) => 'b',
    };
    chart.signals.iter().map(letter).collect()
}

#[test]
fn example_x_of_ten_waves() {
    let found = chart(&[50.0, 52.0, 49.0, 51.0, 50.0, 53.0, 48.0, 60.0, 61.0, 62.0]);
    assert_eq!((six(found.mean), six(found.moving_range)), ("53.6".into(), "2.25".into()));
    assert_eq!((six(found.lower), six(found.upper)), ("47.615".into(), "59.585".into()));
    assert_eq!((six(found.near_lower), six(found.near_upper)), ("49.61".into(), "57.59".into()));
    assert_eq!(letters(&found), "bbbbbbbAAA");
}

#[test]
fn the_same_upside_down() {
    let found = chart(&[50.0, 48.0, 51.0, 49.0, 50.0, 47.0, 52.0, 40.0, 39.0, 38.0]);
    assert_eq!(letters(&found), "aaaaaaaBBB");
}

#[test]
fn seven_points_each_higher_than_the_one_before_are_a_trend() {
    // A zigzag first, so that the limits are wide.
    let zigzag = [40.0, 60.0, 40.0, 60.0, 41.0, 60.0];
    let with = |tail: &[f64]| letters(&chart(&[&zigzag[..], tail].concat()));
    assert_eq!(with(&[47.0, 48.0, 49.0, 50.0, 51.0, 52.0, 53.0, 50.0]), "......RRRRRRR.");
    assert_eq!(with(&[47.0, 48.0, 49.0, 50.0, 51.0, 52.0, 52.0, 50.0]), "..............");
    assert_eq!(with(&[53.0, 52.0, 51.0, 50.0, 49.0, 48.0, 47.0, 50.0]), ".....FFFFFFFF.");
}

#[test]
fn two_of_three_near_a_limit_are_marked_if_all_lie_on_one_side() {
    // Limits lie 5.5 to 7 off the mean, near limits 3.7 to 4.6.
    let with = |points: [f64; 3]| {
        let mut lines = [49.0, 51.0].repeat(8);
        lines.extend(points);
        lines.extend([50.0, 49.0, 51.0, 49.0, 51.0, 49.0, 51.0]);
        let mut found = chart(&lines);
        found.signals = found.signals[15..20].to_vec();
        letters(&found)
    };
    assert_eq!(with([56.0, 52.0, 56.0]), ".U.U.");
    assert_eq!(with([56.0, 56.0, 52.0]), ".UU..");
    assert_eq!(with([56.0, 49.5, 56.0]), ".....");
    assert_eq!(with([56.0, 52.0, 53.0]), ".....");
    assert_eq!(with([44.0, 49.0, 44.0]), ".L.L.");
}

#[test]
fn equal_points_are_no_signal() {
    let found = chart(&[0.1 + 0.2; 9]);
    assert_eq!((letters(&found).as_str(), found.moving_range), (".........", 0.0));
    // What lies on the mean breaks a run.
    let found = chart(&[51.0, 51.0, 51.0, 50.0, 51.0, 51.0, 51.0, 44.0]);
    assert_eq!(six(found.mean), "50");
    assert!(!letters(&found).contains('a'), "{}", letters(&found));
}

#[test]
fn extreme_ranges_are_left_out_once_and_those_at_the_limit_too() {
    // Ranges 1, 1, 1, 1, 1, 1, 1, 9: average 2, limit 6.534.
    let found = chart(&[50.0, 51.0, 50.0, 51.0, 50.0, 51.0, 50.0, 51.0, 60.0]);
    assert_eq!(six(found.moving_range), "1");
    // 17 ranges of 1 and one of 3.267·m: left out, not kept.
    let step = 3.267 * 17.0 / (18.0 - 3.267);
    let mut points: Vec<f64> = (0..18).map(|at| 50.0 + f64::from(at % 2)).collect();
    points.push(51.0 + step);
    assert_eq!(six(chart(&points).moving_range), "1");
}

#[test]
fn a_hidden_wave_breaks_runs_and_ranges() {
    let some = |points: &[f64]| points.iter().copied().map(Some).collect::<Vec<_>>();
    let points = [some(&[50.0, 52.0, 49.0]), vec![None], some(&[71.0, 70.0, 73.0, 68.0])].concat();
    let found = xmr(&points).expect("seven waves");
    assert_eq!(found.signals.len(), 8);
    assert_eq!(found.signals[3], None);
    // 2, 3 and 1, 3, 5: not the step over the gap.
    assert_eq!(six(found.moving_range), "2.8");
    let low = some(&[50.0, 52.0, 49.0, 51.0]);
    let high = some(&[61.0, 60.0, 63.0, 61.0, 60.0, 62.0, 61.0, 60.0]);
    let whole = xmr(&[low.clone(), high.clone()].concat()).expect("waves");
    assert_eq!(whole.signals.len(), 12);
    let broken = xmr(&[low, high[..4].to_vec(), vec![None], high[4..].to_vec()].concat());
    assert!(!letters(&broken.expect("waves")).contains('a'));
}

#[test]
fn six_released_waves_are_too_few() {
    let mut points = vec![Some(50.0); 6];
    assert_eq!(xmr(&points), None);
    points.push(None);
    assert_eq!(xmr(&points), None);
    points.push(Some(50.0));
    assert!(xmr(&points).is_some());
    // Never two waves side by side: no range, no limits.
    let apart: Vec<Option<f64>> = (0..14).map(|at| (at % 2 == 0).then_some(50.0)).collect();
    assert_eq!(xmr(&apart), None);
}
