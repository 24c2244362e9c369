//! Numbers, several choices, words beside options, and two windows at once.

use super::*;

fn amount(reply: &Reply, item: &str) -> Option<i64> {
    match reply.answer(&code(item)) {
        Some(Answer::Amount(amount)) => Some(*amount),
        _ => None,
    }
}

fn faults(pairs: &[(&str, &str)], from: &str) -> Vec<Wrong> {
    let survey = survey();
    let mut reply = Reply::default();
    let faults = take(&mut reply, &survey, from, pairs).err().unwrap_or_default();
    faults.into_iter().map(|fault| fault.what).collect()
}

#[test]
fn a_number_is_taken_in_its_range_and_a_way_out_in_its_place() {
    let survey = survey();
    let reply = taken(&survey, "D", &[("BC_SUB", " 4 "), ("-out-BC_DEC", "98")]);
    assert_eq!(amount(&reply, "BC_SUB"), Some(4));
    assert_eq!(one(&reply, "BC_DEC"), Some(98));
    let reply = taken(&survey, "R4", &[("WTE", "1.5")]);
    assert_eq!(amount(&reply, "WTE"), Some(15));
    assert_eq!(faults(&[("WTE", "1.25")], "R4"), [Wrong::TooPrecise { places: 1 }]);
    assert_eq!(faults(&[("BC_SUB", "-1")], "D"), [Wrong::TooLow { least: 0, by: None }]);
    assert_eq!(faults(&[("BC_SUB", "1.5")], "D"), [Wrong::TooPrecise { places: 0 }]);
    assert_eq!(faults(&[("BC_SUB", "three")], "D"), [Wrong::NotANumber]);
    assert_eq!(faults(&[("BC_SUB", "3"), ("-out-BC_SUB", "98")], "D"), [Wrong::NumberAndWayOut]);
    assert_eq!(faults(&[("-out-BC_SUB", "1")], "D"), [Wrong::UnknownOption], "a band is no answer");
}

#[test]
fn a_limit_can_be_another_answer_of_the_same_form_or_of_an_earlier_one() {
    let survey = survey();
    let too_high = |most| Wrong::TooHigh { most, by: Some(code("BC_DEC")) };
    assert_eq!(faults(&[("BC_DEC", "2"), ("BC_APP", "3")], "D"), [too_high(2)]);
    assert_eq!(faults(&[("BC_DEC", "3"), ("BC_APP", "3")], "D"), []);
    // Lowered later: the answers do not fit together, and nothing is sealed before they do.
    let mut reply = taken(&survey, "D", &[("BC_DEC", "3"), ("BC_APP", "3")]);
    let again = take(&mut reply, &survey, "D", &[("BC_DEC", "1"), ("BC_APP", "3")]);
    assert_eq!(again, Err(vec![fault("BC_APP", too_high(1))]));
    assert_eq!(reply.check_against(&survey), Err(vec![fault("BC_APP", too_high(1))]));
}

#[test]
fn an_unusual_number_is_taken_once_it_is_confirmed_and_not_asked_again() {
    let survey = survey();
    let mut reply = Reply::default();
    let unusual = fault("BC_SUB", Wrong::Unusual { amount: 75 });
    assert_eq!(take(&mut reply, &survey, "D", &[("BC_SUB", "75")]), Err(vec![unusual.clone()]));
    assert_eq!(amount(&reply, "BC_SUB"), None);
    let other = [("BC_SUB", "75"), ("-sure-BC_SUB", "70")];
    assert_eq!(take(&mut reply, &survey, "D", &other), Err(vec![unusual]), "another number");
    take(&mut reply, &survey, "D", &[("BC_SUB", "75"), ("-sure-BC_SUB", "75")]).expect("confirmed");
    take(&mut reply, &survey, "D", &[("BC_SUB", "75")]).expect("known");
    assert_eq!(amount(&reply, "BC_SUB"), Some(75));
}

#[test]
fn several_are_chosen_up_to_the_most_and_what_stands_alone_stands_alone() {
    let survey = survey();
    let reply = taken(&survey, "H", &[("NEED", "3"), ("NEED", "1"), ("NEED", "3")]);
    assert_eq!(reply.answer(&code("NEED")), Some(&Answer::Several([1, 3].into())));
    let need = |values: &[&str]| {
        faults(&values.iter().map(|value| ("NEED", *value)).collect::<Vec<_>>(), "H")
    };
    assert_eq!(need(&["1", "2", "3", "4"]), [Wrong::TooMany { most: 3, got: 4 }]);
    assert_eq!(need(&["1", "11"]), [Wrong::Exclusive { value: 11 }]);
    assert_eq!(need(&["1", "98"]), [Wrong::Exclusive { value: 98 }], "a way out stands alone");
    assert_eq!(need(&["11"]), []);
    assert_eq!(need(&["77"]), [Wrong::UnknownOption]);
}

#[test]
fn words_beside_an_option_belong_to_it() {
    let survey = survey();
    let with = |pairs: &[(&str, &str)]| taken(&survey, "A", pairs);
    let chosen = with(&[("ROLE", "6"), ("-other-ROLE", " Locality lead ")]);
    assert_eq!(
        (one(&chosen, "ROLE"), chosen.other(&code("ROLE"))),
        (Some(6), Some("Locality lead"))
    );
    let implied = with(&[("-other-ROLE", "Locality lead")]);
    assert_eq!(implied, chosen, "who writes something means it");
    let changed = with(&[("ROLE", "1"), ("-other-ROLE", "Locality lead")]);
    assert_eq!((one(&changed, "ROLE"), changed.other(&code("ROLE"))), (Some(1), None));
    let long = "x".repeat(101);
    assert_eq!(
        faults(&[("ROLE", "6"), ("-other-ROLE", &long)], "A"),
        [Wrong::OtherTooLong { max: 100, got: 101 }]
    );
}

#[test]
fn two_windows_do_not_overwrite_each_other_in_silence() {
    let survey = survey();
    let mut reply = taken(&survey, "B", &[("MS_INC", "1"), ("MS_INF", "1")]);
    let b = section(&survey, "B");
    let seen = editions(&SEED, &reply, b.items().map(|item| item.code));
    let send = |reply: &mut Reply, seen: &str, pairs: &[(&str, &str)]| {
        let mut all = fields(pairs);
        all.push((EDITIONS.to_owned(), seen.to_owned()));
        Form::new(&all, &SEED).take(reply, &survey, b)
    };
    // The other window changes one answer and leaves the rest.
    send(&mut reply, &seen, &[("MS_INC", "2"), ("MS_INF", "1")]).expect("the first is free");
    // This window changes another and has not touched the first: both are kept.
    send(&mut reply, &seen, &[("MS_INC", "1"), ("MS_INF", "3")]).expect("nothing in the way");
    assert_eq!((one(&reply, "MS_INC"), one(&reply, "MS_INF")), (Some(2), Some(3)));
    // A change of the same answer is asked about, and nothing is lost meanwhile.
    let refused = send(&mut reply, &seen, &[("MS_INC", "4"), ("MS_INF", "3")]);
    assert_eq!(refused, Err(vec![fault("MS_INC", Wrong::ChangedElsewhere)]));
    assert_eq!(one(&reply, "MS_INC"), Some(2));
    // With the newest editions it is taken.
    let newest = editions(&SEED, &reply, b.items().map(|item| item.code));
    send(&mut reply, &newest, &[("MS_INC", "4"), ("MS_INF", "3")]).expect("seen");
    assert_eq!(one(&reply, "MS_INC"), Some(4));
    // The same answer from both is no quarrel, and an item that was not on the
    // form is left alone.
    send(&mut reply, &seen, &[("MS_INC", "4"), ("MS_INF", "3")]).expect("the same");
    send(&mut reply, "MS_BUD:0", &[("MS_BUD", "1")]).expect("one item");
    assert_eq!((one(&reply, "MS_INC"), one(&reply, "MS_BUD")), (Some(4), Some(1)));
}

#[test]
fn an_edition_tells_nothing_without_its_seed() {
    let survey = survey();
    let reply = taken(&survey, "B", &[("MS_INC", "1")]);
    let item = code("MS_INC");
    let (one, other) = (editions(&[1; 32], &reply, [&item]), editions(&[2; 32], &reply, [&item]));
    assert_ne!(one, other);
    assert_eq!(editions(&[1; 32], &reply, [&code("MS_INF")]), "MS_INF:0");
}
