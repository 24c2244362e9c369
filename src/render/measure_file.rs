//! The rows of `figures.csv` that are about one measure, for whoever takes away
//! what a measure's page shows.

use super::tables;
use crate::release::Release;

/// The file; none if the release has no measure of this code.
#[must_use]
pub fn figures_of(release: &Release, code: &str) -> Option<Vec<u8>> {
    release.measure(code)?;
    let all = tables::text(release, tables::write_figures);
    let mut reader = csv::Reader::from_reader(all.as_bytes());
    let column = tables::columns().position(|column| column == "measure")?;
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(reader.headers().ok()?).ok()?;
    for row in reader.records() {
        let row = row.ok()?;
        if row.get(column) == Some(code) {
            writer.write_record(&row).ok()?;
        }
    }
    writer.into_inner().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::sample::release;

    #[test]
    fn a_measures_file_holds_its_rows_and_no_others() {
        let release = release();
        let text = String::from_utf8(figures_of(&release, "Q1").expect("a file")).expect("text");
        let all = tables::text(&release, tables::write_figures);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 1 + release.nodes().len());
        assert!(lines.iter().all(|line| all.lines().any(|other| other == *line)), "{text}");
        assert!(figures_of(&release, "NONE").is_none());
    }
}
