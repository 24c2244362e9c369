//! Faults printed as a compiler prints them: the line of the file, the place
//! underlined, the hint below.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::fault::{Fault, Faults};

/// The faults of one file as text, each with its line underlined; with terminal
/// colours only if asked.
#[must_use]
pub fn explain(source: &str, faults: &Faults, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for fault in faults.iter() {
        out.push_str(&renderer.render(&[group(source, fault)]));
        out.push_str("\n\n");
    }
    let count = faults.len();
    out + &format!("{count} fault{}\n", if count == 1 { "" } else { "s" })
}

fn group<'a>(source: &'a str, fault: &'a Fault) -> Group<'a> {
    let snippet = Snippet::source(source)
        .path(fault.file.as_str())
        .annotation(AnnotationKind::Primary.span(span(source, fault.line, fault.column)));
    let group = Level::ERROR.primary_title(fault.what.as_str()).element(snippet);
    match &fault.hint {
        Some(hint) => group.element(Level::HELP.message(hint.as_str())),
        None => group,
    }
}

/// The bytes of what starts at a line and column: a quoted text, a header in
/// brackets, a word, or else one character.
fn span(source: &str, line: usize, column: usize) -> Range<usize> {
    let before: usize =
        source.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let text = source.get(before..).unwrap_or_default().lines().next().unwrap_or_default();
    let offset: usize = text.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
    let here = text.get(offset..).unwrap_or_default();
    let length = match here.chars().next() {
        None => 0,
        Some(open @ ('"' | '\'')) => here
            .char_indices()
            .skip(1)
            .find(|(_, c)| *c == open)
            .map_or(here.len(), |(at, _)| at + 1),
        Some('{') => here.find('}').map_or(1, |at| at + 1),
        Some('[') => here.rfind(']').map_or(1, |at| at + 1),
        Some(first) => {
            let end = here.find(|c: char| !(c.is_alphanumeric() || "-_.".contains(c)));
            end.unwrap_or(here.len()).max(first.len_utf8())
        }
    };
    let start = before + offset;
    start..start + length
}
