//! Why a mail did not arrive: one sentence of ours, and the codes of the server.

use std::fmt;

/// Why a mail did not arrive, in words for the survey office. Made of our own
/// words and the server's codes, so it can hold no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    pub(super) cause: Cause,
    pub(super) reply: Option<u16>,
    pub(super) status: Option<Status>,
}

/// An enhanced status code such as 5.1.1: whether it is final, the subject, the
/// detail.
///
/// Source: RFC 3463, section 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// 2 done, 4 for now, 5 for good.
    pub class: u8,
    /// What it concerns.
    pub subject: u16,
    /// What is the matter.
    pub detail: u16,
}

/// What a reason means for the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Hard,
    Soft,
    Policy,
}

/// Why a mail did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    NoMailbox,
    NoDomain,
    NoMailThere,
    NotAnAddress,
    Ambiguous,
    Moved,
    Disabled,
    OtherOwner,
    Full,
    Delayed,
    Expired,
    OutOfReach,
    Loop,
    Partly,
    ForNow,
    NotTaken,
    Spam,
    Blocked,
    Unproven,
    Rule,
    Sender,
    TooLarge,
    Contents,
    Complaint,
}

impl Cause {
    pub(super) fn class(self) -> Class {
        match self {
            Self::NoMailbox
            | Self::NoDomain
            | Self::NoMailThere
            | Self::NotAnAddress
            | Self::Ambiguous
            | Self::Moved
            | Self::Disabled
            | Self::OtherOwner => Class::Hard,
            Self::Full
            | Self::Delayed
            | Self::Expired
            | Self::OutOfReach
            | Self::Loop
            | Self::Partly
            | Self::ForNow
            | Self::NotTaken => Class::Soft,
            Self::Spam
            | Self::Blocked
            | Self::Unproven
            | Self::Rule
            | Self::Sender
            | Self::TooLarge
            | Self::Contents
            | Self::Complaint => Class::Policy,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::NoMailbox => "The mailbox does not exist",
            Self::NoDomain => "The part of the address after the @ does not exist",
            Self::NoMailThere => "The organisation behind the address takes no mail",
            Self::NotAnAddress => "The address is not written as an address must be",
            Self::Ambiguous => "The address fits more than one mailbox",
            Self::Moved => "The mailbox has moved, and nobody knows where to",
            Self::Disabled => "The mailbox is switched off",
            Self::OtherOwner => "The address belongs to somebody else now",
            Self::Full => "The mailbox is full",
            Self::Delayed => "The mail has not arrived yet; the mail servers go on trying",
            Self::Expired => "The receiving server was out of reach for too long",
            Self::OutOfReach => "The receiving server could not be reached",
            Self::Loop => "The mail went round in circles between mail servers",
            Self::Partly => "Some of the places that the address passes mail on to did not take it",
            Self::ForNow => "The receiving server did not take the mail for the moment",
            Self::NotTaken => "The receiving server did not take the mail",
            Self::Spam => "The receiving server took the mail for spam",
            Self::Blocked => "The receiving server takes no mail from our mail server",
            Self::Unproven => "The receiving server could not make sure that the mail is ours",
            Self::Rule => "A rule of the receiving server turned the mail away",
            Self::Sender => "The receiving server did not take the sender's address",
            Self::TooLarge => "The mail was too large for the receiving server",
            Self::Contents => "The receiving server did not take what is in the mail",
            Self::Complaint => "The receiver marked the mail as spam",
        }
    }

    /// What a status code says by itself; none if it leaves that open.
    ///
    /// Source: RFC 3463, section 3; RFC 7505 (1.10), RFC 7293 (7.17, 7.18),
    /// RFC 7372 (7.20 to 7.26); x.4.310 as Exchange uses it.
    pub(super) fn of_status(status: Status) -> Option<Self> {
        let Status { class, subject, detail } = status;
        Some(match (class, subject, detail) {
            (4 | 5, 2, 2) => Self::Full,
            (4 | 5, 4, 6) => Self::Loop,
            (4 | 5, 4, 7) => Self::Expired,
            (4, 4, _) | (5, 4, 1 | 2) => Self::OutOfReach,
            (5, 1, 1) => Self::NoMailbox,
            (5, 1, 2) | (5, 4, 4 | 310) => Self::NoDomain,
            (5, 1, 3) => Self::NotAnAddress,
            (5, 1, 4) => Self::Ambiguous,
            (5, 1, 6) => Self::Moved,
            (5, 1, 7 | 8) => Self::Sender,
            // Exchange says so of a mailbox, RFC 7505 of a whole domain.
            (5, 1, 10) => Self::NoMailThere,
            (5, 2, 1) => Self::Disabled,
            (5, 2, 3) | (5, 3, 4) => Self::TooLarge,
            (5, 6, _) => Self::Contents,
            (5, 7, 17 | 18) => Self::OtherOwner,
            (5, 7, 20..=27) => Self::Unproven,
            (5, 7, _) => Self::Rule,
            _ => return None,
        })
    }
}

impl Status {
    /// The code that a word is, if it is one.
    pub(super) fn parse(word: &str) -> Option<Self> {
        let mut parts = word.split('.');
        let mut next = |most: usize| {
            let part = parts.next()?;
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            (digits && part.len() <= most).then(|| part.parse::<u16>().ok()).flatten()
        };
        let (class, subject, detail) = (next(1)?, next(3)?, next(3)?);
        let class = u8::try_from(class).ok().filter(|class| matches!(class, 2 | 4 | 5))?;
        parts.next().is_none().then_some(Self { class, subject, detail })
    }
}

impl Reason {
    pub(super) fn without_code(cause: Cause) -> Self {
        Self { cause, reply: None, status: None }
    }

    pub(super) fn class(&self) -> Class {
        self.cause.class()
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.cause.words())?;
        match (self.reply, self.status) {
            (Some(reply), Some(status)) => write!(f, " ({reply} {status})"),
            (Some(reply), None) => write!(f, " ({reply})"),
            (None, Some(status)) => write!(f, " ({status})"),
            (None, None) => Ok(()),
        }
    }
}
