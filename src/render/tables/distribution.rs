//! `distribution.csv`: answers per option of every shown cell, and, of the root,
//! choices without order.

use std::io::{self, Write};

use super::datapackage::DISTRIBUTION;
use super::{Printed, record};
use crate::release::{ChoiceTable, Contents};
use crate::spreadsheet::guarded;

/// Writes the rows; with the line of names first if `header`.
///
/// # Errors
/// If `out` refuses.
pub fn write_distribution<N: Printed>(
    contents: &Contents<N>,
    header: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    if header {
        record(out, DISTRIBUTION.iter().map(|field| field.0))?;
    }
    let wave = contents.about().wave.as_str();
    for org in contents.nodes() {
        for measure in contents.items() {
            let cell = contents.cell(&org.code, &measure.code);
            let Some(figures) = cell.and_then(|cell| cell.figures.as_ref()) else { continue };
            for (option, count) in measure.options.iter().zip(&figures.counts) {
                let Some(score) = option.score else { continue };
                let fields = [option.value.to_string(), score.to_string(), count.to_string()];
                let [value, score, count_text] = fields.each_ref().map(String::as_str);
                let percent = N::percent(*count, figures.n).unwrap_or_default();
                let (org, measure) = (guarded(org.code.as_str()), guarded(&measure.code));
                let row = [wave, &org, &measure, value, score, count_text, &percent];
                record(out, row.into_iter())?;
            }
        }
    }
    let root = contents.root().map_or("", |org| org.code.as_str());
    contents.choices().iter().try_for_each(|table| of_choice::<N>(wave, root, table, out))
}

/// Options that too few chose stand together as `other`.
fn of_choice<N: Printed>(
    wave: &str,
    root: &str,
    table: &ChoiceTable,
    out: &mut impl Write,
) -> io::Result<()> {
    let own = table.options.iter().map(|option| (option.value.to_string(), option.people));
    let others = table.others.map(|people| ("other".to_owned(), people));
    for (value, people) in own.chain(others) {
        let count = people.to_string();
        let percent = table.n.and_then(|n| N::percent(people, n)).unwrap_or_default();
        let (root, item) = (guarded(root), guarded(table.item.as_str()));
        record(out, [wave, &root, &item, &value, "", &count, &percent].into_iter())?;
    }
    Ok(())
}
