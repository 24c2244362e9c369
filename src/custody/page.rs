//! A share as the page that its holder keeps: plain text that prints on any
//! machine and that the program reads back.

use std::fmt::Write as _;

use chrono::NaiveDate;
use zeroize::Zeroizing;

use crate::id::WaveCode;

use super::{Fingerprint, Share, Split};

/// What a share's page says around its words.
#[derive(Debug, Clone, Copy)]
pub struct SharePage<'s> {
    /// The wave whose key it is.
    pub wave: &'s WaveCode,
    /// All holders.
    pub split: &'s Split,
    /// The fingerprint of the public half.
    pub fingerprint: Fingerprint,
    /// The day on which it is made.
    pub made_on: NaiveDate,
}

/// Room for a page, so that its text never moves and leaves a copy behind.
const ROOM: usize = 8 * 1024;

impl SharePage<'_> {
    /// The page of one share.
    #[must_use]
    pub fn text(&self, share: &Share) -> Zeroizing<String> {
        let Self { wave, split, fingerprint, made_on } = self;
        let (number, needed, of) = (share.number(), split.needed(), split.of());
        let holder = split.holders().get(usize::from(number).saturating_sub(1));
        let holder = holder.map_or("", String::as_str);
        let day = made_on.format("%-d %B %Y");
        let mut text = Zeroizing::new(String::with_capacity(ROOM));
        let head = format!(
            "SOUNDINGS - SHARE {number} OF {of} OF THE KEY OF WAVE {wave}\n\n\
             Wave         {wave}\n\
             Holder       {holder}\n\
             Share        {number} of {of}; any {needed} of them together open the box\n\
             Fingerprint  {fingerprint}\n\
             Made on      {day}\n\n"
        );
        text.push_str(&head);
        for (line, words) in (1..).zip(share.words()) {
            // Writing into a text does not fail.
            let _ = write!(*text, "  {line}: ");
            text.push_str(&words);
            text.push('\n');
        }
        let foot = format!(
            "\nKeep this page where nobody else reads it, and no copy of it on the\n\
             survey's server or in a mail. Alone it opens nothing. Answers can be\n\
             counted only when {needed} holders give back their words: if too many\n\
             of the {of} are lost, nobody can ever count this wave.\n\n\
             To give it back, hand over this file or type the six lines. Capital\n\
             letters and blanks do not matter, and four letters of a word are\n\
             enough. The last word of a line is its check: a slip is named by line.\n\n\
             When the wave is closed, destroy this page.\n"
        );
        text.push_str(&foot);
        text
    }
}
