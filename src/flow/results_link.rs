//! The links by which leads see results: one for all leads of a reporting unit, made
//! from a key of the house, in the mail that tells them of the results.

use crate::id::{UnitSlug, WaveCode};
use crate::invitation::ResultsLink;
use crate::keyring::Derived;

use super::House;

/// Where the leads of a unit see a wave's results.
#[must_use]
pub fn results_href(house: &House, wave: &WaveCode, unit: &UnitSlug) -> String {
    format!("/r/{}", results_pass(house, wave, unit))
}

/// What opens a wave's results to the leads of a unit.
#[must_use]
pub fn results_pass(house: &House, wave: &WaveCode, unit: &UnitSlug) -> String {
    let link = ResultsLink { wave: wave.clone(), unit: unit.clone() };
    link.expose(&house.keyring.derived(Derived::ResultsLinks))
}

/// The wave and unit that such a text opens, if it is ours. Whether its results are
/// published is another question.
#[must_use]
pub fn results_link(house: &House, text: &str) -> Option<ResultsLink> {
    ResultsLink::read(text, &house.keyring.derived(Derived::ResultsLinks))
}
