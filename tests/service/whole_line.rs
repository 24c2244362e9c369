//! The whole line: from the register to the published figures, each of which is
//! computed a second time from the answers that were given.

use std::collections::{BTreeMap, BTreeSet};

use soundings::chance::Chance;
use soundings::flow;

use crate::independent::{Reply, Wave};
use crate::published::{Check, REGION, check_json, table};
use crate::routed::routed;
use crate::support::browser::Browser;
use crate::support::house::{Invited, TestHouse, code};
use crate::support::region::{Item, Questionnaire, leads, questionnaire, units};
use crate::support::respondent::Answers;
use crate::support::smtp::SmtpServer;
use crate::support::{Backend, WAVE, on_both};

/// How many leads of each unit answer. With two leads a group, some units have
/// five people from three groups and some do not; five units stay silent.
const ANSWERING: [(&str, usize); 8] = [
    ("herts", 11),
    ("norfolk", 8),
    ("suffolk", 6),
    ("luton", 6),
    ("cambridgeshire", 5),
    ("bedfordshire", 3),
    ("peterborough", 1),
    ("mid-essex", 1),
];

/// A made-up reply with blanks, ways out and words.
fn made_up(asked: &Questionnaire, chance: &Chance) -> Answers {
    let mut answers = Answers::new();
    for item in &asked.scored {
        let (scored, out): (Vec<_>, Vec<_>) =
            item.options.iter().partition(|option| option.score.is_some());
        let draw = chance.fraction();
        let from = if draw < 0.05 {
            continue;
        } else if draw < 0.12 {
            out
        } else {
            scored
        };
        answers.insert(item.code.clone(), from[chance.below(from.len())].value.clone());
    }
    for (code, values) in &asked.choices {
        if chance.fraction() < 0.9 {
            answers.insert(code.clone(), values[chance.below(values.len())].clone());
        }
    }
    for (code, values, most) in &asked.several {
        let chosen: BTreeSet<&String> =
            (0..=chance.below(*most)).map(|_| &values[chance.below(values.len())]).collect();
        let chosen: Vec<String> = chosen.into_iter().take(*most).cloned().collect();
        answers.insert(code.clone(), chosen.join(" "));
    }
    for code in &asked.numbers {
        let decided = answers.get("BC_DEC").and_then(|value| value.parse::<usize>().ok());
        let most = if code == "BC_APP" { decided.unwrap_or(0) } else { 3 };
        match chance.below(8) {
            0 => {}
            1 => drop(answers.insert(format!("-out-{code}"), "98".to_owned())),
            _ => drop(answers.insert(code.clone(), chance.below(most + 1).to_string())),
        }
    }
    // The barrier to tackle first is one that was called moderate or worse.
    let rows = asked.scored.iter().filter(|item| item.barrier).zip(1..);
    let bad = |item: &Item| {
        answers.get(&item.code).is_some_and(|value| ["3", "4", "5"].contains(&value.as_str()))
    };
    let first = rows.filter(|(item, _)| bad(item)).map(|(_, place): (_, i32)| place).next();
    match first {
        Some(place) => answers.insert("BAR_TOP".to_owned(), place.to_string()),
        None => answers.remove("BAR_TOP"),
    };
    for (code, _) in &asked.texts {
        if chance.fraction() < 0.3 {
            answers.insert(code.clone(), "Quarterly meetings help; <b>\"&\" £5</b>.".to_owned());
        }
    }
    answers
}

/// Who answers: so many of each unit, spread over its groups.
fn chosen(invited: &[Invited]) -> Vec<Invited> {
    let mut chosen = Vec::new();
    for (unit, number) in ANSWERING {
        let (mut first, mut second, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        for one in invited.iter().filter(|one| one.lead.unit == unit) {
            if seen.insert(&one.lead.group) { first.push(one) } else { second.push(one) }
        }
        chosen.extend(first.into_iter().chain(second).take(number).cloned());
    }
    chosen
}

fn answer(house: &TestHouse, link: &str, answers: &Answers) {
    house.respondent(link).open().answers(answers).send();
}

/// Answers what stands on the page and was not answered yet; whether there was any.
fn fill_in(browser: &Browser, answers: &Answers, done: &mut BTreeSet<String>) -> bool {
    let before = done.len();
    for (item, values) in answers {
        if done.contains(item) {
            continue;
        }
        for value in values.split(' ') {
            let option = format!("input[name='{item}'][value='{value}']");
            if browser.has(&format!(".so-grid {option}")) {
                // In a wide grid the labels stand in the head of the column.
                browser.click(&option);
            } else if browser.has(&option) {
                let id = browser.script(&format!("return document.querySelector(\"{option}\").id"));
                browser.click(&format!("label[for='{}']", id.as_str().expect("an id")));
            } else {
                continue;
            }
            done.insert(item.clone());
        }
        for field in
            [format!("textarea[name='{item}']"), format!("input[type=text][name='{item}']")]
        {
            if browser.has(&field) {
                browser.fill(&field, values);
                done.insert(item.clone());
            }
        }
    }
    done.len() > before
}

/// Answers in a real browser, by clicking on labels.
fn answer_in_chromium(link: &str, answers: &Answers) {
    let browser = Browser::start();
    browser.resize(1280, 900);
    browser.goto(link);
    browser.follow("main form button");
    let mut done = BTreeSet::new();
    while !browser.url().ends_with("/answer/check") {
        let before = browser.url();
        // What is answered can bring up more questions while it is saved.
        while fill_in(&browser, answers, &mut done) {
            browser.appear("#section[data-state=saved]");
        }
        browser.follow("main form > button");
        if browser.has(".so-prompt") {
            browser.follow(".so-prompt button");
        }
        assert_ne!(browser.url(), before);
    }
    browser.follow("main form button");
    assert_eq!(browser.text("h1"), "Thank you");
    assert!(browser.url().ends_with("/answer/done"));
}

/// Everybody answers; what counts in the end.
fn collect(house: &TestHouse, invited: &[Invited], asked: &Questionnaire) -> Vec<Reply> {
    let chance = Chance::seeded(41);
    let people: Vec<(Invited, Answers)> =
        chosen(invited).into_iter().map(|one| (one, made_up(asked, &chance))).collect();
    assert_eq!(people.len(), 41);
    let replaced = made_up(asked, &chance);
    let ((last, last_answers), others) = people.split_last().expect("people");
    std::thread::scope(|scope| {
        for part in others.chunks(10) {
            scope.spawn(move || {
                for (one, answers) in part {
                    answer(house, &one.link, answers);
                }
            });
        }
        if house.backend == Backend::Sqlite {
            answer_in_chromium(&last.link, last_answers);
        } else {
            answer(house, &last.link, last_answers);
        }
    });
    // One sends another reply, one says no, one knows nothing.
    let mut replies: Vec<Reply> = people.iter().map(|(one, answers)| reply(one, answers)).collect();
    answer(house, &people[0].0.link, &replaced);
    replies[0] = reply(&people[0].0, &replaced);
    let of = |unit: &str| invited.iter().find(|one| one.lead.unit == unit).expect("a lead");
    house.respondent(&of("west-essex").link).open().decline();
    let dont_know: Answers =
        asked.scored.iter().map(|item| (item.code.clone(), "98".to_owned())).collect();
    answer(house, &of("se-essex").link, &dont_know);
    replies.push(reply(of("se-essex"), &dont_know));
    replies
}

fn reply(one: &Invited, answers: &Answers) -> Reply {
    let Invited { lead, .. } = one.clone();
    let (answers, beside) = routed(answers);
    Reply { unit: lead.unit, group: lead.group, answers, beside }
}

on_both!(every_published_figure_follows_from_the_answers_that_were_given, |house| {
    let server = SmtpServer::start();
    let invited = house.invite_everybody(&server);
    assert_eq!(invited.len(), 162);
    let asked = questionnaire();
    let replies = collect(house, &invited, &asked);

    house.close();
    flow::build_release(&house.house, &code(WAVE)).expect("a release");
    flow::publish_release(&house.house, &code(WAVE)).expect("published");
    let out = house.place("files");
    house.command(&["release", "export", WAVE, "--out", &out.display().to_string()]);
    let table = table(&out.join("figures.csv"));
    check_json(&out.join("release.json"), &table);

    let mut counts = BTreeMap::new();
    for lead in leads() {
        *counts.entry(lead.unit).or_default() += 1;
    }
    let wave = Wave::new(&asked, replies, counts);
    assert_eq!(wave.responded(None), 41);
    let check = Check { wave, table: &table, asked: &asked };
    let measures = check.asked.scored.len() + check.asked.indexes.len();
    let nodes = units().len() + 1;
    let of_kinds =
        |kinds: &[&str]| table.values().filter(|row| kinds.contains(&row["kind"].as_str())).count();
    assert_eq!(of_kinds(&["item", "barrier", "index"]), measures * nodes);
    assert_eq!(of_kinds(&["overall", "rate"]), 2 * nodes);
    assert!(of_kinds(&["number"]) >= nodes);
    let (mut shown, mut more_than_needed) = (0, 0);
    for item in &asked.scored {
        let (ok, secondary) = check.item(item);
        shown += ok;
        more_than_needed += secondary;
        // Too few people, or from too few groups, whatever they said.
        for unit in ["bedfordshire", "peterborough", "mid-essex"] {
            assert_ne!(check.status(Some(unit), &item.code), "ok");
        }
        assert_eq!(check.status(None, &item.code), "ok");
        for unit in ["west-essex", "se-essex", "yarmouth-waveney"] {
            assert_eq!(check.status(Some(unit), &item.code), "x");
        }
    }
    let indexes: usize = asked.indexes.iter().map(|(index, items)| check.index(index, items)).sum();
    // Five units could be shown for each of the items, and most are. Where the
    // hidden ones are too few together, one more is hidden with them.
    assert!(shown > asked.scored.len() * 3, "only {shown} cells are shown");
    assert!(more_than_needed > 0, "no item needed a second cell hidden");
    assert!(more_than_needed < asked.scored.len(), "{more_than_needed} are hidden without need");
    assert!(indexes > asked.indexes.len() * 3, "only {indexes} indexes are shown");
});

#[test]
fn enough_people_of_too_few_groups_stay_hidden() {
    let four = [("SOUNDINGS_K", "4".to_owned())];
    let house = TestHouse::start_with(Backend::Sqlite, four);
    let invited = house.invite_some(162);
    let asked = questionnaire();
    // Four of each unit, with every answer different; in Luton they come from two groups.
    for (unit, from) in [("luton", 2), ("norfolk", 4), ("suffolk", 4), ("herts", 4)] {
        let mut groups = BTreeSet::new();
        let mut number = 0;
        for one in invited.iter().filter(|one| one.lead.unit == unit) {
            let known = groups.contains(&one.lead.group);
            // Two of each group in Luton, one of each elsewhere.
            if number == 4 || (known && from == 4) || (!known && groups.len() == from) {
                continue;
            }
            groups.insert(&one.lead.group);
            let mut answers: Answers = asked
                .scored
                .iter()
                .map(|item| (item.code.clone(), item.options[number].value.clone()))
                .collect();
            // Answers that lead to every question.
            answers.insert("BC_DEC".to_owned(), "1".to_owned());
            answers.insert("MS_BUD".to_owned(), (number % 3 + 1).to_string());
            answer(&house, &one.link, &answers);
            number += 1;
        }
        assert_eq!((number, groups.len()), (4, from), "{unit}");
    }
    house.close();
    house.release();
    let out = house.place("files");
    house.command(&["release", "export", WAVE, "--out", &out.display().to_string()]);
    let table = table(&out.join("figures.csv"));
    for item in &asked.scored {
        let status = |unit: &str| table[&(unit.to_owned(), item.code.clone())]["status"].clone();
        assert_eq!(status("luton"), "c", "{}", item.code);
        let shown = ["norfolk", "suffolk", "herts"].into_iter().filter(|unit| status(unit) == "ok");
        assert!(shown.count() >= 1, "{}", item.code);
        assert_eq!(status(REGION), "ok");
    }
}
