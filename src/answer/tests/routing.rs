//! The way through the survey.

use std::collections::BTreeSet;

use super::*;
use crate::chance::Chance;
use crate::definition::{Item, ItemAnswer, Limit};

fn asks(survey: &Survey, reply: &Reply, item: &str) -> bool {
    Route::of(survey, reply).asks(&code(item))
}

#[test]
fn a_comparison_fails_for_a_blank_and_its_opposite_holds() {
    let survey = survey();
    let nothing = Reply::default();
    assert!(asks(&survey, &nothing, "INF_TIME"), "INF_ACC != 97");
    assert!(!asks(&survey, &nothing, "BUD_CLEAR"), "MS_BUD in (1, 2, 3)");
    assert!(!asks(&survey, &nothing, "BC_APP"), "BC_DEC > 0");
    assert!(!asks(&survey, &nothing, "QUOTE"), "no comment");
    assert!(!asks(&survey, &taken(&survey, "C", &[("INF_ACC", "97")]), "INF_TIME"));
    assert!(asks(&survey, &taken(&survey, "B", &[("MS_BUD", "3")]), "BUD_CLEAR"));
    assert!(!asks(&survey, &taken(&survey, "B", &[("MS_BUD", "98")]), "BUD_CLEAR"));
    let waits = taken(&survey, "D", &[("BC_DEC", "0"), ("BC_WAIT", "1")]);
    assert!(asks(&survey, &waits, "BC_SPEED") && !asks(&survey, &waits, "BC_FEED"));
    assert!(asks(&survey, &taken(&survey, "I", &[("OPEN", "x")]), "QUOTE"));
}

#[test]
fn dont_know_is_not_more_than_moderate() {
    let survey = survey();
    let row = |value: &str| taken(&survey, "G", &[("BAR_DATA", value)]);
    for (value, asked) in [("2", false), ("3", true), ("5", true), ("98", false), ("99", false)] {
        assert_eq!(asks(&survey, &row(value), "BAR_TOP"), asked, "{value}");
    }
}

#[test]
fn options_come_from_the_rows_rated_moderate_or_worse() {
    let survey = survey();
    let rated = [("BAR_REORG", "3"), ("BAR_SKILLS", "2"), ("BAR_MGMT", "5"), ("BAR_TOP", "3")];
    let mut reply = taken(&survey, "G", &rated);
    let route = Route::of(&survey, &reply);
    let item = survey.item(&code("BAR_TOP")).expect("an item");
    let offered = item.options().expect("options").iter().filter(|option| route.offers(option));
    assert_eq!(offered.map(|option| option.value).collect::<Vec<_>>(), [1, 3, 20, 98]);
    let not_offered = [("BAR_REORG", "3"), ("BAR_SKILLS", "2"), ("BAR_TOP", "2")];
    let stale = taken(&survey, "G", &not_offered);
    assert_eq!(Route::of(&survey, &stale).answer(&code("BAR_TOP")), None);
    assert!(stale.blanks(&survey, section(&survey, "G")).contains(&code("BAR_TOP")));
    // An answer whose row is rated lower afterwards no longer counts, nor does
    // what hangs on it.
    take(
        &mut reply,
        &survey,
        "G",
        &[("BAR_REORG", "3"), ("BAR_MGMT", "5"), ("BAR_TOP", "3"), ("BAR_FIX", "x")],
    )
    .expect("good");
    let known = editions(&SEED, &reply, [&code("BAR_MGMT")]);
    take(&mut reply, &survey, "G", &[("BAR_MGMT", "1"), (EDITIONS, &known)]).expect("good");
    let (kept, dropped) = Route::of(&survey, &reply).kept();
    assert_eq!(dropped, [code("BAR_TOP"), code("BAR_FIX")]);
    assert_eq!(one(&kept, "BAR_TOP"), None);
    assert_eq!(kept.check_against(&survey), Ok(()));
}

#[test]
fn what_later_answers_lead_past_is_dropped_but_comes_back_with_them() {
    let survey = survey();
    let mut reply = taken(&survey, "C", &[("INF_ACC", "1"), ("INF_TIME", "2"), ("INF_USE", "3")]);
    let known = editions(&SEED, &reply, [&code("INF_ACC")]);
    let change = |reply: &mut Reply, known: &str, value: &str| {
        let sent = fields(&[("INF_ACC", value), (EDITIONS, known)]);
        Form::new(&sent, &SEED).take(reply, &survey, section(&survey, "C")).expect("good");
    };
    change(&mut reply, &known, "97");
    let (kept, dropped) = Route::of(&survey, &reply).kept();
    assert_eq!(dropped, [code("INF_TIME"), code("INF_USE")]);
    assert_eq!((one(&kept, "INF_ACC"), one(&kept, "INF_TIME")), (Some(97), None));
    let known = editions(&SEED, &reply, [&code("INF_ACC")]);
    change(&mut reply, &known, "1");
    assert_eq!(one(&Route::of(&survey, &reply).kept().0, "INF_TIME"), Some(2));
}

/// Some answer to an item as form fields; none for a blank.
fn some_answer(item: &Item<'_>, chance: &Chance, route: &Route<'_>) -> Vec<(String, String)> {
    if chance.below(6) == 0 {
        return Vec::new();
    }
    let field = |value: String| (item.code.to_string(), value);
    let offered: Vec<String> = item
        .options()
        .unwrap_or_default()
        .iter()
        .filter(|option| route.offers(option))
        .map(|option| option.value.to_string())
        .collect();
    let pick = |chance: &Chance| offered[chance.below(offered.len())].clone();
    match item.answer {
        ItemAnswer::Text(_) => vec![field("some words".to_owned())],
        ItemAnswer::Scored(_) | ItemAnswer::Choice(_) => vec![field(pick(chance))],
        ItemAnswer::Several(_) => {
            let values: BTreeSet<String> = (0..=chance.below(2)).map(|_| pick(chance)).collect();
            let alone = ["11", "98"].iter().find(|value| values.contains(**value));
            match alone {
                Some(alone) => vec![field((*alone).to_owned())],
                None => values.into_iter().map(field).collect(),
            }
        }
        ItemAnswer::Number(number) if chance.below(5) == 0 => number
            .ways_out()
            .take(1)
            .map(|option| (format!("{WAY_OUT}{}", item.code), option.value.to_string()))
            .collect(),
        ItemAnswer::Number(number) => {
            let most = match &number.max {
                Limit::Answer(code) => match route.answer(code) {
                    Some(Answer::Amount(amount)) => *amount,
                    _ => 3,
                },
                Limit::Fixed(_) => 3,
            };
            let most = usize::try_from(most).expect("small");
            vec![field(chance.below(most + 1).to_string())]
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    /// Respondents who answer what they are shown, section by section, go back
    /// and change their minds, always come to an end with a reply that can be
    /// sealed; they are never shown a question whose condition is false; and
    /// what is sealed is what the page for checking shows.
    #[test]
    fn any_way_through_the_survey_ends_well(seed in any::<u64>()) {
        let chance = Chance::seeded(seed);
        let whole = survey();
        let module = &whole.modules[chance.below(whole.modules.len())].code;
        let survey = whole.with_modules(std::slice::from_ref(module)).expect("a module");
        let mut reply = Reply::default();
        let mut steps = 0;
        let mut at = 0;
        while let Some(section) = survey.sections.get(at) {
            // Each section is sent until it brings up nothing more.
            let mut met: BTreeSet<ItemCode> = BTreeSet::new();
            let mut sent: Vec<(String, String)> = Vec::new();
            loop {
                steps += 1;
                prop_assert!(steps < 400, "no end");
                let route = Route::of(&survey, &reply);
                let shown: Vec<Item<'_>> =
                    section.items().filter(|item| route.asks(item.code)).collect();
                let fresh: Vec<&Item<'_>> =
                    shown.iter().filter(|item| !met.contains(item.code)).collect();
                if fresh.is_empty() {
                    break;
                }
                for item in fresh {
                    met.insert(item.code.clone());
                    sent.extend(some_answer(item, &chance, &route));
                }
                let mut form = sent.clone();
                let editions = editions(&SEED, &reply, shown.iter().map(|item| item.code));
                form.push((EDITIONS.to_owned(), editions));
                if let Err(faults) = Form::new(&form, &SEED).take(&mut reply, &survey, section) {
                    // More approvals than decisions: told, and mended by leaving it out.
                    prop_assert!(faults.iter().all(|fault| fault.item == code("BC_APP")));
                    sent.retain(|(name, _)| name != "BC_APP");
                }
            }
            // Now and then somebody goes back and starts a section again.
            at = if chance.below(8) == 0 { at.saturating_sub(chance.below(3)) } else { at + 1 };
        }
        let route = Route::of(&survey, &reply);
        let (kept, _) = route.kept();
        let again = Route::of(&survey, &kept);
        for item in survey.items() {
            // What is shown for checking is what is sealed.
            prop_assert_eq!(route.answer(item.code), kept.answer(item.code));
            prop_assert_eq!(route.asks(item.code), again.asks(item.code));
            prop_assert!(route.asks(item.code) || kept.answer(item.code).is_none());
        }
        prop_assert!(again.kept().1.is_empty());
        // Going back may leave approvals above decisions: that is told, not sealed.
        match kept.check_against(&survey) {
            Ok(()) => {}
            Err(faults) => prop_assert!(faults.iter().all(|fault| fault.item == code("BC_APP"))),
        }
        let marks = Marks::of(&kept, &survey);
        prop_assert_eq!(&marks, &Marks::of(&reply, &survey));
        prop_assert_eq!(Marks::from_bytes(marks.as_bytes().to_vec(), &survey), Ok(marks));
    }
}
