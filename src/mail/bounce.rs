//! What comes back to a bounce address: delivery-status notifications, replies
//! of machines, and mails that are none of ours. Bytes in, a value out.
//!
//! Which mail it is about is told only by an address with a valid proof
//! ([`BounceAddress`]); what a message says of itself, its Message-ID included,
//! anybody can write. Knows nothing of leads, waves and the database, and keeps
//! no word of the message: a [`Reason`] is one of our own sentences.

mod address;
mod reason;
mod report;
mod words;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

pub use reason::{Reason, Status};

use crate::id::MailId;
use crate::register::EmailAddress;

use super::verp::BounceAddress;
use address::WrittenTo;
use reason::{Cause, Class};
use report::Outcome;

/// So much of a message is read; what a notification says stands before the
/// copy of the mail that it returns.
pub const MOST_BYTES: usize = 1 << 20;

/// So many messages can be put inside each other: the parser nests its values
/// as deep, and letting go of them takes stack.
const DEEPEST: usize = 200;

/// So much of a text in plain words is read.
const MOST_WORDS: usize = 8_000;

/// A message that came back, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returned {
    /// The mail it is about; none if the message cannot prove that.
    pub mail: Option<MailId>,
    /// What it says.
    pub news: News,
    /// Whom the mail was written to, if the message returns it.
    written_to: Option<WrittenTo>,
}

/// What a message that came back says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// The address does not work and will not.
    Hard(Reason),
    /// The mail did not arrive, or has not yet, though the address may work.
    Soft(Reason),
    /// The mail was turned away for what it is or where it came from; the
    /// address may be good.
    Policy(Reason),
    /// A machine answered: somebody is away, or a receipt.
    AutoReply,
    /// The mail arrived, or was passed on.
    Delivered,
    /// It is about a mail of ours, and says nothing that can be told for sure.
    Unknown,
    /// Nothing in it proves that it is about a mail of ours.
    Forged,
}

impl News {
    /// Its kind in one word, to be counted.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Hard(_) => "hard",
            Self::Soft(_) => "soft",
            Self::Policy(_) => "policy",
            Self::AutoReply => "auto-reply",
            Self::Delivered => "delivered",
            Self::Unknown => "unknown",
            Self::Forged => "forged",
        }
    }
}

impl From<Reason> for News {
    fn from(reason: Reason) -> Self {
        match reason.class() {
            Class::Hard => Self::Hard(reason),
            Class::Soft => Self::Soft(reason),
            Class::Policy => Self::Policy(reason),
        }
    }
}

impl Returned {
    /// Reads a message that came to a bounce address; `to` is the address it was
    /// delivered to, if that is known apart from the message.
    #[must_use]
    pub fn read(bytes: &[u8], to: Option<&str>, addresses: &BounceAddress) -> Self {
        let bytes = readable(bytes);
        let message = MessageParser::new().parse(bytes);
        let Some(mail) = address::mail_of(message.as_ref(), to, addresses) else {
            return Self::forged();
        };
        let news = message.as_ref().map_or(News::Unknown, news_of);
        let written_to = message.as_ref().and_then(WrittenTo::of);
        Self { mail: Some(mail), news, written_to }
    }

    /// A message that proves nothing.
    #[must_use]
    pub fn forged() -> Self {
        Self { mail: None, news: News::Forged, written_to: None }
    }

    /// Whether the mail can have gone to this address: unless the message returns
    /// it, and it was written to another. An address may be corrected after a mail
    /// has gone to the wrong one, and is not to be blamed for it.
    #[must_use]
    pub fn may_have_gone_to(&self, address: &EmailAddress) -> bool {
        self.written_to.as_ref().is_none_or(|written_to| written_to.is(address))
    }
}

/// As much of a message as is read: not too long, and not too deep.
fn readable(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.get(..MOST_BYTES).unwrap_or(bytes);
    // A message in a message says so, or stands in a digest.
    let is = |at: usize, word: &[u8]| {
        bytes.get(at..at + word.len()).is_some_and(|own| own.eq_ignore_ascii_case(word))
    };
    let nests = |at: &usize| is(*at, b"message") || is(*at, b"digest");
    let end = (0..bytes.len()).filter(nests).nth(DEEPEST).unwrap_or(bytes.len());
    bytes.get(..end).unwrap_or(bytes)
}

fn news_of(message: &Message<'_>) -> News {
    for part in &message.parts {
        let Some(kind) = part.content_type() else { continue };
        let named = |subtypes: &[&str]| {
            kind.ctype().eq_ignore_ascii_case("message")
                && kind
                    .subtype()
                    .is_some_and(|own| subtypes.iter().any(|one| own.eq_ignore_ascii_case(one)))
        };
        if named(&["delivery-status", "global-delivery-status"]) {
            if let Some(news) = text_of(&part.body).and_then(|text| of_report(&text)) {
                return news;
            }
        } else if named(&["disposition-notification", "global-disposition-notification"]) {
            return News::AutoReply;
        } else if named(&["feedback-report"]) {
            return Reason::without_code(Cause::Complaint).into();
        }
    }
    if looks_like_a_bounce(message) {
        let text = message.body_text(0).unwrap_or_default();
        return words::of_plain_bounce(own_words(&text)).map_or(News::Unknown, News::from);
    }
    if answered_by_a_machine(message) { News::AutoReply } else { News::Unknown }
}

/// The text of a part, whatever the parser takes it for.
fn text_of<'p>(body: &'p PartType<'_>) -> Option<Cow<'p, str>> {
    match body {
        PartType::Text(text) | PartType::Html(text) => Some(Cow::Borrowed(text)),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            Some(String::from_utf8_lossy(bytes))
        }
        PartType::Message(_) | PartType::Multipart(_) => None,
    }
}

/// What a report says of all its recipients together; none if it names none.
/// A mail has one receiver: several are places that it was passed on to.
fn of_report(text: &str) -> Option<News> {
    let outcomes = report::outcomes(text);
    let failed = || {
        outcomes.iter().filter_map(|one| match one {
            Outcome::Failed(reason) => Some(reason),
            Outcome::Arrived => None,
        })
    };
    let Some(first) = failed().next() else {
        return (!outcomes.is_empty()).then_some(News::Delivered);
    };
    // The address is bad only if nothing that stands behind it works.
    if outcomes.iter().any(|one| matches!(one, Outcome::Arrived)) {
        return Some(Reason { cause: Cause::Partly, ..*first }.into());
    }
    let may_work = failed()
        .find(|one| one.class() == Class::Policy)
        .or_else(|| failed().find(|one| one.class() == Class::Soft));
    Some((*may_work.unwrap_or(first)).into())
}

/// Whether a message without a report says by its head that it is a bounce.
fn looks_like_a_bounce(message: &Message<'_>) -> bool {
    let from = message.from().and_then(|from| from.first());
    let mailbox = from.and_then(|from| from.address()).unwrap_or_default();
    let mailbox = mailbox.split('@').next().unwrap_or_default();
    let name = from.and_then(|from| from.name()).unwrap_or_default().to_ascii_lowercase();
    let subject = message.subject().unwrap_or_default().to_ascii_lowercase();
    ["mailer-daemon", "postmaster"].iter().any(|daemon| mailbox.eq_ignore_ascii_case(daemon))
        || ["mail delivery", "mailer-daemon"].iter().any(|daemon| name.starts_with(daemon))
        || message.header_raw("X-Failed-Recipients").is_some()
        || BOUNCE_SUBJECTS.iter().any(|start| subject.starts_with(start))
}

const BOUNCE_SUBJECTS: [&str; 10] = [
    "undeliver",
    "failure notice",
    "returned mail",
    "mail delivery failed",
    "mail delivery failure",
    "delivery failure",
    "delivery status notification",
    "delivery notification",
    "non-delivery",
    "warning: message",
];

/// Whether a machine answered in somebody's place.
///
/// Source: RFC 3834, section 5, and what programs before and beside it write.
fn answered_by_a_machine(message: &Message<'_>) -> bool {
    let header = |name: &'static str| {
        message.header_raw(name).map(|value| value.trim().to_ascii_lowercase())
    };
    let subject = message.subject().unwrap_or_default().to_ascii_lowercase();
    header("Auto-Submitted").is_some_and(|value| !value.is_empty() && value != "no")
        || MACHINE_HEADERS.iter().any(|name| header(name).is_some())
        || header("Precedence").is_some_and(|value| {
            ["auto_reply", "auto-reply", "bulk", "junk", "list"].contains(&value.as_str())
        })
        || AWAY_SUBJECTS.iter().any(|start| subject.starts_with(start))
}

const MACHINE_HEADERS: [&str; 6] = [
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Auto-Reply-From",
    "X-Auto-Response-Suppress",
    "X-Mail-Autoreply",
];

const AWAY_SUBJECTS: [&str; 7] = [
    "automatic reply",
    "auto reply",
    "autoreply",
    "auto-reply",
    "auto:",
    "out of office",
    "out of the office",
];

/// A text without the copy of the mail that stands at its end: our own words
/// say nothing of what became of them.
fn own_words(text: &str) -> &str {
    let copy = |line: &str| {
        let line = line.trim_start_matches(['>', '|', ' ', '\t']).to_ascii_lowercase();
        COPY_BEGINS.iter().any(|start| line.starts_with(start))
            || (line.starts_with('-') && COPY_RULES.iter().any(|words| line.contains(words)))
    };
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if copy(line) || end + line.len() > MOST_WORDS {
            break;
        }
        end += line.len();
    }
    text.get(..end).unwrap_or_default()
}

const COPY_BEGINS: [&str; 6] =
    ["return-path:", "received:", "message-id:", "mime-version:", "subject:", "original message"];
const COPY_RULES: [&str; 4] =
    ["copy of the message", "copy of your message", "original message", "returned message"];
