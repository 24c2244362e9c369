//! Suggestions, decisions and what goes out.

use proptest::prelude::*;

use super::*;
use crate::chance::Chance;
use crate::disclosure::{Rule, RuleSettings};
use crate::register::{EmailAddress, Lead, PbcGroup, Pct, Register, ReportingUnit};

fn register() -> Register {
    let lead = |name: &str| Lead {
        group: "lea-valley".parse().expect("a group"),
        name: name.parse().expect("a name"),
        role: "GP chair".to_owned(),
        email: "lead@practice.example.org".parse().expect("an address"),
        synthetic: true,
    };
    let pct = |name: &str, short: &str| Pct {
        code: "5GC".parse().expect("a code"),
        name: name.to_owned(),
        short_name: short.to_owned(),
        population: None,
        source: String::new(),
    };
    let group = |name: &str| PbcGroup {
        slug: "lea-valley".parse().expect("a group"),
        name: name.to_owned(),
        pct: "5GC".parse().expect("a code"),
        practices: None,
        population: None,
        legal_form: String::new(),
        as_at: String::new(),
        source: String::new(),
        synthetic: true,
    };
    Register {
        clusters: Vec::new(),
        pcts: vec![pct("Luton Teaching PCT", "Luton"), pct("Mid Essex PCT", "Mid Essex")],
        units: vec![ReportingUnit {
            slug: "mid-essex".parse().expect("a unit"),
            label: "Mid Essex".to_owned(),
            pcts: Vec::new(),
            cluster: None,
        }],
        groups: vec![group("Lea Valley PBC Consortium"), group("Swift Commissioning Group")],
        leads: vec![lead("Dr Dorian Saltmarsh"), lead("Ms Zoë O'Fenn"), lead("Mr A. B. May")],
    }
}

fn finder() -> Finder {
    Finder::of(&register())
}

#[track_caller]
fn redacts(words: &str, to: &str) {
    assert_eq!(finder().redacted(words), to, "{words}");
}

#[test]
fn names_of_the_register_go_in_whole_and_in_part_and_in_any_case() {
    redacts("Dr Dorian Saltmarsh and SALTMARSH's clerk", "[name] and [name]'s clerk");
    redacts("Saltmarshes are wet; a saltmarsh is one", "Saltmarshes are wet; a [name] is one");
    redacts("Zoe O\u{2019}Fenn said so, and zo\u{eb}  o'fenn", "[name] said so, and [name]");
    redacts("LEA VALLEY pbc\nconsortium, or lea valley", "[group], or [group]");
    redacts(
        "Luton Teaching PCT pays, in Luton and Mid-Essex",
        "[place] pays, in [place] and Mid-[place]",
    );
    // Hidden by marks that nobody sees.
    redacts("Salt\u{200b}marsh and Sal\u{ad}tmarsh", "[name] and [name]");
}

#[test]
fn a_name_that_is_an_ordinary_word_is_one_with_a_capital_letter_only() {
    redacts("We may be swift. Dorian is not dorian.", "We may be swift. [name] is not dorian.");
    redacts("Ask May at Swift", "Ask [name] at [group]");
}

#[test]
fn addresses_and_numbers_go_by_their_shape() {
    redacts("Write to a.b@practice.example.org.", "Write to [e-mail address].");
    redacts("a.b (at) practice (dot) nhs (dot) uk", "[e-mail address]");
    redacts("See www.example.org/x?y, or example.nhs.uk!", "See [web address], or [web address]!");
    redacts(
        "Ring 01582 123456 or (01582) 123-456",
        "Ring [telephone number] or [telephone number]",
    );
    redacts("+44 (0)7700 900123, ext. 1234", "[telephone number], [telephone number]");
    redacts(
        "Patient 943 476 5919 waits, so does 1234567",
        "Patient [NHS number] waits, so does [number]",
    );
    redacts("at LU1 2AB and cb22 3ab", "at [postcode] and [postcode]");
    redacts("at 12 High Town Road", "at [address]");
    redacts(
        "In 2006-2007 we had 12 of 45 and £250,000",
        "In 2006-2007 we had 12 of 45 and £250,000",
    );
}

#[test]
fn strangers_go_by_their_title_and_practices_by_what_they_are() {
    redacts("Prof. J. Unknown-Person left; mr person, too", "[name] left; [name], too");
    redacts("The dr and the Mr who came", "The dr and the Mr who came");
    redacts("Our Practice and the Kingfisher Road Surgery", "Our Practice and the [practice]");
    redacts("Best Practice is at St Unknown's", "Best Practice is at [practice]");
}

#[test]
fn pieces_are_the_whole_text() {
    let text = "Saltmarsh, <b>{{x}}</b>\u{202e} Luton\n";
    let all: String = finder().pieces(text).iter().map(|piece| piece.words).collect();
    assert_eq!(all, text);
    assert!(finder().pieces("").is_empty());
}

fn somebody(name: &str) -> EmailAddress {
    format!("{name}@office.example.org").parse().expect("an address")
}

fn publish(words: &str) -> Decision {
    Decision::typed("publish", words, "", true).expect("a decision")
}

#[test]
fn one_reader_settles_where_one_is_enough() {
    let decided = Decided::after(None, publish(" We meet \r\n"), &somebody("ann"), true);
    let decided = decided.expect("decided");
    assert_eq!(decided.decision.words(), "We meet");
    assert!(Reading::of(Some(&decided), Readers::One).to_publish().is_some());
    assert!(Reading::of(Some(&decided), Readers::Two).to_publish().is_none());
    assert_eq!(Reading::of(None, Readers::One), Reading::Unread);
}

#[test]
fn two_readers_must_agree_on_the_same_words() {
    let (ann, ben) = (somebody("ann"), somebody("ben"));
    let two = |decided: &Decided| Reading::of(Some(decided), Readers::Two).to_publish().is_some();
    let first = Decided::after(None, publish("We meet"), &ann, true).expect("decided");
    assert!(!two(&first) && Reading::of(Some(&first), Readers::Two).is_open_to(&ben));
    assert!(!Reading::of(Some(&first), Readers::Two).is_open_to(&ann));
    // Pressing again is no second person, not even under the same address in capitals.
    let loud: EmailAddress = "ANN@office.example.org".parse().expect("an address");
    for who in [&ann, &loud] {
        assert!(!two(&Decided::after(Some(&first), publish("We meet"), who, true).expect("same")));
    }
    // The second changes it, so that the first must agree again.
    let other = Decided::after(Some(&first), publish("We [name]"), &ben, true).expect("other");
    assert!(!two(&other) && other.is_by(&ben) && !other.is_by(&ann));
    let agreed = Decided::after(Some(&other), publish("We [name]"), &ann, true).expect("agreed");
    assert!(two(&agreed));
    // Agreed by both; a third changes nothing by agreeing, and everything by changing.
    let third = somebody("cat");
    assert!(two(&Decided::after(Some(&agreed), publish("We [name]"), &third, true).expect("3")));
    assert!(!two(&Decided::after(Some(&agreed), publish("We"), &third, true).expect("4")));
    // To keep it back, one is enough.
    let back = Decision::typed("withhold", "", "Tells who it is", true).expect("a decision");
    let back = Decided::after(Some(&agreed), back, &third, true).expect("kept back");
    assert!(matches!(Reading::of(Some(&back), Readers::Two), Reading::Settled(_)) && !two(&back));
}

#[test]
fn what_may_not_be_quoted_is_never_published() {
    let faults = Decision::typed("publish", "words", "", false);
    assert_eq!(faults, Err(ReadingFault::NotQuotable));
    let refused = Decided::after(None, publish("words"), &somebody("ann"), false);
    assert_eq!(refused, Err(ReadingRefusal::NotQuotable));
    assert_eq!(Decision::typed("unquoted", "", "", false), Ok(Decision::Unquoted));
}

#[test]
fn a_decision_has_its_words_and_says_what_is_wrong() {
    let typed = |word, text: &str, reason: &str| Decision::typed(word, text, reason, true);
    assert_eq!(typed("", "x", "y"), Err(ReadingFault::NoChoice));
    assert_eq!(typed("unquoted", "x", "y"), Err(ReadingFault::NoChoice));
    assert_eq!(typed("publish", " \u{202e}\n", "y"), Err(ReadingFault::NoText));
    assert_eq!(typed("publish", &"é".repeat(4001), ""), Err(ReadingFault::LongText(4001)));
    assert!(typed("publish", &"é".repeat(4000), "").is_ok());
    assert_eq!(typed("withhold", "x", " "), Err(ReadingFault::NoReason));
    assert_eq!(typed("withhold", "x", &"é".repeat(301)), Err(ReadingFault::LongReason(301)));
    for decision in [publish("a\nb"), Decision::Withhold("why".into()), Decision::Unquoted] {
        assert_eq!(Decision::kept(decision.word(), decision.words()), Ok(decision.clone()));
        assert!(!format!("{decision:?}").contains("why"));
    }
    assert!(Decision::kept("burn", "").is_err());
}

#[test]
fn a_theme_is_a_short_code_with_words() {
    let theme = Theme::typed(" data ", "Late \n figures").expect("a theme");
    assert_eq!((theme.code.as_str(), theme.words.as_str()), ("DATA", "Late figures"));
    let faults = Theme::typed("a b", "").expect_err("faults");
    assert_eq!(faults, [ThemeFault::Code, ThemeFault::NoWords]);
    assert_eq!(Theme::typed("<b>", &"x".repeat(81)).expect_err("faults").len(), 2);
}

fn rule() -> Rule {
    Rule::new(RuleSettings::default()).expect("a rule")
}

fn well() -> Question {
    Question { item: "WELL".parse().expect("a code"), wording: "What works?".to_owned() }
}

/// So many comments, of which the first are decided to be published.
fn comments(given: usize, decided: usize, quotable: bool) -> Vec<HeldComment> {
    let chance = Chance::seeded(3);
    let comment = |number: usize| HeldComment {
        id: crate::id::CommentId::random(&chance),
        item: "WELL".parse().expect("a code"),
        words: format!("as it was {number:03}"),
        quotable,
        decided: (number < decided).then(|| Decided {
            decision: Decision::Publish(format!("mended {:03}", 999 - number)),
            first: somebody("ann"),
            second: None,
        }),
        themes: Vec::new(),
    };
    (0..given).map(comment).collect()
}

#[test]
fn nothing_goes_out_of_fewer_than_ten_and_everything_else_in_the_order_of_its_words() {
    let published = |given| {
        let all = comments(given, given, true);
        PublishedComments::of(&going(&[well()], &all, &[], Readers::One, &rule()))
    };
    assert!(published(9).is_empty());
    let ten = published(10);
    let words = &ten.questions[0].comments;
    assert!(words.is_sorted() && words.len() == 10 && ten.count() == 10);
    assert_eq!(words[0], "mended 990");
    // Nine were read of twelve: those nine go out.
    let some = going(&[well()], &comments(12, 9, true), &[], Readers::One, &rule());
    assert_eq!((some[0].held.unread, some[0].ready), (3, 9));
    assert_eq!(PublishedComments::of(&some).count(), 9);
    // Under the rule of two they wait.
    let two = going(&[well()], &comments(12, 9, true), &[], Readers::Two, &rule());
    assert_eq!((two[0].held.waiting, two[0].ready), (9, 0));
    assert!(PublishedComments::of(&two).is_empty());
}

#[test]
fn what_may_not_be_quoted_stays_even_if_the_database_says_otherwise() {
    let all = comments(12, 12, false);
    let going = going(&[well()], &all, &[], Readers::One, &rule());
    assert_eq!((going[0].ready, going[0].held.unquoted), (0, 12));
    assert!(PublishedComments::of(&going).is_empty());
}

#[test]
fn a_theme_is_told_if_enough_have_it_and_enough_do_not() {
    let theme = Theme::typed("DATA", "Late figures").expect("a theme");
    let told = |given, read, with| {
        let mut all = comments(given, read, true);
        all.iter_mut().take(with).for_each(|one| one.themes.push(theme.code.clone()));
        let list = [theme.clone()];
        going(&[well()], &all, &list, Readers::One, &rule())[0].themes[0].1
    };
    assert_eq!(told(12, 12, 5), Told::Count(5));
    assert_eq!(told(12, 12, 7), Told::Count(7));
    assert_eq!((told(12, 12, 4), told(12, 12, 8)), (Told::TooFew, Told::TooFew));
    assert_eq!(told(12, 11, 6), Told::NotYet);
    assert_eq!(told(9, 9, 4), Told::TooFew);
}

#[test]
fn the_mark_is_of_exactly_what_goes_out() {
    let of = |all: &[HeldComment]| {
        PublishedComments::of(&going(&[well()], all, &[], Readers::One, &rule())).mark()
    };
    let all = comments(12, 9, true);
    let mut turned = all.clone();
    turned.reverse();
    assert_eq!(of(&all), of(&turned));
    assert_ne!(of(&all), of(&comments(12, 8, true)));
    assert_ne!(of(&all), of(&comments(13, 9, true)));
}

proptest! {
    #[test]
    fn any_text_is_cut_at_letters_and_nothing_is_lost(words in "(?s).{0,80}") {
        let finder = finder();
        let all: String = finder.pieces(&words).iter().map(|piece| piece.words).collect();
        prop_assert_eq!(&all, &words);
        let found = finder.suggestions(&words);
        prop_assert!(found.windows(2).all(|two| two[0].range.end <= two[1].range.start));
    }

    #[test]
    fn a_known_name_between_other_words_never_stays(
        before in "[a-z ,.!]{0,12}", after in "[a-z ,.!]{0,12}",
        name in prop::sample::select(vec!["Saltmarsh", "sALTMARSH", "Lea Valley", "LUTON", "o'fenn"]),
    ) {
        let text = format!("{before} {name} {after}");
        let left = finder().redacted(&text).to_lowercase();
        prop_assert!(!left.contains(&name.to_lowercase()), "{}", left);
    }

    #[test]
    fn an_address_or_a_number_never_stays(
        before in "[a-z ]{0,12}", after in "[a-z ]{0,12}",
        what in prop::sample::select(vec![
            "a.lead@practice.example.org", "07700 900123", "943 476 5919", "https://example.org/x",
        ]),
    ) {
        let left = finder().redacted(&format!("{before} {what} {after}"));
        prop_assert!(!left.chars().any(|c| c.is_ascii_digit() || c == '@' || c == '/'), "{}", left);
    }

    #[test]
    fn nothing_goes_out_on_which_two_did_not_agree(
        acts in prop::collection::vec((0..3_usize, 0..3_usize, 0..3_usize), 0..12)
    ) {
        let people = ["ann", "ben", "cat"].map(somebody);
        let words = ["one text", "another text"];
        let mut decided: Option<Decided> = None;
        let mut said: Vec<(usize, Decision)> = Vec::new();
        for (who, what, _) in acts {
            let decision = words.get(what).map_or_else(
                || Decision::Withhold("why".to_owned()),
                |text| Decision::Publish((*text).to_owned()),
            );
            decided = Decided::after(decided.as_ref(), decision.clone(), &people[who], true).ok();
            said.push((who, decision));
        }
        let out = Reading::of(decided.as_ref(), Readers::Two).to_publish().is_some();
        // The last run of the same decision has two different people in it.
        let last = said.last().map(|(_, decision)| decision.clone());
        let run: std::collections::BTreeSet<usize> = said.iter().rev()
            .take_while(|(_, decision)| Some(decision) == last.as_ref()).map(|(who, _)| *who).collect();
        let agreed = matches!(last, Some(Decision::Publish(_))) && run.len() >= 2;
        prop_assert_eq!(out, agreed);
    }
}
