//! The names of questions and groups in a form: letters first, none twice.

use std::collections::BTreeSet;

use super::super::words::first_free;
use crate::definition::Survey;
use crate::id::ItemCode;

/// The names that are taken.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// The names of all questions and rows, which are their codes.
    pub(super) fn of(survey: &Survey) -> Self {
        let mut names = Self::default();
        for question in survey.sections.iter().flat_map(|section| &section.questions) {
            names.taken.insert(name(&question.code));
        }
        names.taken.extend(survey.items().map(|item| name(item.code)));
        names
    }

    /// A name for something that is no question.
    pub(super) fn claim(&mut self, wanted: &str) -> String {
        let claimed = first_free(&legal(wanted), |name| !self.taken.contains(name));
        self.taken.insert(claimed.clone());
        claimed
    }

    /// How an expression refers to a question.
    #[expect(clippy::unused_self, reason = "a reference has a meaning among the names of one form")]
    pub(super) fn reference(&self, code: &ItemCode) -> String {
        format!("${{{}}}", name(code))
    }
}

/// The name of a question.
pub(super) fn name(code: &ItemCode) -> String {
    legal(code.as_str())
}

/// A name of a form begins with a letter; a code may begin with a digit.
fn legal(code: &str) -> String {
    if code.starts_with(|c: char| c.is_ascii_digit()) {
        format!("_{code}")
    } else {
        code.to_owned()
    }
}
