//! Where a mail server is and how it wants to be spoken to, read from
//! `SOUNDINGS_MAIL_URL`. Knows nothing of mails, and shows its password to
//! nobody.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio_rustls::rustls::ClientConfig;
use url::Url;

/// How long a mail server may take for one step.
const PATIENCE: Duration = Duration::from_secs(20);

/// A mail server.
#[derive(Clone)]
pub struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) secrecy: Secrecy,
    pub(super) login: Option<Login>,
    /// Certificates to trust in place of the system's.
    pub(super) trusted: Option<PathBuf>,
    /// How long it may take for one step.
    pub(super) patience: Duration,
    /// Made by the first connection that needs it: reading what the system
    /// trusts takes longer than sending a mail.
    pub(super) tls: Arc<OnceLock<Arc<ClientConfig>>>,
}

/// When a connection is made secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Secrecy {
    /// Never.
    None,
    /// By STARTTLS if the server offers it.
    IfOffered,
    /// By STARTTLS, or there is no mail.
    Required,
    /// From the first byte on.
    FromTheStart,
}

/// Name and password at a mail server.
#[derive(Clone)]
pub(super) struct Login {
    pub(super) user: String,
    pub(super) password: String,
}

/// An address of a mail server that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "SOUNDINGS_MAIL_URL cannot be used: {0}; write folder:DIR, smtp://host:port, smtp://host?tls=required or smtps://user:password@host"
)]
pub struct BadMailUrl(pub(super) &'static str);

impl Server {
    /// The server of `smtp://…` or `smtps://…`.
    ///
    /// # Errors
    /// If the address is not one of these. No fault quotes it: it may hold a password.
    pub(super) fn parse(address: &str) -> Result<Self, BadMailUrl> {
        let url = Url::parse(address).map_err(|_| BadMailUrl("the address cannot be read"))?;
        let host = url
            .host_str()
            .map(|host| host.trim_start_matches('[').trim_end_matches(']'))
            .filter(|host| !host.is_empty() && !host.contains('%'))
            .ok_or(BadMailUrl("it names no host"))?
            .to_owned();
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(BadMailUrl("something stands behind the host that is no ?tls or ?ca"));
        }
        let mut secrecy =
            if url.scheme() == "smtps" { Secrecy::FromTheStart } else { Secrecy::None };
        let mut trusted = None;
        for (name, value) in url.query_pairs() {
            match (&*name, &*value, secrecy) {
                ("tls", "required", Secrecy::None) => secrecy = Secrecy::Required,
                ("tls", "opportunistic", Secrecy::None) => secrecy = Secrecy::IfOffered,
                ("ca", file, _) if !file.is_empty() => trusted = Some(PathBuf::from(file)),
                _ => {
                    return Err(BadMailUrl(
                        "behind the ? it knows tls=required, tls=opportunistic (smtp: only) and ca=FILE",
                    ));
                }
            }
        }
        let login = login(&url)?;
        let certain = matches!(secrecy, Secrecy::Required | Secrecy::FromTheStart);
        if login.is_some() && !certain && !here(&host) {
            return Err(BadMailUrl("it would send the password where others can read it"));
        }
        let port = url.port().unwrap_or(match secrecy {
            Secrecy::None | Secrecy::IfOffered => 25,
            Secrecy::Required => 587,
            Secrecy::FromTheStart => 465,
        });
        let tls = Arc::default();
        Ok(Self { host, port, secrecy, login, trusted, patience: PATIENCE, tls })
    }
}

fn login(url: &Url) -> Result<Option<Login>, BadMailUrl> {
    let plain = |part: &str| {
        let bytes: Vec<u8> = percent_encoding::percent_decode_str(part).collect();
        String::from_utf8(bytes)
            .ok()
            .filter(|text| !text.contains('\0'))
            .ok_or(BadMailUrl("the user or the password cannot be read"))
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) => Err(BadMailUrl("it has a password and no user")),
        (_, None) => Err(BadMailUrl("it has a user and no password")),
        (user, Some(password)) => {
            Ok(Some(Login { user: plain(user)?, password: plain(password)? }))
        }
    }
}

/// Whether what is sent there never leaves this machine.
fn here(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Server(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(address: &str) -> (String, u16, Secrecy) {
        let server = Server::parse(address).expect(address);
        (server.host, server.port, server.secrecy)
    }

    #[test]
    fn an_address_says_where_and_how() {
        assert_eq!(read("smtp://127.0.0.1:2525"), ("127.0.0.1".into(), 2525, Secrecy::None));
        assert_eq!(read("smtp://[::1]:2525/"), ("::1".into(), 2525, Secrecy::None));
        assert_eq!(
            read("smtp://mail.example.org?tls=required"),
            ("mail.example.org".into(), 587, Secrecy::Required)
        );
        assert_eq!(
            read("smtp://mail.example.org?tls=opportunistic"),
            ("mail.example.org".into(), 25, Secrecy::IfOffered)
        );
        assert_eq!(
            read("smtps://u:p@mail.example.org"),
            ("mail.example.org".into(), 465, Secrecy::FromTheStart)
        );
        let server =
            Server::parse("smtps://u%40example.org:p%3A%2F@mail.example.org?ca=/etc/ca.pem")
                .expect("a server");
        assert_eq!(server.trusted, Some(PathBuf::from("/etc/ca.pem")));
        let login = server.login.expect("a login");
        assert_eq!((login.user.as_str(), login.password.as_str()), ("u@example.org", "p:/"));
    }

    #[test]
    fn a_wrong_address_is_refused_without_being_quoted() {
        for wrong in [
            "smtp://",
            "smtp://?tls=required",
            "smtp://u:hush@mail.example.org",
            "smtp://u:hush@mail.example.org?tls=opportunistic",
            "smtps://hush@mail.example.org",
            "smtps://:hush@mail.example.org",
            "smtps://u:hush%FF@mail.example.org",
            "smtps://u:hush@mail.example.org?tls=required",
            "smtp://mail.example.org?tls=hush",
            "smtp://mail.example.org/hush",
            "smtp://mail.example.org:hush",
        ] {
            let fault = Server::parse(wrong).expect_err(wrong).to_string();
            assert!(!fault.contains("hush"), "{fault}");
        }
    }

    #[test]
    fn a_password_may_go_in_the_clear_within_this_machine_only() {
        assert!(Server::parse("smtp://u:p@127.0.0.1:2525").is_ok());
        assert!(Server::parse("smtp://u:p@mail.example.org?tls=required").is_ok());
    }

    #[test]
    fn its_debug_shows_no_password() {
        let server = Server::parse("smtps://u:hush@mail.example.org").expect("a server");
        assert_eq!(format!("{server:?}"), "Server(..)");
    }
}
