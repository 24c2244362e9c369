//! Questions whose answers have no order: how many chose each.

use serde::Serialize;

use super::views::FigureView;

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChosenRow {
    /// Its words.
    pub label: String,
    /// How many chose it.
    pub people: FigureView,
    /// Their share as a width, for example `41.7%`; none if how many answered is not told.
    pub width: Option<String>,
}

/// One question, for the region as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChosenTable {
    /// A name of its own on the page.
    pub id: String,
    /// Its wording.
    pub label: String,
    /// How many answered and whether they could choose several, in a sentence.
    pub about: String,
    /// The answers that may be shown, in screen order; empty if none may.
    pub rows: Vec<ChosenRow>,
}

impl ChosenTable {
    /// A question of which something is shown, or nothing.
    #[must_use]
    pub fn sample(shown: bool) -> Self {
        let row = |label: &str, people: &str| ChosenRow {
            label: label.to_owned(),
            people: FigureView {
                text: people.to_owned(),
                at: "distribution.csv/ROLE/1".to_owned(),
            },
            width: Some("41.7%".to_owned()),
        };
        Self {
            id: if shown { "chosen-1" } else { "chosen-2" }.to_owned(),
            label: if shown { "What is your role?" } else { "Who decides?" }.to_owned(),
            about: "118 leads answered.".to_owned(),
            rows: if shown {
                vec![row("GP", "80"), row("All other answers", "38")]
            } else {
                Vec::new()
            },
        }
    }
}
