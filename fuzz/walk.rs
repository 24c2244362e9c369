//! From any bytes: a survey is read and, if it is sound, answered by whatever
//! bytes are left. The fuzz target and a property test run the same function.

use soundings::answer::{CONFIRM, Form, OTHER, Reply, Route, WAY_OUT};
use soundings::definition::{Item, Survey, explain, parse};

/// Between the text of a survey and the bytes that answer it.
pub const BORDER: u8 = 0;

/// Reads the text up to the first zero byte as a survey and answers it by the
/// bytes after that. Tells how many items were asked, if the survey is sound.
///
/// # Panics
/// If what must hold for any bytes does not.
pub fn walk(bytes: &[u8]) -> Option<usize> {
    let mut parts = bytes.splitn(2, |byte| *byte == BORDER);
    let source = String::from_utf8_lossy(parts.next().unwrap_or_default());
    match parse("any.toml", &source) {
        Ok(survey) => Some(answer(&survey, parts.next().unwrap_or_default())),
        Err(faults) => {
            let lines = source.matches('\n').count() + 1;
            assert!(!faults.is_empty(), "refused without a fault");
            for fault in faults.iter() {
                assert!((1..=lines).contains(&fault.line) && fault.column > 0, "{fault}");
                assert!(fault.hint.is_some(), "no hint: {fault}");
            }
            assert!(!explain(&source, &faults, false).is_empty());
            None
        }
    }
}

/// Answers each section in turn, sees what counts, and sends it.
fn answer(survey: &Survey, bytes: &[u8]) -> usize {
    let mut bytes = bytes.iter().copied();
    let seed = [7; 32];
    let mut reply = Reply::default();
    for section in &survey.sections {
        let fields: Vec<(String, String)> =
            section.items().flat_map(|item| fields(&item, &mut bytes)).collect();
        // What cannot be taken is told and left out.
        drop(Form::new(&fields, &seed).take(&mut reply, survey, section));
    }
    let route = Route::of(survey, &reply);
    let (kept, _) = route.kept();
    let asked = route.items().count();
    for item in survey.items() {
        assert!(route.asks(item.code) || kept.answer(item.code).is_none(), "{}", item.code);
    }
    // What counts leads the same way and counts as it is.
    let again = Route::of(survey, &kept);
    assert_eq!(again.items().count(), asked);
    assert!(again.kept().1.is_empty());
    let read = Reply::from_bytes(&kept.to_bytes());
    assert!(read.is_ok_and(|read| read == kept));
    asked
}

/// Form fields for an item, picked by bytes: an option, a number, words, nothing.
fn fields(item: &Item<'_>, bytes: &mut impl Iterator<Item = u8>) -> Vec<(String, String)> {
    let mut pick = || usize::from(bytes.next().unwrap_or_default());
    let options = item.options().unwrap_or_default();
    let mut option = || {
        let place = pick() % (options.len() + 1);
        options.get(place).map_or_else(String::new, |option| option.value.to_string())
    };
    let (one, another) = (option(), option());
    let number = ["", "0", "3", "12.5", "-1", "many", "99999999999999999999"];
    let number = number.get(pick() % number.len()).copied().unwrap_or_default().to_owned();
    let code = item.code.to_string();
    let words = "x".repeat(pick());
    let mut fields = vec![(format!("{OTHER}{code}"), words.clone())];
    if item.options().is_none() {
        fields.push((code, words));
    } else if pick() % 2 == 0 {
        fields.push((format!("{CONFIRM}{code}"), number.clone()));
        fields.push((format!("{WAY_OUT}{code}"), one));
        fields.push((code, number));
    } else {
        fields.extend([(code.clone(), one), (code, another)]);
    }
    fields
}
