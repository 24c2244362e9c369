//! A small survey and a way to write ballots down, for the tests of this room
//! and the rooms after it.

use crate::definition::{
    AnswerOption, Counts, Direction, Grid, Index, Kind, Mode, Question, Row, RowAnswers, Scale,
    Section, Survey, Texts,
};
use crate::id::OrgCode;

/// A code of any kind.
pub(crate) fn code<C: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> C {
    text.parse().expect("a code")
}

/// Five points, then "Don't know" and "Does not apply".
pub(crate) fn scale(direction: Direction) -> Scale {
    let points = (1..=5_u8).map(|point| {
        let counts = Counts::Scored {
            score: 25 * (point - 1),
            favourable: point >= 4,
            unfavourable: match direction {
                Direction::Progress => point <= 2,
                Direction::Barrier => point >= 4,
            },
        };
        AnswerOption::new(u16::from(point), format!("point {point}"), counts)
    });
    let outs = [
        AnswerOption::new(8, "Don't know", Counts::DontKnow),
        AnswerOption::new(9, "Does not apply", Counts::NotApplicable),
    ];
    Scale { direction, options: points.chain(outs).collect() }
}

/// Items `Q1`, `Q2`, `Q3` (a grid), the barrier `B1`, the choice `C1`, and two
/// indexes: `IDX_TWO` of `Q1` and `Q2`, `IDX_ALL` of all three, `Q3` twice.
pub(crate) fn survey() -> Survey {
    let row = |row: &str| Row {
        code: code(row),
        label: format!("Row {row}"),
        help: String::new(),
        show_if: None,
    };
    let question = |text: &str, kind| Question {
        code: code(text),
        wording: format!("=Wording of {text}, with a comma"),
        help: String::new(),
        show_if: None,
        kind,
    };
    let plain = |value| AnswerOption::new(value, "one", Counts::Plain);
    let grid = Kind::Grid(Grid {
        answers: RowAnswers::Scored(scale(Direction::Progress)),
        rows: vec![row("Q1"), row("Q2"), row("Q3")],
        shuffled: true,
    });
    let index = |name: &str, items: &[(&str, u32)]| Index {
        code: code(name),
        label: name.to_owned(),
        about: String::new(),
        items: items.iter().map(|(item, weight)| (code(item), *weight)).collect(),
    };
    Survey {
        code: code("sample"),
        title: "Sample".into(),
        version: "1".into(),
        mode: Mode::Web,
        modules: Vec::new(),
        texts: Texts::default(),
        sections: vec![Section {
            code: code("one"),
            title: "One".into(),
            intro: String::new(),
            module: None,
            show_if: None,
            questions: vec![
                question("G", grid),
                question("B1", Kind::Rating(scale(Direction::Barrier))),
                question("C1", Kind::Choice(vec![plain(1), plain(2)])),
                question("T1", Kind::Text { max_chars: 100 }),
            ],
        }],
        indexes: vec![
            index("IDX_TWO", &[("Q1", 1), ("Q2", 1)]),
            index("IDX_ALL", &[("Q1", 1), ("Q2", 1), ("Q3", 2)]),
        ],
        consent: None,
        fingerprint: "ab".repeat(32).parse().expect("a fingerprint"),
    }
}

/// Marks from text, one letter for each of `Q1 Q2 Q3 B1 C1`: a digit for the
/// option of that number, `.` for blank, `d` for "Don't know", `n` for "Does
/// not apply".
pub(crate) fn marks(text: &str) -> Vec<u8> {
    text.chars()
        .map(|letter| match letter {
            '.' => 0,
            'd' => 6,
            'n' => 7,
            digit => u8::try_from(digit.to_digit(10).expect("a digit")).expect("small"),
        })
        .collect()
}

/// The code of a leaf.
pub(crate) fn leaf(text: &str) -> OrgCode {
    code(text)
}
