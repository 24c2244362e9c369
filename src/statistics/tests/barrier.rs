//! Barriers: methods.md 8.

use proptest::prelude::*;

use super::*;

/// Rows are severities, columns index values.
const TABLE: [[u64; 4]; 5] = [[3, 0, 1, 5], [2, 2, 4, 2], [6, 5, 0, 1], [0, 4, 1, 0], [7, 1, 0, 1]];

fn table(rows: &[[u64; 4]]) -> Vec<Vec<u64>> {
    rows.iter().map(|row| row.to_vec()).collect()
}

#[test]
fn the_example_of_a_priority() {
    let (interval, p) = of_rho(-0.42, 160, sure());
    assert_eq!(ends(interval), "[-0.544737, -0.277081]");
    near(p, 2.028_358_324_520_828_7e-8);
    let found = priority(60.0, -0.42, interval, p, Thresholds::default());
    assert_eq!(six(found.value), "25.2");
    assert_eq!(ends(found.interval), "[16.624852, 32.684212]");
    assert!(found.supported);
    let of = |rho, q| priority(60.0, rho, interval, q, Thresholds::default());
    assert!(of(-0.1, 0.05).supported);
    assert!(!of(-0.1, 0.051).supported);
    assert!(!of(0.1, 0.0).supported && !of(0.0, 0.0).supported);
    assert_eq!(of(0.1, 0.0).value.to_bits(), 0.0_f64.to_bits());
}

#[test]
fn associations_agree_with_those_of_other_programs() {
    // scipy: spearmanr and kendalltau; interval and p by its normal tail.
    let found = association(&table(&TABLE), sure()).expect("both vary");
    assert_eq!(found.n, 45);
    near(found.rho, -0.403_289_403_355_418);
    near(found.tau_b, -0.360_385_441_227_072_33);
    near(found.interval.lo, -0.630_386_148_481_134_5);
    near(found.interval.hi, -0.112_605_821_008_083_24);
    near(found.p, 0.005_588_835_611_572_275);
}

#[test]
fn an_association_needs_four_people_and_two_figures_that_vary() {
    let of = |rows: &[[u64; 4]]| association(&table(rows), sure());
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[[1, 0, 0, 0], [0, 1, 1, 0]]), None);
    assert!(of(&[[1, 0, 0, 0], [0, 1, 1, 1]]).is_some());
    assert_eq!(of(&[[0, 0, 0, 0], [3, 1, 4, 1]]), None);
    assert_eq!(of(&[[0, 3, 0, 0], [0, 2, 0, 0]]), None);
    let perfect = of(&[[5, 0, 0, 0], [0, 5, 0, 0], [0, 0, 0, 5]]).expect("both vary");
    assert_eq!((perfect.rho, perfect.tau_b, perfect.p), (1.0, 1.0, 0.0));
    assert_eq!(perfect.interval, Interval { lo: 1.0, hi: 1.0 });
    let opposed = of(&[[0, 0, 0, 2], [0, 0, 2, 0], [1, 0, 0, 0]]).expect("both vary");
    assert_eq!((opposed.rho, opposed.tau_b), (-1.0, -1.0));
}

#[test]
fn barriers_stand_in_order_of_mean_then_major_then_code() {
    let severity = |code, n, total, major| Severity { code, n, total, major };
    let mut barriers = [
        severity("a-nobody-2", 0, 0, 0),
        severity("b", 4, 200, 1),
        severity("a-nobody-1", 0, 0, 0),
        severity("a", 2, 100, 1),
        severity("top", 3, 151, 0),
        severity("c", 8, 400, 2),
        severity("low", 3, 10, 0),
    ];
    order(&mut barriers);
    let codes: Vec<&str> = barriers.iter().map(|barrier| barrier.code).collect();
    assert_eq!(codes, ["top", "a", "b", "c", "low", "a-nobody-1", "a-nobody-2"]);
    let of = Severity::of("x", &histogram([1, 2, 3, 4, 5]));
    assert_eq!(of, severity("x", 15, 50 + 150 + 300 + 500, 9));
}

#[test]
fn a_pareto_chart_adds_up_to_everything() {
    let severity = |code, major| Severity { code, n: 20, total: 300, major };
    let bars = pareto(&[severity("c", 2), severity("b", 5), severity("a", 2), severity("d", 0)]);
    let found: Vec<(&str, u64, String, String)> =
        bars.iter().map(|bar| (bar.code, bar.major, six(bar.share), six(bar.running))).collect();
    let expected = [
        ("b", 5, "55.555556", "55.555556"),
        ("a", 2, "22.222222", "77.777778"),
        ("c", 2, "22.222222", "100"),
        ("d", 0, "0", "100"),
    ];
    let expected = expected.map(|(code, major, a, b)| (code, major, a.to_owned(), b.to_owned()));
    assert_eq!(found, expected);
    assert_eq!(pareto(&[severity("a", 0)]), []);
}

/// Concordant less discordant pairs, over pairs of people.
fn surplus(people: &[(usize, usize)]) -> i64 {
    let mut surplus = 0;
    for (at, one) in people.iter().enumerate() {
        for other in &people[..at] {
            let rows = one.0.cmp(&other.0) as i64;
            surplus += rows * (one.1.cmp(&other.1) as i64);
        }
    }
    surplus
}

proptest! {
    #[test]
    fn associations_are_symmetric_and_in_range(
        rows in prop::collection::vec(prop::array::uniform4(0_u64..4), 2..6),
    ) {
        let people: Vec<(usize, usize)> = rows
            .iter()
            .enumerate()
            .flat_map(|(row, cells)| cells.iter().enumerate().flat_map(move |(column, n)| {
                std::iter::repeat_n((row, column), usize::try_from(*n).expect("small"))
            }))
            .collect();
        let turned: Vec<Vec<u64>> =
            (0..4).map(|column| rows.iter().map(|row| row[column]).collect()).collect();
        let (one, other) = (association(&table(&rows), sure()), association(&turned, sure()));
        prop_assert_eq!(one.is_some(), other.is_some());
        if let (Some(one), Some(other)) = (one, other) {
            prop_assert!((one.rho - other.rho).abs() < 1e-12);
            prop_assert!((one.tau_b - other.tau_b).abs() < 1e-12);
            prop_assert_eq!(surplus(&people).signum(), sign(one.tau_b));
            prop_assert!(one.rho.abs() <= 1.0 && one.tau_b.abs() <= 1.0 + 1e-12);
            prop_assert!(one.interval.lo <= one.rho && one.rho <= one.interval.hi);
            prop_assert!((0.0..=1.0).contains(&one.p));
        }
    }
}

fn sign(value: f64) -> i64 {
    i64::from(value > 0.0) - i64::from(value < 0.0)
}
