//! Reports are read back by other programs: poppler's `pdftotext` and qpdf.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::*;

const SVG: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 20"><style>.dot{fill:#005eb8}</style><circle class="dot" cx="50" cy="10" r="5"/><text x="60" y="12" font-family="Liberation Sans" font-size="6">Luton &amp; co</text></svg>"#;

fn column(head: &str, align: Align, share: u8) -> Column {
    Column { head: head.to_owned(), align, share }
}

fn report() -> Report {
    let rows = (1..=80)
        .map(|row| {
            let cells =
                vec![format!("Row *{row}* #strong[x] $y$"), format!("{row}.0"), "<b>".to_owned()];
            let picture = (row == 3).then(|| SVG.as_bytes().to_vec());
            let below = (row < 5).then(|| Below { text: format!("Below #{row} _x_"), picture });
            Row { cells, below }
        })
        .collect();
    Report {
        title: "Luton".to_owned(),
        subtitle: "October to December 2007".to_owned(),
        author: "Survey office".to_owned(),
        day: Some(Day { year: 2007, month: 12, day: 14 }),
        running: "Luton, October to December 2007".to_owned(),
        foot: "Release 0123abcd".to_owned(),
        notice: Some("TEST: this wave is a rehearsal.".to_owned()),
        facts: vec![("Answered".to_owned(), "14 of 20 leads (70%)".to_owned())],
        sections: vec![
            Section {
                title: "At a glance".to_owned(),
                new_page: false,
                together: true,
                blocks: vec![
                    Block::Lead("Below the rest on decisions.".to_owned()),
                    Block::Text("A text with \u{4e2d}, a letter that the face lacks.".to_owned()),
                    Block::List(vec!["one".to_owned(), "two".to_owned()]),
                    Block::Chart(Chart {
                        caption: "A dot".to_owned(),
                        svg: SVG.as_bytes().to_vec(),
                        said: "One dot in the middle".to_owned(),
                        width: 60,
                    }),
                    Block::Note("Small print.".to_owned()),
                ],
            },
            Section {
                title: "A long table".to_owned(),
                new_page: true,
                together: false,
                blocks: vec![
                    Block::Heading("Its part".to_owned()),
                    Block::Table(Table {
                        caption: "Every row".to_owned(),
                        columns: vec![
                            column("Wording", Align::Left, 1),
                            column("Score", Align::Right, 0),
                            column("Mark", Align::Left, 0),
                        ],
                        rows,
                        totals: 1,
                        together: false,
                    }),
                ],
            },
        ],
    }
}

/// What a program says when it is given a file on its standard input.
fn told(program: &str, arguments: &[&str], bytes: &[u8]) -> (bool, String) {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("poppler-utils and qpdf are installed by scripts/setup tests");
    child.stdin.take().expect("an input").write_all(bytes).expect("it reads");
    let done = child.wait_with_output().expect("it ends");
    let said = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn a_report_is_read_back_as_it_was_meant() {
    let bytes = Press::new().pdf(&report()).expect("a report");
    let (ok, text) = told("pdftotext", &["-layout", "-", "-"], &bytes);
    assert!(ok, "{text}");
    for line in [
        "Below the rest on decisions.",
        "Row *7* #strong[x] $y$",
        "Page 1 of 3",
        "with ?, a",
        "Below #4 _x_",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    // The head of the table is repeated on each of its pages.
    assert_eq!(text.matches("Wording").count(), 2, "{text}");
    let (ok, info) = told("pdfinfo", &["-"], &bytes);
    assert!(ok, "{info}");
    for line in ["Title:           Luton", "Tagged:          yes", "595.276 x 841.89 pts (A4)"] {
        assert!(info.contains(line), "{line} is not in\n{info}");
    }
    assert!(info.contains("Dec 14") && info.contains("2007"), "{info}");
}

#[test]
fn qpdf_finds_nothing_wrong_and_the_file_says_that_everybody_can_read_it() {
    let bytes = Press::new().pdf(&report()).expect("a report");
    let place = std::env::temp_dir().join(format!("report-pdf-{}.pdf", std::process::id()));
    std::fs::write(&place, &bytes).expect("a file");
    let path = place.to_str().expect("a path");
    let (sound, said) = told("qpdf", &["--check", path], b"");
    let (_, whole) = told("qpdf", &["--qdf", "--object-streams=disable", path, "-"], b"");
    std::fs::remove_file(&place).expect("the file goes");
    assert!(sound, "{said}");
    assert!(whole.contains("<pdfuaid:part>1</pdfuaid:part>"), "no PDF/UA-1");
    assert!(whole.contains("/Outlines"), "no bookmarks");
    assert!(whole.contains("/Alt ("), "a picture without words");
    assert!(whole.contains("/S /TH"), "a table without a head");
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let first = Press::new().pdf(&report()).expect("a report");
    let press = Press::new();
    let other = Report { title: "Other".to_owned(), ..report() };
    assert_ne!(press.pdf(&other).expect("a report"), first);
    assert_eq!(press.pdf(&report()).expect("a report"), first);
}

#[test]
fn a_picture_that_is_none_and_a_day_that_is_none_are_refused() {
    let mut broken = report();
    broken.day = Some(Day { year: 2007, month: 2, day: 30 });
    assert!(matches!(Press::new().pdf(&broken), Err(PressError::Day(_))));
    let chart =
        Chart { caption: String::new(), svg: b"no".to_vec(), said: "x".to_owned(), width: 50 };
    broken.sections[0].blocks.push(Block::Chart(chart));
    assert!(matches!(Press::new().pdf(&broken), Err(PressError::Setting(_))));
}
