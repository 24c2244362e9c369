//! A section of the form made ahead: its page is rendered once, with nobody's
//! words in it, and cut (see [`super::cut`]), so that a lead's page is only
//! joined from its pieces.
//!
//! The page never differs from one that is rendered: what is made ahead is
//! compared with that, and where the pieces do not give the same bytes nothing
//! is made ahead. Questions whose rows or options depend on other answers are
//! rendered each time. Pages with faults, blanks or new questions are never
//! made ahead. Keeps nothing of any lead.

use handlebars::html_escape;

use super::cut::{Cut, Own};
use super::form::{Filled, view};
use super::layout::Hidden;
use super::template::{PageError, Pages};
use crate::answer::Answer;
use crate::definition::{Number, Section};
use crate::id::ItemCode;

mod check;
mod make;
mod whole;

pub use check::{OwnCheck, PreparedCheck};
pub use whole::{PreparedPage, own_words};

/// Stands for the group's name in a page that is made ahead.
pub const FOR_GROUP: &str = "\u{e000}";
/// Stands for the PCT's name in a page that is made ahead.
pub const FOR_PCT: &str = "\u{e001}";

// The numbers of words that are not answers. The hidden fields come last.
const GROUP: usize = 0;
const PCT: usize = 1;
const STEP: usize = 2;
const STEPS: usize = 3;
const BACK: usize = 4;
const LEFT: usize = 5;
const HIDDEN: usize = 6;

/// The switch of the sentence that earlier answers are filled in.
const RESUMED: usize = 0;

/// A section of the form, made ahead for every lead of a wave.
pub struct PreparedSection {
    without_back: Around,
    with_back: Option<Around>,
    questions: Vec<Prepared>,
    items: Vec<Places>,
    /// The names of the hidden fields.
    hidden: Vec<String>,
    words: usize,
    switches: usize,
}

/// What is one lead's own on the page of a section, besides the answers.
pub struct OwnSection<'o> {
    /// The group, as texts name it.
    pub group: &'o str,
    /// The PCT, as texts name it.
    pub pct: &'o str,
    /// The section's place among those that the lead is asked, from 1.
    pub step: usize,
    /// How many these are.
    pub steps: usize,
    /// Where the way back leads, if there is one.
    pub back: Option<&'o str>,
    /// How long there is to answer.
    pub left: &'o str,
    /// The hidden fields.
    pub hidden: &'o [Hidden],
    /// Whether answers given earlier are brought back.
    pub resumed: bool,
}

/// The page before and after the questions.
struct Around {
    before: Cut,
    after: Cut,
}

enum Prepared {
    Whole(Cut),
    /// Rows in the file's order; each lead may have another.
    Rows {
        before: Cut,
        rows: Vec<Cut>,
        after: Cut,
        shuffled: bool,
    },
    /// Too much of it depends on other answers.
    Rendered,
}

/// Where the answer to an item stands.
struct Places {
    code: ItemCode,
    /// The values of its options.
    values: Vec<u16>,
    /// The switch of the first option.
    first: usize,
    /// The word of the answer itself; for a number with what it counts.
    given: Option<(usize, Option<Number>)>,
    /// The word of the text beside an option.
    other: Option<usize>,
}

impl PreparedSection {
    /// A lead's page of this section; none if it must be rendered, because a
    /// word of the lead's own would change more than its place.
    ///
    /// # Errors
    /// If the template of a question fails.
    pub fn html(
        &self,
        pages: &Pages,
        section: &Section,
        own: &OwnSection<'_>,
        filled: &Filled<'_>,
    ) -> Result<Option<String>, PageError> {
        let around =
            if own.back.is_some() { self.with_back.as_ref() } else { Some(&self.without_back) };
        let (Some(around), true) = (around, self.fits(own)) else { return Ok(None) };
        let (words, switches) = self.own(own, filled);
        let own = Own { words: &words, switches: &switches };
        let mut html = String::with_capacity(32 * 1024);
        around.before.join(&own, &mut html);
        for (question, prepared) in section.questions.iter().zip(&self.questions) {
            match prepared {
                Prepared::Rendered => {
                    if let Some(view) = view(question, section, filled) {
                        html.push_str(&pages.question(&view)?);
                    }
                }
                _ if question.items(section).iter().any(|item| filled.route.asks(item.code)) => {
                    prepared.join(&own, filled.row_order, &mut html);
                }
                _ => {}
            }
        }
        around.after.join(&own, &mut html);
        Ok(Some(html))
    }

    /// Whether a lead's own words change nothing but their places: texts are
    /// parted at line ends, and blank ends are cut off.
    fn fits(&self, own: &OwnSection<'_>) -> bool {
        let plain = |name: &&str| !name.is_empty() && name.trim() == *name && !name.contains('\n');
        let hidden = self.hidden.iter().map(String::as_str);
        [own.group, own.pct, own.left].iter().all(plain)
            && hidden.eq(own.hidden.iter().map(|hidden| hidden.name.as_str()))
    }

    /// The lead's words and switches by their numbers.
    fn own(&self, own: &OwnSection<'_>, filled: &Filled<'_>) -> (Vec<String>, Vec<bool>) {
        let mut words = vec![String::new(); self.words];
        let mut say = |word: usize, said: &str| {
            if let Some(place) = words.get_mut(word) {
                *place = html_escape(said);
            }
        };
        say(GROUP, own.group);
        say(PCT, own.pct);
        say(STEP, &own.step.to_string());
        say(STEPS, &own.steps.to_string());
        say(BACK, own.back.unwrap_or_default());
        say(LEFT, own.left);
        for (place, hidden) in own.hidden.iter().enumerate() {
            say(HIDDEN + place, &hidden.value);
        }
        let mut switches = vec![false; self.switches];
        let mut turn = |switch: usize, on: bool| {
            if let Some(place) = switches.get_mut(switch) {
                *place = on;
            }
        };
        turn(RESUMED, own.resumed);
        for item in &self.items {
            let Some(answer) = filled.reply.answer(&item.code) else { continue };
            for chosen in answer.options() {
                if let Some(place) = item.values.iter().position(|value| *value == chosen) {
                    turn(item.first + place, true);
                }
            }
            match (&item.given, answer) {
                (Some((word, None)), Answer::Words(words)) => say(*word, words),
                (Some((word, Some(number))), Answer::Amount(amount)) => {
                    say(*word, &number.figures(*amount));
                }
                _ => {}
            }
            if let Some(word) = item.other {
                say(word, filled.reply.other(&item.code).unwrap_or_default());
            }
        }
        (words, switches)
    }
}

impl Prepared {
    fn join(&self, own: &Own<'_>, row_order: &dyn Fn(usize) -> Vec<usize>, out: &mut String) {
        match self {
            Self::Whole(cut) => cut.join(own, out),
            Self::Rows { before, rows, after, shuffled } => {
                before.join(own, out);
                if *shuffled {
                    for row in row_order(rows.len()).into_iter().filter_map(|at| rows.get(at)) {
                        row.join(own, out);
                    }
                } else {
                    for row in rows {
                        row.join(own, out);
                    }
                }
                after.join(own, out);
            }
            Self::Rendered => {}
        }
    }
}

#[cfg(test)]
mod tests;
