//! The reports of a made-up region, read back by poppler's `pdftotext`: every
//! score, interval, percentage and number of people in them is the one that
//! `figures.csv` of the same release has for that PCT and question, and none is
//! missing. What the files are otherwise: `pdf_files`.

use std::collections::HashMap;
use std::process::Command;

use crate::figures_file::{Row, Table};
use crate::pdf_files;
use crate::place::Place;

const SECTIONS: [&str; 8] = [
    "At a glance",
    "Where to act first",
    "Reported and experienced",
    "PCTs side by side",
    "PCTs in order of score",
    "Barriers",
    "Questions",
    "How to read this report",
];
const MILESTONES: [(&str, &str); 5] = [
    ("Incentive scheme agreed", "MS_INC"),
    ("Information agreed", "MS_INF"),
    ("Governance agreed", "MS_GOV"),
    ("Budget signed off", "MS_BUD"),
    ("Plans signed off", "MS_PLN"),
];

#[test]
fn every_figure_in_the_reports_is_the_one_in_the_table_of_figures() {
    let mut place = Place::new();
    place.done("demo --no-serve --data there");
    place.change("SOUNDINGS_DATA", "there");
    place.done("release export 2007-Q3 --out out --format csv,json,pdf");
    let table = Table::read(&place);
    let root = table.of("level", "region").next().expect("the region").get("org").to_owned();
    let mut hidden = 0;
    for response in table.of("measure", "RESPONSE") {
        let org = response.get("org");
        let name = if org == root { "report" } else { org };
        let report = Report::read(&place, &format!("out/{name}.pdf"));
        let walk = Walk { table: &table, report: &report, org, root: &root };
        walk.response(response);
        if org == root {
            walk.region();
        } else {
            walk.pct();
        }
        hidden += table.of("org", org).filter(|row| row.get("status") == "c").count();
    }
    assert!(hidden > 20, "a walk past hidden figures is the harder one");
    pdf_files::sound(&place, "out");
    place.done("release export 2007-Q3 --out again --format pdf");
    pdf_files::same(&place, "out", "again");
}

/// A report as text: its lines by section, those before the first under no name.
struct Report(HashMap<&'static str, Vec<String>>);

impl Report {
    fn read(place: &Place, name: &str) -> Self {
        let done = Command::new("pdftotext")
            .args(["-layout".as_ref(), place.path(name).as_os_str(), "-".as_ref()])
            .output()
            .expect("pdftotext, which scripts/setup tests installs");
        let text = String::from_utf8(done.stdout).expect("text");
        let (mut sections, mut section) = (HashMap::<_, Vec<String>>::new(), "");
        for line in text.lines().map(|line| line.trim().trim_start_matches('\u{c}')) {
            section = SECTIONS.into_iter().find(|title| *title == line).unwrap_or(section);
            sections.entry(section).or_default().push(line.to_owned());
        }
        Self(sections)
    }

    fn lines(&self, section: &str) -> &[String] {
        self.0.get(section).map(Vec::as_slice).unwrap_or_default()
    }

    /// A section in one line, with single blanks.
    fn text(&self, section: &str) -> String {
        flat(&self.lines(section).join(" "))
    }

    /// The lines with a score, an interval or a mark in them.
    fn figures(&self, section: &str) -> Vec<String> {
        let is = |word: &str| {
            let parts = word.split_once('.');
            let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            let score = parts.is_some_and(|(whole, tenth)| digits(whole) && digits(tenth));
            (score && !word.ends_with('.')) || ["[c]", "[x]"].contains(&word)
        };
        let lines = self.lines(section).iter().map(|line| flat(line));
        lines.filter(|line| line.split(' ').any(is)).collect()
    }
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a line is the first of a row: the beginning of the label, the
/// figures, and the beginning of the words after them.
fn is_row(line: &str, label: &str, figures: &str, after: &str) -> bool {
    line.split_once(&format!(" {figures}")).is_some_and(|(words, rest)| {
        let rest = rest.trim();
        !words.is_empty()
            && label.starts_with(words)
            && after.starts_with(rest)
            && rest.is_empty() == after.is_empty()
    })
}

/// Whether the scores at the ends of lines never rise.
fn falling(lines: &[String]) -> bool {
    let score = |line: &String| {
        let last = line.split(' ').next_back().expect("a score");
        last.parse::<f64>().expect("a score")
    };
    lines.iter().map(score).is_sorted_by(|a, b| a >= b)
}

/// One report beside the table.
struct Walk<'a> {
    table: &'a Table,
    report: &'a Report,
    org: &'a str,
    root: &'a str,
}

impl Walk<'_> {
    fn own(&self) -> impl Iterator<Item = &Row> {
        self.table.of("org", self.org)
    }

    fn beside(&self, row: &Row) -> &Row {
        self.table.cell(self.root, row.get("measure"))
    }

    fn same(&self, section: &str, expected: &[String]) {
        assert_eq!(self.report.figures(section), expected, "{section} of {}", self.org);
    }

    fn response(&self, row: &Row) {
        let facts = self.report.text("");
        let [n, of, percent] = ["n", "N_q", "pct_fav"].map(|column| row.get(column));
        let said = format!("Answered: {n} of {of} leads ({percent}%)");
        let few = !row.shown() && facts.contains("Answered: fewer than 5 of ");
        assert!(few || facts.contains(&said), "{}: {said} is not in {facts}", self.org);
    }

    fn pct(&self) {
        let nothing = !self.own().any(Row::shown);
        let indexes = || self.own().filter(|row| row.is("index"));
        let all = indexes().chain(self.own().filter(|row| row.is("overall")));
        let drawn = indexes().filter(|row| row.shown());
        let mut glance: Vec<String> =
            drawn.map(|row| format!("{} {}", row.get("label"), row.score())).collect();
        glance.extend(all.map(|row| {
            let (own, region) = (row.figures(None), self.beside(row).score());
            let said = [row.get("label"), &own, &region, row.get("band"), &row.change()];
            flat(&said.join(" "))
        }));
        self.same("At a glance", if nothing { &[] } else { &glance });
        self.claims();
        if !nothing {
            self.act();
            self.severity(&|row| {
                let figures =
                    format!("{} {}", row.figures(Some("pct_major")), self.beside(row).score());
                (figures, row.get("band").to_owned())
            });
            self.questions(&|row| {
                let figures =
                    format!("{} {}", row.figures(Some("pct_fav")), self.beside(row).score());
                (figures, row.get("band").to_owned())
            });
        }
    }

    fn region(&self) {
        let rows = self.own().filter(|row| row.is("index") || row.is("overall"));
        let glance: Vec<String> = rows
            .map(|row| flat(&[row.get("label"), &row.figures(None), &row.change()].join(" ")))
            .collect();
        self.same("At a glance", &glance);
        self.side_by_side();
        self.in_order_of_score();
        self.severity(&|row| {
            let stat = |stat: &str| {
                let key = (row.get("measure").to_owned(), stat.to_owned());
                self.table.whole.get(&key).expect("a figure of the region").clone()
            };
            let [of, lo, hi] = ["priority", "priority_lo", "priority_hi"].map(stat);
            (format!("{} {of} {lo} to {hi}", row.figures(Some("pct_major"))), String::new())
        });
        self.questions(&|row| (row.figures(Some("pct_fav")), String::new()));
    }

    fn side_by_side(&self) {
        let lines = self.report.figures("PCTs side by side");
        let mut responses: Vec<&Row> = self.table.of("measure", "RESPONSE").collect();
        responses.sort_by_key(|row| (row.get("org") == self.root, row.get("name")));
        assert_eq!(lines.len(), responses.len(), "{lines:#?}");
        for (line, response) in lines.iter().zip(responses) {
            let own = self.table.of("org", response.get("org")).filter(|row| row.is("index"));
            let scores: Vec<String> = own
                .map(|row| match row.get("band") {
                    "above" => format!("▲ {}", row.score()),
                    "below" => format!("▼ {}", row.score()),
                    _ => row.score(),
                })
                .collect();
            let answered = format!(" {} of {} ", response.get("n"), response.get("N_q"));
            assert!(
                line.starts_with(response.get("name"))
                    && line.ends_with(&format!(" {}", scores.join(" ")))
                    && (!response.shown() || line.contains(&answered)),
                "{line} beside {answered}{scores:?}"
            );
        }
    }

    /// A chart for each index: the region, then its PCTs, the highest first. Which
    /// of two with the same printed score stands first is not in the table.
    fn in_order_of_score(&self) {
        let lines = self.report.figures("PCTs in order of score");
        let mut lines = lines.as_slice();
        for index in self.own().filter(|row| row.is("index")) {
            let all = self.table.of("measure", index.get("measure"));
            let shown = all.filter(|row| row.get("level") == "pct" && row.shown());
            let line = |row: &Row| format!("{} {}", row.get("name"), row.score());
            let mut expected: Vec<String> = shown.map(line).collect();
            let Some(([first, drawn @ ..], rest)) = lines.split_at_checked(expected.len() + 1)
            else {
                panic!("{} has fewer than {expected:?}: {lines:?}", index.get("label"));
            };
            assert_eq!(*first, line(index));
            assert!(falling(drawn), "{drawn:?}");
            let mut drawn = drawn.to_vec();
            drawn.sort();
            expected.sort();
            assert_eq!(drawn, expected, "{}", index.get("label"));
            lines = rest;
        }
        assert!(lines.is_empty(), "{lines:?}");
    }

    /// Barriers: first the chart, then the table, both with the most severe first.
    fn severity(&self, said: &dyn Fn(&Row) -> (String, String)) {
        let barriers: Vec<&Row> = self.own().filter(|row| row.is("barrier")).collect();
        let shown = barriers.iter().filter(|row| row.shown()).count();
        let lines = self.report.figures("Barriers");
        assert_eq!(lines.len(), shown + barriers.len(), "{}: {lines:#?}", self.org);
        let (chart, table) = lines.split_at(shown);
        assert!(falling(chart), "{}: {chart:?}", self.org);
        for (score, line) in chart.iter().zip(table) {
            assert!(line.contains(&format!(" {score} ")), "{}: {score}, {line}", self.org);
        }
        self.each_once(table, barriers.into_iter(), said);
    }

    /// Checks that every row of a table is there once, with its figures.
    fn each_once<'r>(
        &self,
        lines: &[String],
        rows: impl Iterator<Item = &'r Row>,
        said: &dyn Fn(&Row) -> (String, String),
    ) {
        let mut count = 0;
        for row in rows {
            let ((figures, after), label) = (said(row), row.get("label"));
            let found = lines.iter().filter(|line| is_row(line, label, &figures, &after)).count();
            assert_eq!(found, 1, "{}: {label} {figures} {after} in {lines:#?}", self.org);
            count += 1;
        }
        assert_eq!(lines.len(), count, "{}: {lines:#?}", self.org);
    }

    fn questions(&self, said: &dyn Fn(&Row) -> (String, String)) {
        let lines = self.report.figures("Questions");
        let items = || self.own().filter(|row| row.is("item"));
        self.each_once(&lines, items(), said);
        let text = self.report.text("Questions");
        for item in items() {
            let key = (self.org.to_owned(), item.get("measure").to_owned());
            let answers = self.table.answers.get(&key).map(|all| all.join(" · "));
            assert_eq!(answers.is_some(), item.shown(), "{}", item.get("label"));
            let answers = answers.unwrap_or_default();
            assert!(text.contains(&answers), "{}: {answers}", self.org);
        }
    }

    /// What the PCT reported beside what its leads say.
    fn claims(&self) {
        let text = self.report.lines("Reported and experienced").iter().map(|line| flat(line));
        let lines: Vec<String> = text.collect();
        for (label, item) in MILESTONES {
            let row = self.table.cell(self.org, item);
            let line = lines.iter().find_map(|line| line.strip_prefix(label)).expect("a milestone");
            let (claim, rest) = line.trim().split_once(' ').expect("a claim");
            if !row.shown() {
                assert_eq!(rest, "[c] not enough responses", "{}: {label}", self.org);
                continue;
            }
            let percent = row.get("pct_fav");
            let figures = format!("{percent} {} ", row.range(["pct_lo", "pct_hi"]));
            let gap = rest.strip_prefix(&figures);
            let gap = gap.unwrap_or_else(|| panic!("{}: {rest} is not {figures}", self.org));
            let gap: f64 = gap.split(' ').next().expect("a gap").parse().expect("points");
            let claim = match claim {
                "Yes" => 100.0,
                "No" => 0.0,
                part => part.trim_end_matches('%').parse().expect("a share"),
            };
            // The gap is worked out from the share before rounding.
            let close = (claim - row.number("pct_fav") - gap).abs() <= 0.5;
            assert!(close, "{}: {label}: {claim} - {percent} is not {gap}", self.org);
        }
    }

    fn act(&self) {
        let mut seen = 0;
        for line in self.report.lines("Where to act first") {
            let of = |kind: &str, score: &str| line.strip_prefix(kind)?.split_once(score);
            let row = of("Barrier ", " Severity ").or_else(|| of("Question ", " Score "));
            let Some((words, why)) = row else { continue };
            let (words, score) = (words.trim(), why.split_once(';').expect("a score").0);
            let is = |row: &Row| row.get("label").starts_with(words) && row.score() == score;
            assert!(self.own().any(is), "{}: {line}", self.org);
            seen += 1;
        }
        assert!(seen > 0, "{}: nowhere to act", self.org);
    }
}
