//! Indexes and the overall index, example by example.

use std::collections::BTreeMap;

use super::tests::{Wave, two_clusters, without_groups};
use super::*;
use crate::definition::{Index, Survey};
use crate::statistics::Confidence;
use crate::tabulation::sample::{code, survey};

/// The sample with a third index, of a barrier, between its two.
fn with_a_barrier() -> Survey {
    let mut survey = survey();
    let barrier = Index {
        code: code("IDX_BAR"),
        label: "Barriers".to_owned(),
        about: String::new(),
        items: vec![(code("B1"), 1)],
    };
    survey.indexes.insert(1, barrier);
    survey
}

/// Two clusters in which so many people answer everything, each the same to all questions.
fn whole(leaves: &[(&str, usize)]) -> Wave {
    let mut wave = two_clusters(leaves);
    for ballots in wave.ballots.values_mut() {
        for ballot in ballots {
            let first = ballot.get(..1).expect("a mark").to_owned();
            *ballot = format!("{first}{first}{first}{first}.");
        }
    }
    wave
}

fn protect(wave: &Wave, survey: &Survey) -> SafeTable {
    wave.protect_answers_to(survey, &without_groups(), Confidence::default())
}

fn statuses(safe: &SafeTable, measure: &str) -> BTreeMap<String, Status> {
    safe.statuses(measure).map(|(org, status)| (org.to_string(), status)).collect()
}

fn hidden(safe: &SafeTable, measure: &str) -> Vec<String> {
    let all = statuses(safe, measure).into_iter();
    all.filter(|(_, status)| *status == Status::Hidden).map(|(of, _)| of).collect()
}

#[test]
fn the_overall_index_is_made_of_the_progress_indexes_and_knows_their_items_by_place() {
    let wave = whole(&[("a1", 8), ("a2", 8), ("b1", 8), ("b2", 8)]);
    // The barrier is asked first; among the items of the overall index it has no place.
    let mut survey = with_a_barrier();
    survey.sections.iter_mut().for_each(|section| section.questions.swap(0, 1));
    let safe = protect(&wave, &survey);
    for org in safe.orgs() {
        let overall = org.overall.as_ref().and_then(Protected::shown).expect("all is shown");
        let domains: Vec<(String, Vec<(usize, String)>)> = overall
            .domains
            .iter()
            .map(|(index, parts)| {
                let parts = parts.iter().map(|(part, item)| (part.place, item.to_string()));
                (index.to_string(), parts.collect())
            })
            .collect();
        let at = |place, item: &str| (place, item.to_owned());
        assert_eq!(
            domains,
            [
                ("IDX_TWO".to_owned(), vec![at(0, "Q1"), at(1, "Q2")]),
                ("IDX_ALL".to_owned(), vec![at(0, "Q1"), at(1, "Q2"), at(2, "Q3")]),
            ]
        );
        // Everybody has one, worth what they gave throughout.
        let people: u64 = overall.counts.values().values().sum();
        assert_eq!(people, overall.counts.people(|own| own.iter().all(|answered| *answered)));
        assert!(people >= 8);
    }
}

#[test]
fn without_progress_indexes_there_is_no_overall_index() {
    let mut survey = with_a_barrier();
    survey.indexes.retain(|index| index.code == code("IDX_BAR"));
    let safe = protect(&whole(&[("a1", 8), ("a2", 8), ("b1", 8), ("b2", 8)]), &survey);
    assert!(safe.orgs().iter().all(|org| org.overall.is_none()));
    assert!(statuses(&safe, "IDX_BAR").values().all(|status| *status == Status::Shown));
}

#[test]
fn where_one_progress_index_is_hidden_the_overall_index_is_too() {
    let mut wave = whole(&[("a1", 8), ("a2", 8), ("b1", 8), ("b2", 8)]);
    // Nobody here says anything to the third question: of IDX_ALL half the weight is
    // left, which is enough; then nor to the second.
    let fewer = |keep: usize| {
        let all = ["1", "5", "3", "2", "4", "1", "5", "3"];
        all.map(|mark| format!("{}{}{mark}.", mark.repeat(keep), ".".repeat(3 - keep))).to_vec()
    };
    wave.ballots.insert("a1".to_owned(), fewer(2));
    let safe = protect(&wave, &with_a_barrier());
    let status = |safe: &SafeTable, measure: &str| statuses(safe, measure).get("a1").copied();
    assert_eq!(status(&safe, "IDX_ALL"), Some(Status::Shown));
    assert_eq!(status(&safe, "overall"), Some(Status::Shown));
    wave.ballots.insert("a1".to_owned(), fewer(1));
    let safe = protect(&wave, &with_a_barrier());
    assert_eq!(status(&safe, "IDX_TWO"), Some(Status::Shown));
    assert_eq!(status(&safe, "IDX_ALL"), Some(Status::Hidden));
    assert_eq!(status(&safe, "overall"), Some(Status::Hidden));
    // A hidden index of barriers takes nothing away.
    let alike = |ballot: &String| format!("{}3.", ballot.get(..3).expect("three marks"));
    wave.ballots.insert("a1".to_owned(), fewer(2).iter().map(alike).collect());
    let safe = protect(&wave, &with_a_barrier());
    assert_eq!(status(&safe, "B1"), Some(Status::Hidden), "unanimous");
    assert_eq!(status(&safe, "IDX_BAR"), Some(Status::Hidden));
    assert_eq!(status(&safe, "overall"), Some(Status::Shown));
}

#[test]
fn where_nobody_answered_an_index_is_empty_and_where_somebody_did_it_is_hidden() {
    let mut wave = whole(&[("a1", 0), ("a2", 8), ("b1", 8), ("b2", 8)]);
    // Only the first question: too little for anybody to have IDX_ALL.
    wave.ballots
        .insert("a2".to_owned(), ["1", "5", "3", "2", "4"].map(|m| format!("{m}....")).to_vec());
    let safe = protect(&wave, &survey());
    for measure in ["IDX_TWO", "IDX_ALL", "overall"] {
        assert_eq!(statuses(&safe, measure).get("a1"), Some(&Status::Empty), "{measure}");
    }
    assert_eq!(statuses(&safe, "IDX_TWO").get("a2"), Some(&Status::Shown));
    assert_eq!(statuses(&safe, "IDX_ALL").get("a2"), Some(&Status::Hidden));
    assert_eq!(statuses(&safe, "overall").get("a2"), Some(&Status::Hidden));
}

#[test]
fn an_index_of_few_people_is_covered_at_least_cost_though_its_questions_have_many() {
    let leaves = [("a1", 2), ("a2", 7), ("a3", 9), ("b1", 6), ("b2", 12)];
    let mut wave = whole(&leaves);
    let a1 = wave.ballots.get_mut("a1").expect("a leaf");
    for mark in ["1", "5", "3", "2", "4", "3"] {
        a1.extend([format!("{mark}...."), format!(".{mark}...")]);
    }
    let safe = protect(&wave, &survey());
    for question in ["Q1", "Q2"] {
        assert_eq!(hidden(&safe, question), Vec::<String>::new());
    }
    // As in the worked example of questions: the cluster is hidden first, and shown again
    // once a2 covers a1.
    assert_eq!(hidden(&safe, "IDX_ALL"), ["a1", "a2"]);
}

#[test]
fn a_table_is_as_sure_as_it_was_asked_to_be() {
    let wave = whole(&[("a1", 9), ("a2", 9), ("b1", 9), ("b2", 9)]);
    let sure = Confidence::new(0.9).expect("a confidence");
    let safe = wave.protect_answers_to(&survey(), &without_groups(), sure);
    assert_eq!(safe.confidence(), sure);
}

#[test]
fn files_have_a_letter_for_what_is_not_shown() {
    let codes = [Status::Shown, Status::Hidden, Status::Empty].map(Status::code);
    assert_eq!(codes, ["ok", "c", "x"]);
}
