//! The sections of the form made ahead, by wave: a page that thousands of
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
use crate::pages::{FOR_GROUP, FOR_PCT, Filled, PreparedSection, SectionPage, questions};
use crate::wave::Wave;

use super::error::WebError;

/// What was made ahead so far.
#[derive(Default)]
pub(super) struct Ahead(Mutex<HashMap<WaveCode, Made>>);

/// The sections of one wave, by their place in the survey.
struct Made {
    survey: Arc<Survey>,
    wave: Wave,
    sections: BTreeMap<usize, Option<Arc<PreparedSection>>>,
}

impl Made {
    /// Whether it was made of just this: one wave's facts never change, but
    /// there is no harm in looking.
    fn is_of(&self, visit: &Visit) -> bool {
        let facts = |wave: &Wave| (wave.smallest, wave.smallest_groups, wave.purpose);
        Arc::ptr_eq(&self.survey, &visit.survey)
            && facts(&self.wave) == facts(&visit.wave)
            && self.wave.fin_year == visit.wave.fin_year
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
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = known().get(&visit.wave.code).filter(|made| made.is_of(visit))
            && let Some(section) = made.sections.get(&place)
        {
            return Ok(section.clone());
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
        let mut known = known();
        let made = known.entry(visit.wave.code.clone()).or_insert_with(|| Made::of(visit));
        if !made.is_of(visit) {
            *made = Made::of(visit);
        }
        made.sections.insert(place, prepared.clone());
        Ok(prepared)
    }
}

impl Made {
    fn of(visit: &Visit) -> Self {
        Self {
            survey: Arc::clone(&visit.survey),
            wave: visit.wave.clone(),
            sections: BTreeMap::new(),
        }
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
