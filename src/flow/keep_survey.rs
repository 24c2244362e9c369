//! Takes a survey's definition in, before any wave asks it.

use crate::definition::{self, Fingerprint};

use super::{FlowError, House};

/// The surveys that come with the program: the name of the file and its text.
pub const SHIPPED: [(&str, &str); 2] = [
    ("east-of-england.toml", include_str!("../../survey_definitions/east-of-england/survey.toml")),
    ("staff-pulse.toml", include_str!("../../survey_definitions/staff-pulse/survey.toml")),
];

/// Keeps a definition; the same again is no fault.
///
/// # Errors
/// Every fault of the file; nothing is kept then.
pub fn keep_survey(house: &House, name: &str, text: &str) -> Result<Fingerprint, FlowError> {
    let survey = definition::parse(name, text)?;
    house.store.write(|tx| tx.keep_definition(&survey, name, text))?;
    Ok(survey.fingerprint)
}

/// The name and text of a definition that is held.
///
/// # Errors
/// [`FlowError::NoSurvey`] if it is not.
pub fn survey_source(house: &House, id: &Fingerprint) -> Result<(String, String), FlowError> {
    house.store.read(|tx| tx.definition_source(id))?.ok_or(FlowError::NoSurvey)
}
