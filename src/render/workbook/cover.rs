//! The first sheet: what the workbook is, of what, made how, and how to read it.

use super::View;
use super::sheet::Sheet;
use crate::release::{Org, Release, print};

/// What is said about the whole workbook.
pub(super) struct Cover {
    pub(super) title: String,
    pub(super) subject: String,
    /// At the foot of every printed page.
    pub(super) foot: String,
    pub(super) lines: Vec<Line>,
}

/// A row of the cover.
pub(super) enum Line {
    Space,
    Heading(String),
    Fact(String, String),
}

pub(super) fn cover(view: &View<'_>, sheets: &[Sheet]) -> Cover {
    let about = view.release.about();
    let of = view.about.map_or("", |org| org.name.as_str());
    let title = format!("{of}: {}", about.wave_title);
    let mut lines = vec![Line::Space];
    let mut fact = |name: &str, value: String| lines.push(Line::Fact(name.to_owned(), value));
    if let Some(notice) = about.purpose.notice() {
        fact("Please note", notice.to_owned());
    }
    fact("Survey", format!("{} (version {})", about.survey_title, about.survey_version));
    fact("Wave", format!("{} ({})", about.wave_title, about.wave));
    fact("Opened", about.opened.clone());
    fact("Closed", about.closed.clone());
    if let Some(source) = about.source() {
        fact("Answers", source.to_owned());
    }
    if let Some(org) = view.about {
        fact("Who answered", answered(view.release, org));
    }
    if let Some(stocktake) = view.stocktake {
        fact("Stocktake", stocktake.date.clone());
    }
    fact("Release", format!("SHA-256 {}", view.release.digest()));
    fact("Definition", about.fingerprint.clone());
    lines.push(Line::Space);
    lines.push(Line::Heading("How these figures were made".to_owned()));
    lines.extend(settings(view.release));
    lines.push(Line::Space);
    lines.push(Line::Heading("How to read them".to_owned()));
    lines.extend(how_to_read(view.release, sheets));
    Cover { title, subject: about.survey_title.clone(), foot: foot(view.release), lines }
}

fn foot(release: &Release) -> String {
    let digest: String = release.digest().chars().take(16).collect();
    format!("{} · release {digest}", release.about().wave)
}

fn answered(release: &Release, org: &Org) -> String {
    let responded = org
        .responded
        .map_or_else(|| format!("fewer than {}", release.settings().k), |n| n.to_string());
    let rate = org.responded.and_then(|n| print::percent(n, org.invited));
    let rate = rate.map(|rate| format!(" ({rate}%)")).unwrap_or_default();
    format!("{responded} of {} leads{rate}", org.invited)
}

fn settings(release: &Release) -> Vec<Line> {
    let settings = release.settings();
    let percent = |share: f64| format!("{:.0}%", share * 100.0);
    let fact = |name: &str, value: String| Line::Fact(name.to_owned(), value);
    let groups = match settings.min_groups {
        0 => String::new(),
        groups => format!(" from {groups} PBC groups"),
    };
    vec![
        fact(
            "Smallest group",
            format!("{} people{groups} stand behind every figure of a PCT", settings.k),
        ),
        fact(
            "Intervals",
            format!(
                "{} intervals, for the figure had everybody answered who was invited",
                percent(settings.confidence.value())
            ),
        ),
        fact(
            "Above, below",
            format!(
                "said of a PCT if its Cliff's delta is at least {} and the difference stands among all PCTs at a false discovery rate of {}",
                settings.material_delta.value(),
                percent(settings.fdr.value())
            ),
        ),
        fact(
            "Improved, worsened",
            format!(
                "said of a change of at least {} points that stands in the same way",
                print::whole(settings.material_change)
            ),
        ),
        fact(
            "Claimed, not experienced",
            format!(
                "said where claim and experience lie more than {} points apart beyond the interval",
                print::whole(settings.gap_margin)
            ),
        ),
    ]
}

fn how_to_read(release: &Release, sheets: &[Sheet]) -> Vec<Line> {
    let fact = |name: &str, value: &str| Line::Fact(name.to_owned(), value.to_owned());
    let mut lines = vec![
        fact("Scores", "0 to 100. For progress 100 is best; for barriers 100 is the most severe."),
        fact("[c]", "Not shown, to protect anonymity."),
        fact("[x]", "No answers."),
        fact("An empty cell", "The figure does not apply there."),
        fact("n, N", "n people gave a valid answer, of N invited whom the question concerns."),
        fact("In line", "No reliable difference was found. It does not say that there is none."),
        fact(
            "Rounding",
            "Scores have one place, percentages none; comparisons were made before rounding.",
        ),
    ];
    if let Some(root) = release.root() {
        lines.push(Line::Fact(
            "The rest".to_owned(),
            format!("A PCT is compared with all other PCTs of {} together.", root.name),
        ));
    }
    if sheets.iter().any(|sheet| sheet.name == "Claims") {
        lines.push(fact("Claims", "What a PCT returned in the stocktake beside what its leads say. Consortia are counted on one side and leads on the other."));
    }
    lines
}
