//! Forms that nobody would write: none may stop the program, and what is taken
//! is sound.

use proptest::prelude::*;

use super::sheet;
use crate::definition::{self, Survey};
use crate::xlsform::import::from_book;
use crate::xlsform::workbook::{Sheet, SheetRow, Workbook};
use crate::xlsform::{export, import};

const WORDS: &[&str] = &[
    "select_one a",
    "select_one b or_other",
    "select_multiple a",
    "integer",
    "decimal",
    "text",
    "note",
    "range",
    "begin_group",
    "end_group",
    "begin_repeat",
    "end_repeat",
    "calculate",
    "a",
    "b",
    "1",
    "2",
    "q",
    "q_1",
    "and",
    "yes",
    "no",
    "table-list",
    "field-list",
    "label",
    "${q} = '1'",
    "${a} != 'b' and selected(${q}, 'a')",
    "not(${q} > 2)",
    "${q} = ''",
    ". >= 0 and . <= ${q}",
    ". < 5.5",
    "string-length(.) < 4000",
    "count-selected(.) <= 1",
    "not(selected(., 'a') and count-selected(.) > 1)",
    "start=1 end=5",
    "{group}",
    "<b>x</b>",
    "${q}",
    "100",
    "0",
    "dont-know",
    "barrier",
    "[{ up_to = 1 }, {}]",
    "q 1 2",
    "3000",
    "multi\nline \"\"\" \\ text",
    "é ${",
    "M1",
    "-1",
    "1e9",
    "99999999999999999999",
];

/// A cell of a form, more or less likely to make sense.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => proptest::sample::select(WORDS).prop_map(str::to_owned),
        2 => Just(String::new()),
        1 => "\\PC{0,12}",
    ]
}

fn any_sheet(
    name: &'static str,
    headings: &'static [&'static str],
) -> impl Strategy<Value = Sheet> {
    let rows = proptest::collection::vec(proptest::collection::vec(cell(), headings.len()), 0..14);
    rows.prop_map(move |rows| {
        let cells = |texts: Vec<String>| {
            let texts = texts.into_iter().map(|text| text.trim().to_owned()).zip(1..);
            texts.filter(|(text, _)| !text.is_empty()).map(|(text, at)| (at, text)).collect()
        };
        let headings = cells(headings.iter().map(|heading| (*heading).to_owned()).collect());
        let rows = rows.into_iter().zip(2..);
        let rows = rows.map(|(row, number)| SheetRow { number, cells: cells(row) }).collect();
        Sheet { name: name.to_owned(), headings, rows }
    })
}

const TYPES: &[&str] = &[
    "select_one a",
    "select_one b",
    "select_multiple a",
    "select_multiple b",
    "integer",
    "decimal",
    "text",
    "note",
    "range",
];

/// A row that may well be sound, so that the random forms get far.
fn likely_row() -> impl Strategy<Value = Vec<String>> {
    let of_type = proptest::sample::select(TYPES).prop_map(str::to_owned);
    (of_type, "q[0-9]", "[A-Z][a-z]{2,9}", proptest::collection::vec(cell(), 12)).prop_map(
        |(of_type, name, label, rest)| [of_type, name, label].into_iter().chain(rest).collect(),
    )
}

const SURVEY: [&str; 15] = [
    "type",
    "name",
    "label",
    "relevant",
    "constraint",
    "appearance",
    "hint",
    "parameters",
    "bands",
    "also",
    "options_from",
    "module",
    "usual_max",
    "decimals",
    "strange",
];
const CHOICES: [&str; 7] = ["list_name", "name", "label", "score", "counts", "other", "exclusive"];
const SETTINGS: [&str; 6] =
    ["form_title", "form_id", "version", "mode", "consent_item", "consent_value"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_grid_of_cells_is_a_sound_survey_or_refused(
        survey in any_sheet("survey", &SURVEY),
        choices in any_sheet("choices", &CHOICES),
        settings in any_sheet("settings", &SETTINGS),
    ) {
        let book = Workbook { sheets: vec![survey, choices, settings] };
        match from_book(&book, "form.xlsx", None) {
            Ok(imported) => prop_assert!(definition::parse("f.toml", &imported.toml).is_ok()),
            Err(faults) => prop_assert!(!faults.is_empty()),
        }
    }

    #[test]
    fn likely_rows_become_a_sound_survey_that_goes_out_and_comes_back(
        rows in proptest::collection::vec(likely_row(), 1..12),
        choices in any_sheet("choices", &CHOICES),
    ) {
        let lines = rows.iter().map(|row| row.iter().map(|cell| cell.replace(['|', '\n'], " ")).collect::<Vec<_>>().join("|"));
        let survey = format!("{}\n{}", SURVEY.join("|"), lines.collect::<Vec<_>>().join("\n"));
        let mut choices = choices;
        let lists = sheet("choices", "list_name|name|label\na|1|One\na|x|Ex\na|9|Nine\nb|1|Good\nb|2|Bad");
        choices.rows.extend(lists.rows);
        let book = Workbook { sheets: vec![sheet("survey", &survey), choices] };
        let imported = from_book(&book, "form.xlsx", None);
        // Rows that ask of a list that does not make sense are refused.
        prop_assume!(imported.is_ok());
        if let Ok(imported) = imported {
            let first = definition::parse("f.toml", &imported.toml);
            prop_assert!(first.is_ok(), "{}", imported.toml);
            let first = first.expect("sound");
            let (bytes, _) = export(&first).expect("a workbook");
            let back = import(&bytes, "form.xlsx", None);
            prop_assert!(back.is_ok(), "{}\n{}", imported.toml, back.expect_err("faults"));
            let back = back.expect("sound");
            let second = definition::parse("b.toml", &back.toml).expect("sound");
            let codes = |survey: &Survey| survey.items().map(|item| item.code.to_string()).collect::<Vec<_>>();
            prop_assert_eq!(codes(&first), codes(&second), "{}\n----\n{}", imported.toml, back.toml);
        }
    }
}
