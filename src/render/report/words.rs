//! What reports say in sentences and cells.

use report_pdf::{Block, Section};

use crate::pages::StocktakeColumn;
use crate::release::{Cell, Figures, Measure, Org, Range, Release, Status, print};

/// The figures of a cell that is shown.
pub(super) fn figures(cell: Option<&Cell>) -> Option<&Figures> {
    cell.filter(|cell| cell.status == Status::Shown)?.figures.as_ref()
}

/// The mark of a cell that is not shown.
pub(super) fn mark(cell: Option<&Cell>) -> &'static str {
    match cell.map(|cell| cell.status) {
        Some(Status::Hidden) => "[c]",
        Some(Status::Shown) => "",
        Some(Status::Empty) | None => "[x]",
    }
}

/// The score of a cell, or its mark.
pub(super) fn score(cell: Option<&Cell>) -> String {
    let score = figures(cell).and_then(|figures| figures.score);
    score.map_or_else(|| mark(cell).to_owned(), |score| print::one(score.mean))
}

/// `63.1 to 74.4`, or that there is nothing to be unsure of.
pub(super) fn points(figures: &Figures) -> String {
    let Some(score) = figures.score else { return String::new() };
    between(figures, score.reply, print::one)
}

/// `55 to 78`.
pub(super) fn percents(figures: &Figures) -> String {
    let unsure = figures.share.and_then(|share| share.unsure);
    unsure.map_or_else(String::new, |unsure| between(figures, unsure.reply, print::whole))
}

fn between(
    figures: &Figures,
    range: Range,
    print: impl Fn(crate::release::Figure) -> String,
) -> String {
    if figures.n == figures.n_q && range.lo == range.hi {
        return "all answered".to_owned();
    }
    format!("{} to {}", print(range.lo), print(range.hi))
}

/// Where a PCT stands, in words.
pub(super) fn band(measure: &Measure, figures: &Figures) -> String {
    let beside = figures.beside.as_ref();
    beside.map_or_else(String::new, |it| it.band.words(measure.direction()).to_owned())
}

/// A change since the wave before, in words where something may be said.
pub(super) fn change(figures: &Figures) -> String {
    let Some(change) = &figures.change else { return String::new() };
    let difference = print::one(change.difference);
    let sign = if difference.starts_with('-') { "" } else { "+" };
    let words = change.label.map(|label| format!(" {}", label.words())).unwrap_or_default();
    format!("{sign}{difference}{words}")
}

/// `12`, or `fewer than 5`.
pub(super) fn responded(release: &Release, org: &Org) -> String {
    org.responded
        .map_or_else(|| format!("fewer than {}", release.settings().k), |count| count.to_string())
}

pub(super) fn facts(
    release: &Release,
    org: &Org,
    stocktake: Option<&StocktakeColumn>,
) -> Vec<(String, String)> {
    let about = release.about();
    let rate = org.responded.and_then(|count| print::percent(count, org.invited));
    let rate = rate.map(|percent| format!(" ({percent}%)")).unwrap_or_default();
    let mut facts = vec![(
        "Answered".to_owned(),
        format!("{} of {} leads{rate}", responded(release, org), org.invited),
    )];
    // A survey without groups has none to count.
    let groups = org.groups.filter(|groups| *groups > 0);
    facts.extend(groups.map(|n| ("PBC groups heard from".to_owned(), n.to_string())));
    facts.push(("Asked".to_owned(), format!("{} to {}", about.opened, about.closed)));
    facts.extend(about.source().map(|source| ("Answers".to_owned(), source.to_owned())));
    let unit = stocktake.and_then(|column| Some((column, column.units.get(org.code.as_str())?)));
    facts.extend(unit.map(|(column, unit)| {
        ("Stocktake".to_owned(), format!("{} on {}", unit.light.word, column.date))
    }));
    facts
}

/// What to keep in mind about the response.
///
/// Source: methods.md 10.
pub(super) fn caution(org: &Org) -> Option<String> {
    let count = org.responded.filter(|count| *count > 0)?;
    let rate = if 100 * count >= 70 * org.invited {
        ""
    } else if 100 * count >= 50 * org.invited {
        "Some leads did not answer; the intervals allow for what they might have said. "
    } else {
        "Treat with caution: fewer than half of the leads answered. "
    };
    let few = if count < 10 { "Small number of answers." } else { "" };
    Some(format!("{rate}{few}").trim_end().to_owned()).filter(|said| !said.is_empty())
}

/// How many of these cells are not shown.
pub(super) fn hidden<'c>(cells: impl Iterator<Item = &'c Cell>) -> String {
    let (mut all, mut hidden) = (0_usize, 0_usize);
    for cell in cells {
        all += 1;
        hidden += usize::from(cell.status == Status::Hidden);
    }
    match hidden {
        0 => format!("Nothing is hidden among the {all} figures of this report."),
        1 => format!("1 of the {all} figures is not shown, to protect anonymity."),
        _ => format!("{hidden} of the {all} figures are not shown, to protect anonymity."),
    }
}

/// The last section: what the figures mean, and by what the file is known.
pub(super) fn how_to_read(release: &Release, claims: bool) -> Section {
    let settings = release.settings();
    let percent = |share: f64| format!("{:.0}%", 100.0 * share);
    let groups = match settings.min_groups {
        0 => String::new(),
        groups => format!(" from {groups} PBC groups"),
    };
    let mut lines = vec![
        "Scores go from 0 to 100. For progress 100 is best; for barriers 100 is the most severe."
            .to_owned(),
        format!(
            "An interval says where the figure would lie had everybody answered who was invited, with {} confidence.",
            percent(settings.confidence.value())
        ),
        "Charts say by shape what they say by colour. A bar of answers goes from the worst on the left to the best; its numbers are people.".to_owned(),
        "n of N: n people gave a valid answer, of N invited whom the question concerns.".to_owned(),
        format!(
            "A PCT is above or below the rest only where the difference is of some size (Cliff's delta of at least {}) and stands among all PCTs at a false discovery rate of {}. In line means that no reliable difference was found, not that there is none.",
            settings.material_delta.value(),
            percent(settings.fdr.value())
        ),
        format!(
            "Improved and worsened are said of changes of at least {} points that stand in the same way.",
            print::whole(settings.material_change)
        ),
        format!(
            "[c]: not shown, to protect anonymity. A figure of a PCT is shown where at least {} people{groups} stand behind it and it cannot be worked out from others. [x]: no answers.",
            settings.k
        ),
    ];
    if claims {
        lines.push(format!("Reported and experienced: the PCT counts its groups, the survey counts leads. They are said to differ from {} points on, beyond the interval.", print::whole(settings.gap_margin)));
    }
    Section {
        title: "How to read this report".to_owned(),
        new_page: false,
        together: true,
        blocks: vec![
            Block::List(lines),
            Block::Note(format!(
                "Made from release {} of wave {}. The same release gives the same report.",
                release.digest(),
                release.about().wave
            )),
        ],
    }
}
