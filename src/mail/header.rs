//! Texts and names in the headers of a mail: whatever they hold, they end up in
//! lines of printable ASCII that say the same, and never in a header of their own.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A line of a header that holds encoded words has no more characters.
///
/// Source: RFC 2047, section 2.
const WIDEST: usize = 76;
/// What stands around the base64 of an encoded word.
const FRAME: usize = "=?utf-8?B??=".len();

/// `Name: text` for a text in a person's words, such as a subject.
pub(super) fn text(name: &str, value: &str) -> String {
    let mut line = Folded::new(name);
    line.push_text(value);
    line.end()
}

/// `Name: name of a person <address>`.
pub(super) fn mailbox(name: &str, person: Option<&str>, address: &str) -> String {
    let mut line = Folded::new(name);
    let Some(person) = person.map(str::trim).filter(|person| !person.is_empty()) else {
        line.push_word(address);
        return line.end();
    };
    if plain(person) && person.len() <= 60 {
        if person.bytes().all(|b| b == b' ' || is_atom(b)) {
            line.push_text(person);
        } else {
            line.push_word(&format!("\"{}\"", person.replace('\\', "\\\\").replace('"', "\\\"")));
        }
    } else {
        line.push_encoded(person);
    }
    line.push_word(&format!("<{address}>"));
    line.end()
}

/// `Name: value` for a value that is known to be printable ASCII.
pub(super) fn token(name: &str, value: &str) -> String {
    let mut line = Folded::new(name);
    line.push_word(value);
    line.end()
}

/// Printable ASCII that no reader takes for encoded words, and of which no blank
/// gets lost where a line is folded.
fn plain(text: &str) -> bool {
    text.bytes().all(|b| (b' '..=b'~').contains(&b))
        && !text.contains("=?")
        && text.split(' ').all(|word| !word.is_empty() && word.len() <= 60)
}

/// Source: RFC 5322, section 3.2.3.
fn is_atom(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

/// A header that is folded before a word that would make its line too long.
struct Folded {
    text: String,
    column: usize,
}

impl Folded {
    fn new(name: &str) -> Self {
        Self { text: format!("{name}:"), column: name.len() + 1 }
    }

    fn push_word(&mut self, word: &str) {
        if self.column + 1 + word.len() > WIDEST {
            self.text.push_str("\r\n");
            self.column = 0;
        }
        self.text.push(' ');
        self.text.push_str(word);
        self.column += 1 + word.len();
    }

    fn push_text(&mut self, text: &str) {
        if plain(text) {
            text.split(' ').for_each(|word| self.push_word(word));
        } else {
            self.push_encoded(text);
        }
    }

    /// Source: RFC 2047, with the whole text encoded, in words that end with a
    /// whole character.
    fn push_encoded(&mut self, text: &str) {
        let mut word = String::new();
        for c in text.chars().map(|c| if c.is_control() { ' ' } else { c }) {
            let after = base64_len(word.len() + c.len_utf8()) + FRAME + 1;
            let room = WIDEST.saturating_sub(if self.column < 60 { self.column } else { 0 });
            if after > room && !word.is_empty() {
                self.push_word(&encoded(&word));
                word.clear();
            }
            word.push(c);
        }
        self.push_word(&encoded(&word));
    }

    fn end(mut self) -> String {
        self.text.push_str("\r\n");
        self.text
    }
}

fn base64_len(bytes: usize) -> usize {
    bytes.div_ceil(3) * 4
}

fn encoded(word: &str) -> String {
    format!("=?utf-8?B?{}?=", STANDARD.encode(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_text_stays_readable_and_is_folded_between_words() {
        assert_eq!(text("Subject", "How is PBC going?"), "Subject: How is PBC going?\r\n");
        let long = text("Subject", "word ".repeat(30).trim_end());
        assert!(long.lines().all(|line| line.len() <= WIDEST), "{long}");
        assert_eq!(long.replace("\r\n", "").matches(" word").count(), 30);
    }

    #[test]
    fn names_are_atoms_quoted_or_encoded() {
        assert_eq!(mailbox("To", None, "a@example.org"), "To: a@example.org\r\n");
        assert_eq!(
            mailbox("To", Some("Ann Lead"), "a@example.org"),
            "To: Ann Lead <a@example.org>\r\n"
        );
        assert_eq!(
            mailbox("To", Some("Dr. A \"B\" \\C"), "a@example.org"),
            "To: \"Dr. A \\\"B\\\" \\\\C\" <a@example.org>\r\n"
        );
        assert_eq!(
            mailbox("To", Some("Zoë"), "a@example.org"),
            "To: =?utf-8?B?Wm/Dqw==?= <a@example.org>\r\n"
        );
    }

    #[test]
    fn what_looks_encoded_or_breaks_the_line_is_encoded() {
        for hostile in ["=?utf-8?q?x?=", "a\r\nBcc: b@example.org", "two  blanks", " led", "x\0y"] {
            let line = text("Subject", hostile);
            assert!(line.starts_with("Subject: =?utf-8?B?"), "{line}");
            assert_eq!(line.matches("\r\n").count(), 1, "{line}");
        }
    }
}
