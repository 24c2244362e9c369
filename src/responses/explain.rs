//! What is wrong with a row that cannot be counted.

use super::count::Plan;
use super::found::{Finding, Findings, Place};
use super::header::Role;
use super::values::WRONG;
use crate::fault::nearest;
use crate::register::place::place;

/// Characters of a cell that a fault repeats.
const SHOWN: usize = 20;

/// A row as it stands in its piece.
pub(super) struct Bad<'r> {
    /// Its bytes, blank lines before it perhaps among them.
    pub(super) raw: &'r [u8],
    /// Its cells without quotation marks.
    pub(super) cells: Vec<&'r [u8]>,
    /// Where the bytes begin.
    pub(super) from: Place,
}

impl Bad<'_> {
    /// Adds every fault of the row.
    pub(super) fn explain(&self, plan: &Plan<'_>, findings: &mut Findings) {
        if self.cells.len() != plan.roles.len() {
            return self.add(findings, None, || {
                let (has, wants) = (self.cells.len(), plan.roles.len());
                let what = format!("has {has} cells; the header has {wants}");
                (what, "put a cell that contains a comma in quotation marks".to_owned())
            });
        }
        let known = |role: Role| {
            let cells = plan.roles.iter().zip(&self.cells);
            cells.filter(|(own, _)| **own == role).map(|(_, cell)| *cell).next()
        };
        let wave = known(Role::Wave).and_then(|wave| plan.wave(wave));
        for (at, (role, cell)) in plan.roles.iter().zip(&self.cells).enumerate() {
            let add = |findings: &mut Findings, told: &dyn Fn() -> (String, String)| {
                self.add(findings, Some(at), told);
            };
            match role {
                Role::Nothing => {}
                Role::Wave => {
                    if wave.is_none() {
                        add(findings, &|| unknown_wave(plan, cell));
                    }
                }
                Role::Org => {
                    if let Some(wave) = wave
                        && plan.leaf(wave, cell).is_none()
                    {
                        add(findings, &|| no_leaf(plan, wave, cell));
                    }
                }
                Role::Resp => {
                    if cell.trim_ascii().is_empty() {
                        let hint = "give each response a name or number of its own";
                        add(findings, &|| ("resp is empty".to_owned(), hint.to_owned()));
                    }
                }
                Role::Answer(column) => {
                    let Some(values) = plan.values.get(*column) else { continue };
                    if values.mark(cell) == WRONG {
                        let name = plan.names.get(at).copied().unwrap_or_default();
                        add(findings, &|| {
                            (format!("{} is no answer to {name}", shown(cell)), values.in_words())
                        });
                    }
                }
            }
        }
    }

    /// Adds the one fault of a row whose bytes are no text, if so it is.
    pub(super) fn explain_bytes(&self, findings: &mut Findings) -> bool {
        let Err(error) = std::str::from_utf8(self.raw) else { return false };
        let (piece, line) = self.from;
        let sound = self.raw.get(..error.valid_up_to()).unwrap_or_default();
        findings.add(|| {
            let last = sound.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
            Finding {
                place: (piece, line + line_ends(sound)),
                column: String::from_utf8_lossy(last).chars().count() + 1,
                what: "the row is not UTF-8 text from here on".to_owned(),
                hint: "save the file as \"CSV UTF-8\"".to_owned(),
            }
        });
        true
    }

    /// Adds a fault of a cell, or of the whole row.
    pub(super) fn add(
        &self,
        findings: &mut Findings,
        cell: Option<usize>,
        told: impl FnOnce() -> (String, String),
    ) {
        findings.add(|| {
            let text = String::from_utf8_lossy(self.raw);
            let (line, column) = place(&text, 0, cell.unwrap_or(0));
            let (piece, before) = self.from;
            let (what, hint) = told();
            let column = if cell.is_some() { column } else { 0 };
            Finding { place: (piece, before + line - 1), column, what, hint }
        });
    }
}

/// How many lines end in some bytes.
pub(super) fn line_ends(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == b'\n').skip(1).count()
}

fn unknown_wave(plan: &Plan<'_>, cell: &[u8]) -> (String, String) {
    let what = match cell.trim_ascii() {
        [] => "wave is empty".to_owned(),
        _ => format!("the wave {} is not among the organisations", shown(cell)),
    };
    let codes = || plan.waves.iter().map(|wave| wave.wave.as_str());
    let near = nearest(&String::from_utf8_lossy(cell), codes()).filter(|_| !cell.is_empty());
    let hint = near.map_or_else(
        || format!("the waves there are: {}", codes().take(10).collect::<Vec<_>>().join(", ")),
        |near| format!("did you mean {near:?}?"),
    );
    (what, hint)
}

fn no_leaf(plan: &Plan<'_>, wave: usize, cell: &[u8]) -> (String, String) {
    let Some(orgs) = plan.waves.get(wave) else { return Default::default() };
    let text = String::from_utf8_lossy(cell.trim_ascii()).into_owned();
    let inner = text.parse().ok().and_then(|code| orgs.tree.get(&code));
    if inner.is_some() {
        let what = format!("{text} is no pct in wave {}", orgs.wave);
        return (what, "answers are counted at pcts, the lowest level".to_owned());
    }
    let what = match text.as_str() {
        "" => "org is empty".to_owned(),
        _ => format!("{} is no organisation of wave {}", shown(cell), orgs.wave),
    };
    // Nothing is near to everything.
    let leaves = || orgs.tree.leaves().map(|node| node.code.as_str());
    let near = nearest(&text, leaves()).filter(|_| !text.is_empty());
    let hint = near.map_or_else(
        || "list it among the organisations, or correct it here".to_owned(),
        |near| format!("did you mean {near:?}?"),
    );
    (what, hint)
}

/// The beginning of a cell. The rest may be words that belong elsewhere.
fn shown(cell: &[u8]) -> String {
    let text = String::from_utf8_lossy(cell);
    if text.chars().count() <= SHOWN {
        return format!("{text:?}");
    }
    format!("{:?} and so on", text.chars().take(SHOWN).collect::<String>())
}
