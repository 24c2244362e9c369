//! The `type` column: what a row of the survey sheet is.

/// What a row of the survey sheet is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RowType {
    /// `begin_group` and its kin.
    Begin(Bracket),
    /// `end_group` and its kin.
    End(Bracket),
    /// One or several of a list; with an "other" answer of its own.
    Select {
        list: String,
        several: bool,
        other: bool,
    },
    Integer,
    Decimal,
    /// A number chosen on a line.
    Range,
    Text,
    Note,
    Acknowledge,
    /// Known to XLSForm, without a counterpart here: why.
    Foreign(&'static str),
    /// In no edition of XLSForm.
    Unknown,
}

/// What a pair of rows brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    Group,
    Repeat,
}

const BY_MACHINE: &str =
    "it is filled in by the device, not by a person, and could tell who answered";
const COMPUTED: &str = "a survey file has no computed values";
const OF_FILES: &str = "answers are options, numbers and words; no file is taken";
const OF_PLACES: &str = "answers are options, numbers and words; no place is taken";
const OF_DATES: &str = "answers are options, numbers and words; ask in words if a date is needed";
const ELSEWHERE: &str = "its choices stand in another file, which a survey file cannot refer to";

/// Types without a counterpart, by their first word.
const FOREIGN: [(&[&str], &str); 12] = [
    (
        &[
            "start",
            "end",
            "today",
            "deviceid",
            "device_id",
            "subscriberid",
            "subscriber_id",
            "simserial",
            "sim_serial",
            "sim_id",
            "imei",
            "imsi",
            "phonenumber",
            "phone_number",
            "username",
            "user_name",
            "email",
            "audit",
            "start_geopoint",
            "background_geopoint",
            "background_audio",
            "start_time",
            "end_time",
            "get",
        ],
        BY_MACHINE,
    ),
    (&["calculate", "calculation", "hidden", "csv_external", "xml_external", "entity"], COMPUTED),
    (
        &[
            "image",
            "photo",
            "picture",
            "audio",
            "video",
            "file",
            "signature",
            "draw",
            "annotate",
            "osm",
        ],
        OF_FILES,
    ),
    (&["geopoint", "gps", "geotrace", "geoshape", "location"], OF_PLACES),
    (&["date", "time", "datetime", "date_time"], OF_DATES),
    (&["barcode", "qrcode"], "no code can be read by a camera"),
    (&["rank"], "no question takes an order; several choices with a limit may do"),
    (&["select_one_from_file", "select_multiple_from_file", "select_one_external"], ELSEWHERE),
    (&["score__row", "rank__level", "kobomatrix"], "only Kobo has rows of this type"),
    (&["cascading_select"], "choices that depend on earlier ones have no counterpart"),
    (&["include"], "it takes in another form, which is not at hand"),
    (
        &["set_form_title", "set_form_id", "set_default_language"],
        "settings are read from the sheet settings",
    ),
];

/// Spellings of the select types, the longest first.
const SELECTS: [(&str, bool); 14] = [
    ("add select multiple prompt using", true),
    ("add select one prompt using", false),
    ("select all that apply from", true),
    ("select multiple from", true),
    ("select multiple using", true),
    ("select one from", false),
    ("select one using", false),
    ("select all that apply", true),
    ("select multiple", true),
    ("select one", false),
    ("select many", true),
    ("select1", false),
    ("select", true),
    ("q radio", false),
];

impl RowType {
    /// Reads the type of a row.
    pub(super) fn read(text: &str) -> Self {
        let words: Vec<&str> = text.split_whitespace().collect();
        // In most types underscores and spaces mean the same; in a list's name they do not.
        let first: Vec<String> =
            words.iter().map(|word| word.to_lowercase().replace(['_', '-'], " ")).collect();
        let spaced = first.join(" ");
        let lower = spaced.replace(' ', "_");
        if let Some(bracket) = bracket_of(&spaced, "begin ") {
            return Self::Begin(bracket);
        }
        if let Some(bracket) = bracket_of(&spaced, "end ") {
            return Self::End(bracket);
        }
        let head = first.first().map(|word| word.replace(' ', "_")).unwrap_or_default();
        for (kinds, why) in FOREIGN {
            if kinds.iter().any(|kind| *kind == lower || *kind == head) {
                return Self::Foreign(why);
            }
        }
        if head.starts_with("uri:") {
            return Self::Foreign(BY_MACHINE);
        }
        if let Some(select) = select_of(&words, &first) {
            return select;
        }
        match lower.as_str() {
            "integer" | "int" | "add_integer_prompt" | "q_int" => Self::Integer,
            "decimal" | "add_decimal_prompt" | "percentage" | "q_decimal" => Self::Decimal,
            "range" => Self::Range,
            "text" | "string" | "add_text_prompt" | "q_string" => Self::Text,
            "note" | "add_note_prompt" | "statement" => Self::Note,
            "acknowledge" | "acknowledgement" | "trigger" | "add_acknowledge_prompt" => {
                Self::Acknowledge
            }
            _ => Self::Unknown,
        }
    }
}

fn bracket_of(spaced: &str, word: &str) -> Option<Bracket> {
    let what = spaced.strip_prefix(word)?;
    match what.split_whitespace().next()? {
        "group" | "lgroup" | "score" | "rank" | "kobomatrix" => Some(Bracket::Group),
        "repeat" | "loop" | "looped" => Some(Bracket::Repeat),
        _ => None,
    }
}

fn select_of(words: &[&str], first: &[String]) -> Option<RowType> {
    for (spelling, several) in SELECTS {
        // The spelling may fill several words, or one with underscores.
        for taken in 1..=words.len() {
            let head = first.get(..taken)?.join(" ");
            if head.len() > spelling.len() {
                break;
            }
            if head == spelling {
                let rest = words.get(taken..)?;
                let ending = rest.iter().skip(1).last().map(|word| word.to_lowercase());
                let other = ending.is_some_and(|word| word.ends_with("other"));
                let list = rest.first().map(|word| (*word).to_owned()).unwrap_or_default();
                return Some(RowType::Select { list, several, other });
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn select(list: &str, several: bool, other: bool) -> RowType {
        RowType::Select { list: list.into(), several, other }
    }

    #[test]
    fn types_are_understood_in_the_spellings_that_forms_use() {
        let known = [
            ("select_one yes_no", select("yes_no", false, false)),
            ("select one  yes_no", select("yes_no", false, false)),
            ("select_multiple colours or_other", select("colours", true, true)),
            ("select all that apply from Colours or specify other", select("Colours", true, true)),
            ("add select one prompt using yes_no", select("yes_no", false, false)),
            ("select1 yes_no", select("yes_no", false, false)),
            ("begin_group", RowType::Begin(Bracket::Group)),
            ("begin group", RowType::Begin(Bracket::Group)),
            ("Begin Repeat", RowType::Begin(Bracket::Repeat)),
            ("end_repeat", RowType::End(Bracket::Repeat)),
            ("end", RowType::Foreign(BY_MACHINE)),
            ("start-geopoint", RowType::Foreign(BY_MACHINE)),
            ("dateTime", RowType::Foreign(OF_DATES)),
            ("select_one_from_file towns.csv", RowType::Foreign(ELSEWHERE)),
            ("int", RowType::Integer),
            ("note", RowType::Note),
            ("frobnicate", RowType::Unknown),
            ("", RowType::Unknown),
        ];
        for (text, meant) in known {
            assert_eq!(RowType::read(text), meant, "{text:?}");
        }
    }
}
