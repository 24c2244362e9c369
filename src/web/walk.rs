//! Who walks through the form: a lead with a link, or the office in a preview.
//! The pages of the form ask only this, so that none is written twice.

use crate::answer::{Reply, Route};
use crate::definition::{Section, Survey, Tokens};
use crate::flow::{House, Visit};
use crate::pages::{Hidden, Layout};

use super::respondent::{layout, mark};

/// Somebody on their way through the form.
pub(super) trait Walk {
    /// What is asked.
    fn survey(&self) -> &Survey;
    /// The answers so far.
    fn draft(&self) -> &Reply;
    /// What the tokens of the texts stand for.
    fn tokens(&self) -> Tokens;
    /// What decides the order of shuffled rows and marks the editions of answers.
    fn seed(&self) -> [u8; 32];
    /// The group that is answered for.
    fn group(&self) -> String;
    /// What is around a page with this title.
    fn layout(&self, title: &str) -> Layout;
    /// The unseen fields of every form.
    fn hidden(&self) -> Vec<Hidden>;
    /// How long there is to answer; empty if that is not known.
    fn left(&self) -> String;
    /// Until when answers are taken.
    fn closes(&self) -> String;
    /// Whether sending replaces answers sent before.
    fn replaces(&self) -> bool;
    /// The address of a section, or of `check`, `send` and the like.
    fn way(&self, to: &str) -> String;
    /// Where somebody goes who does not want to answer; empty if nowhere.
    fn decline(&self) -> String;
    /// Where somebody goes who leaves a shared computer; empty if nowhere.
    fn leave(&self) -> String;

    /// The address of a section.
    fn href(&self, section: &Section) -> String {
        self.way(section.code.as_str())
    }

    /// The address after a section: the next one that asks anything, or the check.
    fn after(&self, code: &str) -> String {
        let route = Route::of(self.survey(), self.draft());
        let at = self.survey().section(code).map_or(0, |(at, _)| at);
        let next = self.survey().sections.iter().skip(at + 1).find(|one| route.enters(one));
        next.map_or_else(|| self.way("check"), |section| self.href(section))
    }
}

/// A lead with a personal link.
pub(super) struct Lead<'l> {
    pub(super) house: &'l House,
    pub(super) visit: &'l Visit,
}

impl Walk for Lead<'_> {
    fn survey(&self) -> &Survey {
        &self.visit.survey
    }

    fn draft(&self) -> &Reply {
        &self.visit.draft
    }

    fn tokens(&self) -> Tokens {
        self.visit.tokens()
    }

    fn seed(&self) -> [u8; 32] {
        self.visit.token.order_seed()
    }

    fn group(&self) -> String {
        self.visit.invitation.group_name.clone()
    }

    fn layout(&self, title: &str) -> Layout {
        layout(self.house, self.visit, title)
    }

    fn hidden(&self) -> Vec<Hidden> {
        mark(self.visit)
    }

    fn left(&self) -> String {
        self.house.now().left_until(self.visit.wave.closes)
    }

    fn closes(&self) -> String {
        self.visit.wave.closes.in_words_with_time()
    }

    fn replaces(&self) -> bool {
        self.visit.has_answered()
    }

    fn way(&self, to: &str) -> String {
        format!("/answer/{to}")
    }

    fn decline(&self) -> String {
        self.way("decline")
    }

    fn leave(&self) -> String {
        "/leave".to_owned()
    }
}
