//! Somebody has lost their link: it is sent again to the address that holds it,
//! and nobody is told whether it does.

use crate::id::MailId;
use crate::ledger::{NewMail, Recipient};
use crate::letter::MailKind;
use crate::register::EmailAddress;

use super::{FlowError, House, held_wave};

/// One link is sent again at most once in so many seconds, whoever asks.
const PAUSE_SECONDS: i64 = 600;

/// Puts a mail into the outbox for each link that the address holds in a wave
/// that takes answers. An address that holds none goes the same way and takes the
/// same turn at the database.
///
/// # Errors
/// If the database fails.
pub fn send_lost_link(house: &House, address: &EmailAddress) -> Result<(), FlowError> {
    let now = house.now();
    house.store.write(|tx| {
        for wave in tx.waves()? {
            let links = tx.links_of_address(&wave.code, address)?;
            if !wave.takes_answers(now) {
                continue;
            }
            for (invitation, generation) in links {
                // It may have begun to close since it was listed.
                if !held_wave(tx, &wave.code)?.takes_answers(now) {
                    continue;
                }
                tx.hold_invitation(&invitation)?;
                let kind = MailKind::LostLink;
                let recipient = Recipient::Invitation(invitation);
                let (round, due) = tx.newest_mail(&recipient, kind, Some(generation))?;
                // One that still waits for its turn was due later than now.
                if due.is_some_and(|due| due.plus_seconds(PAUSE_SECONDS) > now) {
                    continue;
                }
                tx.insert_mail(&NewMail {
                    id: MailId::random(&house.chance),
                    recipient,
                    wave: Some(wave.code.clone()),
                    kind,
                    round: round.saturating_add(1),
                    generation: Some(generation),
                    due: now,
                })?;
            }
        }
        Ok(())
    })
}
