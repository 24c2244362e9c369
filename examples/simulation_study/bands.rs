//! How often bands flag a PCT, rightly and wrongly, and whether rank intervals
//! hold the true ranks. The way is that of a release: only shown cells compare.

use soundings::benchmark::{Benchmark, OrgFigures, Sources};
use soundings::definition::Survey;
use soundings::disclosure::Rule;
use soundings::register::Tree;
use soundings::statistics::{Band, RankRange, Thresholds, ranks};

use crate::cells::SIZES;
use crate::opinion::{Opinion, SHAPES};
use crate::region::{Differences, PCTS, RATES, Region, pct_place, rule, shown, survey, tree};
use crate::sums::{Seen, Table};
use crate::{Outcome, SPREAD, stream};

/// By how much the one PCT lies lower that differs: Cliff's delta.
pub const DELTAS: [f64; 3] = [0.3, 0.5, 0.7];

/// What all regions of this part have in common.
pub struct Setting {
    survey: Survey,
    tree: Tree,
    rule: Rule,
}

impl Setting {
    /// One item, whose shape changes from region to region.
    pub fn new() -> Outcome<Self> {
        Ok(Self { survey: survey(1)?, tree: tree(true)?, rule: rule()? })
    }

    /// What the regions of one number add: one without differences, one where
    /// all PCTs differ, one for each delta of a single PCT.
    pub fn region(&self, number: usize) -> Outcome<Seen> {
        let shape = number % SHAPES.len();
        let opinion = Opinion::new(SHAPES.get(shape).ok_or("no such shape")?);
        let differing = number / (SHAPES.len() * RATES.len()) % PCTS;
        let mut seen = Seen::default();

        let (_, orgs) = self.placed(&opinion, Differences::None, "none", number)?;
        let flags: Vec<bool> = orgs.iter().filter_map(flagged).collect();
        for row in [shape, SHAPES.len()] {
            for flag in &flags {
                seen.note((Table::FalseFlags, row, 0), *flag);
            }
            if !flags.is_empty() {
                seen.note((Table::FalseFlags, row, 1), flags.contains(&true));
            }
        }
        standings(&orgs, &[0.0; PCTS], 0, &mut seen);

        let (region, orgs) = self.placed(&opinion, Differences::All(SPREAD), "all", number)?;
        let truth: Vec<f64> = region.shifts.iter().map(|shift| opinion.mean(*shift)).collect();
        standings(&orgs, &truth, 1, &mut seen);

        for (row, delta) in DELTAS.into_iter().enumerate() {
            let one = Differences::One(differing, opinion.shift_down(delta));
            let part = format!("one{row}");
            let (region, orgs) = self.placed(&opinion, one, &part, number)?;
            power(&region, &orgs, differing, row, &mut seen)?;
        }
        Ok(seen)
    }

    /// A region, and the figures of its PCTs beside each other.
    fn placed(
        &self,
        opinion: &Opinion,
        differ: Differences,
        part: &str,
        number: usize,
    ) -> Outcome<(Region, Vec<OrgFigures>)> {
        let rate = RATES.get(number / SHAPES.len() % RATES.len()).ok_or("no such rate")?;
        let items = std::slice::from_ref(opinion);
        let region = Region::draw(items, *rate, differ, &mut stream(part, number));
        let table = region.table(&self.survey, &self.tree)?;
        let safe = shown(&table, &self.rule, &format!("{part}-{number}"))?;
        let sources = Sources { safe: &safe, before: None, thresholds: Thresholds::default() };
        let measure = Benchmark::new(&sources).measures.into_iter().next();
        Ok((region, measure.ok_or("no measure")?.orgs))
    }
}

/// Whether a PCT has a band; none where it is not compared.
fn flagged(org: &OrgFigures) -> Option<bool> {
    org.placed.map(|placed| matches!(placed.band, Band::Above | Band::Below))
}

/// Columns: the PCT that differs is named as lower, if its cell is shown, for
/// each size and for all; its cell is shown; another one is flagged.
fn power(
    region: &Region,
    orgs: &[OrgFigures],
    differing: usize,
    row: usize,
    seen: &mut Seen,
) -> Outcome<()> {
    let people = region.invited.get(differing).ok_or("a PCT is missing")?;
    let size = SIZES.iter().position(|(low, high)| (low..=high).contains(&people));
    let size = size.ok_or("a size is missing")?;
    for org in orgs {
        let Some(pct) = pct_place(&org.org) else { continue };
        if pct != differing {
            if let Some(flag) = flagged(org) {
                seen.note((Table::Power, row, SIZES.len() + 2), flag);
            }
            continue;
        }
        if let Some(placed) = org.placed {
            let found = placed.band == Band::Below;
            seen.note((Table::Power, row, size), found);
            seen.note((Table::Power, row, SIZES.len()), found);
        }
        seen.note((Table::Power, row, SIZES.len() + 1), org.placed.is_some());
    }
    Ok(())
}

/// Whether the rank intervals of the PCTs that are ranked hold every rank that is
/// true of them: equal PCTs share several. Columns: the simulated interval holds
/// them, the pairwise range does; how many ranks each spans; ranked PCTs.
fn standings(orgs: &[OrgFigures], truth: &[f64], row: usize, seen: &mut Seen) {
    let ranked: Vec<(f64, RankRange, RankRange)> = orgs
        .iter()
        .filter_map(|org| {
            let standing = org.standing?;
            let mean = truth.get(pct_place(&org.org)?)?;
            Some((*mean, standing.simulated.range, standing.pairwise))
        })
        .collect();
    let means: Vec<f64> = ranked.iter().map(|(mean, ..)| *mean).collect();
    let lower: Vec<f64> = means.iter().map(|mean| -mean).collect();
    let all = u32::try_from(ranked.len()).unwrap_or(u32::MAX);
    for ((_, simulated, pairwise), (best, from_below)) in
        ranked.iter().zip(ranks(&means).into_iter().zip(ranks(&lower)))
    {
        let worst = all + 1 - from_below;
        for (column, range) in [simulated, pairwise].into_iter().enumerate() {
            let holds = range.lo <= best && worst <= range.hi;
            seen.note((Table::Ranks, row, column), holds);
            let span = u64::from(range.hi + 1 - range.lo);
            seen.add((Table::Ranks, row, 2 + column), span, 1);
        }
    }
    if all > 0 {
        seen.add((Table::Ranks, row, 4), u64::from(all), 1);
    }
}
