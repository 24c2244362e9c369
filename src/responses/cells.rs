//! Ballots as rows of `responses.csv`: what `values.rs` reads, written.

use std::io;

use crate::answer::Marks;
use crate::definition::{Column, Counts, Survey};
use crate::id::WaveCode;

/// Writes ballots of one wave, row by row.
pub struct Cells<W: io::Write> {
    wave: WaveCode,
    /// Per column: not asked, blank, then the options.
    texts: Vec<Vec<String>>,
    out: csv::Writer<W>,
}

impl<W: io::Write> Cells<W> {
    /// Writes `wave,org,resp,ITEM…`.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn new(wave: &WaveCode, survey: &Survey, out: W) -> Result<Self, csv::Error> {
        let mut out = csv::Writer::from_writer(out);
        let items = survey.columns().map(|column| column.code.as_str());
        out.write_record(["wave", "org", "resp"].into_iter().chain(items))?;
        let texts = survey.columns().map(|column| texts(&column)).collect();
        Ok(Self { wave: wave.clone(), texts, out })
    }

    /// Writes a ballot.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&mut self, org: &str, resp: &str, marks: &Marks) -> Result<(), csv::Error> {
        let cell = |(texts, mark): (&'_ Vec<String>, &u8)| {
            texts.get(usize::from(mark.wrapping_add(1))).cloned().unwrap_or_default()
        };
        let answers: Vec<String> = self.texts.iter().zip(marks.as_bytes()).map(cell).collect();
        let whose = [self.wave.as_str(), org, resp];
        self.out.write_record(whose.into_iter().chain(answers.iter().map(String::as_str)))
    }

    /// Everything is written.
    ///
    /// # Errors
    /// If the rest cannot be written.
    pub fn end(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn texts(column: &Column<'_>) -> Vec<String> {
    // Who was not asked is not concerned, as somebody is who said so.
    let mut texts = vec!["NA".to_owned(), String::new()];
    texts.extend(column.options.iter().map(|option| match option.counts {
        Counts::NotApplicable => "NA".to_owned(),
        Counts::DontKnow => "DK".to_owned(),
        _ => option.value.to_string(),
    }));
    texts
}
