//! A lead: the person of a PBC group who is asked. Personal data: never in a
//! log, a release or a list of changes.

use crate::fault::Fault;
use crate::id::GroupSlug;

use super::difference::{Noun, Value};
use super::person::{EmailAddress, PersonName};
use super::sheet::{Columns, Row, note};

/// A lead of a PBC group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// The group they speak for.
    pub group: GroupSlug,
    /// Their name.
    pub name: PersonName,
    /// What they do there, for example `GP chair`.
    pub role: String,
    /// Where they are written to.
    pub email: EmailAddress,
    /// Whether the person is made up.
    pub synthetic: bool,
}

impl Lead {
    /// What tells one lead from another: the group and the mailbox. Two people
    /// may share a role and a name; one person may lead two groups.
    #[must_use]
    pub fn key(&self) -> (GroupSlug, String) {
        (self.group.clone(), self.email.key())
    }
}

pub(super) const COLUMNS: Columns =
    Columns { needed: &["consortium_slug", "name", "role", "email"], optional: &["synthetic"] };

pub(super) fn read(row: Row<'_>, faults: &mut Vec<Fault>) -> Option<Lead> {
    let group = note(faults, row.parsed("consortium_slug"));
    let name = note(faults, row.parsed("name"));
    let role = note(faults, row.named("role"));
    let email = note(faults, row.parsed("email"));
    let synthetic = note(faults, row.yes("synthetic"));
    Some(Lead {
        group: group?,
        name: name?,
        role: role?.to_owned(),
        email: email?,
        synthetic: synthetic?,
    })
}

impl Noun for Lead {
    const ONE: &'static str = "lead";
    const MANY: &'static str = "leads";

    fn key(&self) -> String {
        // A code holds no space, so two different pairs never make one key.
        format!("{} {}", self.group, self.email.key())
    }

    fn label(&self) -> String {
        format!("{} of {} ({})", self.role, self.group, self.email.masked())
    }

    fn values(&self) -> Vec<Value> {
        vec![
            Value::personal("name", self.name.expose()),
            Value::open("role", &self.role),
            Value::personal("e-mail address", self.email.expose()),
            Value::yes("synthetic", self.synthetic),
        ]
    }
}
