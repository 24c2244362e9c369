//! One section of a form taken into a reply, and what that leads to.

use super::{AnswerFault, Form, Reply, Route};
use crate::definition::{Section, Survey};
use crate::id::ItemCode;

/// What taking a section found.
pub struct Taken {
    /// Answers that were not taken, and why; the others are in the reply.
    pub faults: Vec<AnswerFault>,
    /// Items of the section that are asked and have no answer.
    pub blanks: Vec<ItemCode>,
    /// Items of the section that the form did not have, but that are asked now.
    pub more: Vec<ItemCode>,
    /// What the same form carries next, if it stays open.
    pub editions: String,
}

impl Form<'_> {
    /// Takes a section into a reply and says what that leads to.
    #[must_use]
    pub fn take_section(&self, reply: &mut Reply, survey: &Survey, section: &Section) -> Taken {
        let faults = self.take(reply, survey, section).err().unwrap_or_default();
        let route = Route::of(survey, reply);
        let more = section.items().map(|item| item.code);
        Taken {
            blanks: reply.blanks(survey, section),
            more: more.filter(|item| route.asks(item) && !self.had(item)).cloned().collect(),
            editions: self.next_editions(reply, section, &faults),
            faults,
        }
    }
}
