//! A long file comes in pieces of whole rows, each small enough to be held, so
//! that several threads can read one each.

use std::io::Read;

/// The longest row that is taken, in bytes.
const LONGEST: usize = 1 << 24;

/// Some whole rows.
pub(super) struct Piece {
    /// How many pieces came before it.
    pub(super) number: u32,
    /// Its bytes, or why there are none: no piece follows then.
    pub(super) text: Result<Vec<u8>, Broken>,
}

/// Why a file cannot be read on.
pub(super) enum Broken {
    /// The source fails.
    Source(std::io::Error),
    /// A row without an end.
    Endless,
}

/// Cuts what it reads into pieces.
pub(super) struct Cutter<R> {
    from: R,
    size: usize,
    number: u32,
    rest: Vec<u8>,
    ended: bool,
}

impl<R: Read> Cutter<R> {
    /// Pieces of about `size` bytes, longer where a row is.
    pub(super) fn new(from: R, size: usize) -> Self {
        Self { from, size: size.max(1), number: 0, rest: Vec::new(), ended: false }
    }

    fn cut(&mut self) -> Result<Vec<u8>, Broken> {
        let mut text = std::mem::take(&mut self.rest);
        loop {
            let wanted = self.size.max(text.len());
            text.reserve(wanted);
            let limit = u64::try_from(wanted).unwrap_or(u64::MAX);
            let read =
                self.from.by_ref().take(limit).read_to_end(&mut text).map_err(Broken::Source)?;
            self.ended = read < wanted;
            let end = if self.ended { text.len() } else { end_of_rows(&text) };
            if self.ended || end > 0 {
                self.rest = text.split_off(end);
                return Ok(text);
            }
            if text.len() > LONGEST {
                return Err(Broken::Endless);
            }
        }
    }
}

impl<R: Read> Iterator for Cutter<R> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        if self.ended {
            return None;
        }
        let text = self.cut();
        self.ended |= text.is_err();
        let piece = Piece { number: self.number, text };
        self.number += 1;
        Some(piece)
    }
}

/// Where the last row ends whose end is sure, in a text that may go on.
fn end_of_rows(text: &[u8]) -> usize {
    if !text.contains(&b'"') {
        return text.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    }
    // A quoted cell may hold line ends: where a row ends is for the csv crate to say.
    let mut end = 0;
    for (_, to) in quoted_rows(text) {
        if to < text.len() {
            end = to;
        }
    }
    end
}

/// Rows in which cells may be quoted, each with the byte behind it.
pub(super) fn quoted_rows(text: &[u8]) -> impl Iterator<Item = (csv::ByteRecord, usize)> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
    std::iter::from_fn(move || {
        let mut cells = csv::ByteRecord::new();
        // Reading bytes from memory with flexible rows cannot fail.
        reader.read_byte_record(&mut cells).ok().filter(|more| *more)?;
        Some((cells, usize::try_from(reader.position().byte()).unwrap_or(usize::MAX)))
    })
}
