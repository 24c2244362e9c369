//! A finished mail as a standard message: text and HTML part, a Message-ID of
//! our own that stays the same if the mail must be sent again.

use std::fmt;

use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};

use crate::id::MailId;
use crate::pages::MailText;
use crate::register::{EmailAddress, PersonName};
use crate::time::Moment;

/// Who sends: the survey office.
#[derive(Clone)]
pub struct Sender {
    from: Mailbox,
    domain: String,
}

/// A mail that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum BadMail {
    /// The sender's address in the settings.
    #[error("SOUNDINGS_MAIL_FROM is {0:?}; write Name <address@example.org>")]
    Sender(String),
    /// The receiver's address.
    #[error("the receiver's address cannot be used in a mail")]
    Receiver,
    /// A header or the body.
    #[error("the mail cannot be put together: {0}")]
    Message(String),
}

/// What a mail is put together from.
pub struct Posting<'p> {
    /// Names the mail.
    pub id: MailId,
    /// The receiver's name.
    pub name: Option<&'p PersonName>,
    /// The receiver's address.
    pub address: &'p EmailAddress,
    /// What it says.
    pub text: MailText,
    /// Its date.
    pub date: Moment,
    /// Where mails are ended, for mail programs.
    pub stop: Option<&'p str>,
}

/// One mail, ready to go.
pub struct Outgoing {
    /// Names the mail; makes its Message-ID.
    pub id: MailId,
    /// The message.
    pub message: Message,
}

impl Sender {
    /// The sender of all mails.
    ///
    /// # Errors
    /// If it is not an address.
    pub fn parse(from: &str) -> Result<Self, BadMail> {
        let mailbox: Mailbox = from.parse().map_err(|_| BadMail::Sender(from.to_owned()))?;
        let domain = mailbox.email.domain().to_owned();
        Ok(Self { from: mailbox, domain })
    }

    /// Puts a mail together.
    ///
    /// # Errors
    /// If an address or a header cannot be used.
    pub fn compose(&self, posting: &Posting<'_>) -> Result<Outgoing, BadMail> {
        let Posting { id, name, address, text, date, .. } = posting;
        let (id, text, now) = (*id, text.clone(), *date);
        let to = Mailbox::new(
            name.map(|name| name.expose().to_owned()),
            address.expose().parse().map_err(|_| BadMail::Receiver)?,
        );
        let not_by_hand = HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        );
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(text.subject)
            .date(now.to_datetime().into())
            .message_id(Some(format!("<{id}@{}>", self.domain)))
            .raw_header(not_by_hand)
            .multipart(MultiPart::alternative_plain_html(text.text, text.html))
            .map_err(|error| BadMail::Message(error.to_string()))?;
        Ok(Outgoing { id, message })
    }
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outgoing({})", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    #[test]
    fn a_mail_has_both_parts_and_its_own_message_id() {
        let sender = Sender::parse("Survey office <survey@example.org>").expect("a sender");
        let text = MailText {
            subject: "Grüße: 10 minutes".into(),
            text: "plain".into(),
            html: "<p>rich</p>".into(),
        };
        let compose = || {
            let name = "Dr Ann O'Sample, \"Ann\"".parse().expect("a name");
            sender.compose(&Posting {
                id: MailId::random(&Chance::seeded(4)),
                name: Some(&name),
                address: &"ann@group.example.org".parse().expect("an address"),
                text: text.clone(),
                date: "2007-11-19T09:00".parse().expect("a moment"),
                stop: None,
            })
        };
        let bytes = compose().expect("a mail").message.formatted();
        let read = mail_parser::MessageParser::new().parse(&bytes).expect("a message");
        assert_eq!(read.subject(), Some("Grüße: 10 minutes"));
        assert_eq!(read.body_text(0).as_deref().map(str::trim), Some("plain"));
        assert!(read.body_html(0).is_some_and(|html| html.contains("rich")));
        assert!(read.message_id().is_some_and(|id| id.ends_with("@example.org")));
        let again = compose().expect("a mail").message.formatted();
        assert_eq!(
            read.message_id(),
            mail_parser::MessageParser::new().parse(&again).expect("a message").message_id()
        );
    }

    #[test]
    fn a_sender_that_is_no_address_is_refused() {
        assert!(matches!(Sender::parse("survey office"), Err(BadMail::Sender(_))));
    }
}
