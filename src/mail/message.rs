//! A finished mail as a standard message: text and HTML part, a Message-ID of
//! our own that stays the same if the mail must be sent again, an envelope whose
//! sender names the mail, and signatures. Knows nothing of waves or servers.
//!
//! Source: RFC 5322, RFC 2045 to 2047, RFC 3834 (Auto-Submitted), RFC 8058
//! (unsubscribing by one click), RFC 6376 and RFC 8463 (DKIM).

use std::fmt;

use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart};

use crate::config::Settings;
use crate::id::MailId;
use crate::pages::MailText;
use crate::register::{EmailAddress, PersonName};
use crate::time::Moment;

use super::dkim::{self, BadDkimKey, DkimSigner};
use super::header;
use super::verp::BounceAddress;

/// A header may be longer than others if it holds one long word, but no line of
/// a mail is longer than 998 bytes.
const LONGEST_LINK: usize = 900;

/// Who sends, and what its mails are signed with.
#[derive(Clone)]
pub struct SenderSettings {
    /// The sender: `Name <address@example.org>` or an address alone.
    pub from: String,
    /// Where answers go; left out of mails if it is no address.
    pub contact: Option<String>,
    /// Where bounces go; to the sender if there is no pattern.
    pub bounce: Option<BounceAddress>,
    /// Keys that sign every mail.
    pub dkim: Vec<DkimSigner>,
}

/// Who sends: the survey office.
#[derive(Clone)]
pub struct Sender {
    address: EmailAddress,
    domain: String,
    from: String,
    reply_to: Option<String>,
    bounce: Option<BounceAddress>,
    dkim: Vec<DkimSigner>,
}

/// What a mail is made of.
pub struct Posting<'p> {
    /// Names the mail.
    pub id: MailId,
    /// The receiver's name, if it is to be said.
    pub name: Option<&'p PersonName>,
    /// The receiver's address.
    pub address: &'p EmailAddress,
    /// Subject and parts.
    pub text: MailText,
    /// The date it carries.
    pub date: Moment,
    /// The address that stops further mails, if one click may do that.
    pub stop: Option<&'p str>,
}

/// A mail that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum BadMail {
    /// The sender's address in the settings.
    #[error("SOUNDINGS_MAIL_FROM is {0:?}; write Name <address@example.org>")]
    Sender(String),
    /// A key in the settings.
    #[error(transparent)]
    Key(#[from] BadDkimKey),
    /// The receiver's address.
    #[error("the receiver's address cannot be used in a mail")]
    Receiver,
    /// A header or the body.
    #[error("the mail cannot be put together: {0}")]
    Message(String),
}

/// From whom and to whom, as the servers on the way see it. Not for logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Where bounces go.
    pub from: String,
    /// The receiver.
    pub to: String,
}

/// One mail, ready to go.
#[derive(Clone)]
pub struct Outgoing {
    /// Names the mail; makes its Message-ID.
    pub id: MailId,
    /// From whom and to whom.
    pub envelope: Envelope,
    /// The message, in ASCII.
    pub bytes: Vec<u8>,
    /// The receiver's domain in lower case.
    pub domain: String,
}

impl Sender {
    /// The sender of all mails.
    ///
    /// # Errors
    /// If it is not an address.
    pub fn new(settings: SenderSettings) -> Result<Self, BadMail> {
        let bad = || BadMail::Sender(settings.from.clone());
        let (person, address) = mailbox(&settings.from).ok_or_else(bad)?;
        let contact = settings.contact.as_deref().and_then(mailbox);
        let domain = address.expose().rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
        Ok(Self {
            from: header::mailbox("From", person.as_deref(), address.expose()),
            reply_to: contact.map(|(person, contact)| {
                header::mailbox("Reply-To", person.as_deref(), contact.expose())
            }),
            address,
            domain,
            bounce: settings.bounce,
            dkim: settings.dkim,
        })
    }

    /// The sender that the settings name, with its keys.
    ///
    /// # Errors
    /// If it is not an address, or a key cannot be used.
    pub fn of(settings: &Settings, bounce: Option<BounceAddress>) -> Result<Self, BadMail> {
        let dkim = settings
            .mail_dkim_keys
            .iter()
            .map(|key| DkimSigner::read(&key.selector, &key.path))
            .collect::<Result<_, _>>()?;
        let contact = Some(settings.office.contact.clone());
        Self::new(SenderSettings { from: settings.mail_from.clone(), contact, bounce, dkim })
    }

    /// The sender of all mails, without anything else that can be set.
    ///
    /// # Errors
    /// If it is not an address.
    pub fn parse(from: &str) -> Result<Self, BadMail> {
        let from = from.to_owned();
        Self::new(SenderSettings { from, contact: None, bounce: None, dkim: Vec::new() })
    }

    /// The keys that sign every mail.
    #[must_use]
    pub fn keys(&self) -> &[DkimSigner] {
        &self.dkim
    }

    /// The sender's bare address, as receivers see it.
    #[must_use]
    pub fn address(&self) -> &EmailAddress {
        &self.address
    }

    /// Puts a mail together and signs it. The same posting gives the same bytes.
    ///
    /// # Errors
    /// If an address or a header cannot be used.
    pub fn compose(&self, posting: &Posting<'_>) -> Result<Outgoing, BadMail> {
        let to = posting.address.expose();
        let id = posting.id;
        let mut head = self.from.clone();
        head += &header::mailbox("To", posting.name.map(PersonName::expose), to);
        head += self.reply_to.as_deref().unwrap_or_default();
        head += &header::text("Subject", &posting.text.subject);
        head += &header::token("Date", &posting.date.to_datetime().to_rfc2822());
        head += &header::token("Message-ID", &format!("<{id}@{}>", self.domain));
        if let Some(link) = posting.stop {
            check_link(link)?;
            head += &header::token("List-Unsubscribe", &format!("<{link}>"));
            head += &header::token("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        head += &header::token("Auto-Submitted", "auto-generated");
        head += &header::token("MIME-Version", "1.0");
        let mut message = head.into_bytes();
        message.extend_from_slice(&parts(id, &posting.text)?);
        if !message.is_ascii() {
            return Err(BadMail::Message("it is not ASCII".to_owned()));
        }
        let mut bytes = dkim::sign(&self.dkim, &self.domain, posting.date, &message)
            .map_err(|error| BadMail::Message(format!("it cannot be signed: {error}")))?
            .into_bytes();
        bytes.append(&mut message);
        let bounce = self.bounce.as_ref().map(|bounce| bounce.of(&id));
        Ok(Outgoing {
            id,
            envelope: Envelope {
                from: bounce.unwrap_or_else(|| self.address.expose().to_owned()),
                to: to.to_owned(),
            },
            bytes,
            domain: to.rsplit('@').next().unwrap_or_default().to_ascii_lowercase(),
        })
    }
}

/// Name and address of `Name <address>` or of an address alone.
fn mailbox(text: &str) -> Option<(Option<String>, EmailAddress)> {
    let mailbox: Mailbox = text.parse().ok()?;
    let address = mailbox.email.to_string().parse().ok()?;
    Some((mailbox.name, address))
}

/// A link within a header ends where it should.
fn check_link(link: &str) -> Result<(), BadMail> {
    let sound = (link.starts_with("https://") || link.starts_with("http://"))
        && link.len() <= LONGEST_LINK
        && link.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"".contains(&b));
    if sound { Ok(()) } else { Err(BadMail::Message("its unsubscribe link is no link".to_owned())) }
}

/// Both parts with the headers that tell them apart. Quoted-printable, because
/// it stays below 76 characters a line and nothing on the way has a reason to
/// change it, which would break a signature.
fn parts(id: MailId, text: &MailText) -> Result<Vec<u8>, BadMail> {
    let part = |kind: ContentType, text: &str| -> Result<SinglePart, BadMail> {
        let encoding = ContentTransferEncoding::QuotedPrintable;
        let body = Body::new_with_encoding(text.to_owned(), encoding)
            .map_err(|_| BadMail::Message("its text cannot be encoded".to_owned()))?;
        Ok(SinglePart::builder().header(kind).body(body))
    };
    Ok(MultiPart::alternative()
        .boundary(format!("part-{id}"))
        .singlepart(part(ContentType::TEXT_PLAIN, &text.text)?)
        .singlepart(part(ContentType::TEXT_HTML, &text.html)?)
        .formatted())
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outgoing({})", self.id)
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Envelope(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use mail_parser::{Message, MessageParser};
    use proptest::prelude::*;

    const STOP: &str = "https://survey.example.org/stop/abc";

    fn sender() -> Sender {
        Sender::new(SenderSettings {
            from: "Survey office <survey@Example.org>".to_owned(),
            contact: Some("help@example.org".to_owned()),
            bounce: Some(
                BounceAddress::parse("b+{}@bounce.example.org", [1; 32]).expect("a pattern"),
            ),
            dkim: Vec::new(),
        })
        .expect("a sender")
    }

    fn compose(
        sender: &Sender,
        name: Option<&str>,
        text: MailText,
        stop: Option<&str>,
    ) -> Outgoing {
        let name = name.map(|name| name.parse().expect("a name"));
        let posting = Posting {
            id: MailId::from_bytes([9; 16]),
            name: name.as_ref(),
            address: &"ann@Group.Example.org".parse().expect("an address"),
            text,
            date: "2007-11-19T09:00".parse().expect("a moment"),
            stop,
        };
        sender.compose(&posting).expect("a mail")
    }

    fn words(subject: &str, text: &str) -> MailText {
        MailText { subject: subject.into(), text: text.into(), html: format!("<p>{text}</p>") }
    }

    fn read(mail: &Outgoing) -> Message<'_> {
        MessageParser::new().parse(&mail.bytes).expect("a message")
    }

    fn names(mail: &Outgoing) -> Vec<String> {
        read(mail).headers().iter().map(|header| header.name().to_owned()).collect()
    }

    #[test]
    fn a_mail_has_the_headers_that_the_standards_ask_for() {
        let mail = compose(
            &sender(),
            Some("Ann O'Sample"),
            words("Grüße: 10 minutes", "plain"),
            Some(STOP),
        );
        let message = read(&mail);
        assert_eq!(message.subject(), Some("Grüße: 10 minutes"));
        assert_eq!(message.body_text(0).as_deref().map(str::trim), Some("plain"));
        assert!(message.body_html(0).is_some_and(|html| html.contains("<p>plain</p>")));
        assert_eq!(message.message_id(), Some("09090909090909090909090909090909@example.org"));
        assert_eq!(
            message.date().map(|date| date.to_rfc3339()).as_deref(),
            Some("2007-11-19T09:00:00Z")
        );
        let head = String::from_utf8(mail.bytes.clone()).expect("text");
        for line in [
            "From: Survey office <survey@Example.org>\r\n",
            "To: Ann O'Sample <ann@Group.Example.org>\r\n",
            "Reply-To: help@example.org\r\n",
            "List-Unsubscribe: <https://survey.example.org/stop/abc>\r\n",
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "MIME-Version: 1.0\r\n",
        ] {
            assert_eq!(head.matches(line).count(), 1, "{line}{head}");
        }
        assert!(!head.contains("Precedence"));
        assert_eq!(
            (mail.domain.as_str(), mail.envelope.to.as_str()),
            ("group.example.org", "ann@Group.Example.org")
        );
        assert!(
            mail.envelope.from.starts_with("b+")
                && mail.envelope.from.ends_with("@bounce.example.org")
        );
        assert!(!mail.envelope.from.contains("ann"));
    }

    #[test]
    fn the_same_posting_gives_the_same_bytes() {
        let mail = || compose(&sender(), None, words("One", "text"), None).bytes;
        assert_eq!(mail(), mail());
    }

    #[test]
    fn without_a_way_to_stop_no_mail_promises_one() {
        let mail = compose(&sender(), None, words("One", "text"), None);
        assert!(names(&mail).iter().all(|name| !name.starts_with("List-")));
    }

    #[test]
    fn a_sender_that_is_no_address_is_refused() {
        for wrong in ["survey office", "", "a@b, c@example.org", "Office <survey@exämple.org>"] {
            assert!(matches!(Sender::parse(wrong), Err(BadMail::Sender(_))), "{wrong}");
        }
    }

    #[test]
    fn a_contact_that_is_no_address_is_left_out() {
        let contact = Some("01234 567890, in the mornings".to_owned());
        let from = "survey@example.org".to_owned();
        let settings = SenderSettings { from, contact, bounce: None, dkim: Vec::new() };
        let mail =
            compose(&Sender::new(settings).expect("a sender"), None, words("One", "text"), None);
        assert!(names(&mail).iter().all(|name| name != "Reply-To"));
        assert_eq!(mail.envelope.from, "survey@example.org");
    }

    #[test]
    fn a_link_that_would_leave_its_header_is_refused() {
        for hostile in [
            "https://example.org/\r\nBcc: b@example.org",
            "https://example.org/>, <mailto:b@example.org",
            "https://example.org/ä",
            "javascript:alert(1)",
            &format!("https://example.org/{}", "a".repeat(1000)),
        ] {
            assert!(check_link(hostile).is_err(), "{hostile}");
        }
    }

    #[test]
    fn nothing_shows_who_a_mail_is_for() {
        let mail = compose(&sender(), Some("Ann"), words("One", "text"), None);
        let shown = format!("{mail:?} {:?}", mail.envelope);
        assert!(!shown.to_lowercase().contains("ann"), "{shown}");
    }

    /// What people and attackers put into texts.
    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("\r\nBcc: b@example.org\r\n\r\n".to_owned()),
            Just("\n.\n".to_owned()),
            Just("\0".to_owned()),
            Just("\"".to_owned()),
            Just("\\".to_owned()),
            Just("<a@example.org>, ".to_owned()),
            Just("=?utf-8?q?x?=".to_owned()),
            Just("\u{202e}עברית ".to_owned()),
            Just("👩‍⚕️🏴󠁧󠁢󠁥󠁮󠁧󠁿".to_owned()),
            Just("x".repeat(300)),
            Just("  ".to_owned()),
            "[ -~]{1,40}",
            "\\PC{1,40}",
        ];
        proptest::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat())
    }

    /// What a reader may show of it: every character, blanks for control
    /// characters, no care for blanks at the ends.
    fn shown(text: &str) -> String {
        text.chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect::<String>()
            .trim()
            .to_owned()
    }

    fn check_lines(bytes: &[u8]) {
        let text = std::str::from_utf8(bytes).expect("text");
        assert!(text.is_ascii() && !text.contains('\0'));
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert!(lines.iter().all(|line| !line.contains(['\r', '\n'])), "{text}");
        for line in lines {
            assert!(line.len() <= 76, "{line}");
        }
    }

    proptest! {
        #[test]
        fn no_text_leaves_its_place(subject in hostile(), body in hostile()) {
            let mail = compose(&sender(), None, words(&subject, &body), Some(STOP));
            check_lines(&mail.bytes);
            let message = read(&mail);
            prop_assert_eq!(names(&mail), [
                "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "List-Unsubscribe",
                "List-Unsubscribe-Post", "Auto-Submitted", "MIME-Version", "Content-Type",
            ]);
            prop_assert_eq!(message.subject().unwrap_or_default().trim(), shown(&subject));
            let normal = |text: &str| {
                text.replace("\r\n", "\n").replace('\r', "\n").trim_end().to_owned()
            };
            let got = message.body_text(0).unwrap_or_default().into_owned();
            prop_assert_eq!(normal(&got), normal(&body));
            prop_assert_eq!(message.parts.len(), 3);
        }

        #[test]
        fn no_name_leaves_its_place(name in hostile()) {
            // A name with control characters or without end is refused before.
            let Ok(name) = shown(&name).chars().take(120).collect::<String>().parse::<PersonName>() else {
                return Ok(());
            };
            let mail = compose(&sender(), Some(name.expose()), words("One", "text"), None);
            check_lines(&mail.bytes);
            let message = read(&mail);
            let to: Vec<_> = message.to().expect("a receiver").iter().collect();
            prop_assert_eq!(to.len(), 1);
            prop_assert_eq!(to[0].address(), Some("ann@Group.Example.org"));
            prop_assert_eq!(to[0].name().unwrap_or_default().trim(), name.expose());
        }
    }
}
