//! Files that do not say what the release says, or say more.

use super::*;

fn sound() -> Exported {
    region(&[("a1", 3), ("a2", 7), ("a3", 9), ("b1", 6), ("b2", 12)]).exported(without_groups())
}

/// The line of a cell in figures.csv.
fn line<'f>(figures: &'f str, org: &str, measure: &str) -> &'f str {
    let is_it = |line: &&str| {
        let fields: Vec<&str> = line.split(',').collect();
        fields.get(2) == Some(&org) && fields.get(4) == Some(&measure)
    };
    figures.lines().find(is_it).expect("a line")
}

/// The audit after the line of a cell was changed.
fn changed(org: &str, measure: &str, change: impl Fn(&str) -> String) -> Report {
    let mut made = sound();
    let old = line(&made.figures, org, measure).to_owned();
    made.figures = made.figures.replacen(&old, &change(&old), 1);
    made.audited()
}

#[test]
fn a_sound_release_passes_and_says_what_was_tested() {
    let report = sound().audited();
    assert_eq!(report.findings, []);
    assert!(report.passed() && report.unchecked.is_empty());
    let tested: Vec<&str> = report.record.tested.keys().map(String::as_str).collect();
    assert_eq!(
        tested,
        [
            "ballots",
            "combination",
            "figures",
            "files",
            "hidden",
            "index",
            "rest",
            "room",
            "safe",
            "status"
        ]
    );
    assert_eq!(report.record.release.len(), 64);
}

#[test]
fn a_figure_beside_a_hidden_status_is_found() {
    let report = changed("a1", "Q1", |line| line.replacen(",c,", ",c,3", 1));
    assert!(found(&report, Check::Hidden), "{:?}", report.findings);
}

#[test]
fn a_wrong_figure_is_found_in_whatever_column() {
    let columns: Vec<&str> = crate::render::tables::columns().collect();
    for (measure, column) in [
        ("Q1", "n"),
        ("Q1", "N_q"),
        ("Q1", "mean"),
        ("Q1", "sd"),
        ("Q1", "ci_lo"),
        ("Q1", "proc_hi"),
        ("Q1", "nr_hi"),
        ("Q1", "pct_fav"),
        ("Q1", "pct_hi"),
        ("Q1", "pct_proc_lo"),
        ("B1", "pct_major"),
        ("Q1", "delta"),
        ("Q1", "delta_lo"),
        ("Q1", "p"),
        ("Q1", "q"),
        ("IDX_TWO", "mean"),
        ("IDX_TWO", "delta"),
        ("IDX_TWO", "n_star"),
        ("IDX_TWO", "items_used"),
        ("IDX_TWO", "ci_hi"),
        ("IDX_TWO", "proc_lo"),
        ("IDX_TWO", "nr_lo"),
    ] {
        let at = columns.iter().position(|name| *name == column).expect("a column");
        let report = changed("a3", measure, |line| {
            let mut fields: Vec<String> = csv_fields(line);
            let other: f64 = fields[at].parse().expect("a figure");
            fields[at] = format!("{}", other + 1.2);
            fields.join(",")
        });
        assert!(found(&report, Check::Figures), "{measure} {column}");
    }
}

fn csv_fields(line: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
    let record = reader.records().next().expect("a record").expect("fields");
    record
        .iter()
        .map(|field| format!("\"{}\"", field.replace('"', "\"\"")))
        .map(|f| {
            let bare = f.trim_matches('"').to_owned();
            if bare.contains(',') { f } else { bare }
        })
        .collect()
}

#[test]
fn a_status_a_row_or_a_cell_that_differs_is_found() {
    let other = changed("a1", "Q1", |line| line.replacen(",c,", ",x,", 1));
    assert!(found(&other, Check::Files));
    assert!(found(&changed("a1", "Q1", |_| String::new()), Check::Files), "a row is missing");
    assert!(found(&changed("a1", "Q1", |line| format!("{line}\n{line}")), Check::Files), "twice");
    let stranger = changed("a1", "Q1", |line| line.replacen(",a1,", ",zz,", 1));
    assert!(found(&stranger, Check::Files));
}

#[test]
fn a_damaged_release_is_found() {
    let mut made = sound();
    made.release.truncate(100);
    let report = made.audited();
    assert!(found(&report, Check::Files) && !report.passed());
}

#[test]
fn figures_of_other_ballots_are_found() {
    let mut made = sound();
    made.ballots = made.ballots.replacen("a3,a3-0,1,", "a3,a3-0,5,", 1);
    assert!(found(&made.audited(), Check::Ballots));
    let mut fewer = sound();
    let last = fewer.ballots.trim_end().rfind('\n').expect("lines");
    fewer.ballots.truncate(last + 1);
    assert!(found(&fewer.audited(), Check::Ballots));
    let mut outside = sound();
    outside.ballots = outside.ballots.replacen("NA", "DK", 1);
    assert!(found(&outside.audited(), Check::Ballots), "N_q");
}

#[test]
fn ballots_that_cannot_be_counted_are_found() {
    for (from, to) in [
        ("a3,a3-0,1,", "a9,a3-0,1,"),
        ("a3,a3-0,1,", "a3,a3-0,6,"),
        ("a3,a3-0,1,", "a3,a3-1,1,"),
        ("wave,org,resp,Q1", "wave,org,resp,Q9"),
        ("wave,org", "org,wave"),
    ] {
        let mut made = sound();
        assert!(made.ballots.contains(from), "{from}");
        made.ballots = made.ballots.replacen(from, to, 1);
        assert!(!made.audited().passed(), "{to}");
    }
}

#[test]
fn other_files_may_tell_of_shown_cells_and_of_the_root_alone() {
    let made = sound();
    let release = Release::from_bytes(&made.release).expect("a release");
    let counts =
        &release.cell(&leaf("a3"), "Q1").and_then(|c| c.figures.as_ref()).expect("shown").counts;
    let head = "wave,org,measure,option,score,count,pct\n";
    let with = |distribution: &str, region: &str| {
        let (distribution, region) =
            (format!("{head}{distribution}"), format!("wave,org,measure,stat,value\n{region}"));
        audit(Files {
            distribution: Some(&distribution),
            region: Some(&region),
            ..made.files(None)
        })
    };
    let first = format!("2007-Q4,a3,Q1,1,0,{},1\n", counts[0]);
    let own =
        made.region.lines().find(|line| line.contains(",B1,severity_order,")).expect("an order");
    assert_eq!(with(&first, &format!("{own}\n")).findings, []);
    assert!(found(&with("", "2007-Q4,r,B1,severity_order,7\n"), Check::Figures));
    assert!(found(&with("", "2007-Q4,r,Q1,median,50\n"), Check::Figures));
    assert!(found(&with("2007-Q4,a1,Q1,1,0,1,1\n", ""), Check::Hidden));
    let wrong = format!("2007-Q4,a3,Q1,1,0,{},1\n", counts[0] + 1);
    assert!(found(&with(&wrong, ""), Check::Figures));
    assert!(found(&with("", "2007-Q4,a3,Q1,median,50\n"), Check::Hidden));
}

#[test]
fn full_precision_is_held_to_nine_places() {
    let mut made = sound();
    let release = Release::from_bytes(&made.release).expect("a release");
    let case = Case::new(&release, &mut Log::default());
    let node = case.family.place("a3").expect("a node");
    let full = recompute::all(&case, None)[node][0].clone().expect("figures");
    let columns: Vec<&str> = crate::render::tables::columns().collect();
    let write = |nudge: f64| {
        let mut fields = csv_fields(line(&made.figures, "a3", "Q1"));
        for (column, value) in full.iter().filter(|(column, _)| **column != "band") {
            let at = columns.iter().position(|name| name == column).expect("a column");
            fields[at] = value.map_or(String::new(), |value| format!("{}", value * nudge));
        }
        fields.join(",")
    };
    let (exact, nudged) = (write(1.0), write(1.0 + 1e-7));
    let old = line(&made.figures, "a3", "Q1").to_owned();
    let others: Vec<String> = made.figures.lines().map(str::to_owned).collect();
    for (text, passes) in [(exact, true), (nudged, false)] {
        // Of one cell only: the others are written with one place and would not do.
        let lines =
            others.iter().map(|line| if *line == old { text.clone() } else { line.clone() });
        made.figures = lines.collect::<Vec<_>>().join("\n");
        let report = made.audited_alone();
        let of_cell = report.findings.iter().any(|at| at.org == "a3" && at.measure == "Q1");
        assert_eq!(of_cell, !passes);
    }
}
