//! Mails on their way out and back: a finished text becomes a standard message,
//! a transport hands it on, and what comes back is read. Knows nothing of waves,
//! and writes no address and no text into a log.

mod bounce;
mod connection;
mod delivery;
mod dkim;
mod dns;
mod folder;
mod header;
mod imap;
mod journal;
mod line;
mod maildir;
mod message;
mod probe;
mod server;
mod tls;
mod transport;
mod verp;

pub use bounce::{MOST_BYTES, News, Reason, Returned, Status};
pub use delivery::{Delivery, Said, Step, Trouble};
pub use dkim::{BadDkimKey, BadKey, DkimSigner};
pub use dns::{Dns, DnsSilent, SenderRecords};
pub use folder::{KeptMail, kept_mail, kept_mails};
pub use imap::{BadImapUrl, ImapFault, ImapMailbox, OpenMailbox};
pub use journal::{Journal, Left, LeftMail, Mark};
pub use line::Line;
pub use maildir::{Maildir, Waiting};
pub use message::{BadMail, Envelope, Outgoing, Posting, Sender, SenderSettings};
pub use probe::ProbeReport;
pub use server::{BadMailUrl, Server};
pub use transport::Transport;
pub use verp::{BadBounceAddress, BounceAddress};
