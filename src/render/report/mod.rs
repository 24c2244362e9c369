//! A release as typeset reports: one about each PCT, one about the whole. Says
//! in words, tables and charts what the pages say, from the release alone, with what is
//! not shown marked and how it was made at the end.

mod blocks;
mod pct;
mod whole;
mod words;

use chrono::Datelike as _;
use report_pdf::{Block, Day, Press, PressError, Report, Section};

use super::workbook::day_of;
use crate::pages::StocktakeColumn;
use crate::release::{Level, Org, Release};

/// The report about a node: a PCT beside the rest, or the whole. Set it with a
/// [`Press`].
#[must_use]
pub fn report(release: &Release, org: &Org, stocktake: Option<&StocktakeColumn>) -> Report {
    let about = release.about();
    let sections = if org.level == Level::Pct {
        pct::sections(release, org, stocktake)
    } else {
        whole::sections(release, org, stocktake)
    };
    let digest: String = release.digest().chars().take(16).collect();
    let mut report = Report {
        title: org.name.clone(),
        subtitle: format!("{}. {}", about.wave_title, about.survey_title),
        author: about.survey_title.clone(),
        day: day_of(release).and_then(day),
        running: format!("{}, {}", org.name, about.wave_title),
        foot: format!("Wave {}, closed {}, release {digest}", about.wave, about.closed),
        notice: about.purpose.notice().map(str::to_owned),
        facts: words::facts(release, org, stocktake),
        sections,
    };
    report.sections.push(words::how_to_read(release, stocktake.is_some()));
    // A section without anything in it would be a bookmark to nothing.
    report.sections.retain(|section| !section.blocks.is_empty());
    report
}

/// The report about a node as PDF.
///
/// # Errors
/// [`PressError`], a fault of the program.
pub fn pdf(
    press: &Press,
    release: &Release,
    org: &Org,
    stocktake: Option<&StocktakeColumn>,
) -> Result<Vec<u8>, PressError> {
    press.pdf(&report(release, org, stocktake))
}

fn day(day: chrono::NaiveDate) -> Option<Day> {
    Some(Day {
        year: day.year(),
        month: u8::try_from(day.month()).ok()?,
        day: u8::try_from(day.day()).ok()?,
    })
}

fn section(title: &str, blocks: impl IntoIterator<Item = Block>) -> Section {
    let blocks = blocks.into_iter().collect();
    Section { title: title.to_owned(), new_page: false, together: false, blocks }
}

/// A paragraph, if there is anything to say.
fn said(text: Option<String>) -> impl Iterator<Item = Block> {
    text.into_iter().map(Block::Text)
}

#[cfg(test)]
mod tests;
