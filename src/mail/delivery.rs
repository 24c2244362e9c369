//! What became of a mail, and what the other side said to it, with nothing in
//! it that tells who the mail was for.

use std::fmt;

/// No server says more that is worth keeping.
const LONGEST: usize = 300;

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The other side took it.
    Taken,
    /// This mail is refused for good.
    Refused(Said),
    /// Surely not taken, and trying later makes sense.
    Later {
        /// What stood in the way.
        trouble: Trouble,
        /// What was said.
        said: Said,
    },
    /// The line broke after the message was begun: nobody knows whether it was taken.
    Unknown,
}

/// What stood in the way of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The server is out of reach, or unwilling whatever the mail: no other
    /// mail would fare better now.
    Server,
    /// This mail or its receiver; the next mail may well go.
    Mail,
}

/// How far a mail came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Finding the server and opening a connection.
    Connect,
    /// Making the connection secret.
    Tls,
    /// The server's first words.
    Greeting,
    /// Saying who we are.
    Ehlo,
    /// Name and password.
    Auth,
    /// The sender.
    MailFrom,
    /// The receiver.
    RcptTo,
    /// Leave to send the message.
    Data,
    /// The message itself.
    Message,
}

/// What the other side, or the line to it, said: one line without addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// At which step.
    pub step: Step,
    /// The server's code, if it was the server that spoke.
    pub code: Option<u16>,
    /// The words.
    pub words: String,
}

impl Said {
    /// Keeps the words in one line, and blanks out every address and the name
    /// before the `@` of the mail's own receiver.
    pub(super) fn new(step: Step, code: Option<u16>, words: &str, receiver: &str) -> Self {
        let line: String =
            words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
        let mailbox = receiver.split('@').next().unwrap_or_default();
        let words = without_word(&without_addresses(line.trim()), mailbox);
        Self { step, code, words }
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(code) = self.code {
            write!(f, "{}: {code} {}", self.step, self.words)
        } else {
            write!(f, "{}: {}", self.step, self.words)
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connection",
            Self::Tls => "TLS",
            Self::Greeting => "greeting",
            Self::Ehlo => "EHLO",
            Self::Auth => "AUTH",
            Self::MailFrom => "MAIL FROM",
            Self::RcptTo => "RCPT TO",
            Self::Data => "DATA",
            Self::Message => "message",
        })
    }
}

/// Stands for what was blanked out.
const BLANK: &str = "…";

/// Whatever stands around an `@` without a gap.
fn without_addresses(line: &str) -> String {
    let gap = |c: char| c.is_whitespace() || "<>()[]\"',;".contains(c);
    let mut kept = String::new();
    for piece in line.split_inclusive(gap) {
        let end = piece.chars().next_back().filter(|c| gap(*c));
        if piece.contains('@') {
            kept.push_str(BLANK);
            kept.extend(end.filter(|c| *c != '@'));
        } else {
            kept.push_str(piece);
        }
    }
    kept
}

/// Servers name the mailbox without its domain, too. In any case, whole words alone.
fn without_word(line: &str, word: &str) -> String {
    let word: Vec<char> = word.to_lowercase().chars().collect();
    if word.is_empty() {
        return line.to_owned();
    }
    let chars: Vec<char> = line.chars().collect();
    let mut kept = String::new();
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        let before = at.checked_sub(1).and_then(|before| chars.get(before));
        let after = chars.get(at + word.len());
        let alone = !before.is_some_and(|c| c.is_alphanumeric())
            && !after.is_some_and(|c| c.is_alphanumeric());
        let here = chars.get(at..at + word.len()).is_some_and(|part| {
            part.iter().zip(&word).all(|(a, b)| a.to_lowercase().eq(b.to_lowercase()))
        });
        if alone && here {
            kept.push_str(BLANK);
            at += word.len();
        } else {
            kept.push(*c);
            at += 1;
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(said: &str) -> String {
        Said::new(Step::RcptTo, Some(550), said, "Ann.Lead@group.example.org").words
    }

    #[test]
    fn the_words_of_a_server_keep_their_sense_and_lose_the_receiver() {
        for (said, kept) in [
            ("5.1.1 <ann.lead@group.example.org>: unknown", "5.1.1 <…>: unknown"),
            ("5.1.1 ANN.LEAD@GROUP.EXAMPLE.ORG unknown", "5.1.1 … unknown"),
            ("5.1.1 Ann.Lead... User unknown", "5.1.1 …... User unknown"),
            ("user 'ann.lead' has no mailbox", "user '…' has no mailbox"),
            ("see https://example.org/?r=ann.lead%40group", "see https://example.org/?r=…%40group"),
            ("mailto:ann.lead@example.org,b@example.org", "…,…"),
            ("4.2.1 The\r\nmailbox\0is busy", "4.2.1 The  mailbox is busy"),
            ("@", "…"),
        ] {
            assert_eq!(words(said), kept);
        }
    }

    #[test]
    fn a_short_mailbox_name_blanks_whole_words_only() {
        let said = Said::new(Step::RcptTo, None, "no a at all", "a@example.org");
        assert_eq!(said.words, "no … at all");
        assert_eq!(said.to_string(), "RCPT TO: no … at all");
    }

    #[test]
    fn endless_words_are_cut() {
        assert_eq!(words(&"x".repeat(5000)).len(), LONGEST);
    }
}
