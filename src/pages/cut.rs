//! A text that was rendered once, cut where a reader's own matter stands, and
//! joined again for each reader without rendering.
//!
//! Templates alone write markup; here it is only cut and pasted. Two kinds of
//! place can be cut out. A *word* is a private-use character that stood in the
//! context in the place of a reader's own word. A *switch* is something that is
//! there or not, such as the mark of a chosen answer: it is found by comparing
//! the text with the switch off and on. Knows neither forms nor answers.

use std::ops::Range;

/// The private-use characters of Unicode's first plane.
pub(super) const MARKERS: Range<u32> = 0xE000..0xF900;

/// A text in pieces.
pub(super) struct Cut {
    pieces: Vec<Piece>,
}

enum Piece {
    Still(String),
    Word(usize),
    Switch { number: usize, off: Vec<Piece>, on: Vec<Piece> },
}

/// One reader's own matter.
pub(super) struct Own<'o> {
    /// The words by number, as they stand in HTML.
    pub(super) words: &'o [String],
    /// The switches by number.
    pub(super) switches: &'o [bool],
}

/// What stands in a context for a word; none if there are too many.
pub(super) fn marker(word: usize) -> Option<String> {
    let code = MARKERS.start.checked_add(u32::try_from(word).ok()?)?;
    char::from_u32(code).filter(|_| MARKERS.contains(&code)).map(String::from)
}

fn word_of(marker: char) -> Option<usize> {
    let code = u32::from(marker);
    MARKERS.contains(&code).then(|| usize::try_from(code - MARKERS.start).ok())?
}

/// How many bytes two texts have in common at their beginning.
fn common_start(one: &str, other: &str) -> usize {
    let same = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    (0..=same).rev().find(|at| one.is_char_boundary(*at)).unwrap_or_default()
}

/// How many bytes two texts have in common at their end.
fn common_end(one: &str, other: &str) -> usize {
    let same = one.bytes().rev().zip(other.bytes().rev()).take_while(|(a, b)| a == b).count();
    (0..=same).rev().find(|length| one.is_char_boundary(one.len() - length)).unwrap_or_default()
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut still = String::new();
    for letter in text.chars() {
        match word_of(letter) {
            None => still.push(letter),
            Some(word) => {
                pieces.push(Piece::Still(std::mem::take(&mut still)));
                pieces.push(Piece::Word(word));
            }
        }
    }
    pieces.push(Piece::Still(still));
    pieces.retain(|piece| !matches!(piece, Piece::Still(text) if text.is_empty()));
    pieces
}

impl Cut {
    /// A text with all switches off, and for some switches the text with that
    /// one on. None if two switches change the same place.
    pub(super) fn new(off: &str, on: &[(usize, String)]) -> Option<Self> {
        let mut changes = Vec::new();
        for (number, on) in on {
            let start = common_start(off, on);
            let end = common_end(off.get(start..)?, on.get(start..)?);
            let range = start..off.len() - end;
            changes.push((range, *number, on.get(start..on.len() - end)?));
        }
        changes.sort_by_key(|(range, ..)| range.start);
        let mut cut = Self { pieces: Vec::new() };
        let mut at = 0;
        for (index, (range, number, on)) in changes.iter().enumerate() {
            if index > 0 && range.start <= at {
                return None;
            }
            cut.pieces.extend(pieces(off.get(at..range.start)?));
            let off = pieces(off.get(range.clone())?);
            cut.pieces.push(Piece::Switch { number: *number, off, on: pieces(on) });
            at = range.end;
        }
        cut.pieces.extend(pieces(off.get(at..)?));
        Some(cut)
    }

    /// Joins the text for a reader. A word that is missing stays empty.
    pub(super) fn join(&self, own: &Own<'_>, out: &mut String) {
        join(&self.pieces, own, out);
    }
}

fn join(pieces: &[Piece], own: &Own<'_>, out: &mut String) {
    for piece in pieces {
        match piece {
            Piece::Still(text) => out.push_str(text),
            Piece::Word(word) => out.push_str(own.words.get(*word).map_or("", String::as_str)),
            Piece::Switch { number, off, on } => {
                let is_on = own.switches.get(*number).copied().unwrap_or_default();
                join(if is_on { on } else { off }, own, out);
            }
        }
    }
}

/// A place into which other texts are put.
pub(super) struct Gap {
    before: String,
    after: String,
}

impl Gap {
    /// The place at which each of these texts was put into the empty one.
    pub(super) fn find<'t>(
        empty: &str,
        filled: impl IntoIterator<Item = &'t String>,
    ) -> Option<Self> {
        let at = filled.into_iter().map(|filled| common_start(empty, filled)).min()?;
        let (before, after) = empty.split_at_checked(at)?;
        Some(Self { before: before.to_owned(), after: after.to_owned() })
    }

    /// The place at which exactly this was put into the empty text.
    pub(super) fn of(empty: &str, filled: &str, put: &str) -> Option<Self> {
        let most = common_start(empty, filled);
        (0..=most).rev().find_map(|at| {
            let (before, after) = empty.split_at_checked(at)?;
            let gap = Self { before: before.to_owned(), after: after.to_owned() };
            (gap.put_into(filled) == Some(put)).then_some(gap)
        })
    }

    /// What was put into the place.
    pub(super) fn put_into<'t>(&self, filled: &'t str) -> Option<&'t str> {
        filled.strip_prefix(self.before.as_str())?.strip_suffix(self.after.as_str())
    }

    /// The text before the place.
    pub(super) fn before(&self) -> &str {
        &self.before
    }

    /// The text after the place.
    pub(super) fn after(&self) -> &str {
        &self.after
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(cut: &Cut, words: &[&str], switches: &[bool]) -> String {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let mut out = String::new();
        cut.join(&Own { words: &words, switches }, &mut out);
        out
    }

    #[test]
    fn words_and_switches_come_where_they_stood() {
        let (a, b) = (marker(0).expect("a marker"), marker(1).expect("a marker"));
        let off = format!("<i é={a}><i 1><b {b} hidden>");
        let on = [
            (0, format!("<i é={a} checked><i 1><b {b} hidden>")),
            (1, format!("<i é={a}><i 1 checked><b {b}>")),
        ];
        let cut = Cut::new(&off, &on).expect("cut");
        assert_eq!(joined(&cut, &["x", "y"], &[false, false]), "<i é=x><i 1><b y hidden>");
        assert_eq!(joined(&cut, &["x", "y"], &[true, true]), "<i é=x checked><i 1 checked><b y>");
    }

    #[test]
    fn switches_that_change_the_same_place_cannot_be_cut() {
        let on = [(0, "a1b".to_owned()), (1, "a2b".to_owned())];
        assert!(Cut::new("ab", &on).is_none());
    }

    #[test]
    fn a_gap_is_found_where_several_texts_fit() {
        let empty = "<p><q></q>";
        let filled = ["<p><r>1</r><q></q>".to_owned(), "<p><s>2</s><q></q>".to_owned()];
        let gap = Gap::find(empty, &filled).expect("a gap");
        let both: String = filled.iter().filter_map(|text| gap.put_into(text)).collect();
        assert_eq!(format!("{}{both}{}", gap.before(), gap.after()), "<p><r>1</r><s>2</s><q></q>");
        let exact = Gap::of(empty, &filled[0], "<r>1</r>").expect("a gap");
        assert_eq!((exact.before(), exact.after()), ("<p>", "<q></q>"));
        assert!(Gap::of(empty, &filled[0], "<r>2</r>").is_none());
    }

    #[test]
    fn there_is_an_end_to_the_markers() {
        assert_eq!(marker(0).as_deref(), Some("\u{e000}"));
        assert!(marker(6_400).is_none());
    }
}
