//! Secrets typed at a terminal or piped in: read without a buffer that would
//! keep them.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::AsFd as _;

use anyhow::{Context, Result};
use zeroize::Zeroizing;

use crate::custody::{Share, WORD_LINES, WordLine};

use super::complain;

/// Longest line; what is typed beyond it is dropped.
const LONGEST: usize = 1024;

/// Standard input, byte by byte.
pub(super) struct Typed(File);

impl Typed {
    pub(super) fn new() -> Result<Self> {
        let input = io::stdin().as_fd().try_clone_to_owned();
        Ok(Self(File::from(input.context("standard input cannot be read")?)))
    }

    /// The next line without its end; none after the last one.
    pub(super) fn line(&mut self) -> Result<Option<Zeroizing<String>>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST));
        let mut byte = Zeroizing::new([0]);
        let mut read = false;
        while self.0.read(&mut *byte).context("standard input cannot be read")? == 1 {
            read = true;
            if *byte == *b"\n" {
                break;
            }
            if bytes.len() < LONGEST {
                bytes.extend_from_slice(&*byte);
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        Ok(read.then(|| Zeroizing::new(text.trim_end_matches('\r').to_owned())))
    }

    /// A share, line by line; a line with a slip is asked for again.
    pub(super) fn share(&mut self) -> Result<Share> {
        complain(&format!("The {WORD_LINES} lines of a share:"));
        let mut lines = Vec::new();
        while lines.len() < WORD_LINES {
            let number = lines.len() + 1;
            complain(&format!("Line {number}:"));
            let typed = self.line()?.context("the words ended before the share was complete")?;
            if typed.trim().is_empty() {
                continue;
            }
            match WordLine::read(number, &typed) {
                Ok(line) => lines.push(line),
                Err(fault) => complain(&format!("{fault}. Type line {number} again.")),
            }
        }
        Ok(Share::of_lines(&lines)?)
    }
}
