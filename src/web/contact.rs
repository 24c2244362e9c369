//! What is wrong with a name or an address that somebody typed, in a sentence.

use crate::register::{EmailError, NameError};

/// What is wrong with a name.
pub(super) fn name(fault: NameError, empty: &str) -> String {
    match fault {
        NameError::Empty => empty.to_owned(),
        NameError::TooLong => "Use 120 characters or fewer for the name".to_owned(),
        NameError::Control => "Write the name in one line of ordinary letters".to_owned(),
    }
}

/// What is wrong with an e-mail address.
pub(super) fn email(fault: EmailError, empty: &str) -> String {
    match fault {
        EmailError::Empty => empty.to_owned(),
        EmailError::TooLong => "This e-mail address is too long; check it".to_owned(),
        EmailError::Character(' ') => "An e-mail address has no spaces".to_owned(),
        EmailError::Character(c) if c.is_control() => {
            "Write the e-mail address in one line".to_owned()
        }
        EmailError::Character(c) => format!("An e-mail address cannot have {c} in it"),
        EmailError::AtSigns(_) | EmailError::Mailbox | EmailError::Domain => {
            "Enter an e-mail address in the form name@example.org".to_owned()
        }
    }
}
