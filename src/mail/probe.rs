//! Trying a way out without sending a mail, for `soundings doctor`.

use std::fs;
use std::path::Path;

use super::connection::{Connection, WayIn};
use super::delivery::{Said, Step};
use super::transport::Transport;

/// What a trial found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProbeReport {
    /// The version of TLS, if the line is secret.
    pub tls: Option<String>,
    /// Whether name and password were accepted; none if there are none to show.
    pub signed_in: Option<bool>,
    /// Whether mails from this sender are taken.
    pub sender_accepted: bool,
    /// What stood in the way.
    pub fault: Option<Said>,
}

impl Transport {
    /// Goes as far as a mail of this sender would without a receiver: connects,
    /// signs in, names the sender, and takes leave.
    pub async fn probe(&self, sender: &str) -> ProbeReport {
        match self {
            Self::Smtp(server) => {
                let mut way_in = WayIn::default();
                let hello = sender.rsplit('@').next().unwrap_or_default();
                let fault = match Connection::open(server, hello, &mut way_in).await {
                    Err(said) => Some(said),
                    Ok(mut connection) => {
                        let answer = connection.mail_from(sender).await;
                        let fault = answer.err().map(|why| why.said(Step::MailFrom, ""));
                        if connection.reset().await.is_ok() {
                            connection.quit().await;
                        }
                        fault
                    }
                };
                ProbeReport {
                    tls: way_in.tls,
                    signed_in: server.login.is_some().then_some(way_in.signed_in),
                    sender_accepted: fault.is_none(),
                    fault,
                }
            }
            Self::Folder(folder) => ProbeReport::without_server(try_folder(folder)),
            Self::Memory(_) => ProbeReport::without_server(None),
        }
    }
}

impl ProbeReport {
    fn without_server(fault: Option<Said>) -> Self {
        Self { tls: None, signed_in: None, sender_accepted: fault.is_none(), fault }
    }
}

/// Whether a file can be made there.
fn try_folder(folder: &Path) -> Option<Said> {
    let trial = folder.join("probe.new");
    let tried = fs::create_dir_all(folder)
        .and_then(|()| fs::write(&trial, b""))
        .and_then(|()| fs::remove_file(&trial));
    tried.err().map(|error| Said::new(Step::Connect, None, &error.to_string(), ""))
}
