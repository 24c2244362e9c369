//! What can be told by its shape: addresses, numbers, titles with a name behind them,
//! practices and streets.

use std::sync::LazyLock;

use regex::Regex;

use super::folded::Folded;
use super::suggest::{Kind, Suggestion};

/// What is looked for. None can take longer than the text is long.
const PATTERNS: [(Kind, &str); 12] = [
    (
        Kind::Email,
        r"[\w.!#$%&'*+/=?^`{|}~-]+ ?(?:@|\(at\)|\[at\]) ?[\w-]+(?: ?(?:\.|\(dot\)|\[dot\]) ?[\w-]+)+",
    ),
    (Kind::Web, r#"(?i)\b(?:https?://|www\.)[^\s<>"]+"#),
    (
        Kind::Web,
        r"(?i)\b[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:uk|com|org|net|info|eu|io|int|gov|edu)\b(?:/\S*)?",
    ),
    (Kind::Telephone, r"(?:\+ ?44[ ().-]*|\(?0)[ ().-]*\d(?:[ ().-]{0,2}\d){7,10}"),
    (
        Kind::Telephone,
        r"(?i)\b(?:ext|extension|bleep|bleeper|pager)\.? ?(?:no\.? ?|number )?\d{2,6}",
    ),
    (Kind::Number, r"\d(?:[ -]?\d){6,}"),
    (Kind::Postcode, r"(?i)\b[a-z]{1,2}\d[a-z\d]? ?\d[abd-hjlnp-uw-z]{2}\b"),
    (
        Kind::Name,
        r"\b(?i:dr|mr|mrs|ms|miss|mx|prof|professor|doctor|sister|sir|dame|rev)\b\.? (?:[A-Z]\.? ){0,2}\p{Lu}[\p{L}'-]+(?:[ -]\p{Lu}[\p{L}'-]+)?",
    ),
    (Kind::Name, r"(?i)\b(?:dr|mr|mrs|prof)\b\.? (?P<name>\p{L}[\p{L}'-]{2,})"),
    (
        Kind::Practice,
        r"\b(?:\p{Lu}[\p{L}\d'.-]*,? (?:(?:and|&|of|the|in|on) )?){1,4}(?:Surgery|Medical Centre|Medical Center|Medical Practice|Health Centre|Health Center|Group Practice|Practice|Clinic|Hospital|Hospitals|Infirmary|Hospice)\b",
    ),
    (Kind::Practice, r"\bSt\.? \p{Lu}[\p{L}'-]+"),
    (
        Kind::Address,
        r"\b\d{1,4}[a-zA-Z]?,? (?:\p{Lu}[\p{L}'-]+ ){1,3}(?i:street|road|lane|avenue|close|drive|way|crescent|place|court|gardens|terrace|hill|square)\b",
    ),
];

/// Words that are no name behind a title in lower case.
const NO_NAME: &str = " and are but can did does for from gave had has have her him his how led may \
not now our said saw that the then they this was were what when which who will with would you ";

/// Words before `Practice` that name none.
const NO_PRACTICE: &str = " a all an another any best both each every general good gp her his in it its \
many my nearly no one other our private some such that the their these this those we which your ";

static READY: LazyLock<Vec<(Kind, Regex)>> = LazyLock::new(|| {
    // A test sees that each of them can be read.
    let ready = |(kind, text): &(Kind, &str)| Some((*kind, Regex::new(text).ok()?));
    PATTERNS.iter().filter_map(ready).collect()
});

/// Where something of a known shape stands in a text.
pub(super) fn found_in(words: &str) -> Vec<Suggestion> {
    let text = Folded::as_written(words);
    let mut found = Vec::new();
    for (kind, pattern) in READY.iter() {
        for matched in pattern.captures_iter(&text.text) {
            let Some(whole) = matched.get(0) else { continue };
            let named = matched.name("name").map(|name| name.as_str());
            let Some((kind, start, end)) = checked(*kind, whole.as_str(), named)
                .map(|(kind, cut)| (kind, whole.start() + cut.start, whole.start() + cut.end))
            else {
                continue;
            };
            let part = start..end;
            let numeric = matches!(kind, Kind::Telephone | Kind::Number | Kind::NhsNumber);
            if numeric && !text.is_whole(&part) {
                continue;
            }
            found.extend(text.origin(part).map(|range| Suggestion { range, kind }));
        }
    }
    found
}

/// What a match turns out to be, and which part of it; none if it is something else.
fn checked(kind: Kind, text: &str, named: Option<&str>) -> Option<(Kind, std::ops::Range<usize>)> {
    let whole = 0..text.len();
    let listed = |list: &str, word: &str| list.contains(&format!(" {} ", word.to_lowercase()));
    match kind {
        Kind::Web => {
            Some((kind, 0..text.trim_end_matches(['.', ',', ';', ':', '!', '?', ')']).len()))
        }
        Kind::Number => {
            let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
            if is_years(text) {
                None
            } else if is_nhs_number(&digits) {
                Some((Kind::NhsNumber, whole))
            } else {
                Some((kind, whole))
            }
        }
        Kind::Name if named.is_some_and(|name| listed(NO_NAME, name)) => None,
        Kind::Practice => {
            // What stands before the name is not part of it.
            let mut start = 0;
            while let Some((word, rest)) = text.get(start..).and_then(|text| text.split_once(' ')) {
                if !listed(NO_PRACTICE, word) {
                    break;
                }
                start = text.len() - rest.len();
            }
            let left = text.get(start..).unwrap_or_default();
            left.contains(' ').then_some((kind, start..text.len()))
        }
        _ => Some((kind, whole)),
    }
}

/// Such as `2006-2007`.
fn is_years(text: &str) -> bool {
    let year = |part: &str| part.len() == 4 && (part.starts_with("19") || part.starts_with("20"));
    text.split_once(['-', ' ']).is_some_and(|(from, to)| year(from) && year(to))
}

/// Whether ten digits have the check digit of an NHS number.
///
/// Source: NHS Data Model and Dictionary, NHS NUMBER, modulus 11.
fn is_nhs_number(digits: &[u32]) -> bool {
    let Some((check, rest)) = digits.split_last().filter(|(_, rest)| rest.len() == 9) else {
        return false;
    };
    let sum: u32 = rest.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    (11 - sum % 11) % 11 == *check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_can_be_read() {
        assert_eq!(READY.len(), PATTERNS.len());
    }

    #[test]
    fn an_nhs_number_has_its_check_digit() {
        let digits = |text: &str| text.chars().filter_map(|c| c.to_digit(10)).collect::<Vec<_>>();
        assert!(is_nhs_number(&digits("9434765919")));
        assert!(!is_nhs_number(&digits("9434765918")));
        assert!(!is_nhs_number(&digits("943476591")));
    }
}
