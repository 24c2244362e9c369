//! Options on their way to the choices sheet, each list once.

use super::super::lists::own_scores;
use super::book::Page;
use crate::definition::{AnswerOption, Condition, Counts, Direction};

/// The headings of the choices sheet; the first three are always there.
pub(super) const HEADINGS: [&str; 11] = [
    "list_name",
    "name",
    "label",
    "score",
    "counts",
    "favourable",
    "unfavourable",
    "direction",
    "exclusive",
    "other",
    "from",
];

/// The lists so far.
#[derive(Debug, Default)]
pub(super) struct Lists {
    known: Vec<(String, Vec<AnswerOption>, bool)>,
}

impl Lists {
    /// The name of the list with these options; a new one is called as wished.
    pub(super) fn name(
        &mut self,
        options: &[AnswerOption],
        direction: Direction,
        wished: &str,
        page: &mut Page,
    ) -> String {
        let barrier = direction == Direction::Barrier;
        let same = |(_, known, other): &&(String, Vec<AnswerOption>, bool)| {
            known == options && *other == barrier
        };
        if let Some((name, _, _)) = self.known.iter().find(same) {
            return name.clone();
        }
        let free = |name: &str| self.known.iter().all(|(known, _, _)| known != name);
        let name = super::super::words::first_free(wished, free);
        write(&name, options, barrier, page);
        self.known.push((name.clone(), options.to_vec(), barrier));
        name
    }
}

fn write(name: &str, options: &[AnswerOption], barrier: bool, page: &mut Page) {
    let ends = Ends::of(options, barrier);
    for option in options {
        let mut line = page.line();
        line.set("list_name", name).set("name", option.value.to_string());
        line.set("label", option.label.as_str());
        match option.counts {
            Counts::Scored { score, favourable, unfavourable } => {
                line.set("score", score.to_string());
                let (usually, not_usually) = ends.of_score(score);
                if favourable != usually {
                    line.set("favourable", word(favourable));
                }
                if unfavourable != not_usually {
                    line.set("unfavourable", word(unfavourable));
                }
                if barrier {
                    line.set("direction", "barrier");
                }
            }
            Counts::DontKnow => drop(line.set("counts", "dont-know")),
            Counts::NotApplicable => drop(line.set("counts", "not-applicable")),
            Counts::Plain | Counts::Band { .. } => {}
        }
        // A way out of several choices stands alone in any case.
        if option.exclusive && option.counts.is_valid() {
            line.set("exclusive", "yes");
        }
        line.set("other", option.other.map(|most| most.to_string()).unwrap_or_default());
        if let Some(Condition::Chosen { items, .. }) = &option.show_if {
            line.set(
                "from",
                items.first().map(|item| item.as_str().to_owned()).unwrap_or_default(),
            );
        }
    }
}

fn word(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}

/// The scores from which answers are good or bad where the author does not say:
/// the same rule by which a survey file is read.
struct Ends {
    high: u8,
    low: u8,
    barrier: bool,
}

impl Ends {
    fn of(options: &[AnswerOption], barrier: bool) -> Self {
        let score = |option: &AnswerOption| match option.counts {
            Counts::Scored { score, .. } => Some(score),
            _ => None,
        };
        let own = own_scores(options.iter().map(score));
        let mut scores: Vec<u8> = options.iter().take(own).filter_map(score).collect();
        scores.sort_unstable();
        let reach = (scores.len() / 2).clamp(1, 2) - 1;
        Self {
            high: scores.iter().rev().nth(reach).copied().unwrap_or(u8::MAX),
            low: scores.get(reach).copied().unwrap_or(0),
            barrier,
        }
    }

    /// Whether an answer of this score is favourable, and whether unfavourable.
    fn of_score(&self, score: u8) -> (bool, bool) {
        let high = score >= self.high;
        (high, if self.barrier { high } else { score <= self.low })
    }
}
