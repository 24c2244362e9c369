//! The headings of a form's sheets: which column holds what, in which language.

use std::collections::BTreeMap;

use super::loss::Loss;
use super::workbook::{Sheet, SheetRow};

/// Columns of the survey sheet that this room understands or names as lost.
pub(super) const SURVEY: [&str; 30] = [
    "type",
    "name",
    "label",
    "hint",
    "relevant",
    "constraint",
    "constraint_message",
    "required",
    "required_message",
    "appearance",
    "default",
    "calculation",
    "choice_filter",
    "parameters",
    "repeat_count",
    "read_only",
    "disabled",
    "trigger",
    "guidance_hint",
    "image",
    "audio",
    "video",
    "module",
    "unit",
    "decimals",
    "usual_min",
    "usual_max",
    "bands",
    "also",
    "shuffle",
];
/// One more of them, apart from the rest only because both tables have one row too many.
pub(super) const OPTIONS_FROM: &str = "options_from";
/// Columns of the choices sheet.
pub(super) const CHOICES: [&str; 14] = [
    "list_name",
    "name",
    "label",
    "image",
    "audio",
    "video",
    "score",
    "counts",
    "other",
    "exclusive",
    "favourable",
    "unfavourable",
    "direction",
    "from",
];
/// Columns of the settings sheet.
pub(super) const SETTINGS: [&str; 7] = [
    "form_title",
    "form_id",
    "version",
    "default_language",
    "mode",
    "consent_item",
    "consent_value",
];

/// Other spellings that forms use.
const ALIASES: [(&str, &str); 25] = [
    ("caption", "label"),
    ("relevance", "relevant"),
    ("command", "type"),
    ("list", "list_name"),
    ("value", "name"),
    ("tag", "name"),
    ("calculate", "calculation"),
    ("readonly", "read_only"),
    ("repeat count", "repeat_count"),
    ("constraining_message", "constraint_message"),
    ("constraintmsg", "constraint_message"),
    ("requiredmsg", "required_message"),
    ("bind::relevant", "relevant"),
    ("bind::constraint", "constraint"),
    ("bind::jr:constraintmsg", "constraint_message"),
    ("bind::jr::constraintmsg", "constraint_message"),
    ("bind::required", "required"),
    ("bind::calculate", "calculation"),
    ("bind::readonly", "read_only"),
    ("control::appearance", "appearance"),
    ("body::appearance", "appearance"),
    ("title", "form_title"),
    ("set_form_title", "form_title"),
    ("id_string", "form_id"),
    ("set_form_id", "form_id"),
];

/// A column that is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    at: u32,
    language: Option<String>,
}

/// The columns of one sheet by what they hold.
#[derive(Debug, Clone)]
pub(super) struct Columns<'s> {
    pub(super) sheet: &'s Sheet,
    known: BTreeMap<&'static str, Vec<Column>>,
    /// Columns without a meaning here.
    strange: Vec<u32>,
}

impl<'s> Columns<'s> {
    pub(super) fn of(sheet: &'s Sheet, keys: &[&'static str]) -> Self {
        let mut known: BTreeMap<&'static str, Vec<Column>> = BTreeMap::new();
        let mut strange = Vec::new();
        for (at, heading) in &sheet.headings {
            let (key, language) = meaning(heading, keys);
            match keys.iter().find(|known| **known == key) {
                Some(found) => {
                    known.entry(found).or_default().push(Column { at: *at, language });
                }
                None => strange.push(*at),
            }
        }
        let headed = |at: &u32| sheet.headings.contains_key(at);
        let mut unheaded: Vec<u32> = sheet
            .rows
            .iter()
            .flat_map(|row| row.cells.keys().copied().filter(|at| !headed(at)))
            .collect();
        unheaded.sort_unstable();
        unheaded.dedup();
        strange.extend(unheaded);
        Self { sheet, known, strange }
    }

    /// Whether the sheet has a column for this.
    pub(super) fn has(&self, key: &str) -> bool {
        self.known.contains_key(key)
    }

    /// What stands in a row under a heading that has no languages.
    pub(super) fn get<'r>(&self, row: &'r SheetRow, key: &str) -> Option<&'r str> {
        self.text(row, key, None)
    }

    /// The text of a row in a language, else in none, else in any.
    pub(super) fn text<'r>(
        &self,
        row: &'r SheetRow,
        key: &str,
        language: Option<&str>,
    ) -> Option<&'r str> {
        let columns = self.known.get(key)?;
        filled(columns, row, language).and_then(|at| row.cells.get(&at)).map(String::as_str)
    }

    /// The languages in which the sheet has texts, in order; `None` is the one without a name.
    pub(super) fn languages(&self, key: &str) -> Vec<Option<String>> {
        let columns = self.known.get(key).map(Vec::as_slice).unwrap_or_default();
        columns.iter().map(|column| column.language.clone()).collect()
    }

    /// A loss at a cell of this sheet.
    pub(super) fn loss(
        &self,
        row: &SheetRow,
        key: &str,
        what: impl Into<String>,
        why: impl Into<String>,
    ) -> Loss {
        let columns = self.known.get(key).map(Vec::as_slice).unwrap_or_default();
        let filled = columns.iter().find(|column| row.cells.contains_key(&column.at));
        let at = filled.or(columns.first()).map_or(0, |column| column.at);
        self.loss_at(row.number, at, what, why)
    }

    fn loss_at(
        &self,
        row: u32,
        column: u32,
        what: impl Into<String>,
        why: impl Into<String>,
    ) -> Loss {
        Loss {
            sheet: self.sheet.name.clone(),
            row,
            column,
            heading: self.sheet.headings.get(&column).cloned().unwrap_or_default(),
            what: what.into(),
            why: why.into(),
        }
    }

    /// The columns that have no counterpart, and the languages that are not taken.
    pub(super) fn left_out(&self, language: Option<&str>) -> Vec<Loss> {
        let count_of =
            |at: u32| self.sheet.rows.iter().filter(|row| row.cells.contains_key(&at)).count();
        let mut losses = Vec::new();
        for at in &self.strange {
            let count = count_of(*at);
            if count > 0 {
                let what = format!("a column with {} is left out", cells(count));
                let why = if self.sheet.headings.contains_key(at) {
                    "it has no counterpart in a survey file"
                } else {
                    "it has no heading"
                };
                losses.push(self.loss_at(0, *at, what, why));
            }
        }
        for columns in self.known.values() {
            for column in columns {
                let unread = self.sheet.rows.iter().filter(|row| {
                    row.cells.contains_key(&column.at)
                        && filled(columns, row, language) != Some(column.at)
                });
                let count = unread.count();
                if count > 0 {
                    let (what, why) = not_taken(column, language, count);
                    losses.push(self.loss_at(0, column.at, what, why));
                }
            }
        }
        losses
    }
}

/// The column that a row is read from: that of the language, else the one of
/// none, else any.
fn filled(columns: &[Column], row: &SheetRow, language: Option<&str>) -> Option<u32> {
    let wanted = columns.iter().filter(|column| column.language.as_deref() == language);
    let plain = columns.iter().filter(|column| column.language.is_none());
    let mut by_wish = wanted.chain(plain).chain(columns).map(|column| column.at);
    by_wish.find(|at| row.cells.contains_key(at))
}

fn not_taken(column: &Column, language: Option<&str>, count: usize) -> (String, String) {
    let of_language = match &column.language {
        Some(other) => format!("{} in {other} left out", cells(count)),
        None => format!("{} left out", cells(count)),
    };
    let why = match language {
        _ if column.language.as_deref() == language => {
            "another column has the same heading".to_owned()
        }
        Some(taken) => format!("a survey file has one language, and {taken} was taken"),
        None => "a survey file has one language, and the one without a name was taken".to_owned(),
    };
    (of_language, why)
}

fn cells(count: usize) -> String {
    if count == 1 { "one filled cell".to_owned() } else { format!("{count} filled cells") }
}

/// What a heading means, and its language: `label::English (en)`.
fn meaning(heading: &str, keys: &[&str]) -> (String, Option<String>) {
    let spelled = |text: &str| {
        let text = text.trim().to_lowercase();
        let plain = if text.contains(':') { text } else { text.replace([' ', '-'], "_") };
        if keys.contains(&plain.as_str()) {
            return plain;
        }
        let alias = ALIASES.iter().find(|(alias, _)| *alias == plain);
        alias.map_or(plain.clone(), |(_, meant)| (*meant).to_owned())
    };
    let parts: Vec<&str> = if heading.contains("::") {
        heading.split("::").map(str::trim).collect()
    } else {
        heading.split(':').map(str::trim).collect()
    };
    match parts.as_slice() {
        [key] => (spelled(key), None),
        [family, key] if family.eq_ignore_ascii_case("media") => (spelled(key), None),
        [family, key, language] if family.eq_ignore_ascii_case("media") => {
            (spelled(key), Some((*language).to_owned()))
        }
        [family, _, ..]
            if ["bind", "control", "body", "instance"]
                .iter()
                .any(|known| family.eq_ignore_ascii_case(known)) =>
        {
            (spelled(&parts.join("::")), None)
        }
        [key, language] => (spelled(key), Some((*language).to_owned())),
        _ => (heading.to_lowercase(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_understood_in_the_spellings_that_forms_use() {
        let known = [
            ("type", "type", None),
            ("List Name", "list_name", None),
            ("label::English (en)", "label", Some("English (en)")),
            ("label:French", "label", Some("French")),
            ("media::image::English", "image", Some("English")),
            ("bind::relevant", "relevant", None),
            ("bind:jr:constraintMsg", "constraint_message", None),
            ("constraint message", "constraint_message", None),
            ("relevance", "relevant", None),
            ("instance::odk", "instance::odk", None),
        ];
        for (heading, key, language) in known {
            let expected = (key.to_owned(), language.map(str::to_owned));
            assert_eq!(meaning(heading, &SURVEY), expected, "{heading}");
        }
    }
}
