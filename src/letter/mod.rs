//! What a mail says: the kinds of mail, the tokens that their texts may hold, and
//! a letter, which is a checked text with its tokens. The office edits letters as
//! plain words; nothing in them can be run. Knows no person, no wave and no page.

mod filled;
mod kind;
mod parse;
mod token;

pub use filled::{Filled, Part, Values};
pub use kind::{MailKind, UnknownKind};
pub use parse::{Letter, LetterFault, MOST_BODY, MOST_SUBJECT, Written};
pub use token::LetterToken;

#[cfg(test)]
mod tests;
