//! The outbox: mails that were kept in a folder instead of being sent, for a
//! trial on one's own machine.

use serde::Serialize;

use super::layout::{Frame, Layout, Link};
use super::template::Page;

/// One mail in the list.
#[derive(Clone, Serialize)]
pub struct OutboxRow {
    /// The page about it.
    pub href: String,
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// When it was made.
    pub at: String,
}

/// `/outbox`: all mails.
#[derive(Serialize)]
pub struct OutboxPage {
    /// What is around it.
    pub layout: Layout,
    /// The mails shown, the newest first.
    pub mails: Vec<OutboxRow>,
    /// How many there are.
    pub total: usize,
    /// How many of them are not shown.
    pub not_shown: usize,
}

/// A piece of a plain text: a link, or words between links.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TextPiece {
    /// The words.
    pub text: String,
    /// Where they link to, if they are a web address.
    pub href: Option<String>,
}

/// `/outbox/{id}`: one mail.
#[derive(Serialize)]
pub struct OutboxMailPage {
    /// What is around it.
    pub layout: Layout,
    /// From whom.
    pub from: String,
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// When it was made.
    pub at: String,
    /// The text part, in pieces, so that its links work: see [`pieces`].
    pub text: Vec<TextPiece>,
    /// The address of the HTML part, shown in a sandboxed frame.
    pub html_src: Option<String>,
}

/// Parts a plain text at its web addresses.
#[must_use]
pub fn pieces(text: &str) -> Vec<TextPiece> {
    let mut out = Vec::new();
    let mut words = String::new();
    for token in text.split_inclusive(char::is_whitespace) {
        let address = token.trim_end();
        let address = address.trim_end_matches(['.', ',', ';', ')']);
        if address.starts_with("http://") || address.starts_with("https://") {
            if !words.is_empty() {
                out.push(TextPiece { text: std::mem::take(&mut words), href: None });
            }
            out.push(TextPiece { text: address.to_owned(), href: Some(address.to_owned()) });
            words.push_str(token.get(address.len()..).unwrap_or_default());
        } else {
            words.push_str(token);
        }
    }
    if !words.is_empty() {
        out.push(TextPiece { text: words, href: None });
    }
    out
}

impl Page for OutboxPage {
    const TEMPLATE: &'static str = "outbox/index";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let row = |to: &str| OutboxRow {
            href: "/outbox/0a1b".to_owned(),
            to: to.to_owned(),
            subject: "How is PBC going for Lea Valley? 10 minutes, by Friday 14 December 2007"
                .to_owned(),
            at: "19 November 2007, 09:00".to_owned(),
        };
        let page = |mails: Vec<OutboxRow>, not_shown| Self {
            layout: Frame::sample_outside().page("Outbox").wide(),
            total: mails.len() + not_shown,
            mails,
            not_shown,
        };
        vec![
            page(vec![row("lead.one@example.org"), row("lead.two@example.net")], 160),
            page(vec![row("lead.one@example.org")], 0),
            page(Vec::new(), 0),
        ]
    }
}

impl Page for OutboxMailPage {
    const TEMPLATE: &'static str = "outbox/mail";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |html_src: Option<&str>| Self {
            layout: Frame::sample_outside()
                .page("Mail to lead.one@example.org")
                .trail(vec![Link::new("Outbox", "/outbox")]),
            from: "survey@example.org".to_owned(),
            to: "lead.one@example.org".to_owned(),
            subject: "How is PBC going for Lea Valley?".to_owned(),
            at: "19 November 2007, 09:00".to_owned(),
            text: pieces("Dear lead\n\nStart here: http://127.0.0.1:8080/s/sample\n\nThank you\n"),
            html_src: html_src.map(str::to_owned),
        };
        vec![page(Some("/outbox/0a1b/html")), page(None)]
    }
}
