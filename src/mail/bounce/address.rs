//! Which mail a message that came back is about: told by the address it was
//! sent to, and by nothing else.

use std::fmt;

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

use crate::id::MailId;
use crate::mail::verp::BounceAddress;
use crate::register::EmailAddress;

/// Headers in which a mail server writes whom it delivered to, best first.
const DELIVERED_TO: [&str; 5] = ["Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc"];

/// The mail, by the address that the message was delivered to, or by the
/// sender's address of the copy that it returns.
pub(super) fn mail_of(
    message: Option<&Message<'_>>,
    to: Option<&str>,
    addresses: &BounceAddress,
) -> Option<MailId> {
    let by_envelope = to.and_then(|to| first_proven(to, addresses));
    by_envelope.or_else(|| {
        let message = message?;
        let by_header = DELIVERED_TO.iter().find_map(|name| in_headers(message, name, addresses));
        by_header.or_else(|| returned_copy(message, addresses))
    })
}

fn in_headers(message: &Message<'_>, name: &str, addresses: &BounceAddress) -> Option<MailId> {
    let headers = &message.parts.first()?.headers;
    headers.iter().filter(|header| header.name.as_str().eq_ignore_ascii_case(name)).find_map(
        |header| {
            let (start, end) = (header.offset_start as usize, header.offset_end as usize);
            // Whatever its bytes are: others may have written into it before us.
            let value = String::from_utf8_lossy(message.raw_message.get(start..end)?);
            first_proven(&value, addresses)
        },
    )
}

/// Looks at the Return-Path of the returned mail, which is attached whole, as
/// its head alone, or stands in the text.
fn returned_copy(message: &Message<'_>, addresses: &BounceAddress) -> Option<MailId> {
    message.parts.iter().find_map(|part| match &part.body {
        PartType::Message(copy) => in_headers(copy, "Return-Path", addresses),
        PartType::Text(text) => in_lines(text, addresses),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) if is_head_of_a_mail(part) => {
            in_lines(&String::from_utf8_lossy(bytes), addresses)
        }
        _ => None,
    })
}

/// Whether a part is the head of a mail without the rest.
fn is_head_of_a_mail(part: &MessagePart<'_>) -> bool {
    part.content_type()
        .and_then(|kind| kind.subtype())
        .is_some_and(|own| own.to_ascii_lowercase().starts_with("rfc822"))
}

/// Whom the returned mail was written to, in small letters.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct WrittenTo(String);

impl WrittenTo {
    /// The one receiver of the copy that a message returns.
    pub(super) fn of(message: &Message<'_>) -> Option<Self> {
        message.parts.iter().find_map(|part| match &part.body {
            PartType::Message(copy) => Self::in_head(copy),
            PartType::Text(text) if is_head_of_a_mail(part) => {
                Self::in_head(&MessageParser::new().parse_headers(text.as_bytes())?)
            }
            _ => None,
        })
    }

    fn in_head(copy: &Message<'_>) -> Option<Self> {
        copy.parts.first()?;
        let mut to = copy.to()?.iter();
        let only = to.next()?.address()?.to_ascii_lowercase();
        to.next().is_none().then_some(Self(only))
    }

    pub(super) fn is(&self, address: &EmailAddress) -> bool {
        self.0 == address.key()
    }
}

impl fmt::Debug for WrittenTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WrittenTo(..)")
    }
}

fn in_lines(text: &str, addresses: &BounceAddress) -> Option<MailId> {
    const NAME: &str = "return-path:";
    text.lines().map(|line| line.trim_start_matches(['>', '|', ' ', '\t'])).find_map(|line| {
        let (name, value) = line.split_at_checked(NAME.len())?;
        name.eq_ignore_ascii_case(NAME).then(|| first_proven(value, addresses)).flatten()
    })
}

fn first_proven(text: &str, addresses: &BounceAddress) -> Option<MailId> {
    let between = |c: char| c.is_whitespace() || c.is_control() || "<>()[]\"',;".contains(c);
    text.split(between)
        .filter(|word| word.contains('@'))
        .find_map(|word| addresses.mail_of(word.trim_start_matches("mailto:")))
}
