//! Options and scales: reading them, and working out which answers are
//! favourable and which unfavourable when the author does not say.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;
use toml::de::DeValue;

use super::reading::Reader;
use super::survey::{AnswerOption, Counts, Direction, Scale};
use super::table::{Keys, Table};
use crate::fault::nearest;

const OPTION: Keys = Keys {
    known: &["value", "label", "score", "counts", "favourable", "unfavourable"],
    later: &["exclusive", "other"],
};
const SCALE: Keys = Keys { known: &["direction", "options"], later: &[] };

const WAYS_OUT: [(&str, Counts); 2] =
    [("dont-know", Counts::DontKnow), ("not-applicable", Counts::NotApplicable)];

/// A ballot keeps one byte per item, so a question has far fewer options than that.
const MOST_OPTIONS: usize = 100;

/// An option as the author wrote it, before it is known where it is used.
#[derive(Clone)]
pub(super) struct Draft {
    at: usize,
    value: u16,
    label: String,
    score: Option<u8>,
    way_out: Option<Counts>,
    favourable: Option<bool>,
    unfavourable: Option<bool>,
}

/// The shared options (`[answers.…]`) and scales of a file. A broken one is
/// kept as `None`, so that its uses are not called unknown.
pub(super) struct Shelf {
    answers: BTreeMap<String, Option<Draft>>,
    scales: BTreeMap<String, Option<DraftScale>>,
}

#[derive(Clone)]
struct DraftScale {
    direction: Direction,
    options: Vec<Draft>,
}

impl Shelf {
    pub(super) fn read(reader: &mut Reader<'_>, root: &Table<'_>) -> Self {
        let mut shelf = Self { answers: BTreeMap::new(), scales: BTreeMap::new() };
        if let Some(table) = named_tables(reader, root, "answers") {
            for (name, value) in table.entries() {
                let draft = read_option(reader, value);
                shelf.answers.insert(name.text, draft);
            }
        }
        if let Some(table) = named_tables(reader, root, "scales") {
            for (name, value) in table.entries() {
                let scale = read_scale(reader, value, &name.text, name.at);
                shelf.scales.insert(name.text, scale);
            }
        }
        shelf
    }

    /// The scale that a rating or a grid names, with its own extra answers.
    pub(super) fn scale(&self, reader: &mut Reader<'_>, question: &Table<'_>) -> Option<Scale> {
        let word = reader.word(question, "scale");
        let extra = self.also(reader, question);
        let word = word?;
        let Some(known) = self.scales.get(&word.text) else {
            let names = self.scales.keys().map(String::as_str);
            let hint = match nearest(&word.text, names.clone()) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => format!("this file has: {}", names.collect::<Vec<_>>().join(", ")),
            };
            reader.fault(word.at, format!("there is no scale {:?}", word.text), hint);
            return None;
        };
        let scale = known.as_ref()?;
        let all: Vec<Draft> = scale.options.iter().chain(&extra).cloned().collect();
        check_apart(reader, &all);
        for draft in &extra {
            if draft.score.is_none() && draft.way_out.is_none() {
                reader.fault(
                    draft.at,
                    format!("{:?} neither scores nor is a way out", draft.label),
                    "give it score = 0 to 100, or counts = \"dont-know\" or \"not-applicable\"",
                );
            }
        }
        let ends = Ends::of(scale);
        let options = all.iter().filter_map(|draft| draft.on_scale(&ends)).collect();
        Some(Scale { direction: scale.direction, options })
    }

    /// The options of a single choice.
    pub(super) fn choice(
        &self,
        reader: &mut Reader<'_>,
        question: &Table<'_>,
    ) -> Option<Vec<AnswerOption>> {
        let list = reader.full_list(question, "options", "options");
        let own: Vec<Option<Draft>> = list.iter().map(|value| read_option(reader, value)).collect();
        let whole = own.iter().all(Option::is_some);
        let mut all: Vec<Draft> = own.into_iter().flatten().collect();
        if whole && all.len() == 1 {
            let at = all.first().map_or(question.at, |draft| draft.at);
            reader.fault(at, "a choice needs two options at least", "add another to `options`");
        }
        all.extend(self.also(reader, question));
        check_apart(reader, &all);
        for draft in &all {
            if draft.score.is_some() {
                reader.fault(
                    draft.at,
                    format!("{:?} has a score, but a choice has no order", draft.label),
                    "take the score out, or make the question a rating on a scale",
                );
            }
        }
        (whole && !all.is_empty()).then(|| {
            all.into_iter()
                .map(|draft| AnswerOption {
                    value: draft.value,
                    label: draft.label,
                    counts: draft.way_out.unwrap_or(Counts::Plain),
                })
                .collect()
        })
    }

    /// The extra answers of a question: names of `[answers.…]` or options written out.
    fn also(&self, reader: &mut Reader<'_>, question: &Table<'_>) -> Vec<Draft> {
        let mut extra = Vec::new();
        for value in reader.list(question, "also") {
            let draft = match value.get_ref() {
                DeValue::String(name) => self.answer(reader, value.span().start, name),
                _ => read_option(reader, value),
            };
            extra.extend(draft);
        }
        extra
    }

    fn answer(&self, reader: &mut Reader<'_>, at: usize, name: &str) -> Option<Draft> {
        if let Some(known) = self.answers.get(name) {
            return known.clone();
        }
        let names = self.answers.keys().map(String::as_str);
        let hint = match nearest(name, names) {
            Some(near) => format!("did you mean {near:?}?"),
            None => format!("add [answers.{name}] to the file"),
        };
        reader.fault(at, format!("there is no answer {name:?}"), hint);
        None
    }
}

/// A table whose keys are names that the author chose.
fn named_tables<'t>(reader: &mut Reader<'_>, root: &Table<'t>, key: &str) -> Option<Table<'t>> {
    let value = root.get(key)?;
    reader.any_table(value, format!("`{key}`"))
}

fn read_scale(
    reader: &mut Reader<'_>,
    value: &Spanned<DeValue<'_>>,
    name: &str,
    at: usize,
) -> Option<DraftScale> {
    let table = reader.table(value, format!("the scale {name}"), &SCALE)?;
    let directions = [("progress", Direction::Progress), ("barrier", Direction::Barrier)];
    let direction = reader.one_of(&table, "direction", &directions).unwrap_or(Direction::Progress);
    let list = reader.full_list(&table, "options", "options");
    let options: Vec<Option<Draft>> = list.iter().map(|value| read_option(reader, value)).collect();
    let whole = options.iter().all(Option::is_some);
    let options: Vec<Draft> = options.into_iter().flatten().collect();
    check_apart(reader, &options);
    for draft in &options {
        if draft.score.is_none() && draft.way_out.is_none() {
            reader.fault(
                draft.at,
                format!("{:?} has no score", draft.label),
                "add score = 0 to 100",
            );
        }
    }
    let scored: Vec<(&Draft, u8)> =
        options.iter().filter_map(|draft| Some((draft, draft.score?))).collect();
    if whole && !list.is_empty() && scored.len() < 2 {
        reader.fault(
            at,
            format!("the scale {name} has fewer than 2 options with a score"),
            "a rating needs at least two answers to choose between",
        );
    }
    check_order(reader, &scored);
    whole.then_some(DraftScale { direction, options })
}

/// Scores that do not run one way are nearly always a slip of the pen, and the
/// methods rely on the order.
fn check_order(reader: &mut Reader<'_>, scored: &[(&Draft, u8)]) {
    let falling = match scored {
        [(_, first), .., (_, last)] => first > last,
        _ => return,
    };
    for (before, after) in scored.iter().zip(scored.iter().skip(1)) {
        let fits = if falling { before.1 > after.1 } else { before.1 < after.1 };
        if !fits {
            reader.fault(
                after.0.at,
                format!("the score {} of {:?} is out of order", after.1, after.0.label),
                "from the first option to the last, scores only rise or only fall",
            );
        }
    }
}

/// Values and labels must differ within one question.
fn check_apart(reader: &mut Reader<'_>, options: &[Draft]) {
    let mut seen: BTreeMap<u16, usize> = BTreeMap::new();
    let mut labels = BTreeSet::new();
    for draft in options {
        if let Some(&first) = seen.get(&draft.value) {
            let (line, column) = reader.place(first);
            reader.fault(
                draft.at,
                format!(
                    "the value {} is used twice; first at line {line}, column {column}",
                    draft.value
                ),
                "each option of a question has a value of its own",
            );
        } else if !labels.insert(&draft.label) {
            reader.fault(
                draft.at,
                format!("the label {:?} is used twice", draft.label),
                "respondents could not tell the two options apart",
            );
        }
        seen.entry(draft.value).or_insert(draft.at);
    }
    if options.len() > MOST_OPTIONS
        && let Some(last) = options.last()
    {
        reader.fault(
            last.at,
            format!("{} options are too many", options.len()),
            format!("{MOST_OPTIONS} at most"),
        );
    }
}

fn read_option(reader: &mut Reader<'_>, value: &Spanned<DeValue<'_>>) -> Option<Draft> {
    let table = reader.table(value, "an option", &OPTION)?;
    reader.is_missing(
        &table,
        "value",
        "the whole number that stands for it in files, never to be changed",
    );
    let number = reader.number(&table, "value", 0..=u32::from(u16::MAX));
    let label = reader.text(&table, "label");
    let score = reader.number(&table, "score", 0..=100);
    let way_out = reader.one_of(&table, "counts", &WAYS_OUT);
    let favourable = reader.flag(&table, "favourable");
    let unfavourable = reader.flag(&table, "unfavourable");
    let has = |key: &str| table.get(key).is_some();
    if has("score") && has("counts") {
        reader.fault(
            table.at,
            "an option has both `score` and `counts`",
            "an answer either scores or is a way out: keep one of the two",
        );
    }
    if !has("score") && (has("favourable") || has("unfavourable")) {
        reader.fault(
            table.at,
            "an option without `score` is called favourable or unfavourable",
            "only scored answers are: take the word out or add the score",
        );
    }
    if (has("score") && score.is_none()) || (has("counts") && way_out.is_none()) {
        return None;
    }
    Some(Draft {
        at: table.at,
        value: u16::try_from(number?).ok()?,
        label: label?,
        score: score.and_then(|score| u8::try_from(score).ok()),
        way_out,
        favourable,
        unfavourable,
    })
}

/// The scores from which, and down to which, an answer of a scale is good or bad.
struct Ends {
    /// The lowest score among the best answers.
    high: u8,
    /// The highest score among the worst answers.
    low: u8,
    direction: Direction,
}

impl Ends {
    /// The two best and the two worst scored options; one each where the scale
    /// has fewer than four, so that no answer is both.
    ///
    /// Source: `methods.md` 2 (`pct_fav`, `pct_major`) and 9.2 S3.
    fn of(scale: &DraftScale) -> Self {
        let mut scores: Vec<u8> = scale.options.iter().filter_map(|draft| draft.score).collect();
        scores.sort_unstable();
        let reach = (scores.len() / 2).clamp(1, 2) - 1;
        Self {
            high: scores.iter().rev().nth(reach).copied().unwrap_or(u8::MAX),
            low: scores.get(reach).copied().unwrap_or(0),
            direction: scale.direction,
        }
    }
}

impl Draft {
    fn on_scale(&self, ends: &Ends) -> Option<AnswerOption> {
        let counts = match (self.score, self.way_out) {
            (Some(score), _) => {
                let high = score >= ends.high;
                let bad = match ends.direction {
                    Direction::Progress => score <= ends.low,
                    Direction::Barrier => high,
                };
                Counts::Scored {
                    score,
                    favourable: self.favourable.unwrap_or(high),
                    unfavourable: self.unfavourable.unwrap_or(bad),
                }
            }
            (None, way_out) => way_out?,
        };
        Some(AnswerOption { value: self.value, label: self.label.clone(), counts })
    }
}
