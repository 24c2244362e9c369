//! One reply, with no person in it: form fields become checked answers or
//! named faults, and checked answers become the marks of a ballot.
//!
//! This room must never know whose reply it holds, nor when it came. Nothing
//! here prints an answer: `Debug` tells how much there is, not what.

mod fault;
mod form;
mod marks;
mod order;
mod reply;
mod route;
mod take;
mod written;

pub use fault::{AnswerFault, Wrong};
pub use form::{CONFIRM, EDITIONS, Form, OTHER, WAY_OUT, editions};
pub use marks::{Marks, MarksError};
pub use order::row_order;
pub use reply::{Answer, Reply, ReplyError};
pub use route::Route;
pub use take::Taken;

#[cfg(test)]
mod tests;
