//! `region.csv`: figures of the root as a whole, one row per measure and figure.

use std::io::{self, Write};

use super::datapackage::REGION;
use super::{Printed, record};
use crate::release::{Contents, Stat};
use crate::spreadsheet::guarded;

/// Writes the rows; with the line of names first if `header`.
///
/// # Errors
/// If `out` refuses.
pub fn write_region<N: Printed>(
    contents: &Contents<N>,
    header: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    if header {
        record(out, REGION.iter().map(|field| field.0))?;
    }
    let wave = contents.about().wave.as_str();
    let root = contents.root().map_or("", |org| org.code.as_str());
    for measure in contents.measures() {
        let Some(figures) = contents.root_figures().get(&measure.code) else { continue };
        for (stat, value) in figures {
            let value = match places(*stat) {
                Some(places) => value.text(places),
                None => value.chance(),
            };
            let (root, measure) = (guarded(root), guarded(&measure.code));
            record(out, [wave, &root, &measure, stat.code(), &value].into_iter())?;
        }
    }
    Ok(())
}

/// How many places a figure is printed with; none for a chance.
pub(in crate::render) fn places(stat: Stat) -> Option<u32> {
    Some(match stat {
        Stat::KruskalP | Stat::RhoP | Stat::RhoQ => return None,
        Stat::Pcts
        | Stat::SeverityOrder
        | Stat::Major
        | Stat::MajorShare
        | Stat::MajorRunning
        | Stat::PrioritySupported
        | Stat::LowerQuartileBand
        | Stat::MedianBand
        | Stat::UpperQuartileBand
        | Stat::NotApplicable
        | Stat::DontKnow
        | Stat::Blank => 0,
        Stat::KruskalH
        | Stat::Intraclass
        | Stat::Alpha
        | Stat::AlphaLo
        | Stat::AlphaHi
        | Stat::Rho
        | Stat::RhoLo
        | Stat::RhoHi
        | Stat::TauB
        | Stat::FunnelDispersion => 2,
        _ => 1,
    })
}
