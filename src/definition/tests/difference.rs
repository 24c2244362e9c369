//! What each change of a survey does to its trends, and in which words.

use super::{EAST, Survey};
use crate::definition::{Fate, difference, parse};

fn survey(source: &str) -> Survey {
    parse("survey.toml", source).unwrap_or_else(|faults| panic!("{faults}"))
}

/// The trends that a replacement changes, with the reasons.
fn changed(from: &str, to: &str) -> Vec<(String, Fate, String)> {
    assert_eq!(EAST.matches(from).count(), 1, "not there once: {from}");
    difference(&survey(EAST), &survey(&EAST.replacen(from, to, 1)))
        .into_iter()
        .filter(|trend| trend.fate != Fate::Kept)
        .map(|trend| (trend.code, trend.fate, trend.reasons.join("; ")))
        .collect()
}

/// A change that breaks one item for one reason.
fn breaks(from: &str, to: &str, item: &str, reason: &str) {
    let trends = changed(from, to);
    assert_eq!(trends, [(item.to_owned(), Fate::Broken, reason.to_owned())], "{to}");
}

#[test]
fn another_mode_breaks_everything() {
    let after =
        EAST.replacen("version = \"draft-1\"", "version = \"draft-1\"\nmode = \"paper\"", 1);
    let trends = difference(&survey(EAST), &survey(&after));
    assert!(trends.iter().all(|trend| trend.fate == Fate::Broken));
    let of = |code: &str| trends.iter().find(|trend| trend.code == code).expect("a trend");
    assert_eq!(of("MS_INC").reasons, ["the mode was \"web\", is \"paper\""]);
    assert_eq!(of("IDX_INF").reasons.len(), 3, "one for each of its items");
    let plain = EAST.replacen("version = \"draft-1\"", "version = \"draft-1\"\nmode = \"web\"", 1);
    assert!(difference(&survey(EAST), &survey(&plain)).iter().all(|t| t.fate == Fate::Kept));
}

#[test]
fn another_base_breaks_the_item() {
    breaks(
        "code = \"FUR_PCT\"\nshow_if = \"FUR_AGR = 1\"",
        "code = \"FUR_PCT\"\nshow_if = \"FUR_AGR = 2\"",
        "FUR_PCT",
        "it was asked if FUR_AGR in (1), is asked if FUR_AGR in (2)",
    );
    let trends = changed(
        "show_if = \"BC_DEC > 0 or BC_WAIT > 0\"",
        "show_if = \"BC_DEC > 0 or BC_WAIT > 1\"",
    );
    let said =
        "it was asked if (BC_DEC >= 1 or BC_WAIT >= 1), is asked if (BC_DEC >= 1 or BC_WAIT >= 2)";
    assert_eq!(trends[0], ("BC_SPEED".to_owned(), Fate::Broken, said.to_owned()));
}

#[test]
fn the_same_base_in_other_words_keeps_it() {
    let (from, to) = ("show_if = \"MS_BUD in (1, 2, 3)\"", "show_if = \"(MS_BUD in (3, 2, 1))\"");
    assert_eq!(changed(from, to), []);
    let from = "code = \"BC_FEED\"\nshow_if = \"BC_DEC > 0\"";
    assert_eq!(changed(from, &from.replace("> 0", ">= 1")), []);
}

#[test]
fn a_base_of_a_whole_section_counts() {
    let trends = changed("title = \"Support\"\n", "title = \"Support\"\nshow_if = \"ROLE != 6\"\n");
    assert_eq!(trends.len(), 1);
    assert_eq!(trends[0].2, "it was asked of everybody, is asked if not (ROLE in (6))");
}

#[test]
fn other_numbers_break_the_item() {
    breaks(
        "usual_max = 50\ndecimals = 1",
        "max = 50\nusual_max = 49\ndecimals = 1",
        "WTE",
        "it took 0 to any, takes 0 to 50",
    );
    breaks("max = \"BC_DEC\"", "max = 99", "BC_APP", "it took 0 to BC_DEC, takes 0 to 99");
    breaks(
        "unit = \"days\"",
        "unit = \"working days\"",
        "BC_DAYS",
        "the unit was \"days\", is \"working days\"",
    );
}

#[test]
fn other_decimal_places_break_the_item_and_all_its_other_changes_are_told_too() {
    let said = changed("usual_max = 50\ndecimals = 1", "usual_max = 50\ndecimals = 0");
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].2, "1 decimal places were taken, now 0");
    let from = "ask = \"For the most recent decision, how many calendar days";
    let more = from.replace("calendar", "working");
    let days = EAST.replacen(from, &more, 1).replacen("{ up_to = 84 }", "{ up_to = 90 }", 1);
    let trends = difference(&survey(EAST), &survey(&days));
    let broken = trends.iter().find(|trend| trend.code == "BC_DAYS").expect("a trend");
    assert_eq!(broken.reasons.len(), 2, "{:?}", broken.reasons);
}

#[test]
fn what_is_only_confirmed_breaks_nothing() {
    assert_eq!(changed("usual_max = 730", "usual_max = 365"), []);
}

#[test]
fn other_bands_break_the_item() {
    breaks(
        "{ up_to = 84 }",
        "{ up_to = 90 }",
        "BC_DAYS",
        "its bands ended at 28, 56, 84, end at 28, 56, 90",
    );
    breaks(
        "label = \"No case waiting\"",
        "label = \"None\"",
        "BC_WAIT",
        "\"No case waiting\" is now \"None\"",
    );
    breaks(
        "{ up_to = 56, favourable = true }",
        "{ up_to = 56 }",
        "BC_DAYS",
        "\"29 to 56 days\" counts in another way",
    );
}

#[test]
fn other_rules_of_choosing_break_the_item() {
    breaks("most = 3", "most = 4", "NEED", "the most that could be chosen was 3, is 4");
    breaks(
        "label = \"None needed\", exclusive = true",
        "label = \"None needed\"",
        "NEED",
        "\"None needed\" can be chosen by others than before",
    );
    breaks(
        "{ value = 7, label = \"Legal advice\" },\n",
        "{ value = 7, label = \"Legal advice\" },\n  { value = 13, label = \"Premises\" },\n",
        "NEED",
        "the option \"Premises\" is new",
    );
    let said = changed("answers = [3, 4, 5]", "answers = [4, 5]");
    let codes: Vec<&str> = said.iter().map(|(code, ..)| code.as_str()).collect();
    assert_eq!(codes, ["BAR_TOP"]);
    assert!(said[0].2.contains("can be chosen by others than before"), "{said:?}");
}

#[test]
fn another_kind_breaks_the_item() {
    let (from, to) = (
        "kind = \"text\"\nmax_chars = 400",
        "kind = \"choice\"\noptions = [{ value = 1, label = \"Money\" }, { value = 2, label = \"Time\" }]",
    );
    breaks(from, to, "BAR_FIX", "it is answered in another way");
}

#[test]
fn a_section_that_moves_to_another_module_keeps_every_trend() {
    let swapped = EAST
        .replacen("module = \"R2\"", "module = \"R9\"", 1)
        .replacen("module = \"R3\"", "module = \"R2\"", 1)
        .replacen("module = \"R9\"", "module = \"R3\"", 1);
    let (was, is) = (survey(EAST), survey(&swapped));
    assert_ne!(was.fingerprint, is.fingerprint);
    assert!(difference(&was, &is).iter().all(|trend| trend.fate == Fate::Kept));
    let freed =
        survey(&EAST.replacen("code = \"R2\"\nmodule = \"R2\"\n", "code = \"R2\"\n", 1).replacen(
            "[[modules]]\ncode = \"R2\"\ntitle = \"Money\"\n",
            "",
            1,
        ));
    assert_eq!(freed.modules.len(), 3);
    assert!(difference(&was, &freed).iter().all(|trend| trend.fate == Fate::Kept));
}

#[test]
fn an_index_whose_item_broke_is_broken_with_it() {
    let trends = changed("code = \"BC_FEED\"\nshow_if = \"BC_DEC > 0\"\n", "code = \"BC_FEED\"\n");
    let index = trends.iter().find(|(code, ..)| code == "IDX_DEC").expect("the index");
    assert_eq!((index.1, index.2.as_str()), (Fate::Broken, "BC_FEED is not what it was"));
    let trends = changed(
        "items = [\"BC_CLEAR\", \"BC_SPEED\", \"BC_FEED\"]",
        "items = [\"BC_CLEAR\", { item = \"BC_SPEED\", weight = 2 }, \"REL_PCT\"]",
    );
    let said = "BC_SPEED weighed 1, now 2; BC_FEED is no longer in it; REL_PCT is new in it";
    assert_eq!(trends, [("IDX_DEC".to_owned(), Fate::Broken, said.to_owned())]);
}
