//! Two releases of one wave.

use super::*;

fn first() -> Wave {
    region(&[("a1", 4), ("a2", 8), ("a3", 12), ("b1", 12), ("b2", 12)])
}

fn together(one: &Wave, other: &Wave) -> Report {
    let (one, other) = (one.exported(without_groups()), other.exported(without_groups()));
    let mut texts = (one.ballots.as_bytes(), other.ballots.as_bytes());
    audit_together(one.files(Some(&mut texts.0)), other.files(Some(&mut texts.1)))
}

fn add(wave: &mut Wave, unit: &str, ballots: &[&str]) {
    for (at, ballot) in ballots.iter().enumerate() {
        wave.ballots.push((unit.to_owned(), format!("new-{unit}-{at}"), (*ballot).to_owned()));
    }
}

#[test]
fn the_same_release_twice_tells_nothing_new() {
    assert_eq!(together(&first(), &first()).findings, []);
}

#[test]
fn two_people_added_are_told_by_the_difference() {
    let mut second = first();
    add(&mut second, "b1", &["1111.", "5555."]);
    assert!(found(&together(&first(), &second), Check::Combination));
}

#[test]
fn six_mixed_people_added_are_not() {
    let mut second = first();
    add(&mut second, "b1", &["1111.", "2222.", "3333.", "4444.", "5555.", "2345."]);
    assert_eq!(together(&first(), &second).findings, []);
}

#[test]
fn one_changed_answer_is_told() {
    let mut second = first();
    let changed = second.ballots.iter_mut().find(|(of, ..)| of == "b2").expect("a ballot");
    changed.2.replace_range(0..1, "5");
    let report = together(&first(), &second);
    assert!(found(&report, Check::Combination));
    assert!(report.findings.iter().all(|at| at.measure == "Q1"), "{:?}", report.findings);
}

#[test]
fn one_reply_removed_is_told() {
    let mut second = first();
    second.ballots.retain(|(_, name, _)| name != "b2-0");
    assert!(found(&together(&first(), &second), Check::Combination));
}

#[test]
fn another_partition_that_singles_out_a_hidden_unit_is_found() {
    // a1 has four replies. With a2 it is covered in the first scheme; a second
    // scheme that parts them otherwise leaves a1 alone between the two.
    let mut second = first();
    for (of, level, parent) in &mut second.nodes {
        match of.as_str() {
            "A" => "P".clone_into(of),
            "B" => "Q".clone_into(of),
            "a2" | "b1" | "b2" => *parent = Some("Q".to_owned()),
            "a1" | "a3" => *parent = Some("P".to_owned()),
            _ => assert_eq!(*level, Level::Region),
        }
    }
    let alone = second.exported(without_groups()).audited();
    assert_eq!(alone.findings, []);
    let report = together(&first(), &second);
    assert!(!report.passed(), "first: A less a2's rest; second: P less a3");
}

#[test]
fn releases_of_different_waves_and_files_without_ballots_are_refused() {
    let made = first().exported(without_groups());
    let report = audit_together(made.files(None), made.files(None));
    assert!(found(&report, Check::Files));
}
