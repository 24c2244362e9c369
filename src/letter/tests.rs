use super::*;

fn written(subject: &str, body: &str) -> Written {
    Written { subject: subject.to_owned(), body: body.to_owned() }
}

fn text(filled: &Filled) -> String {
    let line = |parts: &Vec<Part>| parts.iter().map(Part::text).collect::<String>();
    let paragraph = |lines: &Vec<Vec<Part>>| lines.iter().map(line).collect::<Vec<_>>().join("\n");
    filled.paragraphs.iter().map(paragraph).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn every_usual_letter_is_sound_and_short() {
    for kind in MailKind::ALL {
        let usual = kind.usual();
        Letter::parse(kind, &usual).unwrap_or_else(|faults| panic!("{kind}: {faults:?}"));
        let words = usual.body.split_whitespace().count();
        assert!(words < 190, "{kind} has {words} words");
        assert_eq!(kind.word().parse(), Ok(kind));
    }
}

#[test]
fn every_fault_is_told_at_once_with_its_place() {
    let faults = Letter::parse(
        MailKind::Invitation,
        &written("Dear {{nam}}: {{link}}", "Start {{lnk}}\n\nand { here\n{{words}}"),
    )
    .expect_err("faults");
    let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "In the subject, {{nam}} is not known here; did you mean {{name}}?",
            "A link has no place in a subject; move {{link}} into the text",
            "In line 1, {{lnk}} is not known here; did you mean {{link}}?",
            "In line 3, braces stand alone; a token is written {{name}}",
            "In line 4, {{words}} is not known here; choose one of the list",
            "The text needs {{link}}: the personal link, in full",
            "The text needs {{opt_out_link}}: the link that ends all mails",
        ]
    );
    let empty = Letter::parse(MailKind::Thanks, &written(" ", "")).expect_err("faults");
    assert_eq!(empty, [LetterFault::NoSubject, LetterFault::NoBody]);
}

#[test]
fn values_are_words_and_never_tokens_or_lines_of_a_header() {
    let letter = Letter::parse(
        MailKind::Network,
        &written("For {{name}}", "Dear {{name}}\n\n{{words}}\n\n{{group}}\n{{team}}"),
    )
    .expect("a letter");
    let values = Values::default()
        .with(LetterToken::Name, "Ann\r\nBcc: x@example.org {{team}}")
        .with(LetterToken::Words, "one\ntwo")
        .with(LetterToken::Team, "Office");
    let filled = letter.fill(&values);
    assert_eq!(filled.subject, "For Ann Bcc: x@example.org {{team}}");
    assert!(text(&filled).ends_with("one\ntwo\n\nOffice"), "{}", text(&filled));
}

#[test]
fn what_stands_for_nothing_leaves_no_gap() {
    let letter = Letter::parse(MailKind::Reminder, &MailKind::Reminder.usual()).expect("a letter");
    let values = Values::default().with(LetterToken::Name, "Ann");
    assert!(!text(&letter.fill(&values)).contains("\n\n\n"));
    let deputy = values.with(LetterToken::InPlaceOf, "In place of Dr Lead.");
    assert!(text(&letter.fill(&deputy)).contains("\n\nIn place of Dr Lead.\n\n"));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_fail_and_what_it_takes_it_fills(subject in "\\PC{0,40}", body in "[\\PC\n{}]{0,200}") {
        for kind in MailKind::ALL {
            if let Ok(letter) = Letter::parse(kind, &written(&subject, &body)) {
                let filled = letter.fill(&Values::default());
                proptest::prop_assert!(!filled.subject.contains('\n'));
            }
        }
    }
}
