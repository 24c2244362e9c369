//! Ways for a mail to leave the house.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use lettre::transport::smtp::{AsyncSmtpTransportBuilder, Error as SmtpError};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use super::folder;
use super::message::Outgoing;

/// How long a mail server may take for one step.
const PATIENCE: Duration = Duration::from_secs(20);

/// A way for mails to leave the house.
#[derive(Clone)]
pub enum Transport {
    /// To a mail server.
    Smtp(Server),
    /// Into a folder, one `.eml` file each, for trying out.
    Folder(PathBuf),
    /// Into memory, for tests.
    Memory(Arc<Mutex<Vec<Vec<u8>>>>),
}

/// A mail server. Its connections are made by the first mail, because they
/// need a runtime to live in and settings are checked before there is one.
#[derive(Clone)]
pub struct Server {
    address: AsyncSmtpTransportBuilder,
    connections: Arc<OnceLock<AsyncSmtpTransport<Tokio1Executor>>>,
}

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The other side took it.
    Taken,
    /// Refused for good, with the other side's reason.
    Refused(String),
    /// Not taken now; trying later makes sense.
    Later(String),
    /// The line broke, perhaps after the mail was taken: nobody knows.
    Unknown,
}

/// An address of a mail server that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "SOUNDINGS_MAIL_URL cannot be used: {0}; write folder:DIR, smtp://host:port or smtps://user:password@host"
)]
pub struct BadMailUrl(String);

impl Transport {
    /// The transport of `folder:DIR`, `smtp://…` or `smtps://…`. Connects later.
    ///
    /// # Errors
    /// If the address is none of these.
    pub fn open(url: &str) -> Result<Self, BadMailUrl> {
        if let Some(folder) = url.strip_prefix("folder:") {
            if folder.is_empty() {
                return Err(BadMailUrl("it names no folder".to_owned()));
            }
            return Ok(Self::Folder(PathBuf::from(folder)));
        }
        if !(url.starts_with("smtp://") || url.starts_with("smtps://")) {
            return Err(BadMailUrl("it begins with none of folder:, smtp: and smtps:".to_owned()));
        }
        let address = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            // Not the library's words: they quote the address, password included.
            .map_err(|_| BadMailUrl("the address cannot be read".to_owned()))?
            .timeout(Some(PATIENCE));
        Ok(Self::Smtp(Server { address, connections: Arc::default() }))
    }

    /// A transport into memory.
    #[must_use]
    pub fn memory() -> Self {
        Self::Memory(Arc::default())
    }

    /// Hands a mail on.
    pub async fn send(&self, mail: &Outgoing) -> Delivery {
        match self {
            Self::Smtp(server) => match server.open().send(mail.message.clone()).await {
                Ok(_) => Delivery::Taken,
                Err(error) if error.is_permanent() => Delivery::Refused(reason(&error)),
                Err(error) if surely_not_taken(&error) => Delivery::Later(reason(&error)),
                Err(_) => Delivery::Unknown,
            },
            Self::Folder(path) => {
                let (path, id, bytes) = (path.clone(), mail.id, mail.message.formatted());
                let kept = tokio::task::spawn_blocking(move || folder::keep(&path, &id, &bytes));
                match kept.await {
                    Ok(Ok(())) => Delivery::Taken,
                    Ok(Err(error)) => Delivery::Later(error.to_string()),
                    Err(_) => Delivery::Later("the work was broken off".to_owned()),
                }
            }
            Self::Memory(kept) => {
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(mail.message.formatted());
                Delivery::Taken
            }
        }
    }
}

impl Server {
    fn open(&self) -> &AsyncSmtpTransport<Tokio1Executor> {
        self.connections.get_or_init(|| self.address.clone().build())
    }
}

/// Whether an error came before the mail could have been taken: a refusal for
/// now, or no connection. The library has no accessor for the latter.
fn surely_not_taken(error: &SmtpError) -> bool {
    error.is_transient()
        || error.is_client()
        || error.is_tls()
        || error.to_string().starts_with("Connection error")
}

/// The reason in one line with its causes.
fn reason(error: &SmtpError) -> String {
    let mut said = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let more = inner.to_string();
        if !said.contains(&more) {
            said.push_str(": ");
            said.push_str(&more);
        }
        cause = inner.source();
    }
    said.replace(['\r', '\n'], " ")
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Smtp(_) => "Transport::Smtp",
            Self::Folder(_) => "Transport::Folder",
            Self::Memory(_) => "Transport::Memory",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_addresses_of_mail_servers_are_taken() {
        assert!(matches!(Transport::open("folder:data/outbox"), Ok(Transport::Folder(_))));
        assert!(matches!(Transport::open("smtp://127.0.0.1:2525"), Ok(Transport::Smtp(_))));
        for wrong in ["", "folder:", "mailto:a@example.org", "127.0.0.1:25"] {
            assert!(Transport::open(wrong).is_err(), "{wrong}");
        }
    }
}
