//! Indexes and the overall index: methods.md 2 and 3.

use num_rational::BigRational;
use proptest::prelude::*;

use super::*;
use crate::tabulation::sample::{leaf, marks, survey};
use crate::tabulation::{IndexCounts, Tally};

/// The counts over three items of people such as `35.`: a digit for the point,
/// a full stop for no answer.
fn counts(people: &[String]) -> IndexCounts {
    let mut tally = Tally::new(&survey(), [leaf("a")]);
    for person in people {
        tally.add(&leaf("a"), &marks(&format!("{person}.."))).expect("a ballot");
    }
    tally.sum([&leaf("a")]).indexes()[1].clone()
}

fn part(people: &[String], place: usize, weight: u32, population: u64) -> Part {
    let mut points = [0; 5];
    for person in people {
        if let Some(point) = person.chars().nth(place).and_then(|point| point.to_digit(10)) {
            points[point as usize - 1] += 1;
        }
    }
    let mean = mean_estimate(&histogram(points), population, sure()).expect("answers");
    Part { place, weight, mean }
}

fn people(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn ratio(above: i64, below: i64) -> BigRational {
    BigRational::new(above.into(), below.into())
}

#[test]
fn example_d_of_an_index_with_missing_answers() {
    let six_people = people(&["35.", "44.", "2..", "55.", ".3.", "12."]);
    let parts = [part(&six_people, 0, 1, 6), part(&six_people, 1, 1, 6)];
    let found = index_estimate(&counts(&six_people), &parts, 6, sure()).expect("people");
    assert_eq!((found.people, six(found.index)), (6, "60".into()));
    assert_eq!(found.se.map(six).as_deref(), Some("14.798649"));
    // Nobody is missing altogether, but two answers are: bounds of the items.
    assert_eq!(ends(found.bounds), "[50, 66.666667]");
    assert_eq!(ends(found.reply), "[60, 60]");
    assert_eq!(exact_index(&parts), Some(ratio(60, 1)));
    let more = index_estimate(&counts(&six_people), &parts, 24, sure()).expect("people");
    let half = sure().student(5).expect("a quantile") * found.se.expect("people");
    let process = more.process.expect("spread");
    near(process.lo, 60.0 - half);
    near(process.hi, 60.0 + half);
    near(more.reply.lo, (60.0 - half * 0.75_f64.sqrt()).max(more.bounds.lo));
}

#[test]
fn an_index_is_the_number_next_to_its_fraction() {
    // Thirds and sevenths: (25·4/3 + 2·25·9/7) / 3
    let some = people(&["1.1", "2.1", "4.1", "..1", "..2", "..5", "..5"]);
    let parts = [part(&some, 0, 1, 20), part(&some, 2, 2, 20)];
    let exact = (ratio(100, 3) + ratio(450, 7)) / ratio(3, 1);
    assert_eq!(exact_index(&parts), Some(exact));
    let found = index_estimate(&counts(&some), &parts, 20, sure()).expect("people");
    assert_eq!(found.index.to_bits(), (2050.0_f64 / 63.0).to_bits());
    assert_eq!(found.people, 7);
}

#[test]
fn the_overall_index_weighs_domains_and_then_items() {
    let some = people(&["352", "445", "2.1", "551", ".34", "12."]);
    let parts: Vec<Part> = (0..3).map(|place| part(&some, place, 1, 9)).collect();
    let [one, two, three] = [parts[0], parts[1], parts[2]];
    let domains =
        [Domain { weight: 1, parts: vec![one, two] }, Domain { weight: 2, parts: vec![three] }];
    let found = overall_estimate(&counts(&some), &domains, 9, sure()).expect("people");
    // The same weights in one index: 1/6, 1/6 and 2/3.
    let flat = [one, two, Part { weight: 4, ..three }];
    let expected = index_estimate(&counts(&some), &flat, 9, sure()).expect("people");
    near(found.index, expected.index);
    near(found.se.expect("people"), expected.se.expect("people"));
    near(found.bounds.hi, expected.bounds.hi);
    assert_eq!((found.people, expected.people), (6, 6));
    assert_eq!(exact_overall(&domains), exact_index(&flat));
    // One item in two domains counts with both weights.
    let twice =
        [Domain { weight: 1, parts: vec![one] }, Domain { weight: 1, parts: vec![one, two] }];
    let found = overall_estimate(&counts(&some), &twice, 9, sure()).expect("people");
    let flat = [Part { weight: 3, ..one }, two];
    let expected = index_estimate(&counts(&some), &flat, 9, sure()).expect("people");
    near(found.se.expect("people"), expected.se.expect("people"));
}

#[test]
fn people_who_do_not_differ_leave_no_error() {
    // Item by item they do; thirds and sevenths leave a trace of rounding.
    let some = people(&["153", "513", "333", "224", "442", "134", "532"]);
    let parts: Vec<Part> =
        [1, 1, 2].into_iter().enumerate().map(|(place, w)| part(&some, place, w, 9)).collect();
    let found = index_estimate(&counts(&some), &parts, 9, sure()).expect("people");
    assert_eq!((found.se, found.process, found.reply), (Some(0.0), None, found.bounds));
    let one = people(&["153"]);
    let parts = [part(&one, 0, 1, 9), part(&one, 1, 1, 9)];
    let found = index_estimate(&counts(&one), &parts, 9, sure()).expect("a person");
    assert_eq!((found.se, found.process, found.reply), (None, None, found.bounds));
}

#[test]
fn nothing_comes_of_no_parts_no_weights_and_no_people() {
    let some = people(&["352", "445"]);
    let parts = [part(&some, 0, 1, 9)];
    let all = counts(&some);
    assert_eq!((index_estimate(&all, &[], 9, sure()), exact_index(&[])), (None, None));
    let weightless = [Part { weight: 0, ..parts[0] }];
    assert_eq!(index_estimate(&all, &weightless, 9, sure()), None);
    let domains = |other: Vec<Part>, weight| {
        [Domain { weight: 1, parts: parts.to_vec() }, Domain { weight, parts: other }]
    };
    assert_eq!(overall_estimate(&all, &domains(Vec::new(), 1), 9, sure()), None);
    assert_eq!(exact_overall(&domains(Vec::new(), 1)), None);
    assert_eq!((exact_overall(&[]), overall_estimate(&all, &[], 9, sure())), (None, None));
    assert!(exact_overall(&domains(parts.to_vec(), 0)).is_some());
    let nobody = counts(&people(&["..2"]));
    assert_eq!(index_estimate(&nobody, &parts, 9, sure()), None);
    // More people than were invited: nobody is missing.
    let found = index_estimate(&all, &parts, 1, sure()).expect("people");
    assert_eq!(found.reply.lo.to_bits(), found.index.to_bits());
}

proptest! {
    #[test]
    fn an_index_lies_within_its_intervals(
        replies in prop::collection::vec(prop::array::uniform3(0_u8..6), 2..14), silent in 0_u64..20,
    ) {
        let mut some: Vec<String> = replies
            .iter()
            .map(|own| own.iter().map(|p| if *p == 0 { ".".into() } else { p.to_string() }).collect())
            .collect();
        some.push("123".into());
        let invited = some.len() as u64 + silent;
        let parts: Vec<Part> = [1, 3, 2]
            .into_iter()
            .enumerate()
            .map(|(place, weight)| part(&some, place, weight, invited))
            .collect();
        let found = index_estimate(&counts(&some), &parts, invited, sure()).expect("people");
        prop_assert!(SCALE.lo <= found.bounds.lo && found.bounds.hi <= SCALE.hi);
        prop_assert!(found.bounds.lo <= found.reply.lo && found.reply.hi <= found.bounds.hi);
        prop_assert!(found.reply.lo <= found.index + 1e-9 && found.index <= found.reply.hi + 1e-9);
        if let Some(process) = found.process {
            prop_assert!(process.lo <= found.index && found.index <= process.hi);
        }
    }
}
