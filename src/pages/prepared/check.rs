//! The page for checking made ahead: the rows of all questions, into which a lead's
//! answers are put.
//!
//! Only the usual page: one with faults, with answers that are not sent, or with
//! nothing to send is rendered.

use handlebars::html_escape;

use super::super::check::{every_row, lines};
use super::super::cut::{Cut, Gap, Own, marker};
use super::super::respondent::{CheckPage, CheckRow, CheckSection};
use super::super::template::{PageError, Pages};
use super::whole::{has_marker, is_plain};
use crate::answer::{Reply, Route};
use crate::definition::{Section, Survey};
use crate::id::ItemCode;

// The numbers of words; group and PCT come first.
const BACK: usize = 2;
const BLANKS: usize = 3;
const MARK: usize = 4;
const ANSWER: usize = 5;
const NEXT_ANSWER: usize = 6;

/// Stands for the number of blanks where a template wants a number.
const SO_MANY_BLANKS: usize = 987_654_321;

/// The switch of what a page says whose answers replace others.
const REPLACES: usize = 0;

/// The page for checking, made ahead for every lead of a wave.
pub struct PreparedCheck {
    whole: Around,
    with_blanks: Around,
    sections: Vec<Part>,
    /// What stands between two lines of an answer.
    between: String,
}

/// What is one lead's own on the page for checking, besides the answers.
pub struct OwnCheck<'o> {
    /// The group, as texts name it.
    pub group: &'o str,
    /// The PCT, as texts name it.
    pub pct: &'o str,
    /// Where the way back leads.
    pub back: &'o str,
    /// The value of the hidden field.
    pub mark: &'o str,
    /// Whether sending replaces answers sent before.
    pub replaces: bool,
}

/// The page before and after the sections.
struct Around {
    before: Cut,
    after: Cut,
}

/// A section: what is before and after its rows, and the rows.
struct Part {
    before: Cut,
    rows: Vec<Row>,
    after: Cut,
}

struct Row {
    code: ItemCode,
    blank: Cut,
    /// Before and after the answer.
    before: Cut,
    after: Cut,
}

impl PreparedCheck {
    /// Makes the page ahead from one without a lead: once with no words for group and
    /// PCT, once with [`FOR_GROUP`](super::FOR_GROUP) and [`FOR_PCT`](super::FOR_PCT)
    /// for them, no answers and no sections. `fill` fills the latter into a text. None
    /// if the pieces would not give the page.
    ///
    /// # Errors
    /// If a template fails.
    pub fn new(
        pages: &Pages,
        survey: &Survey,
        clean: &CheckPage,
        mut marked: CheckPage,
        fill: &dyn Fn(&str) -> String,
        href: &dyn Fn(&Section) -> String,
    ) -> Result<Option<Self>, PageError> {
        let rows = every_row(survey, &|text| text.to_owned(), href);
        if has_marker(clean) || has_marker(&rows) {
            return Ok(None);
        }
        let word = |word: usize| marker(word).unwrap_or_default();
        let ([hidden], Some(back)) = (&mut marked.hidden[..], &mut marked.layout.back) else {
            return Ok(None);
        };
        hidden.value = word(MARK);
        back.href = word(BACK);
        (marked.empty, marked.sections) = (false, Vec::new());
        let filled = every_row(survey, fill, href);
        let Some(first) = filled.first() else { return Ok(None) };
        let mut around = |blanks: usize| -> Result<Option<Around>, PageError> {
            marked.blanks = blanks;
            let mut gap = |replaces: bool| {
                let number =
                    |html: String| html.replace(&SO_MANY_BLANKS.to_string(), &word(BLANKS));
                marked.replaces = replaces;
                marked.sections = Vec::new();
                let empty = number(pages.html(&marked)?);
                marked.sections = vec![first.clone()];
                let put = pages.check_section(first)?;
                Ok::<_, PageError>(Gap::of(&empty, &number(pages.html(&marked)?), &put))
            };
            let (Some(off), Some(on)) = (gap(false)?, gap(true)?) else { return Ok(None) };
            Ok(Around::of(&off, &on))
        };
        let (Some(whole), Some(with_blanks)) = (around(0)?, around(SO_MANY_BLANKS)?) else {
            return Ok(None);
        };
        let mut sections = Vec::new();
        let mut between = None;
        for (asked, section) in survey.sections.iter().zip(&filled) {
            let Some((part, found)) = Part::of(pages, asked, section)? else { return Ok(None) };
            sections.push(part);
            between = between.or(found);
        }
        Ok(between.map(|between| Self { whole, with_blanks, sections, between }))
    }

    /// A lead's page; none if it must be rendered.
    #[must_use]
    pub fn html(
        &self,
        survey: &Survey,
        reply: &Reply,
        own: &OwnCheck<'_>,
        fill: &dyn Fn(&str) -> String,
    ) -> Option<String> {
        let route = Route::of(survey, reply);
        let plain = [own.group, own.pct, own.back, own.mark].iter().all(|word| is_plain(word));
        if !plain || survey.sections.len() != self.sections.len() {
            return None;
        }
        let mut words = [own.group, own.pct, own.back, "", own.mark].map(html_escape).to_vec();
        let mut html = String::with_capacity(4 * 1024);
        let mut blanks = 0;
        for (section, part) in survey.sections.iter().zip(&self.sections) {
            let own = Own { words: &words, switches: &[] };
            let mut begun = false;
            for (item, row) in section.items().zip(&part.rows) {
                if row.code != *item.code {
                    return None;
                }
                if !route.asks(item.code) {
                    continue;
                }
                if !begun {
                    part.before.join(&own, &mut html);
                    begun = true;
                }
                let said = route
                    .answer(item.code)
                    .map(|answer| lines(&item, answer, reply.other(item.code), fill));
                match said.filter(|said| !said.is_empty()) {
                    None => {
                        blanks += 1;
                        row.blank.join(&own, &mut html);
                    }
                    Some(said) => {
                        row.before.join(&own, &mut html);
                        for (at, line) in said.iter().enumerate() {
                            if at > 0 {
                                html.push_str(&self.between);
                            }
                            html.push_str(&html_escape(line));
                        }
                        row.after.join(&own, &mut html);
                    }
                }
            }
            if begun {
                part.after.join(&own, &mut html);
            }
        }
        if let Some(word) = words.get_mut(BLANKS) {
            *word = blanks.to_string();
        }
        let around = if blanks == 0 { &self.whole } else { &self.with_blanks };
        let own = Own { words: &words, switches: &[own.replaces] };
        let mut page = String::with_capacity(html.len() + 8 * 1024);
        around.before.join(&own, &mut page);
        page.push_str(&html);
        around.after.join(&own, &mut page);
        Some(page)
    }
}

impl Around {
    fn of(off: &Gap, on: &Gap) -> Option<Self> {
        let cut = |off: &str, on: &str| Cut::new(off, &[(REPLACES, on.to_owned())]);
        Some(Self { before: cut(off.before(), on.before())?, after: cut(off.after(), on.after())? })
    }
}

impl Part {
    /// Cuts a section into its rows and what is around them; with what stands between
    /// two lines of an answer.
    fn of(
        pages: &Pages,
        asked: &Section,
        section: &CheckSection,
    ) -> Result<Option<(Self, Option<String>)>, PageError> {
        let none = CheckSection { title: section.title.clone(), rows: Vec::new() };
        let empty = pages.check_section(&none)?;
        let mut all = String::new();
        for row in &section.rows {
            all.push_str(&pages.check_row(row)?);
        }
        let Some(gap) = Gap::of(&empty, &pages.check_section(section)?, &all) else {
            return Ok(None);
        };
        let (mut rows, mut between) = (Vec::new(), None);
        for (row, item) in section.rows.iter().zip(asked.items()) {
            let code = item.code.clone();
            let (one, next) = (marker(ANSWER), marker(NEXT_ANSWER));
            let (Some(one), Some(next)) = (one, next) else { return Ok(None) };
            let answered = |answer: Vec<String>| CheckRow { answer, blank: false, ..row.clone() };
            let html = pages.check_row(&answered(vec![one.clone()]))?;
            let two = pages.check_row(&answered(vec![one.clone(), next.clone()]))?;
            let parts = html.split_once(one.as_str()).zip(
                two.split_once(one.as_str()).and_then(|(_, rest)| rest.split_once(next.as_str())),
            );
            let Some(((before, after), (joint, _))) = parts else { return Ok(None) };
            between = Some(joint.to_owned());
            let cut = |text: &str| Cut::new(text, &[]);
            let blank = pages.check_row(row)?;
            let (Some(blank), Some(before), Some(after)) = (cut(&blank), cut(before), cut(after))
            else {
                return Ok(None);
            };
            rows.push(Row { code, blank, before, after });
        }
        let cut = |text: &str| Cut::new(text, &[]);
        let part = cut(gap.before()).zip(cut(gap.after()));
        Ok(part.map(|(before, after)| (Self { before, rows, after }, between)))
    }
}
