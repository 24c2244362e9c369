//! Whatever stands in a survey file, reading it ends in a survey or in faults
//! with places and hints, and a sound one can be answered. The walk is that of
//! the fuzz target; `fuzz/README.md` tells how to run it for longer.

use proptest::prelude::*;

#[path = "../../fuzz/walk.rs"]
mod walk;

use walk::{BORDER, walk};

const SURVEYS: [&str; 2] = [
    include_str!("../../survey_definitions/staff-pulse/survey.toml"),
    include_str!("../../survey_definitions/east-of-england/survey.toml"),
];

/// A survey and the bytes that answer it.
fn with_answers(source: &str, answers: &[u8]) -> Vec<u8> {
    [source.as_bytes(), &[BORDER], answers].concat()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn a_sound_survey_can_be_answered_anyhow(
        which in 0..SURVEYS.len(), answers in prop::collection::vec(any::<u8>(), 0..700),
    ) {
        prop_assert!(walk(&with_answers(SURVEYS[which], &answers)).is_some_and(|asked| asked > 8));
    }

    #[test]
    fn no_changed_bytes_make_it_fail(
        which in 0..SURVEYS.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        answers in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut bytes = SURVEYS[which].as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.push(BORDER);
        bytes.extend(answers);
        walk(&bytes);
    }

    #[test]
    fn no_moved_or_doubled_lines_make_it_fail(
        which in 0..SURVEYS.len(),
        moves in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<bool>()), 1..8),
    ) {
        let mut lines: Vec<&str> = SURVEYS[which].lines().collect();
        for (from, to, doubled) in moves {
            let line = lines[from.index(lines.len())];
            if !doubled {
                lines.remove(from.index(lines.len()));
            }
            lines.insert(to.index(lines.len()), line);
        }
        walk(&with_answers(&lines.join("\n"), &[1, 2, 3]));
    }

    #[test]
    fn no_condition_makes_it_fail(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "ROLE", "SAFE", "SAFE_STAFF", "OVERTIME", "HELP", "GLAD", "BETTER", "(", ")", "and", "or",
                "not", "any", "row", "in", "empty", "=", "!=", "<", ">=", "1", "2", "98", "1.5", "-3", ",",
                "99999999999999999999", "\u{e9}", "~", "==",
            ]),
            0..24,
        ),
    ) {
        let condition = format!("show_if = \"{}\"\nask = \"What one", words.join(" "));
        let source = SURVEYS[0].replacen("ask = \"What one", &condition, 1);
        prop_assert_ne!(&source, SURVEYS[0]);
        walk(&with_answers(&source, &[1, 2, 3, 4, 5, 6, 7, 8]));
    }
}

#[test]
fn no_depth_makes_it_fail() {
    for deep in ["(", "not ", "[", "{ a = ", "[[a.", "a."] {
        let deep = deep.repeat(20_000);
        let condition = format!("show_if = \"{deep}\"\nask = \"What one");
        assert_eq!(walk(SURVEYS[0].replacen("ask = \"What one", &condition, 1).as_bytes()), None);
        assert_eq!(walk(format!("format = 1\n{deep}").as_bytes()), None);
        assert_eq!(walk(format!("format = {deep}").as_bytes()), None);
    }
}
