//! What can go wrong with the database, told apart by what the caller can do.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// What can go wrong with the database.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// A rule of the database refused a row.
    #[error("refused by the rule {rule}")]
    Conflict {
        /// The constraint's name, or the columns where the database gives no name.
        rule: String,
    },
    /// Other work holds the database; the same call may succeed a little later.
    #[error("the database is busy")]
    Busy,
    /// A stored value is not what was put there.
    #[error("{what} in the database cannot be read: {why}")]
    Corrupt {
        /// Which value.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// The database cannot be reached, or does not take writes.
    #[error("the database cannot be used: {0}")]
    Unavailable(String),
    /// The URL names no database that this program knows.
    #[error(
        "{0:?} is not a database address; write sqlite:FILE or postgres://user:password@host/name"
    )]
    Url(String),
    /// The name or password in the address would be misread.
    #[error(
        "the name or password in the database address has characters that must be percent-encoded: / is %2F, @ is %40, # is %23, % is %25, a space is %20"
    )]
    Password,
    /// A setting of the connection differs from what the promises need.
    #[error(
        "the database setting {name} is {found:?}; it must be {wanted:?}, or answers could be lost or left behind"
    )]
    Setting {
        /// The setting.
        name: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// A migration failed.
    #[error("the database could not be brought to this version: {0}")]
    Migration(String),
    /// The database is not at this program's version.
    #[error("the database is {behind} step{} behind this program; run `soundings migrate`", if *behind == 1 { "" } else { "s" })]
    Outdated {
        /// Steps that are missing.
        behind: usize,
    },
    /// Any other refusal: a fault of this program.
    #[error("the database refused a statement")]
    Statement(#[source] DieselError),
}

impl From<DieselError> for StorageError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(kind, about) => {
                let message = about.message();
                match kind {
                    DatabaseErrorKind::UniqueViolation => Self::Conflict {
                        rule: about.constraint_name().unwrap_or(message).to_owned(),
                    },
                    DatabaseErrorKind::ClosedConnection => Self::Unavailable(message.to_owned()),
                    DatabaseErrorKind::SerializationFailure => Self::Busy,
                    _ if is_passing(message) => Self::Busy,
                    _ if is_out_of_reach(message) => Self::Unavailable(message.trim().to_owned()),
                    _ => Self::Statement(DieselError::DatabaseError(kind, about)),
                }
            }
            DieselError::BrokenTransactionManager => {
                Self::Unavailable("a connection broke inside a transaction".to_owned())
            }
            other => Self::Statement(other),
        }
    }
}

/// Other work is in the way for the moment.
fn is_passing(message: &str) -> bool {
    ["is locked", "deadlock detected", "due to lock timeout"]
        .iter()
        .any(|known| message.contains(known))
}

/// SQLite and libpq give these as plain text, without a kind of their own.
fn is_out_of_reach(message: &str) -> bool {
    [
        "disk is full",
        "disk I/O error",
        "readonly database",
        "unable to open database",
        "file is not a database",
        "disk image is malformed",
        "server closed the connection",
        "could not connect",
        "connection to server",
        "no connection to the server",
        "terminating connection",
        "No space left",
    ]
    .iter()
    .any(|known| message.contains(known))
}

/// Reads a stored text as a typed value.
pub(super) fn read<T>(what: &'static str, text: &str) -> Result<T, StorageError>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|why: T::Err| StorageError::Corrupt { what, why: why.to_string() })
}

/// Reads a stored count.
pub(super) fn count_of(what: &'static str, value: i32) -> Result<u32, StorageError> {
    u32::try_from(value).map_err(|why| StorageError::Corrupt { what, why: why.to_string() })
}

/// A count as it is stored; none of ours comes near the limit.
pub(super) fn stored_count(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}
