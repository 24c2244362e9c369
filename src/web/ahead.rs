//! The pages of the form made ahead, by wave: a page that thousands of
//! requests ask for is rendered once and joined for each lead. Holds no lead's
//! words and nothing that can change while a wave is open: whatever can is read
//! from the database for every page.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use crate::answer::{Reply, Route};
use crate::definition::{Section, Survey, fill};
use crate::flow::{House, Visit};
use crate::id::WaveCode;
use crate::invitation::{Invitation, Standing};
use crate::pages::{
    CheckPage, FOR_GROUP, FOR_PCT, Filled, Page, PreparedCheck, PreparedPage, PreparedSection,
    SectionPage, own_words, questions,
};
use crate::wave::Wave;

use super::error::WebError;

/// What was made ahead so far.
#[derive(Default)]
pub(super) struct Ahead(Mutex<HashMap<WaveCode, Made>>);

/// What was made ahead for one wave; none where something cannot be.
struct Made {
    survey: Arc<Survey>,
    wave: Wave,
    /// By their place in the survey.
    sections: BTreeMap<usize, Option<Arc<PreparedSection>>>,
    check: MadeCheck,
    whole: HashMap<Shape, Option<Arc<PreparedPage>>>,
}

/// The page for checking.
enum MadeCheck {
    NotYet,
    CannotBe,
    There(Arc<PreparedCheck>),
}

/// Pages of which only words are a lead's own, by what else differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Shape {
    /// The page behind the link; with address and whose place it is in.
    Welcome {
        /// Whether somebody answers in the lead's place.
        deputy: bool,
        /// Where the invitation stands.
        standing: Standing,
    },
    /// The page after sending; with the receipt.
    Done {
        /// Whether there is a receipt.
        receipt: bool,
    },
}

impl Shape {
    /// Whether somebody answers in the lead's place.
    pub(super) fn has_deputy(self) -> bool {
        matches!(self, Self::Welcome { deputy: true, .. })
    }

    /// Where the invitation stands.
    pub(super) fn stands(self) -> Standing {
        match self {
            Self::Welcome { standing, .. } => standing,
            Self::Done { .. } => Standing::Answered,
        }
    }

    /// Whether there is a receipt.
    pub(super) fn has_receipt(self) -> bool {
        matches!(self, Self::Done { receipt: true })
    }
}

impl Made {
    fn of(visit: &Visit) -> Self {
        Self {
            survey: Arc::clone(&visit.survey),
            wave: visit.wave.clone(),
            sections: BTreeMap::new(),
            check: MadeCheck::NotYet,
            whole: HashMap::new(),
        }
    }

    /// Whether it was made of just this: one wave's facts never change, but
    /// there is no harm in looking.
    fn is_of(&self, visit: &Visit) -> bool {
        Arc::ptr_eq(&self.survey, &visit.survey) && self.wave == visit.wave
    }
}

impl Ahead {
    /// A section of the wave that a lead visits; none if it cannot be made
    /// ahead. `page` makes the page of the section for a visit.
    pub(super) fn section(
        &self,
        house: &House,
        visit: &Visit,
        place: usize,
        page: &dyn Fn(&Visit) -> Result<SectionPage, WebError>,
    ) -> Result<Option<Arc<PreparedSection>>, WebError> {
        if let Some(section) = self.known(visit, |made| made.sections.get(&place).cloned()) {
            return Ok(section);
        }
        let Some(section) = visit.survey.sections.get(place) else { return Ok(None) };
        let visits = nobody(visit, "", "").zip(nobody(visit, FOR_GROUP, FOR_PCT));
        let Some((clean, marked)) = visits else { return Ok(None) };
        let clean = page_of_nobody(&clean, section, page)?;
        let marked = page_of_nobody(&marked, section, page)?;
        let prepared = PreparedSection::new(&house.pages, section, &clean, marked)?.map(Arc::new);
        if prepared.is_none() {
            tracing::warn!(section = %section.code, "a section cannot be made ahead; it is rendered each time");
        }
        self.keep(visit, |made| made.sections.insert(place, prepared.clone()));
        Ok(prepared)
    }

    /// The page for checking of the wave that a lead visits; none if it cannot be made
    /// ahead. `page` makes the page for a visit, `href` the address of a section.
    pub(super) fn check(
        &self,
        house: &House,
        visit: &Visit,
        page: &dyn Fn(&Visit) -> CheckPage,
        href: &dyn Fn(&Section) -> String,
    ) -> Result<Option<Arc<PreparedCheck>>, WebError> {
        let known = self.known(visit, |made| match &made.check {
            MadeCheck::NotYet => None,
            MadeCheck::CannotBe => Some(None),
            MadeCheck::There(check) => Some(Some(Arc::clone(check))),
        });
        if let Some(check) = known {
            return Ok(check);
        }
        let visits = nobody(visit, "", "").zip(nobody(visit, FOR_GROUP, FOR_PCT));
        let Some((clean, marked)) = visits else { return Ok(None) };
        let tokens = marked.tokens();
        let fill = |text: &str| fill(text, &tokens);
        let (survey, pages) = (&visit.survey, &house.pages);
        let check = PreparedCheck::new(pages, survey, &page(&clean), page(&marked), &fill, href)?;
        let check = check.map(Arc::new);
        if check.is_none() {
            tracing::warn!("the page for checking cannot be made ahead; it is rendered each time");
        }
        let there = check.clone().map_or(MadeCheck::CannotBe, MadeCheck::There);
        self.keep(visit, |made| made.check = there);
        Ok(check)
    }

    /// A lead's page of this shape with these words besides group and PCT; none if it
    /// is not made yet, or must be rendered.
    pub(super) fn joined(&self, visit: &Visit, shape: Shape, own: &[&str]) -> Option<String> {
        let page = self.known(visit, |made| made.whole.get(&shape).cloned())??;
        let Invitation { group_name, pct_name, .. } = &visit.invitation;
        page.html(&[&[group_name.as_str(), pct_name][..], own].concat())
    }

    /// Makes the page of this shape for all leads of the wave, unless that was done or
    /// tried before. `page` makes it for a visit, with so many words of the lead's own.
    pub(super) fn make<P: Page, const WORDS: usize>(
        &self,
        house: &House,
        visit: &Visit,
        shape: Shape,
        page: impl Fn(&Visit, [&str; WORDS]) -> P,
    ) -> Result<(), WebError> {
        if self.known(visit, |made| made.whole.get(&shape).map(drop)).is_some() {
            return Ok(());
        }
        let visits = nobody(visit, "", "").zip(nobody(visit, FOR_GROUP, FOR_PCT));
        let Some((clean, marked)) = visits else { return Ok(()) };
        let words = own_words::<WORDS>();
        let marked = page(&marked, words.each_ref().map(String::as_str));
        let clean = page(&clean, [""; WORDS]);
        let whole = PreparedPage::new(&house.pages, &clean, &marked, WORDS)?.map(Arc::new);
        if whole.is_none() {
            tracing::warn!(?shape, "a page cannot be made ahead; it is rendered each time");
        }
        self.keep(visit, |made| made.whole.insert(shape, whole));
        Ok(())
    }

    /// What was made for this visit's wave.
    fn known<T>(&self, visit: &Visit, of: impl FnOnce(&Made) -> Option<T>) -> Option<T> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&visit.wave.code).filter(|made| made.is_of(visit)).and_then(of)
    }

    fn keep<T>(&self, visit: &Visit, with: impl FnOnce(&mut Made) -> T) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let made = all.entry(visit.wave.code.clone()).or_insert_with(|| Made::of(visit));
        if !made.is_of(visit) {
            *made = Made::of(visit);
        }
        with(made);
    }
}

/// A visit of nobody: nothing of the lead who comes first may get into what is
/// made ahead for all of them.
fn nobody(visit: &Visit, group: &str, pct: &str) -> Option<Visit> {
    let invitation = Invitation {
        unit: "nobody".parse().ok()?,
        group: "nobody".parse().ok()?,
        name: "Nobody".parse().ok()?,
        email: "nobody@example.org".parse().ok()?,
        group_name: group.to_owned(),
        pct_name: pct.to_owned(),
        standing: Standing::Asked,
        deputy: None,
        ..visit.invitation.clone()
    };
    Some(Visit {
        token: "A".repeat(43).parse().ok()?,
        invitation,
        wave: visit.wave.clone(),
        survey: Arc::clone(&visit.survey),
        draft: Reply::default(),
    })
}

/// The page of a section for nobody, with every question it can have.
fn page_of_nobody(
    nobody: &Visit,
    section: &Section,
    page: &dyn Fn(&Visit) -> Result<SectionPage, WebError>,
) -> Result<SectionPage, WebError> {
    let tokens = nobody.tokens();
    let mut page = page(nobody)?;
    page.questions = questions(
        section,
        &Filled {
            reply: &nobody.draft,
            route: &Route::through_everything(&nobody.survey, &nobody.draft),
            faults: &BTreeMap::new(),
            sent: &[],
            fill: &|text| fill(text, &tokens),
            row_order: &|rows| (0..rows).collect(),
        },
    );
    Ok(page)
}
