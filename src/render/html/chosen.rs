//! Questions whose answers have no order, for the region as a whole.

use crate::pages::{ChosenRow, ChosenTable, FigureView};
use crate::release::{ChoiceTable, Release};
use crate::render::chart;

/// Every such question, in screen order.
pub(super) fn chosen(release: &Release) -> Vec<ChosenTable> {
    release.choices().iter().enumerate().map(|(number, of)| table(number, of)).collect()
}

fn table(number: usize, of: &ChoiceTable) -> ChosenTable {
    let row = |label: &str, value: &str, people: u64| ChosenRow {
        label: label.to_owned(),
        people: FigureView {
            text: people.to_string(),
            at: format!("distribution.csv/{}/{value}", of.item),
        },
        width: of.n.map(|n| chart::share_width(people, n)),
    };
    let own = of.options.iter().map(|one| row(&one.label, &one.value.to_string(), one.people));
    let others = of.others.map(|people| row("All other answers", "other", people));
    let answered = match of.n {
        Some(n) => format!("{n} leads answered."),
        None => "How many answered is not told, to protect anonymity.".to_owned(),
    };
    let several = if of.several { " They could choose several answers." } else { "" };
    ChosenTable {
        id: format!("chosen-{}", number + 1),
        label: of.label.clone(),
        about: format!("{answered}{several}"),
        rows: own.chain(others).collect(),
    }
}
