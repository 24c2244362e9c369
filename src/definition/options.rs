//! Single options and scales: reading them, and working out which answers are
//! favourable and which unfavourable when the author does not say.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;
use toml::de::DeValue;

use super::format::{DIRECTIONS, OPTION, SCALE, WAYS_OUT};
use super::kind::{AnswerOption, Counts, Direction};
use super::reading::Reader;

/// What a list of options is for. The kinds differ in what an option may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListFor {
    /// One is chosen.
    One,
    /// Several may be chosen.
    Several,
    /// Each row of a grid chooses one.
    Rows,
}

/// A ballot keeps one byte per item, so a question has far fewer options than that.
const MOST_OPTIONS: usize = 100;

/// An option as the author wrote it, before it is known where it is used.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) at: usize,
    value: u16,
    pub(super) label: String,
    pub(super) score: Option<u8>,
    pub(super) way_out: Option<Counts>,
    favourable: Option<bool>,
    unfavourable: Option<bool>,
    exclusive: Option<bool>,
    other: Option<usize>,
}

/// A scale before it is known where it is used.
#[derive(Clone)]
pub(super) struct DraftScale {
    pub(super) direction: Direction,
    pub(super) options: Vec<Draft>,
}

pub(super) fn read_scale(
    reader: &mut Reader<'_>,
    value: &Spanned<DeValue<'_>>,
    name: &str,
    at: usize,
) -> Option<DraftScale> {
    let table = reader.named_table(value, format!("the scale {name}"), &SCALE)?;
    let direction = reader.one_of(&table, "direction", &DIRECTIONS).unwrap_or(Direction::Progress);
    let list = reader.list(&table, "options");
    let options: Vec<Option<Draft>> = list.iter().map(|value| read_option(reader, value)).collect();
    let whole = options.iter().all(Option::is_some);
    let options: Vec<Draft> = options.into_iter().flatten().collect();
    check_apart(reader, &options);
    for draft in &options {
        if draft.score.is_none() && draft.way_out.is_none() {
            reader.fault(
                draft.at,
                format!("{:?} has no score", draft.label),
                "add `score`, from 0 to 100: every option of a scale has one",
            );
        }
    }
    let scored: Vec<(&Draft, u8)> =
        options.iter().filter_map(|draft| Some((draft, draft.score?))).collect();
    let scoreless = |draft: &Draft| draft.score.is_none() && draft.way_out.is_none();
    if whole && !list.is_empty() && scored.len() < 2 && !options.iter().any(scoreless) {
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
pub(super) fn check_apart(reader: &mut Reader<'_>, options: &[Draft]) {
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
            format!("a question takes {MOST_OPTIONS} at most"),
        );
    }
}

pub(super) fn read_option(reader: &mut Reader<'_>, value: &Spanned<DeValue<'_>>) -> Option<Draft> {
    let table = reader.table(value, &OPTION)?;
    let number = reader.number(&table, "value");
    let label = reader.text(&table, "label");
    let score = reader.number(&table, "score");
    let way_out = reader.one_of(&table, "counts", &WAYS_OUT);
    let favourable = reader.flag(&table, "favourable");
    let unfavourable = reader.flag(&table, "unfavourable");
    let exclusive = reader.flag(&table, "exclusive");
    let other = reader.number(&table, "other");
    let lost = |key: &str, found: bool| !found && (table.has(key) || table.meant.contains(&key));
    if lost("score", score.is_some()) || lost("counts", way_out.is_some()) {
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
        exclusive,
        other: other.and_then(|most| usize::try_from(most).ok()),
    })
}

/// The scores from which, and down to which, an answer of a scale is good or bad.
pub(super) struct Ends {
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
    pub(super) fn of(scale: &DraftScale) -> Self {
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
    pub(super) fn on_scale(&self, ends: &Ends) -> Option<AnswerOption> {
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
        Some(AnswerOption::new(self.value, self.label.clone(), counts))
    }

    /// An option that comes from an earlier answer, for the checks of its list.
    pub(super) fn of(option: &AnswerOption, at: usize) -> Self {
        Self {
            at,
            value: option.value,
            label: option.label.clone(),
            score: None,
            way_out: None,
            favourable: None,
            unfavourable: None,
            exclusive: None,
            other: None,
        }
    }

    pub(super) fn unordered(&self, use_: ListFor) -> AnswerOption {
        let several = use_ == ListFor::Several;
        AnswerOption {
            other: self.other,
            exclusive: several && (self.exclusive == Some(true) || self.way_out.is_some()),
            ..AnswerOption::new(
                self.value,
                self.label.clone(),
                self.way_out.unwrap_or(Counts::Plain),
            )
        }
    }

    pub(super) fn check_use(&self, reader: &mut Reader<'_>, use_: ListFor) {
        if self.score.is_some() {
            reader.fault(
                self.at,
                format!("{:?} has a score, but a choice has no order", self.label),
                "take the score out, or make the question a rating on a scale",
            );
        }
        if use_ != ListFor::Several && self.exclusive.is_some() {
            reader.fault(
                self.at,
                format!("{:?} is called exclusive, but only one is chosen", self.label),
                "`exclusive` belongs to options of a question of kind \"choices\"",
            );
        }
        if use_ == ListFor::Rows && self.other.is_some() {
            reader.fault(
                self.at,
                format!("{:?} has a text beside it, but a row has no room", self.label),
                "`other` belongs to options of a choice or of choices",
            );
        }
    }

    pub(super) fn check_plain(&self, reader: &mut Reader<'_>, of: &str) {
        for (key, has) in [("other", self.other.is_some()), ("exclusive", self.exclusive.is_some())]
        {
            if has {
                reader.fault(
                    self.at,
                    format!("{:?} has `{key}`, which has no meaning for {of}", self.label),
                    "it belongs to options of a choice or of choices",
                );
            }
        }
    }
}
