//! What the questions of a file share: its answers and scales by name, and the
//! lists of options made from them.

use std::collections::BTreeMap;

use toml::de::DeValue;

use super::kind::{AnswerOption, Scale};
use super::options::{Draft, DraftScale, Ends, check_apart, read_option, read_scale};
use super::reading::Reader;
use super::table::Table;
use crate::fault::nearest;

pub(super) use super::options::ListFor;

/// The shared options (`[answers.…]`) and scales of a file. A broken one is
/// kept as `None`, so that its uses are not called unknown.
pub(super) struct Shelf {
    answers: BTreeMap<String, Option<Draft>>,
    scales: BTreeMap<String, Option<DraftScale>>,
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

    /// The scale that a rating or a grid names, with its own extra answers, and
    /// how many of its options belong to the scale itself.
    pub(super) fn scale(
        &self,
        reader: &mut Reader<'_>,
        question: &Table<'_>,
    ) -> Option<(Scale, usize)> {
        let word = reader.word(question, "scale");
        let extra = self.also(reader, question);
        let word = word?;
        let Some(known) = self.scales.get(&word.text) else {
            let names = self.scales.keys().map(String::as_str);
            let hint = match nearest(&word.text, names.clone()) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None if self.scales.is_empty() => format!("add [scales.{}] to the file", word.text),
                None => format!("this file has {}", names.collect::<Vec<_>>().join(", ")),
            };
            reader.fault(word.at, format!("there is no scale {:?}", word.text), hint);
            return None;
        };
        let scale = known.as_ref()?;
        let all: Vec<Draft> = scale.options.iter().chain(&extra).cloned().collect();
        check_apart(reader, &all);
        for draft in &all {
            draft.check_plain(reader, "a scale");
        }
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
        Some((Scale { direction: scale.direction, options }, scale.options.len()))
    }

    /// A list of options without order: those derived from earlier answers,
    /// those of the question itself, and the extra ones.
    pub(super) fn list(
        &self,
        reader: &mut Reader<'_>,
        question: &Table<'_>,
        use_: ListFor,
        derived: Option<Vec<AnswerOption>>,
    ) -> Option<Vec<AnswerOption>> {
        let list = reader.list(question, "options");
        let own: Vec<Option<Draft>> = list.iter().map(|value| read_option(reader, value)).collect();
        let whole = own.iter().all(Option::is_some);
        // Earlier answers that bring nothing in have faults of their own.
        let is_lost = derived.as_ref().is_some_and(Vec::is_empty);
        let derived = derived.unwrap_or_default();
        let mut all: Vec<Draft> =
            derived.iter().map(|option| Draft::of(option, question.at)).collect();
        all.extend(own.into_iter().flatten());
        if whole && !is_lost && all.len() == 1 {
            let at = all.first().map_or(question.at, |draft| draft.at);
            reader.fault(at, "a choice needs two options at least", "add another to `options`");
        }
        let extra = self.also(reader, question);
        all.extend(extra);
        check_apart(reader, &all);
        for draft in &all {
            draft.check_use(reader, use_);
        }
        if !whole || is_lost || all.is_empty() {
            return None;
        }
        let mut options: Vec<AnswerOption> =
            all.iter().map(|draft| draft.unordered(use_)).collect();
        for (option, derived) in options.iter_mut().zip(derived) {
            option.show_if = derived.show_if;
        }
        Some(options)
    }

    /// The ways out of a number.
    pub(super) fn ways_out(
        &self,
        reader: &mut Reader<'_>,
        question: &Table<'_>,
    ) -> Vec<AnswerOption> {
        let extra = self.also(reader, question);
        check_apart(reader, &extra);
        for draft in &extra {
            draft.check_plain(reader, "a number");
            if draft.way_out.is_none() {
                reader.fault(
                    draft.at,
                    format!("{:?} is no way out", draft.label),
                    "beside a number only counts = \"dont-know\" or \"not-applicable\" can stand",
                );
            }
        }
        extra.iter().map(|draft| draft.unordered(ListFor::One)).collect()
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
    reader.any_table(value, key)
}
