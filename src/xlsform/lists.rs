//! The choices sheet: its lists as options of a survey file.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::Columns;
use super::draft::{Answers, DraftOption};
use super::loss::Loss;
use super::words::plain;
use super::workbook::SheetRow;

/// A list that a form's questions share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct List {
    pub(super) options: Vec<DraftOption>,
    /// The codes of rows or options that an option comes from, as far as it does.
    pub(super) from: BTreeSet<u16>,
    pub(super) barrier: bool,
}

/// The lists by name.
#[derive(Debug, Default)]
pub(super) struct Lists(BTreeMap<String, List>);

impl Lists {
    /// Reads the lists; what does not carry over is added to the losses.
    pub(super) fn read(
        columns: &Columns<'_>,
        language: Option<&str>,
        losses: &mut Vec<Loss>,
    ) -> Self {
        let mut rows: BTreeMap<&str, Vec<&SheetRow>> = BTreeMap::new();
        for row in &columns.sheet.rows {
            if let Some(list) = columns.get(row, "list_name") {
                rows.entry(list).or_default().push(row);
            } else if row.cells.len() > 1 {
                losses.push(columns.loss(
                    row,
                    "list_name",
                    "a choice is left out",
                    "it names no list",
                ));
            }
        }
        let lists = rows.into_iter().map(|(name, rows)| {
            let list = ListReader { columns, language, losses }.read(name, &rows);
            (name.to_owned(), list)
        });
        Self(lists.collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&List> {
        self.0.get(name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

struct ListReader<'a, 's> {
    columns: &'a Columns<'s>,
    language: Option<&'a str>,
    losses: &'a mut Vec<Loss>,
}

impl ListReader<'_, '_> {
    fn lose(&mut self, row: &SheetRow, key: &str, what: impl Into<String>, why: impl Into<String>) {
        self.losses.push(self.columns.loss(row, key, what, why));
    }

    fn read(&mut self, list: &str, rows: &[&SheetRow]) -> List {
        let mut read = List::default();
        let mut labels = BTreeSet::new();
        let values = self.values(list, rows);
        for (row, value) in rows.iter().zip(values) {
            let name = self.columns.get(row, "name").unwrap_or_default();
            let label = self.label(row, name, &mut labels);
            let option = DraftOption {
                name: name.to_owned(),
                value,
                label,
                score: self.whole(row, "score", 0..=100).and_then(|n| u8::try_from(n).ok()),
                counts: self.counts(row),
                favourable: self.flag(row, "favourable"),
                unfavourable: self.flag(row, "unfavourable"),
                exclusive: self.flag(row, "exclusive").unwrap_or(false),
                other: self.whole(row, "other", 1..=500),
            };
            if self.columns.get(row, "from").is_some() {
                read.from.insert(value);
            }
            read.barrier |= self.columns.get(row, "direction") == Some("barrier");
            for key in ["image", "audio", "video"] {
                if self.columns.text(row, key, self.language).is_some() {
                    self.lose(row, key, "it is left out", "an option is words alone");
                }
            }
            read.options.push(option);
        }
        read
    }

    /// The values that stand for the choices: a name that is a number stays.
    fn values(&mut self, list: &str, rows: &[&SheetRow]) -> Vec<u16> {
        let names: Vec<&str> =
            rows.iter().map(|row| self.columns.get(row, "name").unwrap_or_default()).collect();
        let mut taken = BTreeSet::new();
        let kept: Vec<Option<u16>> = names
            .iter()
            .map(|name| {
                let value: u16 = name.parse().ok()?;
                (value.to_string() == **name && taken.insert(value)).then_some(value)
            })
            .collect();
        let mut next = 1_u16;
        let mut told = Vec::new();
        let mut values = Vec::new();
        for (name, kept) in names.iter().zip(kept) {
            let value = kept.unwrap_or_else(|| {
                while next < u16::MAX && taken.contains(&next) {
                    next += 1;
                }
                taken.insert(next);
                told.push(format!("{name} = {next}"));
                next
            });
            values.push(value);
        }
        if let (Some(first), false) = (rows.first(), told.is_empty()) {
            let more = match told.len().saturating_sub(8) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            told.truncate(8);
            let said = format!("{}{more}", told.join(", "));
            let what = format!("the names of the list {list} become numbers: {said}");
            self.lose(
                first,
                "name",
                what,
                "files and ballots keep a number for an answer; remarks keep the names",
            );
        }
        values
    }

    /// A label that no other choice of the list has.
    fn label(&mut self, row: &SheetRow, name: &str, labels: &mut BTreeSet<String>) -> String {
        let text = self.columns.text(row, "label", self.language);
        let (mut label, changes) = plain(text.unwrap_or(name));
        for change in changes {
            self.lose(row, "label", change.what, change.why);
        }
        if text.is_none() {
            self.lose(
                row,
                "label",
                format!("{name:?} takes its name for its label"),
                "it has none",
            );
        }
        if label.is_empty() {
            "?".clone_into(&mut label);
        }
        if labels.contains(&label) {
            let plain = label.clone();
            label = format!("{plain} ({name})");
            let mut place = 2;
            while labels.contains(&label) {
                label = format!("{plain} ({place})");
                place += 1;
            }
            self.lose(
                row,
                "label",
                format!("{plain:?} becomes {label:?}"),
                "another choice of the list has this label",
            );
        }
        labels.insert(label.clone());
        label
    }

    fn whole(
        &mut self,
        row: &SheetRow,
        key: &str,
        range: std::ops::RangeInclusive<u32>,
    ) -> Option<u32> {
        let text = self.columns.get(row, key)?;
        let number = text.parse().ok().filter(|number| range.contains(number));
        if number.is_none() {
            let why = format!("it is no whole number from {} to {}", range.start(), range.end());
            self.lose(row, key, format!("{text:?} is left out"), why);
        }
        number
    }

    fn counts(&mut self, row: &SheetRow) -> Option<&'static str> {
        let text = self.columns.get(row, "counts")?;
        let known = ["dont-know", "not-applicable"].into_iter().find(|known| *known == text);
        if known.is_none() {
            let why = "an answer that does not score counts as dont-know or not-applicable";
            self.lose(row, "counts", format!("{text:?} is left out"), why);
        }
        known
    }

    fn flag(&mut self, row: &SheetRow, key: &str) -> Option<bool> {
        let text = self.columns.get(row, key)?;
        let known = super::words::flag(text);
        if known.is_none() {
            self.lose(row, key, format!("{text:?} is left out"), "it is neither yes nor no");
        }
        known
    }
}

impl List {
    /// The list as answers to one of which a question leads: a scale, if its
    /// scores make one.
    pub(super) fn answers(&self, name: &str, several: bool) -> Answers {
        let scored = !several && self.is_scale();
        let mut options = self.options.clone();
        let own = if scored {
            own_of_a_scale(&options)
        } else {
            for option in &mut options {
                (option.score, option.favourable, option.unfavourable) = (None, None, None);
            }
            let ways_out =
                options.iter().rev().take_while(|option| option.counts.is_some()).count();
            options.len() - ways_out
        };
        Answers {
            list: name.to_owned(),
            scored,
            barrier: scored && self.barrier,
            options,
            own,
            from: None,
        }
    }

    /// Whether any choice has a score.
    pub(super) fn has_scores(&self) -> bool {
        self.options.iter().any(|option| option.score.is_some())
    }

    fn is_scale(&self) -> bool {
        let fits = |option: &DraftOption| {
            option.score.is_some() != option.counts.is_some()
                && option.other.is_none()
                && !option.exclusive
        };
        let own = self.options.get(..own_of_a_scale(&self.options)).unwrap_or_default();
        self.options.iter().all(fits)
            && own.iter().filter(|option| option.score.is_some()).count() > 1
    }
}

/// How many options belong to the scale itself: those up to the last whose
/// scores only rise or only fall. What comes after is an extra answer.
pub(super) fn own_of_a_scale(options: &[DraftOption]) -> usize {
    own_scores(options.iter().map(|option| option.score))
}

/// The same by scores alone.
pub(super) fn own_scores(scores: impl Iterator<Item = Option<u8>>) -> usize {
    let mut run: Vec<u8> = Vec::new();
    let mut own = 0;
    for (at, score) in scores.enumerate() {
        let Some(score) = score else { continue };
        let goes_on = match run.as_slice() {
            [] => true,
            [only] => *only != score,
            [first, second, ..] => {
                let last = run.last().copied().unwrap_or_default();
                if first < second { last < score } else { last > score }
            }
        };
        if !goes_on {
            break;
        }
        run.push(score);
        own = at + 1;
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_ends_where_its_scores_turn() {
        let own = |scores: &[Option<u8>]| own_scores(scores.iter().copied());
        assert_eq!(own(&[Some(100), Some(50), Some(0), Some(0), None]), 3);
        assert_eq!(own(&[Some(0), Some(50), Some(100), None]), 3);
        assert_eq!(own(&[Some(100), None, Some(0), None]), 3);
        assert_eq!(own(&[None]), 0);
    }
}
