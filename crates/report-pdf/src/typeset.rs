//! From a [`Report`] to bytes, by the typesetter Typst.

use typst::foundations::{Array, Bytes, Datetime, Dict, IntoValue, Smart, Value};
use typst::text::Font;
use typst_as_lib::{TypstEngine, TypstTemplateMainFile};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::report::{Align, Below, Block, Chart, Column, Day, Report, Row, Section, Table};

const FONTS: [&[u8]; 2] = [
    include_bytes!("../fonts/LiberationSans-Regular.ttf"),
    include_bytes!("../fonts/LiberationSans-Bold.ttf"),
];
/// How a report looks. It takes every text as a value, never as markup.
const LOOK: &str = include_str!("report.typ");

/// Why a report was not set: a fault of the program, never of a text.
#[derive(Debug, thiserror::Error)]
pub enum PressError {
    /// The look or a picture cannot be set.
    #[error("the report could not be set: {0}")]
    Setting(String),
    /// The pages break the rules of accessible PDF.
    #[error("the report is no accessible PDF: {0}")]
    Writing(String),
    /// No such day.
    #[error("{0:?} is no day")]
    Day(Day),
}

/// What sets reports; made once, used for many.
pub struct Press {
    engine: TypstEngine<TypstTemplateMainFile>,
    letters: Option<Font>,
}

impl Default for Press {
    fn default() -> Self {
        Self::new()
    }
}

impl Press {
    /// A press with its typeface.
    #[must_use]
    pub fn new() -> Self {
        let engine = TypstEngine::builder().main_file(LOOK).fonts(FONTS).build();
        let letters = FONTS.first().and_then(|font| Font::new(Bytes::new(*font), 0));
        Self { engine, letters }
    }

    /// The report as PDF.
    ///
    /// # Errors
    /// A picture is no SVG, or the day is none.
    pub fn pdf(&self, report: &Report) -> Result<Vec<u8>, PressError> {
        let setting = |why: &dyn std::fmt::Debug| PressError::Setting(format!("{why:?}"));
        let document: PagedDocument = self
            .engine
            .compile_with_input(self.report(report))
            .output
            .map_err(|why| setting(&why))?;
        let day = report.day.map(|day| moment(day).ok_or(PressError::Day(day))).transpose()?;
        let standards = PdfStandards::new(&[PdfStandard::Ua_1])
            .map_err(|why| PressError::Writing(format!("{why:?}")))?;
        let options = PdfOptions {
            ident: Smart::Custom(format!("{}\n{}\n{}", report.title, report.subtitle, report.foot)),
            creator: Smart::Custom(Some("Soundings".to_owned())),
            timestamp: day.map(Timestamp::new_utc),
            standards,
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&document, &options).map_err(|why| PressError::Writing(format!("{why:?}")))
    }

    /// A text of which every letter can be set: what the typeface lacks becomes
    /// a question mark, since an accessible PDF must not have letters that
    /// cannot be read back.
    fn text(&self, text: &str) -> Value {
        let known = |letter: char| {
            letter == '\n'
                || self.letters.as_ref().is_none_or(|font| {
                    !letter.is_control() && font.info().coverage.contains(u32::from(letter))
                })
        };
        let text: String =
            text.chars().map(|letter| if known(letter) { letter } else { '?' }).collect();
        text.into_value()
    }

    fn texts<'t>(&self, texts: impl IntoIterator<Item = &'t String>) -> Value {
        array(texts.into_iter().map(|text| self.text(text)))
    }

    fn report(&self, report: &Report) -> Dict {
        let facts = report.facts.iter().map(|(name, value)| self.texts([name, value]));
        let sections = report.sections.iter().map(|section| self.section(section));
        let mut dict = Dict::new();
        dict.insert("title".into(), self.text(&report.title));
        dict.insert("subtitle".into(), self.text(&report.subtitle));
        dict.insert("author".into(), self.text(&report.author));
        dict.insert("running".into(), self.text(&report.running));
        dict.insert("foot".into(), self.text(&report.foot));
        dict.insert("notice".into(), self.text(report.notice.as_deref().unwrap_or_default()));
        dict.insert("facts".into(), array(facts));
        dict.insert("sections".into(), array(sections));
        dict
    }

    fn section(&self, section: &Section) -> Value {
        let blocks = section.blocks.iter().map(|block| self.block(block));
        dict([
            ("title", self.text(&section.title)),
            ("new-page", section.new_page.into_value()),
            ("together", section.together.into_value()),
            ("blocks", array(blocks)),
        ])
    }

    fn block(&self, block: &Block) -> Value {
        let text =
            |kind: &str, text: &str| dict([("kind", kind.into_value()), ("text", self.text(text))]);
        match block {
            Block::Lead(said) => text("lead", said),
            Block::Text(said) => text("text", said),
            Block::Note(said) => text("note", said),
            Block::Heading(said) => text("heading", said),
            Block::List(lines) => {
                dict([("kind", "list".into_value()), ("lines", self.texts(lines))])
            }
            Block::Table(table) => self.table(table),
            Block::Chart(chart) => self.chart(chart),
        }
    }

    fn table(&self, table: &Table) -> Value {
        let heads = table.columns.iter().map(|column| self.column(column));
        let row = |row: &Row| self.row(row, table.columns.len());
        let first_total = table.rows.len().saturating_sub(table.totals);
        dict([
            ("kind", "table".into_value()),
            ("caption", self.text(&table.caption)),
            ("columns", array(heads)),
            ("rows", array(table.rows.iter().map(row))),
            ("together", table.together.into_value()),
            ("first-total", i64::try_from(first_total).unwrap_or(i64::MAX).into_value()),
        ])
    }

    fn row(&self, row: &Row, columns: usize) -> Value {
        // A row that is too short or too long would push all the others askew.
        let cells = (0..columns)
            .map(|at| row.cells.get(at).map_or_else(|| self.text(""), |cell| self.text(cell)));
        let below = row.below.as_ref().map_or(Value::None, |below| self.below(below));
        dict([("cells", array(cells)), ("below", below)])
    }

    fn below(&self, below: &Below) -> Value {
        let picture = below.picture.as_ref().map(|svg| Bytes::new(svg.clone()));
        let picture = picture.map_or(Value::None, IntoValue::into_value);
        dict([("text", self.text(&below.text)), ("picture", picture)])
    }

    fn column(&self, column: &Column) -> Value {
        dict([
            ("head", self.text(&column.head)),
            ("right", (column.align == Align::Right).into_value()),
            ("share", i64::from(column.share).into_value()),
        ])
    }

    fn chart(&self, chart: &Chart) -> Value {
        dict([
            ("kind", "chart".into_value()),
            ("caption", self.text(&chart.caption)),
            ("svg", Bytes::new(chart.svg.clone()).into_value()),
            ("said", self.text(&chart.said)),
            ("width", i64::from(chart.width).into_value()),
        ])
    }
}

fn array(values: impl Iterator<Item = Value>) -> Value {
    Value::Array(values.collect::<Array>())
}

fn dict<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let mut dict = Dict::new();
    for (name, value) in entries {
        dict.insert(name.into(), value);
    }
    Value::Dict(dict)
}

fn moment(day: Day) -> Option<Datetime> {
    Datetime::from_ymd_hms(day.year, day.month, day.day, 0, 0, 0)
}
