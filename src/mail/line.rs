//! One line out of the house, used by one worker. It connects when the first
//! mail comes, keeps its connection for the mails after it, and says of each
//! mail what is known about it and no more.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::connection::{Connection, Failure, WayIn};
use super::delivery::{Delivery, Said, Step, Trouble};
use super::folder;
use super::message::Outgoing;
use super::server::Server;

/// A connection takes so many mails; some servers hang up after a few hundred.
const MOST_MAILS: u32 = 500;
/// A connection that was idle for so long is not used again: servers drop them.
const LONGEST_IDLE: Duration = Duration::from_secs(30);

/// One line out of the house.
pub struct Line(Way);

enum Way {
    Smtp { server: Server, kept: Option<Box<Kept>> },
    Folder(PathBuf),
    Memory(Arc<Mutex<Vec<Vec<u8>>>>),
}

struct Kept {
    connection: Connection,
    mails: u32,
    used: Instant,
}

/// A mail that stopped before its message was begun.
struct Stopped {
    step: Step,
    failure: Failure,
}

impl Line {
    pub(super) fn to_server(server: Server) -> Self {
        Self(Way::Smtp { server, kept: None })
    }

    pub(super) fn to_folder(folder: PathBuf) -> Self {
        Self(Way::Folder(folder))
    }

    pub(super) fn to_memory(memory: Arc<Mutex<Vec<Vec<u8>>>>) -> Self {
        Self(Way::Memory(memory))
    }

    /// Hands a mail on. `before_dot` is called just before the first byte of the
    /// message goes: if it was not called, the mail was surely not taken. Whoever
    /// drops this future before it ends loses the connection, and knows no more
    /// than whether `before_dot` was called.
    pub async fn send(&mut self, mail: &Outgoing, before_dot: impl FnOnce()) -> Delivery {
        match &mut self.0 {
            Way::Smtp { server, kept } => {
                let (delivery, left) = over_smtp(server, kept.take(), mail, before_dot).await;
                *kept = left;
                delivery
            }
            Way::Folder(path) => {
                let (path, id, bytes) = (path.clone(), mail.id, mail.bytes.clone());
                before_dot();
                let keeping = tokio::task::spawn_blocking(move || folder::keep(&path, &id, &bytes));
                let kept = keeping.await.unwrap_or_else(|error| Err(io::Error::other(error)));
                match kept {
                    Ok(()) => Delivery::Taken,
                    Err(error) => Delivery::Later {
                        trouble: Trouble::Server,
                        said: Said::new(Step::Message, None, &error.to_string(), ""),
                    },
                }
            }
            Way::Memory(kept) => {
                before_dot();
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(mail.bytes.clone());
                Delivery::Taken
            }
        }
    }

    /// Takes leave of the server, if there is one.
    pub async fn close(self) {
        if let Way::Smtp { kept: Some(kept), .. } = self.0 {
            kept.connection.quit().await;
        }
    }
}

/// Sends over the connection that was kept, or over a new one; gives back the
/// connection that can take the next mail.
async fn over_smtp(
    server: &Server,
    kept: Option<Box<Kept>>,
    mail: &Outgoing,
    before_dot: impl FnOnce(),
) -> (Delivery, Option<Box<Kept>>) {
    if let Some(mut kept) = kept {
        if kept.mails >= MOST_MAILS || kept.used.elapsed() >= LONGEST_IDLE {
            kept.connection.quit().await;
        } else {
            match announce(&mut kept.connection, mail).await {
                Ok(()) => return hand_over(kept, mail, before_dot).await,
                // The server was about to close it: nothing of this mail's doing.
                Err(stopped) if stopped.line_had_ended() => {}
                Err(stopped) => return stopped.end(kept, mail).await,
            }
        }
    }
    let hello = mail.envelope.from.rsplit('@').next().unwrap_or_default();
    let connection = match Connection::open(server, hello, &mut WayIn::default()).await {
        Ok(connection) => connection,
        Err(said) => return (Delivery::Later { trouble: Trouble::Server, said }, None),
    };
    let mut kept = Box::new(Kept { connection, mails: 0, used: Instant::now() });
    match announce(&mut kept.connection, mail).await {
        Ok(()) => hand_over(kept, mail, before_dot).await,
        Err(stopped) => stopped.end(kept, mail).await,
    }
}

async fn announce(connection: &mut Connection, mail: &Outgoing) -> Result<(), Stopped> {
    let Outgoing { envelope, .. } = mail;
    let announced = connection.announce(&envelope.from, &envelope.to).await;
    announced.map_err(|(step, failure)| Stopped { step, failure })
}

async fn hand_over(
    mut kept: Box<Kept>,
    mail: &Outgoing,
    before_dot: impl FnOnce(),
) -> (Delivery, Option<Box<Kept>>) {
    before_dot();
    let result = kept.connection.message(&mail.bytes).await;
    kept.mails += 1;
    kept.used = Instant::now();
    let Err(failure) = result else { return (Delivery::Taken, Some(kept)) };
    let said = failure.said(Step::Message, &mail.envelope.to);
    match failure {
        Failure::Reply(reply) => match reply.code {
            421 => (Delivery::Later { trouble: Trouble::Server, said }, None),
            400..500 => (Delivery::Later { trouble: Trouble::Mail, said }, Some(kept)),
            500..600 => (Delivery::Refused(said), Some(kept)),
            _ => (Delivery::Unknown, None),
        },
        Failure::Silence | Failure::Broken(_) => (Delivery::Unknown, None),
    }
}

impl Stopped {
    /// Whether the connection was at its end, which says nothing of the mail.
    fn line_had_ended(&self) -> bool {
        match &self.failure {
            Failure::Reply(reply) => reply.code == 421,
            Failure::Broken(_) => true,
            Failure::Silence => false,
        }
    }

    /// What it means for the mail, and for the connection.
    async fn end(self, mut kept: Box<Kept>, mail: &Outgoing) -> (Delivery, Option<Box<Kept>>) {
        let said = self.failure.said(self.step, &mail.envelope.to);
        let code = match &self.failure {
            Failure::Reply(reply) if reply.code != 421 => reply.code,
            _ => return (Delivery::Later { trouble: Trouble::Server, said }, None),
        };
        let delivery = match (self.step, code) {
            (Step::RcptTo | Step::Data, 500..600) => Delivery::Refused(said),
            (Step::RcptTo | Step::Data, 400..500) => {
                Delivery::Later { trouble: Trouble::Mail, said }
            }
            // Who does not take our sender takes none of our mails.
            _ => Delivery::Later { trouble: Trouble::Server, said },
        };
        kept.used = Instant::now();
        let clean = kept.connection.reset().await.is_ok();
        (delivery, clean.then_some(kept))
    }
}
