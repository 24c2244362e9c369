//! What reports say, and that every figure in them is a published one.

use report_pdf::{Block, Press, Report};

use super::*;
use crate::release::sample::release;

/// Everything in a report as text.
fn told(report: &Report) -> String {
    let mut lines = vec![format!("# {}\n{}", report.title, report.subtitle)];
    lines.extend(report.notice.clone());
    lines.extend(report.facts.iter().map(|(name, value)| format!("{name}: {value}")));
    for section in &report.sections {
        lines.push(format!("\n## {}", section.title));
        for block in &section.blocks {
            lines.push(match block {
                Block::Lead(text) => format!("! {text}"),
                Block::Heading(text) => format!("### {text}"),
                Block::Text(text) | Block::Note(text) => text.clone(),
                Block::List(items) => items.join("\n"),
                Block::Chart(chart) => format!("[{}]", chart.said),
                Block::Table(table) => {
                    let heads: Vec<&str> =
                        table.columns.iter().map(|column| column.head.as_str()).collect();
                    let rows = table.rows.iter().map(|row| {
                        let below = row.below.as_ref().map(|below| format!(" / {}", below.text));
                        row.cells.join(" | ").replace('\n', " / ") + &below.unwrap_or_default()
                    });
                    let rows: Vec<String> = rows.collect();
                    format!(
                        "{}\n{}\n{}",
                        table.caption,
                        heads.join(" | ").replace('\n', " "),
                        rows.join("\n")
                    )
                }
            });
        }
    }
    lines.push(report.foot.clone());
    lines.join("\n")
}

#[test]
fn reports_read_as_they_did() {
    let release = release();
    let stocktake = StocktakeColumn::sample();
    for org in release.nodes() {
        insta::assert_snapshot!(
            format!("report_{}", org.code),
            told(&report(&release, org, Some(&stocktake)))
        );
    }
}

#[test]
fn a_report_is_set_in_the_same_bytes_each_time() {
    let (release, press) = (release(), Press::new());
    for org in release.nodes() {
        let first = pdf(&press, &release, org, None).expect("a report");
        assert!(first.starts_with(b"%PDF-"));
        assert_eq!(pdf(&Press::new(), &release, org, None).expect("a report"), first);
    }
}
