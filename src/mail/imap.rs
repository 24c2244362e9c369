//! A mailbox on an IMAP server into which bounces go: unseen messages are read,
//! and marked as seen when they are taken. No fault quotes the server's words or
//! the address of the mailbox, which holds a password.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use async_imap::error::Error as ImapError;
use async_imap::{Client, Session};
use futures_util::TryStreamExt;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use url::Url;

use super::bounce::MOST_BYTES;
use super::tls;

/// How long the server may take for one step.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where a mailbox is and how it is opened.
#[derive(Clone)]
pub struct ImapMailbox {
    host: String,
    port: u16,
    secret: bool,
    user: String,
    password: String,
    folder: String,
    /// Certificates to trust in place of the system's.
    trusted: Option<PathBuf>,
}

/// An address of a mailbox that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "SOUNDINGS_MAIL_BOUNCE_IMAP cannot be used: {0}; write imaps://user:password@host/INBOX, with @ as %40 in user and password"
)]
pub struct BadImapUrl(&'static str);

/// What can go wrong with a mailbox.
#[derive(Debug, thiserror::Error)]
pub enum ImapFault {
    /// No connection.
    #[error("the IMAP server cannot be reached: {0}")]
    OutOfReach(String),
    /// Name or password.
    #[error("the IMAP server does not accept the user and password of SOUNDINGS_MAIL_BOUNCE_IMAP")]
    Login,
    /// The folder.
    #[error("the IMAP server does not open the folder of SOUNDINGS_MAIL_BOUNCE_IMAP")]
    Folder,
    /// A command was refused.
    #[error("the IMAP server refused {0}")]
    Refused(&'static str),
    /// The server says what nobody understands, or nothing.
    #[error("the connection to the IMAP server broke while {0}")]
    Broken(&'static str),
}

trait Wire: AsyncRead + AsyncWrite + Send + Unpin + fmt::Debug {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin + fmt::Debug> Wire for S {}

/// A mailbox that is open.
pub struct OpenMailbox(Session<Box<dyn Wire>>);

impl ImapMailbox {
    /// The mailbox of `imaps://user:password@host:port/folder`; in the clear
    /// (`imap://…?tls=none`) only on this machine.
    ///
    /// # Errors
    /// If the address is not one of these. No fault quotes it.
    pub fn parse(address: &str) -> Result<Self, BadImapUrl> {
        let url = Url::parse(address).map_err(|_| BadImapUrl("the address cannot be read"))?;
        let host = url
            .host_str()
            .map(|host| host.trim_start_matches('[').trim_end_matches(']'))
            .filter(|host| !host.is_empty() && !host.contains('%'))
            .ok_or(BadImapUrl("it names no host"))?
            .to_owned();
        let (mut trusted, mut in_the_clear) = (None, false);
        for (name, value) in url.query_pairs() {
            match (&*name, &*value) {
                ("tls", "none") => in_the_clear = true,
                ("ca", file) if !file.is_empty() => trusted = Some(PathBuf::from(file)),
                _ => return Err(BadImapUrl("behind the ? it knows tls=none and ca=FILE")),
            }
        }
        let secret = match (url.scheme(), in_the_clear) {
            ("imaps", false) => true,
            ("imap", true) if here(&host) => false,
            ("imap", true) => {
                return Err(BadImapUrl("it would send the password where others can read it"));
            }
            ("imaps", true) => return Err(BadImapUrl("imaps: is never in the clear")),
            _ => return Err(BadImapUrl("it does not begin with imaps:")),
        };
        let plain = |part: &str| {
            let bytes: Vec<u8> = percent_encoding::percent_decode_str(part).collect();
            String::from_utf8(bytes)
                .ok()
                .filter(|text| !text.is_empty() && !text.contains(char::is_control))
        };
        let user = plain(url.username()).ok_or(BadImapUrl("it names no user"))?;
        let password = url.password().and_then(plain).ok_or(BadImapUrl("it holds no password"))?;
        let path = url.path().trim_start_matches('/');
        let folder = if path.is_empty() { Some("INBOX".to_owned()) } else { plain(path) };
        let folder = folder.ok_or(BadImapUrl("the folder cannot be read"))?;
        let port = url.port().unwrap_or(if secret { 993 } else { 143 });
        Ok(Self { host, port, secret, user, password, folder, trusted })
    }

    /// Opens the mailbox.
    ///
    /// # Errors
    /// If it cannot be reached or does not let us in.
    pub async fn open(&self) -> Result<OpenMailbox, ImapFault> {
        let wire = in_time(self.connect())
            .await
            .unwrap_or_else(|| Err(ImapFault::OutOfReach("it does not answer".to_owned())))?;
        let mut client = Client::new(wire);
        let greeting = in_time(client.read_response()).await;
        if !matches!(greeting, Some(Ok(Some(_)))) {
            return Err(ImapFault::OutOfReach("it does not greet".to_owned()));
        }
        let let_in = in_time(client.login(&self.user, &self.password)).await;
        let mut session = match let_in {
            Some(Ok(session)) => session,
            Some(Err((ImapError::No(_) | ImapError::Bad(_), _))) => return Err(ImapFault::Login),
            Some(Err(_)) | None => return Err(ImapFault::Broken("signing in")),
        };
        match in_time(session.select(&self.folder)).await {
            Some(Ok(_)) => Ok(OpenMailbox(session)),
            Some(Err(ImapError::No(_) | ImapError::Bad(_))) => Err(ImapFault::Folder),
            Some(Err(_)) | None => Err(ImapFault::Broken("opening the folder")),
        }
    }

    async fn connect(&self) -> Result<Box<dyn Wire>, ImapFault> {
        let out_of_reach = |error: &dyn fmt::Display| ImapFault::OutOfReach(error.to_string());
        let stream = TcpStream::connect((self.host.as_str(), self.port))
            .await
            .map_err(|error| out_of_reach(&error))?;
        if !self.secret {
            return Ok(Box::new(stream));
        }
        let name = ServerName::try_from(self.host.clone()).map_err(|error| out_of_reach(&error))?;
        let trusted = self.trusted.clone();
        let config = tokio::task::spawn_blocking(move || tls::config(trusted.as_deref()))
            .await
            .map_err(|error| out_of_reach(&error))?
            .map_err(|error| out_of_reach(&error))?;
        let stream = TlsConnector::from(config).connect(name, stream).await;
        Ok(Box::new(stream.map_err(|error| out_of_reach(&error))?))
    }
}

impl OpenMailbox {
    /// The messages that nobody has seen, in the order of arrival.
    ///
    /// # Errors
    /// If the server does not tell.
    pub async fn unseen(&mut self) -> Result<Vec<u32>, ImapFault> {
        let found = in_time(self.0.uid_search("UNSEEN")).await;
        let mut found: Vec<u32> =
            told(found, "the search for unseen messages")?.into_iter().collect();
        found.sort_unstable();
        Ok(found)
    }

    /// A message, as far as one is read; none if it is gone.
    ///
    /// # Errors
    /// If the server does not give it.
    pub async fn read(&mut self, message: u32) -> Result<Option<Vec<u8>>, ImapFault> {
        // Looking at it does not mark it as seen.
        let part = format!("BODY.PEEK[]<0.{MOST_BYTES}>");
        let reading = async {
            let mut parts = self.0.uid_fetch(message.to_string(), part).await?;
            let mut bytes = None;
            while let Some(part) = parts.try_next().await? {
                if part.uid == Some(message) {
                    bytes = Some(part.body().unwrap_or_default().to_owned());
                }
            }
            Ok(bytes)
        };
        told(in_time(reading).await, "a message")
    }

    /// Marks a message as seen.
    ///
    /// # Errors
    /// If the server does not do it.
    pub async fn mark_seen(&mut self, message: u32) -> Result<(), ImapFault> {
        let marking = async {
            let marks = self.0.uid_store(message.to_string(), "+FLAGS.SILENT (\\Seen)").await?;
            marks.try_for_each(|_| async { Ok(()) }).await
        };
        told(in_time(marking).await, "to mark a message as seen")
    }

    /// Says goodbye; nothing is lost if the server does not hear it.
    pub async fn close(mut self) {
        drop(in_time(self.0.logout()).await);
    }
}

fn told<T>(outcome: Option<Result<T, ImapError>>, what: &'static str) -> Result<T, ImapFault> {
    match outcome {
        Some(Ok(value)) => Ok(value),
        Some(Err(ImapError::No(_) | ImapError::Bad(_))) => Err(ImapFault::Refused(what)),
        Some(Err(_)) | None => Err(ImapFault::Broken("asking")),
    }
}

async fn in_time<T>(step: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(PATIENCE, step).await.ok()
}

/// Whether what is sent there never leaves this machine.
fn here(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl fmt::Debug for ImapMailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ImapMailbox(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_where_who_and_which_folder() {
        let read =
            ImapMailbox::parse("imaps://bounce%40example.org:p%3Aw@mail.example.org/Back/In")
                .expect("an address");
        assert_eq!((read.host.as_str(), read.port, read.secret), ("mail.example.org", 993, true));
        assert_eq!((read.user.as_str(), read.password.as_str()), ("bounce@example.org", "p:w"));
        assert_eq!(read.folder, "Back/In");
        let read = ImapMailbox::parse("imap://u:p@[::1]:1143?tls=none").expect("an address");
        assert_eq!((read.host.as_str(), read.port, read.secret), ("::1", 1143, false));
        assert_eq!(read.folder, "INBOX");
    }

    #[test]
    fn addresses_that_cannot_be_used_are_refused_without_being_quoted() {
        for wrong in [
            "",
            "https://u:geheim@example.org",
            "imap://u:geheim@127.0.0.1",
            "imap://u:geheim@mail.example.org?tls=none",
            "imaps://u:geheim@mail.example.org?tls=none",
            "imaps://u:geheim@mail.example.org?trust=all",
            "imaps://mail.example.org",
            "imaps://u@mail.example.org",
            "imaps://:geheim@mail.example.org",
            "imaps://u:geheim%0d%0aA@mail.example.org",
            "imaps://u:geheim@mail.example.org/%0aX",
        ] {
            let fault = ImapMailbox::parse(wrong).expect_err(wrong).to_string();
            assert!(!fault.contains("geheim") && fault.contains("imaps://user:"), "{fault}");
        }
        let read = ImapMailbox::parse("imaps://u:geheim@example.org").expect("an address");
        assert_eq!(format!("{read:?}"), "ImapMailbox(..)");
    }
}
