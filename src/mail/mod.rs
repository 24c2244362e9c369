//! Mails on their way out: a finished text becomes a standard message, and a
//! transport hands it on. Knows nothing of waves, and writes no address and no
//! text into a log.

mod folder;
mod message;
mod transport;
mod verp;

pub use folder::{KeptMail, kept_mail, kept_mails};
pub use message::{BadMail, Outgoing, Posting, Sender};
pub use transport::{BadMailUrl, Delivery, Server, Transport};
pub use verp::{BadBounceAddress, BounceAddress};
