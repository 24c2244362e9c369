//! Coverage of the intervals of one organisation, and what suppression costs.

use soundings::definition::Survey;
use soundings::disclosure::{Group, Rule, SafeOrg, SafeTable, Status};
use soundings::register::{Level, Tree};
use soundings::statistics::{Confidence, Interval, ItemCell, Table, mean_estimate, share_estimate};

use crate::opinion::{Opinion, SHAPES};
use crate::region::{
    Differences, PCTS, RATES, Region, pct_code, pct_place, rule, shown, survey, tree,
};
use crate::sums::{Place, Seen, Table as Figures};
use crate::{Outcome, SPREAD, stream};

/// Sizes of PCTs by invited people, each with the next one's beginning.
pub const SIZES: [(u32, u32); 4] = [(6, 9), (10, 14), (15, 24), (25, 45)];
/// The columns of coverage: reply mean and percentage, process mean and percentage.
pub const COVERED: usize = 4;
/// The row of the index among measures.
pub const INDEX: usize = SHAPES.len();

/// What all regions of this part have in common.
pub struct Setting {
    survey: Survey,
    clustered: Tree,
    plain: Tree,
    rule: Rule,
    items: Vec<Opinion>,
}

/// One region as counted and as shown, with clusters and without.
struct Wave<'a> {
    setting: &'a Setting,
    region: &'a Region,
    table: &'a Table<'a>,
    clustered: &'a SafeTable,
    plain: &'a SafeTable,
    /// The row of the response rate.
    rate: usize,
}

impl Setting {
    /// Four items, one of each shape, and an index over them.
    pub fn new() -> Outcome<Self> {
        Ok(Self {
            survey: survey(SHAPES.len())?,
            clustered: tree(true)?,
            plain: tree(false)?,
            rule: rule()?,
            items: SHAPES.iter().map(Opinion::new).collect(),
        })
    }

    /// What one region adds. In every other region PCTs differ.
    pub fn region(&self, number: usize) -> Outcome<Seen> {
        let rate = number % RATES.len();
        let percent = RATES.get(rate).copied().ok_or("no such rate")?;
        let odd = (number / RATES.len()) % 2 == 1;
        let differ = if odd { Differences::All(SPREAD) } else { Differences::None };
        let region = Region::draw(&self.items, percent, differ, &mut stream("cells", number));
        let table = region.table(&self.survey, &self.clustered)?;
        let wave = Wave {
            setting: self,
            region: &region,
            table: &table,
            clustered: &shown(&table, &self.rule, "study")?,
            plain: &shown(&region.table(&self.survey, &self.plain)?, &self.rule, "study")?,
            rate,
        };
        let mut seen = Seen::default();
        for pct in 0..PCTS {
            for item in 0..SHAPES.len() {
                wave.cell(pct, item, &mut seen)?;
            }
            wave.index(pct, &mut seen)?;
        }
        wave.hidden(&mut seen);
        Ok(seen)
    }
}

impl Wave<'_> {
    fn org(&self, pct: usize) -> Outcome<&SafeOrg> {
        let code = pct_code(pct)?;
        let org = self.clustered.orgs().iter().find(|org| org.node.code == code);
        Ok(org.ok_or("a PCT is missing")?)
    }

    fn size(&self, pct: usize) -> Outcome<usize> {
        let people = self.region.invited.get(pct).ok_or("a PCT is missing")?;
        let place = SIZES.iter().position(|(low, high)| (low..=high).contains(&people));
        Ok(place.ok_or("a size is missing")?)
    }

    /// Whether the intervals of one PCT's answers to one item cover the truth.
    fn cell(&self, pct: usize, item: usize, seen: &mut Seen) -> Outcome<()> {
        let cell = self.table.cell(&pct_code(pct)?, item).ok_or("a cell is missing")?;
        let (n, confidence) = (cell.answers.n(), Confidence::default());
        let mean = mean_estimate(&cell.answers, cell.population, confidence);
        let share = share_estimate(cell.answers.favourable(), n, cell.population, confidence);
        let Some((mean, share)) = mean.zip(share) else { return Ok(()) };
        let opinion = self.setting.items.get(item).ok_or("an item is missing")?;
        let shift = self.region.shifts.get(pct).copied().unwrap_or(0.0);
        let covered = [
            Some(covers(mean.reply, self.region.census_mean(pct, item))),
            Some(covers(share.reply, self.region.census_favourable(pct, item))),
            mean.process.map(|process| covers(process, opinion.mean(shift))),
            Some(covers(share.process, opinion.favourable(shift))),
        ];
        let figures = self.org(pct)?.items.get(item).and_then(|cell| cell.shown());
        let size = self.size(pct)?;
        for (column, covered) in covered.into_iter().enumerate() {
            let Some(covered) = covered else { continue };
            seen.note((Figures::Cells, item * SIZES.len() + size, column), covered);
            if figures.is_some() {
                seen.note((Figures::Shown, item, column), covered);
                seen.note((Figures::Shown, INDEX, column), covered);
            }
        }
        Ok(())
    }

    /// Whether the intervals of one PCT's index cover the truth about the items
    /// that it uses.
    fn index(&self, pct: usize, seen: &mut Seen) -> Outcome<()> {
        let index = self.org(pct)?.indexes.first().and_then(|index| index.shown());
        let Some(index) = index else { return Ok(()) };
        let shift = self.region.shifts.get(pct).copied().unwrap_or(0.0);
        let (mut census, mut process, mut used) = (0.0, 0.0, 0.0);
        for (item, opinion) in self.setting.items.iter().enumerate() {
            if index.used.iter().any(|code| code.as_str() == format!("Q{item}")) {
                census += self.region.census_mean(pct, item);
                process += opinion.mean(shift);
                used += 1.0;
            }
        }
        let reply = covers(index.estimate.reply, census / used);
        let process = index.estimate.process.map(|interval| covers(interval, process / used));
        // Only used items are shown.
        let mut items = self.org(pct)?.items.iter().filter_map(|item| item.shown());
        let complete = items.all(|item| item.n == index.estimate.people);
        let everybody = index.estimate.people == index.invited;
        let row_of_blanks = SIZES.len() + if complete { 1 } else { 2 + usize::from(everybody) };
        for row in [self.size(pct)?, SIZES.len(), row_of_blanks] {
            seen.note((Figures::Index, row, 0), reply);
            if let Some(process) = process {
                seen.note((Figures::Index, row, 1), process);
            }
        }
        Ok(())
    }

    /// Which cells are hidden. Rows: the rates, then the items, then the index.
    /// Columns: PCT cells unsafe by themselves; PCT cells lost beyond that, with
    /// clusters and without; cluster cells; the region's, with and without.
    fn hidden(&self, seen: &mut Seen) {
        let by_rate = |column| (Figures::Hidden, self.rate, column);
        for measure in 0..=INDEX {
            let code = if measure == INDEX { "IDX".to_owned() } else { format!("Q{measure}") };
            let by_measure = |column| (Figures::Hidden, RATES.len() + measure, column);
            let rows = |column| -> [Option<Place>; 2] {
                // Rates are about items: what is unsafe by itself is known of them.
                [(measure < INDEX).then(|| by_rate(column)), Some(by_measure(column))]
            };
            for (safe, columns) in [(self.clustered, [1, 3, 4]), (self.plain, [2, 3, 5])] {
                let statuses = safe.statuses(&code);
                for (org, (_, status)) in safe.orgs().iter().zip(statuses) {
                    if status == Status::Empty {
                        continue;
                    }
                    let hidden = status == Status::Hidden;
                    let cell = self.table.cell(&org.node.code, measure);
                    let unsafe_itself = cell.is_some_and(|cell| !self.is_safe(cell));
                    let [beyond, cluster, region] = columns;
                    let column = match org.node.level {
                        Level::Pct => beyond,
                        Level::Cluster => cluster,
                        Level::Region | Level::Nation => region,
                    };
                    let is_leaf = pct_place(&org.node.code).is_some();
                    for place in rows(column).into_iter().flatten() {
                        seen.note(place, hidden && !(is_leaf && unsafe_itself));
                    }
                    if is_leaf && column == 1 && measure < INDEX {
                        for place in rows(0).into_iter().flatten() {
                            seen.note(place, unsafe_itself);
                        }
                    }
                }
            }
        }
    }

    fn is_safe(&self, cell: &ItemCell) -> bool {
        let (answers, invited) = (cell.answers.clone(), cell.population);
        self.setting.rule.is_safe(&Group { answers, invited, groups: 0 })
    }
}

/// Whether a value lies in an interval, but for the last digits of a sum.
fn covers(interval: Interval, truth: f64) -> bool {
    interval.lo - 1e-9 <= truth && truth <= interval.hi + 1e-9
}
