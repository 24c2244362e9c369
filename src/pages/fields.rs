//! Fields of short forms, each with what is wrong with it at its place.

use serde::Serialize;

use super::respondent::Prompt;

/// A field of one line.
#[derive(Clone, Serialize)]
pub struct FieldView {
    /// Its name and HTML id.
    pub id: String,
    /// Its label.
    pub label: String,
    /// On-screen help, if any.
    pub hint: Option<String>,
    /// `text` or `email`.
    pub kind: String,
    /// What the browser may fill in: a word of the HTML standard, or `off`.
    pub autocomplete: String,
    /// What is written so far.
    pub value: String,
    /// What is wrong with it, if anything.
    pub error: Option<String>,
}

/// A field of several lines.
#[derive(Clone, Serialize)]
pub struct AreaView {
    /// Its name and HTML id.
    pub id: String,
    /// Its label.
    pub label: String,
    /// On-screen help, if any.
    pub hint: Option<String>,
    /// Most characters accepted.
    pub max_chars: usize,
    /// What is written so far.
    pub value: String,
    /// What is wrong with it, if anything.
    pub error: Option<String>,
}

impl FieldView {
    /// A field of plain text that the browser does not fill in.
    #[must_use]
    pub fn text(id: &str, label: &str) -> Self {
        Self {
            id: id.to_owned(),
            label: label.to_owned(),
            hint: None,
            kind: "text".to_owned(),
            autocomplete: "off".to_owned(),
            value: String::new(),
            error: None,
        }
    }

    /// A field for an e-mail address.
    #[must_use]
    pub fn email(id: &str, label: &str) -> Self {
        Self { kind: "email".to_owned(), ..Self::text(id, label) }
    }

    /// With help.
    #[must_use]
    pub fn hint(mut self, hint: &str) -> Self {
        self.hint = Some(hint.to_owned());
        self
    }

    /// With what the browser may fill in.
    #[must_use]
    pub fn autocomplete(mut self, word: &str) -> Self {
        word.clone_into(&mut self.autocomplete);
        self
    }

    /// As it was sent, with what is wrong with it.
    #[must_use]
    pub fn sent(mut self, value: &str, error: Option<String>) -> Self {
        value.clone_into(&mut self.value);
        self.error = error;
        self
    }

    /// The line of the error summary, if there is one.
    #[must_use]
    pub fn problem(&self) -> Option<Prompt> {
        problem(&self.id, self.error.as_deref())
    }
}

impl AreaView {
    /// The line of the error summary, if there is one.
    #[must_use]
    pub fn problem(&self) -> Option<Prompt> {
        problem(&self.id, self.error.as_deref())
    }
}

fn problem(id: &str, error: Option<&str>) -> Option<Prompt> {
    error.map(|error| Prompt { href: format!("#{id}"), text: error.to_owned() })
}

/// The title of a form's page: browsers read it first, so it says that there are faults.
#[must_use]
pub fn form_title(title: &str, errors: &[Prompt]) -> String {
    if errors.is_empty() { title.to_owned() } else { format!("Error: {title}") }
}
