//! What reports say, as they are made and as another program reads them. That
//! their figures are the published ones: `tests/command_line/reports.rs`.

use std::io::Write as _;
use std::process::{Command, Stdio};

use report_pdf::{Block, Press, Report};

use super::*;
use crate::release::sample::{release, waves};

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

/// The text of a PDF, of which only the words count and not how far they stand apart.
fn read_back(bytes: &[u8]) -> String {
    let mut child = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("poppler-utils are installed by scripts/setup tests");
    child.stdin.take().expect("an input").write_all(bytes).expect("it reads");
    let text = child.wait_with_output().expect("it ends").stdout;
    let text = String::from_utf8(text).expect("text");
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn reports_are_read_back_as_they_were() {
    let ([_, release], press) = (waves(), Press::new());
    for code in ["b", "h", "eoe"] {
        let org = release.nodes().iter().find(|org| org.code.as_str() == code).expect("a node");
        let bytes = pdf(&press, &release, org, None).expect("a report");
        insta::assert_snapshot!(format!("pdf_{code}"), read_back(&bytes));
    }
}
