//! Survey files from and to XLSForms.

use rust_xlsxwriter::Workbook;
use serde_json::Value;

use crate::place::Place;

/// A form of a few rows, in two languages.
const SURVEY: [[&str; 6]; 6] = [
    ["type", "name", "label::English (en)", "label::French (fr)", "relevant", "required"],
    ["select_one yn", "any", "Any new service?", "Du nouveau ?", "", "yes"],
    ["integer", "how_many", "How many?", "Combien ?", "${any} = 'yes'", "yes"],
    ["geopoint", "where", "Where?", "Où ?", "", ""],
    ["text", "why", "Why ${where}?", "Pourquoi ?", "${where} != ''", ""],
    ["begin_group", "part", "Part", "Partie", "", ""],
];
const END: [&str; 6] = ["end_group", "", "", "", "", ""];
const CHOICES: [[&str; 4]; 3] = [
    ["list_name", "name", "label::English (en)", "label::French (fr)"],
    ["yn", "yes", "Yes", "Oui"],
    ["yn", "no", "No", "Non"],
];

/// Writes the form into a place; `rows` of its survey sheet, the end of its group or not.
fn write(place: &Place, name: &str, with_end: bool) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("survey").expect("a sheet");
    let rows = SURVEY.iter().chain(with_end.then_some(&END));
    for (at, row) in (0..).zip(rows) {
        for (column, text) in (0..).zip(row).filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(at, column, *text).expect("a cell");
        }
    }
    let sheet = book.add_worksheet().set_name("choices").expect("a sheet");
    for (at, row) in (0..).zip(CHOICES) {
        for (column, text) in (0..).zip(row) {
            sheet.write_string(at, column, text).expect("a cell");
        }
    }
    book.save(place.path(name)).expect("a workbook");
}

#[test]
fn a_form_becomes_a_sound_survey_and_each_loss_is_told_on_the_side() {
    let place = Place::new();
    write(&place, "form.xlsx", true);
    let ran = place.run("xlsform import form.xlsx --out form.toml");
    assert_eq!((ran.code, ran.out.as_str()), (0, "form.toml is made of form.xlsx.\n"));
    assert!(place.done("check form.toml").starts_with("form.toml: form 1: 1 section, 3 items"));
    for line in [
        "survey!D (label::French (fr)): 5 filled cells in French (fr) left out; \
         a survey file has one language, and English (en) was taken\n",
        "survey!B2 (name): any is called any_; ",
        "survey!F (required), rows 2, 3: \"yes\" is left out; no question is ever required\n",
        "survey!A4 (type): where, of type geopoint, is left out; ",
        "survey!C5 (label::English (en)): ${where} becomes \"[the answer to where]\"; ",
        "survey!E5 (relevant): the condition \"${where} != ''\" is left out; \
         it depends on where, which did not carry over; the question is asked of everybody\n",
        "choices!B2 (name): the names of the list yn become numbers: yes = 1, no = 2; ",
    ] {
        assert!(ran.err.contains(line), "{line}\n--\n{}", ran.err);
    }
    assert!(
        ran.err.ends_with("things did not carry over as they were, told in 9 lines.\n"),
        "{}",
        ran.err
    );
    let survey = place.read("form.toml");
    assert!(survey.contains("show_if = \"any_ = 1\""), "{survey}");
    assert!(survey.contains("{ value = 1, label = \"Yes\" }, # yes\n"), "{survey}");
}

#[test]
fn a_form_is_taken_in_the_language_asked_for() {
    let place = Place::new();
    write(&place, "form.xlsx", true);
    for language in ["fr", "french"] {
        let said = place.run(&format!("xlsform import form.xlsx --language {language}"));
        assert!(said.out.contains("ask = \"Combien ?\""), "{}", said.out);
        assert!(said.out.contains("label = \"Oui\""), "{}", said.out);
    }
    let why = place.refused("xlsform import form.xlsx --language Welsh");
    assert!(why.contains("Welsh was asked for; the form has English (en), French (fr)"), "{why}");
}

#[test]
fn nothing_is_written_over_without_force() {
    let place = Place::new();
    write(&place, "form.xlsx", true);
    place.write("form.toml", "mine");
    let why = place.refused("xlsform import form.xlsx --out form.toml");
    assert_eq!(why, "soundings: form.toml is there already; --force writes over it\n");
    let why = place.refused("xlsform export survey.toml --out form.toml");
    assert!(why.contains("form.toml is there already"), "{why}");
    assert_eq!(place.read("form.toml"), "mine");
    place.done("xlsform import form.xlsx --out form.toml --force");
    assert!(place.read("form.toml").starts_with("# Made from the XLSForm form.xlsx."));
}

#[test]
fn a_form_that_gives_no_sound_survey_is_refused_by_sheet_and_row() {
    let place = Place::new();
    write(&place, "open.xlsx", false);
    let why = place.refused("xlsform import open.xlsx --out open.toml");
    assert_eq!(
        why,
        "open.xlsx:survey:6: this group or repeat never ends\n    \
         hint: add end_group or end_repeat\n1 fault\n\
         soundings: open.xlsx is not sound; no survey file was made of it\n"
    );
    assert!(!place.path("open.toml").exists());
    place.write("words.xlsx", "type,name,label");
    assert!(
        place.refused("xlsform import words.xlsx").contains("words.xlsx: no workbook can be read")
    );
    assert!(place.refused("xlsform import nowhere.xlsx").contains("nowhere.xlsx cannot be read"));
    place.write("bad.toml", "format = 2");
    let why = place.refused("xlsform export bad.toml --out bad.xlsx");
    assert!(why.contains("bad.toml:1:") && !place.path("bad.xlsx").exists(), "{why}");
}

/// The beginning of an old workbook whose first sector breaks off after three bytes.
fn broken_off() -> Vec<u8> {
    let mut bytes = vec![0xff; 512];
    bytes[..24].fill(0);
    bytes[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    bytes[24..80].fill(0);
    for (at, word) in [(24, 0x3e_u16), (26, 3), (28, 0xfffe), (30, 9), (32, 6), (44, 1), (56, 4096)]
    {
        bytes[at..at + 2].copy_from_slice(&word.to_le_bytes());
    }
    for at in [60, 68] {
        bytes[at..at + 4].copy_from_slice(&0xffff_fffe_u32.to_le_bytes());
    }
    bytes.extend(b"abc");
    bytes
}

#[test]
fn a_workbook_that_its_reader_stops_at_is_refused_in_words() {
    let place = Place::new();
    std::fs::write(place.path("old.xls"), broken_off()).expect("written");
    let why = place.refused("xlsform import old.xls");
    let expected = "old.xls: no workbook can be read: it breaks off or contradicts itself\n";
    assert!(why.starts_with(expected), "{why}");
}

#[test]
fn programs_get_the_losses_and_the_faults() {
    let place = Place::new();
    write(&place, "form.xlsx", true);
    let told = place.json("xlsform import form.xlsx");
    assert!(told["toml"].as_str().expect("a survey").contains("[[sections]]"));
    let losses = told["losses"].as_array().expect("losses");
    let place_of =
        |loss: &Value| (loss["sheet"].clone(), loss["row"].clone(), loss["heading"].clone());
    let expected = ("survey".into(), 4.into(), "type".into());
    assert!(losses.iter().any(|loss| place_of(loss) == expected), "{told:#}");
    write(&place, "open.xlsx", false);
    let ran = place.run("xlsform import open.xlsx --json");
    assert_eq!(ran.code, 1);
    let told: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!((&told["sound"], &told["faults"][0]["line"]), (&false.into(), &6.into()));
}

#[test]
fn a_survey_goes_out_and_comes_back_the_same() {
    let place = Place::new();
    let ran = place.run("xlsform export survey.toml --out form.xlsx");
    assert_eq!((ran.code, ran.out.as_str()), (0, "form.xlsx is made of survey.toml.\n"));
    assert!(
        ran.err.contains("survey!P84 (shuffle): other programs pass over this column; "),
        "{}",
        ran.err
    );
    place.done("xlsform import form.xlsx --out back.toml");
    let fingerprint = |file: &str| {
        let told = place.json(&format!("check {file}"));
        told[0]["fingerprint"].clone()
    };
    assert_eq!(fingerprint("survey.toml"), fingerprint("back.toml"));
    assert!(place.done("diff survey.toml back.toml").contains(" 0 break, 0 begin, 0 end."));
}
