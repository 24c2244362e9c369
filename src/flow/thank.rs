//! Thanks those who have answered, in the evening of that day. Until then their
//! invitations say that thanks are owed: whoever sends a reply does not wait for the
//! ledger of mails. One mail for an invitation, however often its reply was replaced.

use crate::id::MailId;
use crate::ledger::{NewMail, Recipient};
use crate::letter::MailKind;
use crate::time::Moment;

use super::{FlowError, House, held_wave};

/// Puts the thanks that are due into the ledger, at most so many.
///
/// # Errors
/// If the database fails.
pub(super) fn decide_thanks(house: &House, now: Moment, most: u32) -> Result<(), FlowError> {
    let owed = house.store.look(|tx| tx.owed_thanks(now, most))?;
    for of_wave in owed.chunk_by(|(one, ..), (other, ..)| one == other) {
        house.store.write(|tx| {
            if let Some((wave, ..)) = of_wave.first() {
                // As whoever answers does, and the count.
                held_wave(tx, wave)?;
            }
            for (wave, id, due) in of_wave {
                // Another worker, or the count, may have come between.
                if !tx.forget_thanks(id, now)? {
                    continue;
                }
                tx.insert_mail_once(&NewMail {
                    id: MailId::random(&house.chance),
                    recipient: Recipient::Invitation(*id),
                    wave: Some(wave.clone()),
                    kind: MailKind::Thanks,
                    round: 1,
                    generation: None,
                    due: *due,
                })?;
            }
            Ok::<_, FlowError>(())
        })?;
    }
    Ok(())
}
