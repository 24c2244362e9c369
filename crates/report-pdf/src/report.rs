//! What stands in a report, in reading order.

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// The year.
    pub year: i32,
    /// The month, 1 to 12.
    pub month: u8,
    /// The day of the month, from 1.
    pub day: u8,
}

/// A report. Every text is taken as it is: nothing in it is markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its title, on the first page and in the file's own data.
    pub title: String,
    /// What stands below the title.
    pub subtitle: String,
    /// Who made it.
    pub author: String,
    /// The day of the file; none writes no day.
    pub day: Option<Day>,
    /// At the head of each page after the first.
    pub running: String,
    /// At the foot of each page, before its number.
    pub foot: String,
    /// A warning at the top of the first page, if there is one.
    pub notice: Option<String>,
    /// Names and values below the title.
    pub facts: Vec<(String, String)>,
    /// The sections, each with a bookmark.
    pub sections: Vec<Section>,
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub title: String,
    /// Whether it begins on a page of its own.
    pub new_page: bool,
    /// Whether it stays on one page; for sections shorter than one.
    pub together: bool,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// What a reader in a hurry should see.
    Lead(String),
    /// A paragraph.
    Text(String),
    /// A remark in small print.
    Note(String),
    /// The heading of a part, with a bookmark below the section's.
    Heading(String),
    /// Lines with dots before them.
    List(Vec<String>),
    /// A table.
    Table(Table),
    /// A picture.
    Chart(Chart),
}

/// How a column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its head.
    pub head: String,
    /// How it is set.
    pub align: Align,
    /// Its share of the width; nought makes it as wide as what stands in it.
    pub share: u8,
}

/// A table; its head is repeated where it goes over a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What it shows, in one line; may be empty.
    pub caption: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// How many of the last rows are sums or a whole, set bold.
    pub totals: usize,
    /// Whether it stays on one page; for tables shorter than one.
    pub together: bool,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// A text per column.
    pub cells: Vec<String>,
    /// What stands below the text of the first column.
    pub below: Option<Below>,
}

impl From<Vec<String>> for Row {
    fn from(cells: Vec<String>) -> Self {
        Self { cells, below: None }
    }
}

/// More about a row, in small print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Below {
    /// In words.
    pub text: String,
    /// The same as a picture, a whole SVG document with its own styles: for the
    /// eye alone, since the words say all of it.
    pub picture: Option<Vec<u8>>,
}

/// A picture with the words for those who do not see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// What it shows, in one line; may be empty.
    pub caption: String,
    /// A whole SVG document with its own styles.
    pub svg: Vec<u8>,
    /// The same in words.
    pub said: String,
    /// Its width in hundredths of the column.
    pub width: u8,
}
