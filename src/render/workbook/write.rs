//! Sheets as an Office Open XML workbook.

use chrono::{Datelike as _, NaiveDate};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Note, Url, Workbook,
    Worksheet, XlsxError,
};

use super::cover::{Cover, Line};
use super::sheet::{Entry, Sheet};

/// Every note is by this author; the program asks for one.
const AUTHOR: &str = "Soundings";
const A4: u8 = 9;
/// The row of the heads on a sheet: title, explanation, way back, then they.
const HEADS: u32 = 3;
const CONTENTS: &str = "Contents";

/// The looks, made once.
struct Looks {
    title: Format,
    strong: Format,
    text: Format,
    quiet: Format,
    link: Format,
    head: Format,
    mark: Format,
    numbers: [Format; 4],
}

impl Looks {
    fn new() -> Self {
        let top = || Format::new().set_align(FormatAlign::Top).set_font_name("Arial");
        let number = |pattern: &str| top().set_num_format(pattern).set_align(FormatAlign::Right);
        let blue = Color::RGB(0x00_5e_b8);
        Self {
            title: top().set_bold().set_font_size(16),
            strong: top().set_bold().set_text_wrap(),
            text: top().set_text_wrap(),
            quiet: top().set_font_color(Color::RGB(0x4c_62_72)),
            link: top()
                .set_font_color(blue)
                .set_underline(rust_xlsxwriter::FormatUnderline::Single),
            head: top()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Bottom)
                .set_background_color(Color::RGB(0xe8_ed_ee))
                .set_border_bottom(FormatBorder::Medium),
            mark: top().set_align(FormatAlign::Right).set_font_color(Color::RGB(0x4c_62_72)),
            numbers: ["0", "0.0", "0.00", "0.000"].map(number),
        }
    }
}

/// The bytes of a workbook. `day` is the only day in it.
pub(super) fn book(
    cover: &Cover,
    sheets: &[Sheet],
    day: Option<NaiveDate>,
) -> Result<Vec<u8>, XlsxError> {
    let looks = Looks::new();
    let mut book = Workbook::new();
    let created = match day {
        Some(day) => ExcelDateTime::from_ymd(
            u16::try_from(day.year()).unwrap_or(2000),
            u8::try_from(day.month()).unwrap_or(1),
            u8::try_from(day.day()).unwrap_or(1),
        )?,
        None => ExcelDateTime::from_ymd(2000, 1, 1)?,
    };
    book.set_properties(
        &DocProperties::new()
            .set_title(&cover.title)
            .set_subject(&cover.subject)
            .set_author(AUTHOR)
            .set_creation_datetime(&created),
    );
    write_cover(book.add_worksheet(), cover, &looks)?;
    write_contents(book.add_worksheet(), cover, sheets, &looks)?;
    for sheet in sheets {
        write_sheet(book.add_worksheet(), cover, sheet, &looks)?;
    }
    book.save_to_buffer()
}

fn for_paper(sheet: &mut Worksheet, cover: &Cover, name: &str) {
    sheet.set_paper_size(A4).set_print_fit_to_pages(1, 0).set_screen_gridlines(false);
    // An ampersand begins a command there.
    let plain = |text: &str| text.replace('&', "&&");
    sheet.set_header(format!("&L{}&R{}", plain(&cover.title), plain(name)));
    sheet.set_footer(format!("&L{}&RPage &P of &N", plain(&cover.foot)));
}

fn write_cover(sheet: &mut Worksheet, cover: &Cover, looks: &Looks) -> Result<(), XlsxError> {
    sheet.set_name("Cover")?;
    for_paper(sheet, cover, "Cover");
    sheet.set_column_width(0, 30)?.set_column_width(1, 90)?;
    sheet.write_string_with_format(0, 0, &cover.title, &looks.title)?;
    for (row, line) in (1..).zip(&cover.lines) {
        match line {
            Line::Space => {}
            Line::Heading(text) => {
                sheet.write_string_with_format(row, 0, text, &looks.strong)?;
            }
            Line::Fact(name, value) => {
                sheet.write_string_with_format(row, 0, name, &looks.text)?;
                sheet.write_string_with_format(row, 1, value, &looks.text)?;
            }
        }
    }
    Ok(())
}

fn write_contents(
    sheet: &mut Worksheet,
    cover: &Cover,
    sheets: &[Sheet],
    looks: &Looks,
) -> Result<(), XlsxError> {
    sheet.set_name(CONTENTS)?;
    for_paper(sheet, cover, CONTENTS);
    sheet.set_column_width(0, 22)?.set_column_width(1, 10)?.set_column_width(2, 90)?;
    sheet.write_string_with_format(0, 0, CONTENTS, &looks.title)?;
    for (column, head) in (0..).zip(["Sheet", "Rows", "What it shows"]) {
        sheet.write_string_with_format(2, column, head, &looks.head)?;
    }
    for (row, listed) in (3..).zip(sheets) {
        let to = Url::new(format!("internal:'{}'!A1", listed.name)).set_text(listed.name);
        sheet.write_url_with_format(row, 0, to, &looks.link)?;
        let rows = u32::try_from(listed.rows.len()).unwrap_or(u32::MAX);
        sheet.write_number_with_format(row, 1, rows, &looks.numbers[0])?;
        sheet.write_string_with_format(row, 2, &listed.about, &looks.text)?;
    }
    Ok(())
}

fn write_sheet(
    to: &mut Worksheet,
    cover: &Cover,
    sheet: &Sheet,
    looks: &Looks,
) -> Result<(), XlsxError> {
    to.set_name(sheet.name)?;
    for_paper(to, cover, sheet.name);
    to.set_landscape().set_repeat_rows(HEADS, HEADS)?;
    to.set_freeze_panes(HEADS + 1, sheet.fixed)?;
    to.set_default_note_author(AUTHOR);
    to.write_string_with_format(0, 0, sheet.name, &looks.title)?;
    to.write_string_with_format(1, 0, &sheet.about, &looks.quiet)?;
    let back = Url::new(format!("internal:'{CONTENTS}'!A1")).set_text("Back to the contents");
    to.write_url_with_format(2, 0, back, &looks.link)?;
    for (column, head) in (0..).zip(&sheet.heads) {
        to.set_column_width(column, head.width)?;
        to.write_string_with_format(HEADS, column, &head.text, &looks.head)?;
        if !head.note.is_empty() {
            to.insert_note(HEADS, column, &note(head.note))?;
        }
    }
    for (row, entries) in (HEADS + 1..).zip(&sheet.rows) {
        for (column, entry) in (0..).zip(entries) {
            write_entry(to, row, column, entry, looks)?;
        }
    }
    let last_row = HEADS.saturating_add(u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX));
    let last_column = u16::try_from(sheet.heads.len()).unwrap_or(u16::MAX).saturating_sub(1);
    to.autofilter(HEADS, 0, last_row, last_column)?;
    Ok(())
}

fn note(text: &str) -> Note {
    Note::new(text).add_author_prefix(false).set_width(260).set_height(90)
}

fn write_entry(
    to: &mut Worksheet,
    row: u32,
    column: u16,
    entry: &Entry,
    looks: &Looks,
) -> Result<(), XlsxError> {
    let mark = |to: &mut Worksheet, sign: &str, said: &str| {
        to.write_string_with_format(row, column, sign, &looks.mark)?;
        to.insert_note(row, column, &note(said)).map(|_| ())
    };
    match entry {
        Entry::Nothing => {}
        Entry::Words(words) => {
            to.write_string_with_format(row, column, words, &looks.text)?;
        }
        Entry::Number(number, places) => {
            let look = looks.numbers.get(*places as usize).unwrap_or(&looks.text);
            to.write_number_with_format(row, column, *number, look)?;
        }
        Entry::Hidden => mark(to, "[c]", "Not shown, to protect anonymity")?,
        Entry::Empty => mark(to, "[x]", "No answers")?,
    }
    Ok(())
}
