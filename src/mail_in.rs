//! Looks once a minute whether bounces have come into a Maildir or a mailbox on
//! an IMAP server, and takes them in. Remembers nothing: what is taken is marked
//! there, and what is brought twice changes nothing. One message that cannot be
//! read never stops the others.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::sync::watch;

use crate::flow::{self, FlowError, House};
use crate::mail::{ImapFault, ImapMailbox, Maildir, OpenMailbox, Waiting};

/// How long between two looks.
const MINUTE: Duration = Duration::from_mins(1);

/// So often a mailbox is opened again in one look, after a message at which the
/// connection broke.
const MOST_BREAKS: usize = 5;

/// Looks for bounces once a minute until `stop` turns true; returns at once if
/// none are brought to a Maildir or a mailbox.
pub async fn run(house: House, mut stop: watch::Receiver<bool>) {
    if house.settings.mail_bounce_maildir.is_none() && house.settings.mail_bounce_imap.is_none() {
        return;
    }
    while !*stop.borrow() {
        look(&house).await;
        // A stop order ends the rest at once; a closed channel is a stop order too.
        tokio::select! {
            () = tokio::time::sleep(MINUTE) => {}
            changed = stop.changed() => if changed.is_err() { return },
        }
    }
}

/// Looks once; says how many messages were taken.
pub async fn look(house: &House) -> usize {
    let mut taken = 0;
    if let Some(folder) = house.settings.mail_bounce_maildir.clone() {
        taken += look_into_maildir(house, &Maildir::new(folder)).await;
    }
    if let Some(mailbox) = &house.settings.mail_bounce_imap {
        taken += look_into_mailbox(house, mailbox).await;
    }
    if taken > 0 {
        tracing::info!(taken, "mails came back");
    }
    taken
}

async fn look_into_maildir(house: &House, maildir: &Maildir) -> usize {
    let waiting = match maildir.waiting() {
        Ok(waiting) => waiting,
        Err(error) => {
            tracing::error!(%error, "the Maildir of bounces cannot be read");
            return 0;
        }
    };
    let mut taken = 0;
    for one in waiting {
        let file = one.clone();
        match house.blocking(move |house| take_file(house, &file)).await {
            Ok(true) => {}
            Ok(false) => continue,
            Err(FlowError::BrokenOff) => left_unread(),
            Err(error) => {
                not_taken(&error);
                break;
            }
        }
        match one.put_away() {
            Ok(()) => taken += 1,
            Err(error) => tracing::warn!(%error, "a bounce was taken and cannot be put away"),
        }
    }
    taken
}

/// Takes one file; `false` if it is gone or cannot be read.
fn take_file(house: &House, file: &Waiting) -> Result<bool, FlowError> {
    match file.read() {
        Ok(Some(bytes)) => flow::take_bounce(house, &bytes, None).map(|_| true),
        Ok(None) => Ok(false),
        Err(error) => {
            tracing::warn!(%error, "a message in the Maildir of bounces cannot be read");
            Ok(false)
        }
    }
}

async fn look_into_mailbox(house: &House, mailbox: &ImapMailbox) -> usize {
    let (mut taken, mut breaks) = (0, 0);
    // Messages at which the server gave up: the others come first.
    let mut broken = BTreeSet::new();
    loop {
        match one_visit(house, mailbox, &mut broken, &mut taken).await {
            Ok(()) => return taken,
            Err(fault) => {
                tracing::warn!(%fault, "the mailbox of bounces was not read to its end");
                breaks += 1;
                // Only a message may be to blame, not the server as a whole.
                if breaks > MOST_BREAKS || broken.len() < breaks {
                    return taken;
                }
            }
        }
    }
}

/// Takes what is unseen and was not in the way before.
async fn one_visit(
    house: &House,
    mailbox: &ImapMailbox,
    broken: &mut BTreeSet<u32>,
    taken: &mut usize,
) -> Result<(), ImapFault> {
    let mut open = mailbox.open().await?;
    for message in open.unseen().await? {
        if broken.contains(&message) {
            continue;
        }
        match take_from(house, &mut open, message).await {
            Ok(true) => *taken += 1,
            Ok(false) => break,
            Err(fault @ ImapFault::Broken(_)) => {
                broken.insert(message);
                return Err(fault);
            }
            Err(fault) => tracing::warn!(%fault, "a message in the mailbox of bounces is left"),
        }
    }
    open.close().await;
    Ok(())
}

/// Takes one message; `false` if the house takes none now.
async fn take_from(house: &House, open: &mut OpenMailbox, message: u32) -> Result<bool, ImapFault> {
    if let Some(bytes) = open.read(message).await? {
        match house.blocking(move |house| flow::take_bounce(house, &bytes, None)).await {
            Ok(_) => {}
            Err(FlowError::BrokenOff) => left_unread(),
            Err(error) => {
                not_taken(&error);
                return Ok(false);
            }
        }
        open.mark_seen(message).await?;
    }
    Ok(true)
}

/// The reader itself stopped at a message, and would again.
fn left_unread() {
    tracing::error!("a message that came back cannot be read and is left out");
}

fn not_taken(error: &FlowError) {
    tracing::error!(%error, "bounces cannot be taken in now; the next look tries again");
}
