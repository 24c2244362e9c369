//! The two pieces of personal data in the register. Neither can be printed by
//! accident: no `Display`, and a `Debug` that shows nothing.

use std::fmt;
use std::str::FromStr;

/// The name of a person.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonName(String);

/// Why a text is not a person's name. Holds no part of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing was given.
    #[error("is empty")]
    Empty,
    /// More than 120 characters.
    #[error("is longer than 120 characters")]
    TooLong,
    /// A line end, a tabulator or another control character.
    #[error("contains a control character")]
    Control,
}

impl PersonName {
    /// The name in clear, for a letter to that person or for the survey office.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for PersonName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        if text.is_empty() {
            Err(NameError::Empty)
        } else if text.chars().count() > 120 {
            Err(NameError::TooLong)
        } else if text.chars().any(char::is_control) {
            Err(NameError::Control)
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(..)")
    }
}

/// An address that a mail can be sent to. Compared as written; see
/// [`EmailAddress::key`] for telling mailboxes apart.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

/// Why a text is not an address. Holds no part of the text but one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Nothing was given.
    #[error("is empty")]
    Empty,
    /// More than 254 characters, or more than 64 before the `@`.
    #[error("is longer than mail allows (254 characters, 64 of them before the @)")]
    TooLong,
    /// Not exactly one `@`.
    #[error("has {0} @ signs; an address has one")]
    AtSigns(usize),
    /// A character that does not belong in an address.
    #[error("contains {0:?}, which does not belong in an address")]
    Character(char),
    /// Nothing before the `@`, or dots where none may stand.
    #[error(
        "has no mailbox name before the @, or a dot at its start, at its end or twice in a row"
    )]
    Mailbox,
    /// No domain with at least two labels after the `@`.
    #[error("has no whole domain after the @, such as example.org")]
    Domain,
}

impl EmailAddress {
    /// The address in clear, for sending or for the survey office.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The address in lower case: two with the same key are the same mailbox.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// Where its mail goes: what follows the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }

    /// Enough to recognise it and too little to write to it: `d…@example.org`.
    #[must_use]
    pub fn masked(&self) -> String {
        let (mailbox, domain) = self.0.split_once('@').unwrap_or_default();
        format!("{}…@{domain}", mailbox.chars().next().unwrap_or('?'))
    }
}

impl FromStr for EmailAddress {
    type Err = EmailError;

    /// The common shape of RFC 5321 addresses: no quoted mailbox names, no
    /// address literals and no letters outside ASCII, because not every relay
    /// on the way takes them.
    fn from_str(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(EmailError::Empty);
        }
        if text.len() > 254 {
            return Err(EmailError::TooLong);
        }
        let belongs = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.@".contains(c);
        if let Some(c) = text.chars().find(|c| !belongs(*c)) {
            return Err(EmailError::Character(c));
        }
        let (mailbox, domain) = text
            .split_once('@')
            .filter(|(_, domain)| !domain.contains('@'))
            .ok_or_else(|| EmailError::AtSigns(text.matches('@').count()))?;
        if mailbox.len() > 64 {
            return Err(EmailError::TooLong);
        }
        if mailbox.split('.').any(str::is_empty) {
            return Err(EmailError::Mailbox);
        }
        check_domain(domain)?;
        Ok(Self(text.to_owned()))
    }
}

fn check_domain(domain: &str) -> Result<(), EmailError> {
    if let Some(c) = domain.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '.')))
    {
        return Err(EmailError::Character(c));
    }
    let sound = |label: &str| {
        (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    let top_has_a_letter =
        domain.rsplit('.').next().is_some_and(|top| top.bytes().any(|b| b.is_ascii_alphabetic()));
    if domain.contains('.') && domain.split('.').all(sound) && top_has_a_letter {
        Ok(())
    } else {
        Err(EmailError::Domain)
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_addresses_are_taken_and_masked() {
        for text in ["a.b@example.org", "o'brien+pbc@mail.example.com", "x_1@b-c.example.net"] {
            let address: EmailAddress = text.parse().expect("an address");
            assert_eq!(address.expose(), text);
        }
        let address: EmailAddress = " Dora@Example.org ".parse().expect("an address");
        assert_eq!(address.key(), "dora@example.org");
        assert_eq!(address.masked(), "D…@Example.org");
    }

    #[test]
    fn each_way_of_not_being_an_address_is_named() {
        let long = format!("{}@example.org", "x".repeat(65));
        for (text, why) in [
            ("", EmailError::Empty),
            (long.as_str(), EmailError::TooLong),
            ("dora", EmailError::AtSigns(0)),
            ("a@b@example.org", EmailError::AtSigns(2)),
            ("a b@example.org", EmailError::Character(' ')),
            ("a@example.org\r\nBcc: b@example.org", EmailError::Character('\r')),
            ("dör@example.org", EmailError::Character('ö')),
            ("Dora <dora@example.org>", EmailError::Character(' ')),
            ("a@exam_ple.org", EmailError::Character('_')),
            ("@example.org", EmailError::Mailbox),
            ("a..b@example.org", EmailError::Mailbox),
            ("a.@example.org", EmailError::Mailbox),
            ("a@localhost", EmailError::Domain),
            ("a@example.", EmailError::Domain),
            ("a@-example.org", EmailError::Domain),
            ("a@127.0.0.1", EmailError::Domain),
        ] {
            assert_eq!(text.parse::<EmailAddress>(), Err(why), "{text}");
        }
    }

    #[test]
    fn a_name_is_one_line_of_some_text() {
        assert_eq!(
            " Dora Fen ".parse::<PersonName>().map(|n| n.expose().to_owned()),
            Ok("Dora Fen".into())
        );
        assert_eq!("  ".parse::<PersonName>(), Err(NameError::Empty));
        assert_eq!("a\nb".parse::<PersonName>(), Err(NameError::Control));
        assert_eq!("x".repeat(121).parse::<PersonName>(), Err(NameError::TooLong));
    }

    #[test]
    fn debug_shows_nobody() {
        let address: EmailAddress = "dora@example.org".parse().expect("an address");
        let name: PersonName = "Dora Fen".parse().expect("a name");
        assert_eq!(format!("{address:?} {name:?}"), "EmailAddress(..) PersonName(..)");
    }
}
