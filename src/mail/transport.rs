//! Ways for a mail to leave the house.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::delivery::Delivery;
use super::line::Line;
use super::message::Outgoing;
use super::server::{BadMailUrl, Server};

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

impl Transport {
    /// The transport of `folder:DIR`, `smtp://…` or `smtps://…`. Connects later.
    ///
    /// # Errors
    /// If the address is none of these.
    pub fn open(url: &str) -> Result<Self, BadMailUrl> {
        if let Some(folder) = url.strip_prefix("folder:") {
            if folder.is_empty() {
                return Err(BadMailUrl("it names no folder"));
            }
            return Ok(Self::Folder(PathBuf::from(folder)));
        }
        if !(url.starts_with("smtp://") || url.starts_with("smtps://")) {
            return Err(BadMailUrl("it begins with none of folder:, smtp: and smtps:"));
        }
        Server::parse(url).map(Self::Smtp)
    }

    /// The same, with another time than 20 seconds that a server may take for
    /// one step.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        if let Self::Smtp(server) = &mut self {
            server.patience = patience;
        }
        self
    }

    /// A transport into memory.
    #[must_use]
    pub fn memory() -> Self {
        Self::Memory(Arc::default())
    }

    /// A line of one's own. Any number of them may be open at once.
    #[must_use]
    pub fn line(&self) -> Line {
        match self {
            Self::Smtp(server) => Line::to_server(server.clone()),
            Self::Folder(folder) => Line::to_folder(folder.clone()),
            Self::Memory(memory) => Line::to_memory(memory.clone()),
        }
    }

    /// Hands one mail on over a line that is used for it alone.
    pub async fn send(&self, mail: &Outgoing) -> Delivery {
        let mut line = self.line();
        let delivery = line.send(mail, || ()).await;
        line.close().await;
        delivery
    }
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
