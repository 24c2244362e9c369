//! Rows become marks, and marks are counted, on as many threads as there are.

use std::collections::HashMap;
use std::io::Read;
use std::sync::Mutex;

use super::WaveOrgs;
use super::cut::{Broken, Cutter, Piece, quoted_rows};
use super::explain::{Bad, line_ends};
use super::found::{Finding, Findings, Lines, Place};
use super::header::{Header, Role};
use super::seen::Seen;
use super::values::{Values, WRONG};
use crate::definition::Survey;
use crate::fault::{Fault, Faults};
use crate::register::place::ends_in_quotes;
use crate::tabulation::{Batch, MinWeight, Tally, TallyError};

/// Bytes of a piece.
const PIECE: usize = 1 << 20;
/// Ballots that a thread holds before it counts them.
const BATCH: usize = 65_536;

/// What is counted, and how.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The survey that was asked in every wave.
    pub survey: &'a Survey,
    /// The waves with their organisations, as [`super::read_orgs`] gives them.
    pub waves: &'a [WaveOrgs],
    /// The share of an index's weight that a person must have answered.
    pub min_weight: MinWeight,
    /// Threads to count on; the outcome is the same on any number.
    pub threads: usize,
}

/// What every thread knows.
pub(super) struct Plan<'a> {
    pub(super) waves: &'a [WaveOrgs],
    /// Per column of the file.
    pub(super) roles: Vec<Role>,
    pub(super) names: Vec<&'a str>,
    /// Per column of the ballot.
    pub(super) values: Vec<Values>,
    codes: HashMap<&'a [u8], usize>,
    /// Per wave, its leaves' places in the tally.
    leaves: Vec<HashMap<&'a [u8], usize>>,
}

/// Reads `wave,org,resp,ITEM…` and counts it: one tally for each wave, in their
/// order.
///
/// # Errors
/// Every fault of the file, or the first hundred with the number of all; nothing
/// is counted then.
pub fn count(file: &str, from: impl Read + Send, asked: &Asked<'_>) -> Result<Vec<Tally>, Faults> {
    Ok(count_pieces(file, from, asked, PIECE, false)?.0)
}

/// Reads, counts and keeps the ballots of one wave, in no order. They take as many bytes
/// as they have marks, and one word each.
///
/// # Errors
/// As [`count`].
pub fn take(
    file: &str,
    from: impl Read + Send,
    asked: &Asked<'_>,
) -> Result<(Vec<Tally>, Vec<Batch>), Faults> {
    count_pieces(file, from, asked, PIECE, true)
}

/// The same in pieces of this many bytes.
pub(super) fn count_pieces(
    file: &str,
    from: impl Read + Send,
    asked: &Asked<'_>,
    size: usize,
    keeps: bool,
) -> Result<(Vec<Tally>, Vec<Batch>), Faults> {
    let mut cutter = Cutter::new(from, size);
    let mut first = cutter.next();
    let header = match first.as_mut().map(|piece| &mut piece.text) {
        Some(Ok(text)) => Header::take(file, text, asked.survey),
        _ => Header::default(),
    };
    let nought: Vec<Tally> = asked.waves.iter().map(|wave| empty(asked, wave)).collect();
    let plan = Plan {
        waves: asked.waves,
        roles: header.columns.iter().map(|(_, role)| *role).collect(),
        names: header.columns.iter().map(|(name, _)| name.as_str()).collect(),
        values: asked.survey.columns().map(|column| Values::of(&column)).collect(),
        codes: asked
            .waves
            .iter()
            .enumerate()
            .map(|(at, one)| (one.wave.as_str().as_bytes(), at))
            .collect(),
        leaves: asked.waves.iter().zip(&nought).map(|(wave, tally)| places(wave, tally)).collect(),
    };
    let waiting = Mutex::new(first.into_iter().chain(cutter));
    let next = || waiting.lock().ok().and_then(|mut pieces| pieces.next());
    let read = || {
        let mut reader = Reader::new(&plan, nought.clone(), keeps.then(Vec::new));
        while let Some(piece) = next() {
            reader.read(piece)?;
        }
        reader.count()?;
        Ok::<_, TallyError>(reader.read)
    };
    let parts: Result<Vec<Part>, TallyError> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..asked.threads.max(1)).map(|_| scope.spawn(read)).collect();
        let ended = workers.into_iter().map(|worker| worker.join());
        ended.map(|part| part.unwrap_or(Err(TallyError::BrokenOff))).collect()
    });
    let broken = |error: TallyError| Faults::new(vec![Fault::of_file(file, error.to_string())]);
    let mut parts = parts.map_err(broken)?;
    let kept = parts.iter_mut().filter_map(|part| part.kept.take()).flatten().collect();
    let (sum, findings, lines) = together(parts, header.lines, asked.threads).map_err(broken)?;
    match findings.faults(file, header.faults.clone(), &lines) {
        Some(faults) => Err(faults),
        None => Ok((sum, kept)),
    }
}

fn empty(asked: &Asked<'_>, wave: &WaveOrgs) -> Tally {
    let leaves = wave.tree.leaves().map(|leaf| leaf.code.clone());
    Tally::with_min_weight(asked.survey, leaves, asked.min_weight)
}

fn places<'a>(wave: &'a WaveOrgs, tally: &Tally) -> HashMap<&'a [u8], usize> {
    let leaves = wave.tree.leaves();
    leaves
        .filter_map(|leaf| Some((leaf.code.as_str().as_bytes(), tally.place(&leaf.code)?)))
        .collect()
}

/// What one thread has read.
struct Part {
    tallies: Vec<Tally>,
    findings: Findings,
    seen: Seen,
    /// Pieces and their lines.
    lines: Vec<(u32, usize)>,
    /// The ballots, if they are wanted.
    kept: Option<Vec<Batch>>,
}

/// The sum of what all threads have read.
fn together(
    parts: Vec<Part>,
    header: usize,
    threads: usize,
) -> Result<(Vec<Tally>, Findings, Lines), TallyError> {
    let mut findings = Findings::default();
    let (mut sum, mut seen, mut pieces) = (Vec::<Tally>::new(), Vec::new(), Vec::new());
    for part in parts {
        findings.join(part.findings);
        seen.push(part.seen);
        pieces.extend(part.lines);
        if sum.is_empty() {
            sum = part.tallies;
        } else {
            sum.iter_mut().zip(&part.tallies).try_for_each(|(sum, tally)| sum.merge(tally))?;
        }
    }
    let lines = Lines::new(header, pieces);
    let mut again = Seen::again(&seen, threads);
    again.sort_unstable();
    let mut repeated = Findings::default();
    for (place, first) in again {
        repeated.add(|| Finding {
            place,
            column: 0,
            what: format!("this response stands on line {} already", lines.of(first)),
            hint: "wave, org and resp together name one response".to_owned(),
        });
    }
    findings.join(repeated);
    Ok((sum, findings, lines))
}

/// One thread at work.
struct Reader<'p> {
    plan: &'p Plan<'p>,
    read: Part,
    waiting: Vec<Batch>,
    ballots: usize,
    marks: Vec<u8>,
}

impl<'p> Reader<'p> {
    fn new(plan: &'p Plan<'p>, tallies: Vec<Tally>, kept: Option<Vec<Batch>>) -> Self {
        Self {
            plan,
            waiting: vec![Batch::default(); tallies.len()],
            read: Part {
                tallies,
                findings: Findings::default(),
                seen: Seen::default(),
                lines: Vec::new(),
                kept,
            },
            ballots: 0,
            marks: vec![0; plan.values.len()],
        }
    }

    fn read(&mut self, piece: Piece) -> Result<(), TallyError> {
        let number = piece.number;
        match piece.text {
            Err(why) => self.read.findings.add(|| broken(&why, number)),
            Ok(text) => {
                let is_text = std::str::from_utf8(&text).is_ok();
                let lines = if text.contains(&b'"') {
                    self.quoted(&text, number, is_text)?
                } else {
                    self.plain(&text, number, is_text)?
                };
                self.read.lines.push((number, lines));
            }
        }
        Ok(())
    }

    /// Rows without quotation marks: every comma parts cells.
    fn plain(&mut self, text: &[u8], piece: u32, is_text: bool) -> Result<usize, TallyError> {
        let mut lines = 0;
        for (at, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
            let row = line.strip_suffix(b"\n").inspect(|_| lines += 1).unwrap_or(line);
            let row = row.strip_suffix(b"\r").unwrap_or(row);
            if row.is_empty() {
                continue;
            }
            let place = (piece, at);
            let cells = || row.split(|byte| *byte == b',');
            if !is_text || !self.row(cells(), place)? {
                let bad = Bad { raw: row, cells: cells().collect(), from: place };
                self.look_again(&bad, place, is_text)?;
            }
        }
        Ok(lines)
    }

    /// Rows of which some cells are quoted: the csv crate parts them.
    fn quoted(&mut self, text: &[u8], piece: u32, is_text: bool) -> Result<usize, TallyError> {
        let (mut from, mut lines) = (0, 0);
        for (cells, to) in quoted_rows(text) {
            let raw = text.get(from..to).unwrap_or_default();
            let blank = raw.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let before = line_ends(raw.get(..blank).unwrap_or_default());
            let place = (piece, lines + before);
            let bad = || Bad { raw, cells: cells.iter().collect(), from: (piece, lines) };
            if let Some((row, column)) = open_mark(raw, to >= text.len()) {
                self.read.findings.add(|| Finding {
                    place: (piece, lines + row - 1),
                    column,
                    what: "a quotation mark is opened and never closed".to_owned(),
                    hint: "write \" inside a quoted cell as \"\"".to_owned(),
                });
            } else if !is_text || !self.row(cells.iter(), place)? {
                self.look_again(&bad(), place, is_text)?;
            }
            lines += line_ends(raw);
            from = to;
        }
        Ok(lines + line_ends(text.get(from..).unwrap_or_default()))
    }

    /// A row that may have a fault.
    fn look_again(&mut self, row: &Bad<'_>, place: Place, is_text: bool) -> Result<(), TallyError> {
        if !is_text
            && (row.explain_bytes(&mut self.read.findings)
                || self.row(row.cells.iter().copied(), place)?)
        {
            return Ok(());
        }
        row.explain(self.plan, &mut self.read.findings);
        Ok(())
    }

    /// Takes a row that has no fault in itself; of one that has, only notes whose
    /// it is.
    fn row<'c>(
        &mut self,
        mut cells: impl Iterator<Item = &'c [u8]>,
        place: Place,
    ) -> Result<bool, TallyError> {
        let (mut wave, mut org, mut resp) = (&[][..], &[][..], &[][..]);
        let mut is_right = true;
        for role in &self.plan.roles {
            let Some(cell) = cells.next() else { return Ok(false) };
            match role {
                Role::Answer(column) => {
                    let values = self.plan.values.get(*column);
                    let mark = values.map_or(WRONG, |values| values.mark(cell));
                    is_right &= mark != WRONG;
                    if let Some(slot) = self.marks.get_mut(*column) {
                        *slot = mark;
                    }
                }
                Role::Wave => wave = cell,
                Role::Org => org = cell,
                Role::Resp => resp = cell.trim_ascii(),
                Role::Nothing => {}
            }
        }
        let wave = self.plan.wave(wave);
        let leaf = wave.and_then(|wave| self.plan.leaf(wave, org));
        let (Some(wave), Some(leaf)) = (wave, leaf) else { return Ok(false) };
        if cells.next().is_some() || resp.is_empty() {
            return Ok(false);
        }
        self.read.seen.note(wave, leaf, resp, place);
        if is_right && let Some(batch) = self.waiting.get_mut(wave) {
            batch.push(leaf, &self.marks);
            self.ballots += 1;
            if self.ballots == BATCH {
                self.count()?;
            }
        }
        Ok(is_right)
    }

    /// Counts the ballots that wait. What they took is given back: of many waves
    /// each would keep its own.
    fn count(&mut self) -> Result<(), TallyError> {
        for (tally, batch) in self.read.tallies.iter_mut().zip(&mut self.waiting) {
            if !batch.is_empty() {
                let batch = std::mem::take(batch);
                tally.count(&batch)?;
                if let Some(kept) = &mut self.read.kept {
                    kept.push(batch);
                }
            }
        }
        self.ballots = 0;
        Ok(())
    }
}

impl Plan<'_> {
    /// The wave of this code.
    pub(super) fn wave(&self, cell: &[u8]) -> Option<usize> {
        self.codes.get(cell.trim_ascii()).copied()
    }

    /// The place of this leaf of a wave in its tally.
    pub(super) fn leaf(&self, wave: usize, cell: &[u8]) -> Option<usize> {
        self.leaves.get(wave)?.get(cell.trim_ascii()).copied()
    }
}

/// Line and column of a quotation mark without its partner, both from 1.
/// Only the last row of a file can have one.
fn open_mark(raw: &[u8], is_last: bool) -> Option<(usize, usize)> {
    is_last.then(|| ends_in_quotes(&String::from_utf8_lossy(raw), 0)).flatten()
}

fn broken(why: &Broken, piece: u32) -> Finding {
    let (what, hint) = match why {
        Broken::Source(error) => {
            (format!("cannot be read from here on: {error}"), "see whether the file is whole")
        }
        Broken::Endless => (
            "the row has no end within 16 MB".to_owned(),
            "a quotation mark may be open: write \" inside a quoted cell as \"\"",
        ),
    };
    Finding { place: (piece, 0), column: 0, what, hint: hint.to_owned() }
}
