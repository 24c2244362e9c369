//! The check of a written survey file, and what is taken out of a draft when the
//! check does not take it: conditions that cannot hold, ranges without room.

use super::columns::{Columns, OPTIONS_FROM};
use super::draft::{Draft, DraftKind, DraftQuestion};
use super::loss::Loss;
use super::tree::Teller;
use super::words::code_from;
use super::write::{Part, Written, write};
use crate::definition;
use crate::fault::{Fault, Faults};

/// Lengths that texts are cut to, one after the other, until a reply has room.
const LENGTHS: [u32; 7] = [400, 300, 200, 150, 100, 60, 30];

/// More rounds than these no draft needs: each takes something out.
const MOST_ROUNDS: usize = 500;

/// Writes the draft until the check is content.
///
/// # Errors
/// The faults that cannot be mended, in terms of the sheet.
pub(super) fn mend(
    draft: &mut Draft,
    file: &str,
    survey: &Columns<'_>,
    teller: &Teller<'_>,
    losses: &mut Vec<Loss>,
) -> Result<String, Faults> {
    let source = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let mut faults = Faults::default();
    for _ in 0..MOST_ROUNDS {
        let written = write(draft, source);
        match definition::parse(file, &written.toml) {
            Ok(_) => return Ok(written.toml),
            Err(found) => faults = found,
        }
        let mut mended = false;
        let mut doctor = Mender { draft, survey, losses };
        for fault in faults.iter() {
            mended |= doctor.fault(fault, &written);
        }
        if !mended {
            let told =
                faults.iter().map(|fault| in_the_sheet(fault, &written, draft, survey, teller));
            return Err(Faults::new(told.collect()));
        }
    }
    Err(faults)
}

struct Mender<'m, 's> {
    draft: &'m mut Draft,
    survey: &'m Columns<'s>,
    losses: &'m mut Vec<Loss>,
}

impl Mender<'_, '_> {
    /// Takes out what a fault is about; whether there was anything to take.
    fn fault(&mut self, fault: &Fault, written: &Written) -> bool {
        if fault.what.starts_with("the longest possible reply") {
            return self.shorten();
        }
        let part = written.part(fault.line);
        match part.key {
            "show_if" => self.condition(part, &fault.what),
            "min" | "max" | "usual_min" | "usual_max" | "bands" | "decimals" => {
                self.number(part, &fault.what)
            }
            "options" | "also" => self.scores(part, &fault.what),
            "options_from" => self.derived(part, &fault.what),
            "mode" => self.draft.mode.take().is_some_and(|mode| {
                self.lose_setting(format!("the mode {mode:?} is left out"), &fault.what);
                true
            }),
            "consent" => self.draft.consent.take().is_some_and(|(item, _)| {
                self.lose_setting(format!("consent by {item} is left out"), &fault.what);
                true
            }),
            "indexes" => {
                let Some(at) = part.index.filter(|at| *at < self.draft.indexes.len()) else {
                    return false;
                };
                let index = self.draft.indexes.remove(at);
                self.lose_setting(format!("the index {} is left out", index.code), &fault.what);
                true
            }
            _ => false,
        }
    }

    fn lose_setting(&mut self, what: String, why: &str) {
        let (sheet, heading) = ("settings".to_owned(), String::new());
        self.losses.push(Loss { sheet, row: 0, column: 0, heading, what, why: why.to_owned() });
    }

    fn lose(&mut self, number: u32, key: &str, what: String, why: &str) {
        if let Some(row) = self.survey.sheet.rows.iter().find(|row| row.number == number) {
            self.losses.push(self.survey.loss(row, key, what, why));
        }
    }

    fn condition(&mut self, part: Part, why: &str) -> bool {
        let Some(section) = part.section.and_then(|at| self.draft.sections.get_mut(at)) else {
            return false;
        };
        let question = part.question.and_then(|at| section.questions.get_mut(at));
        let (row, condition) = match (question, part.row) {
            (None, _) => (section.row, section.show_if.take()),
            (Some(question), None) => (question.row, question.show_if.take()),
            (Some(question), Some(at)) => match &mut question.kind {
                DraftKind::Grid { rows, .. } => match rows.get_mut(at) {
                    Some(row) => (row.row, row.show_if.take()),
                    None => return false,
                },
                _ => return false,
            },
        };
        let Some(condition) = condition else { return false };
        let what = format!("the condition `{condition}` is left out");
        self.lose(row, "relevant", what, why);
        true
    }

    fn question(&mut self, part: Part) -> Option<&mut DraftQuestion> {
        let section = part.section.and_then(|at| self.draft.sections.get_mut(at));
        section.zip(part.question).and_then(|(section, at)| section.questions.get_mut(at))
    }

    fn number(&mut self, part: Part, why: &str) -> bool {
        let Some(question) = self.question(part) else { return false };
        let DraftKind::Number(number) = &mut question.kind else { return false };
        let (key, column) = match part.key {
            "min" if number.min.take().is_some() => ("min", "constraint"),
            "max" if number.max.take().is_some() => ("max", "constraint"),
            "usual_min" if number.usual_min.take().is_some() => ("usual_min", "usual_min"),
            "usual_max" if number.usual_max.take().is_some() => ("usual_max", "usual_max"),
            "bands" if number.bands.take().is_some() => ("bands", "bands"),
            _ => return false,
        };
        let row = question.row;
        self.lose(row, column, format!("`{key}` is left out"), why);
        true
    }

    /// Options that come from no question of that kind.
    fn derived(&mut self, part: Part, why: &str) -> bool {
        let Some(question) = self.question(part) else { return false };
        let (DraftKind::One(answers) | DraftKind::Several { answers, .. }) = &mut question.kind
        else {
            return false;
        };
        if answers.from.take().is_none() {
            return false;
        }
        let row = question.row;
        self.lose(row, OPTIONS_FROM, "it is left out".to_owned(), why);
        true
    }

    /// A scale that the check refuses is a list without order.
    fn scores(&mut self, part: Part, why: &str) -> bool {
        let Some(question) = self.question(part) else { return false };
        let (DraftKind::One(answers) | DraftKind::Grid { answers, .. }) = &mut question.kind else {
            return false;
        };
        if !answers.scored {
            return false;
        }
        answers.scored = false;
        for option in &mut answers.options {
            (option.score, option.favourable, option.unfavourable) = (None, None, None);
        }
        let row = question.row;
        self.lose(row, "type", "its scores are left out".to_owned(), why);
        true
    }

    /// Cuts texts so that the longest reply has room: first those whose length
    /// the form leaves open.
    fn shorten(&mut self) -> bool {
        let mut texts = Vec::new();
        let questions = self.draft.sections.iter_mut().flat_map(|section| &mut section.questions);
        for question in questions {
            if let DraftKind::Text { max_chars, told } = &mut question.kind {
                texts.push((question.row, max_chars, *told));
            }
        }
        for told in [false, true] {
            let longest = texts.iter().filter(|text| text.2 == told).map(|text| *text.1).max();
            let next =
                LENGTHS.into_iter().find(|length| longest.is_some_and(|longest| *length < longest));
            let Some(next) = next else { continue };
            let mut cut = Vec::new();
            for (row, max_chars, is_told) in &mut texts {
                if *is_told == told && **max_chars > next {
                    **max_chars = next;
                    cut.push(*row);
                }
            }
            // A text that is cut twice is told with its last length.
            self.losses.retain(|loss| !(loss.why == NO_ROOM && cut.contains(&loss.row)));
            for row in cut {
                let key = if told { "constraint" } else { "type" };
                self.lose(row, key, format!("the text is cut at {next} characters"), NO_ROOM);
            }
            return true;
        }
        false
    }
}

const NO_ROOM: &str = "every sealed reply has one size, and the longest must fit into it";

/// A fault of the written file in terms of the sheet that it came from.
fn in_the_sheet(
    fault: &Fault,
    written: &Written,
    draft: &Draft,
    survey: &Columns<'_>,
    teller: &Teller<'_>,
) -> Fault {
    let part = written.part(fault.line);
    let section = part.section.and_then(|at| draft.sections.get(at));
    let question = section.zip(part.question).and_then(|(section, at)| section.questions.get(at));
    let row = question.map(|question| question.row).or(section.map(|section| section.row));
    let hint = fault.hint.clone().unwrap_or_default();
    let name = question.map(|question| code_from(&question.name, "Q"));
    let what = match name {
        Some(name) => format!("{name}: {}", fault.what),
        None => fault.what.clone(),
    };
    teller.fault(&survey.sheet.name, row.unwrap_or_default(), what, hint)
}
