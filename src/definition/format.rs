//! The format of survey files: the tables, their keys, and the words that some
//! of them take. The parser reads by these lists and the JSON Schema for editors
//! is made from them, so the two cannot disagree.
//!
//! This file must never know what stands in a survey.

use super::keys::{Key, Keys, Shape, may, must, table};
use super::kind::{Counts, Direction};
use super::survey::Mode;

/// The kinds of question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KindName {
    Rating,
    Grid,
    Choice,
    Choices,
    Number,
    Text,
}

/// What a question of some kind cannot be without.
pub(super) enum Need {
    /// This key.
    This(&'static str),
    /// One of the two, not both.
    Either(&'static str, &'static str),
    /// One of the two, or both.
    Any(&'static str, &'static str),
}

pub(super) const KINDS: [(&str, KindName); 6] = [
    ("rating", KindName::Rating),
    ("grid", KindName::Grid),
    ("choice", KindName::Choice),
    ("choices", KindName::Choices),
    ("number", KindName::Number),
    ("text", KindName::Text),
];
pub(super) const MODES: [(&str, Mode); 3] =
    [("web", Mode::Web), ("paper", Mode::Paper), ("interview", Mode::Interview)];
pub(super) const DIRECTIONS: [(&str, Direction); 2] =
    [("progress", Direction::Progress), ("barrier", Direction::Barrier)];
pub(super) const WAYS_OUT: [(&str, Counts); 2] =
    [("dont-know", Counts::DontKnow), ("not-applicable", Counts::NotApplicable)];

/// Parts of `/answer/…` that are pages of their own, so no section can have them.
pub(super) const TAKEN: [&str; 6] = ["check", "send", "done", "decline", "declined", "deputy"];

/// The most that stands for an option.
const HIGHEST_VALUE: u32 = u16::MAX as u32;

/// Keys that belong to some kinds of question only.
pub(super) const OWNERS: [(&str, &[KindName]); 15] = {
    use KindName::{Choice, Choices, Grid, Number, Rating, Text};
    [
        ("scale", &[Rating, Grid]),
        ("also", &[Rating, Grid, Choice, Choices, Number]),
        ("options", &[Choice, Choices, Grid]),
        ("options_from", &[Choice, Choices]),
        ("most", &[Choices]),
        ("rows", &[Grid]),
        ("shuffle", &[Grid]),
        ("min", &[Number]),
        ("max", &[Number]),
        ("usual_min", &[Number]),
        ("usual_max", &[Number]),
        ("decimals", &[Number]),
        ("unit", &[Number]),
        ("bands", &[Number]),
        ("max_chars", &[Text]),
    ]
};

/// What each kind of question cannot be without.
pub(super) const NEEDS: [(KindName, &[Need]); 6] = [
    (KindName::Rating, &[Need::This("scale")]),
    (KindName::Grid, &[Need::Either("scale", "options"), Need::This("rows")]),
    (KindName::Choice, &[Need::Any("options", "options_from")]),
    (KindName::Choices, &[Need::Any("options", "options_from")]),
    (KindName::Number, &[]),
    (KindName::Text, &[Need::This("max_chars")]),
];

/// Words that authors know from other programs, and the key that means it here.
pub(super) const ELSEWHERE: [(&str, &str); 27] = [
    ("id", "code"),
    ("key", "code"),
    ("name", "code"),
    ("name", "label"),
    ("slug", "code"),
    ("type", "kind"),
    ("text", "ask"),
    ("text", "label"),
    ("title", "ask"),
    ("title", "label"),
    ("label", "ask"),
    ("label", "title"),
    ("question", "ask"),
    ("wording", "ask"),
    ("hint", "help"),
    ("description", "help"),
    ("description", "intro"),
    ("description", "about"),
    ("relevant", "show_if"),
    ("condition", "show_if"),
    ("when", "show_if"),
    ("if", "show_if"),
    ("choices", "options"),
    ("answers", "options"),
    ("randomise", "shuffle"),
    ("maximum", "most"),
    ("length", "max_chars"),
];

const fn some(of: &'static Keys) -> Shape {
    Shape::Tables { of, least: 1, most: usize::MAX }
}

const VALUE: Shape = Shape::Whole(0, HIGHEST_VALUE);
const CODE: Shape = Shape::Code { taken: &[] };

/// Every table of the format; the first is the file itself.
pub(super) static ALL: [&Keys; 13] = [
    &ROOT, &TEXTS, &MODULE, &OPTION, &SCALE, &SECTION, &QUESTION, &FROM, &ROW, &BAND, &INDEX,
    &WEIGHTED, &CONSENT,
];

pub(super) static ROOT: Keys = table(
    "the file",
    "A survey of Soundings. README.md beside the surveys teaches the format.",
    &[
        must("format", Shape::Whole(1, 1), "the format of the file: 1"),
        must(
            "code",
            CODE,
            "the survey's own code, which never changes, for example \"staff-pulse\"",
        ),
        must("title", Shape::Text, "the title that respondents see"),
        must("version", Shape::Text, "the author's name for this state of the file"),
        may(
            "mode",
            Shape::OneOf(|| names(&MODES)),
            "how answers are collected; \"web\" if left out",
        ),
        must(
            "texts",
            Shape::Table(&TEXTS),
            "a table [texts] with `welcome`, what respondents read first",
        ),
        may(
            "modules",
            Shape::Tables { of: &MODULE, least: 0, most: usize::MAX },
            "parts that only some waves ask",
        ),
        may(
            "answers",
            Shape::Named(&OPTION),
            "options that many questions share, one [answers.NAME] for each",
        ),
        may("scales", Shape::Named(&SCALE), "scales, one [scales.NAME] for each"),
        must("sections", some(&SECTION), "the pages of the form, one [[sections]] for each"),
        may(
            "indexes",
            Shape::Tables { of: &INDEX, least: 0, most: usize::MAX },
            "means of several scores, one [[indexes]] for each",
        ),
        may(
            "consent",
            Shape::Table(&CONSENT),
            "the answer by which a respondent agrees to be quoted",
        ),
    ],
);

pub(super) static TEXTS: Keys = table(
    "`texts`",
    "What respondents read beside the questions.",
    &[
        must("welcome", Shape::Text, "the first page: thanks, promise, how long it takes"),
        may("thanks", Shape::Text, "the page after sending"),
    ],
);

pub(super) static MODULE: Keys = table(
    "a module",
    "A part of the survey that only some waves ask.",
    &[
        must("code", CODE, "the code by which a wave chooses it, for example \"R1\""),
        must("title", Shape::Text, "what it is about"),
    ],
);

pub(super) static CONSENT: Keys = table(
    "`consent`",
    "The answer by which a respondent agrees to have comments quoted.",
    &[
        must("item", Shape::Text, "the code of a question of kind \"choice\""),
        must("value", VALUE, "the value of the option that agrees"),
    ],
);

pub(super) static SECTION: Keys = table(
    "a section",
    "One page of the form.",
    &[
        must(
            "code",
            Shape::Code { taken: &TAKEN },
            "its code, the end of the page's address, for example \"A\"",
        ),
        must("title", Shape::Text, "the heading of the page"),
        may("intro", Shape::Text, "words under the heading"),
        may(
            "module",
            Shape::Text,
            "the code of the module it belongs to; every wave asks it if left out",
        ),
        may("show_if", Shape::Text, SHOW_IF),
        must("questions", some(&QUESTION), "its questions, one [[sections.questions]] for each"),
    ],
);

const SHOW_IF: &str =
    "who is asked: a condition on earlier answers, for example \"CASES > 0 and VIEW in (1, 2)\"";

pub(super) static QUESTION: Keys = table(
    "a question",
    "A question of the section above it.",
    &[
        must(
            "code",
            CODE,
            "its code, which stands in all files and never changes, for example \"CASES\"",
        ),
        must("ask", Shape::Text, "the exact words of the question"),
        may("help", Shape::Text, "words below the question that explain it"),
        must(
            "kind",
            Shape::OneOf(|| names(&KINDS)),
            "\"rating\", \"grid\", \"choice\", \"choices\", \"number\" or \"text\"",
        ),
        may("show_if", Shape::Text, SHOW_IF),
        may("scale", Shape::Text, "the name of a scale of this file"),
        may(
            "also",
            Shape::NamesOr { of: &OPTION, least: 0 },
            "answers after the others: names of [answers.NAME], or options written out",
        ),
        may("options", some(&OPTION), "what can be chosen, a list of { value = 1, label = \"…\" }"),
        may("options_from", Shape::Table(&FROM), "options that come from earlier answers"),
        may("most", Shape::Whole(1, 100), "the most options that can be chosen"),
        may("rows", some(&ROW), "the rows of the grid, a list of { code = \"…\", label = \"…\" }"),
        may("shuffle", Shape::Flag, "whether each respondent sees the rows in another order"),
        may(
            "min",
            Shape::AmountOrCode,
            "the least that is taken: a number, or the code of an earlier number",
        ),
        may(
            "max",
            Shape::AmountOrCode,
            "the most that is taken: a number, or the code of an earlier number",
        ),
        may("usual_min", Shape::Amount, "less than this has to be confirmed"),
        may("usual_max", Shape::Amount, "more than this has to be confirmed"),
        may("decimals", Shape::Whole(0, 3), "decimal places; whole numbers if left out"),
        may("unit", Shape::Text, "what is counted, for example \"days\""),
        may(
            "bands",
            Shape::Tables { of: &BAND, least: 2, most: 20 },
            "the ranges by which the numbers are counted, from low to high",
        ),
        may(
            "max_chars",
            Shape::Whole(1, 3_000),
            "the most characters that are taken, for example 600",
        ),
    ],
);

pub(super) static ROW: Keys = table(
    "a row",
    "A row of a grid, which has an answer of its own.",
    &[
        must("code", CODE, "its code, which stands in all files and never changes"),
        must("label", Shape::Text, "its words"),
        may("help", Shape::Text, "words that explain it"),
        may("show_if", Shape::Text, SHOW_IF),
    ],
);

pub(super) static FROM: Keys = table(
    "`options_from`",
    "Options that come from earlier answers.",
    &[
        must(
            "question",
            Shape::Text,
            "the code of an earlier grid, or question of kind \"choices\"",
        ),
        may(
            "answers",
            Shape::Wholes(0, HIGHEST_VALUE),
            "the values of the answers that bring a row of the grid in",
        ),
    ],
);

const APART: &[(&str, &str, &str)] = &[
    ("score", "counts", "an answer either has a score or is a way out: keep one of the two"),
    ("counts", "other", "a way out has no text beside it: keep one of the two"),
];
const LEANING: &[(&str, &str, &str)] = &[
    ("favourable", "score", "only scored answers are: add the score, or take the word out"),
    ("unfavourable", "score", "only scored answers are: add the score, or take the word out"),
];
const OF_AN_OPTION: &[Key] = &[
    must("value", VALUE, "the whole number that stands for it in files, never to be changed"),
    must("label", Shape::Text, "its words"),
    may("score", Shape::Whole(0, 100), "its score from 0 to 100; options of a scale have one"),
    may(
        "counts",
        Shape::OneOf(|| names(&WAYS_OUT)),
        "that it is a way out of the question, and how it is counted",
    ),
    may(
        "favourable",
        Shape::Flag,
        "whether it is one of the good answers, against the rule of the two best",
    ),
    may(
        "unfavourable",
        Shape::Flag,
        "whether it is one of the bad answers, against the rule of the two worst",
    ),
    may(
        "exclusive",
        Shape::Flag,
        "whether it goes with no other, in a question of kind \"choices\"",
    ),
    may("other", Shape::Whole(1, 500), "the most characters of the text beside it"),
];

pub(super) static OPTION: Keys = Keys {
    what: "an option",
    about: "Something that can be chosen.",
    known: OF_AN_OPTION,
    apart: APART,
    leaning: LEANING,
};

pub(super) static SCALE: Keys = table(
    "a scale",
    "Scored options in their order, shared by ratings and grids.",
    &[
        may(
            "direction",
            Shape::OneOf(|| names(&DIRECTIONS)),
            "\"progress\" if 100 is the good end (so if left out), \"barrier\" if it is the most serious",
        ),
        must(
            "options",
            Shape::Tables { of: &OPTION, least: 1, most: usize::MAX },
            "its options from one end to the other, each with a score",
        ),
    ],
);

pub(super) static BAND: Keys = table(
    "a band",
    "A range of numbers that are counted together.",
    &[
        may("up_to", Shape::Amount, "the most that is in it; only the last band has none"),
        may("label", Shape::Text, "its words, if its numbers do not say enough"),
        may("favourable", Shape::Flag, "whether it is one of the good ones"),
    ],
);

pub(super) static INDEX: Keys = table(
    "an index",
    "A mean of the scores of several items.",
    &[
        must("code", CODE, "its code, which never changes, for example \"IDX_INF\""),
        must("label", Shape::Text, "its name in tables"),
        may("about", Shape::Text, "one sentence on what it covers"),
        must(
            "items",
            Shape::NamesOr { of: &WEIGHTED, least: 1 },
            "codes of ratings and of rows, or { item = \"CODE\", weight = 2 }",
        ),
    ],
);

pub(super) static WEIGHTED: Keys = table(
    "an entry of `items`",
    "An item of an index with its weight.",
    &[
        must("item", Shape::Text, "the code of a rating or of a row"),
        may(
            "weight",
            Shape::Whole(1, 1_000),
            "how much it weighs against the others; 1 if left out",
        ),
    ],
);

/// The words of a list, in its order.
fn names<T>(words: &[(&'static str, T)]) -> Vec<&'static str> {
    words.iter().map(|(name, _)| *name).collect()
}
