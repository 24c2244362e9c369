//! Templates and the registry that holds them, parsed once at start.

use handlebars::{Handlebars, RenderError, TemplateError};
use serde::Serialize;

use super::layout::Layout;
use super::mails::{LetterView, Shapes};
use super::respondent::{CheckRow, CheckSection, QuestionView};

// `TEMPLATES: &[(&str, &str)]`, name and source, written by build.rs.
include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// A page: a context that knows its template.
pub trait Page: Serialize {
    /// The template's name below `templates/html`.
    const TEMPLATE: &'static str;

    /// What is around the page's own matter.
    fn layout(&self) -> &Layout;

    /// Contexts that show every branch of the template.
    fn samples() -> Vec<Self>
    where
        Self: Sized;
}

/// Why a page could not be made. Always a fault of this program, never of a reader.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// A template does not parse.
    #[error("template {name} does not parse")]
    Template {
        /// Its name.
        name: &'static str,
        /// Where and why.
        source: Box<TemplateError>,
    },
    /// A template and its context do not fit.
    #[error("template {name} cannot be rendered")]
    Render {
        /// Its name.
        name: String,
        /// Where and why.
        source: Box<RenderError>,
    },
}

/// All templates, parsed.
pub struct Pages {
    html: Handlebars<'static>,
    /// Of mails that were made.
    pub(super) shapes: Shapes,
}

#[derive(Serialize)]
struct Whole<'p> {
    layout: &'p Layout,
    body: String,
}

impl Pages {
    /// Parses every template.
    ///
    /// # Errors
    /// If one does not parse.
    pub fn new() -> Result<Self, PageError> {
        let mut html = Handlebars::new();
        html.set_strict_mode(true);
        for &(path, source) in TEMPLATES {
            let name = path.strip_prefix("html/").unwrap_or(path);
            html.register_template_string(name, source)
                .map_err(|source| PageError::Template { name: path, source: Box::new(source) })?;
        }
        Ok(Self { html, shapes: Shapes::default() })
    }

    /// The whole page as HTML.
    ///
    /// # Errors
    /// If the template asks for something that the context has not.
    pub fn html<P: Page>(&self, page: &P) -> Result<String, PageError> {
        let body = render(&self.html, P::TEMPLATE, page)?;
        render(&self.html, "layout", &Whole { layout: page.layout(), body })
    }

    /// One question of a form, as the page of its section has it.
    ///
    /// # Errors
    /// If the template asks for something that the context has not.
    pub(super) fn question(&self, question: &QuestionView) -> Result<String, PageError> {
        render(&self.html, "part/question", question)
    }

    /// One section of the page for checking.
    ///
    /// # Errors
    /// If the template asks for something that the context has not.
    pub(super) fn check_section(&self, section: &CheckSection) -> Result<String, PageError> {
        render(&self.html, "part/check_section", section)
    }

    /// One row of the page for checking.
    ///
    /// # Errors
    /// If the template asks for something that the context has not.
    pub(super) fn check_row(&self, row: &CheckRow) -> Result<String, PageError> {
        render(&self.html, "part/check_row", row)
    }

    /// The HTML part of a mail.
    ///
    /// # Errors
    /// If the template asks for something that the context has not.
    pub(super) fn letter(&self, letter: &LetterView<'_>) -> Result<String, PageError> {
        render(&self.html, "mail/letter.html", letter)
    }
}

fn render<C: Serialize>(
    registry: &Handlebars<'_>,
    name: &str,
    context: &C,
) -> Result<String, PageError> {
    registry
        .render(name, context)
        .map_err(|source| PageError::Render { name: name.to_owned(), source: Box::new(source) })
}

/// The names of all templates.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TEMPLATES.iter().map(|(name, _)| *name)
}
