//! Decides on a round of reminders: only for those who have not replied.

use crate::id::{MailId, WaveCode};
use crate::invitation::MailKind;

use super::{FlowError, House, held_wave};

/// Puts a reminder into the outbox for everybody who has not replied; says how many.
///
/// # Errors
/// If the wave takes no answers now, or mails of it have not gone yet.
pub fn remind_wave(house: &House, code: &WaveCode) -> Result<usize, FlowError> {
    let now = house.now();
    house.store.write(|tx| {
        held_wave(tx, code)?.check_asks(now)?;
        let waiting = tx.rounds_waiting(code)?;
        if waiting > 0 {
            return Err(FlowError::MailsWaiting(waiting));
        }
        let round = tx.last_round(code, MailKind::Reminder)? + 1;
        let mut reminded = 0;
        for invitation in tx.invitations(code)? {
            if invitation.standing.is_due(MailKind::Reminder) {
                let mail = MailId::random(&house.chance);
                let round = (MailKind::Reminder, round, None);
                tx.insert_mail(&mail, code, &invitation.id, round, now)?;
                reminded += 1;
            }
        }
        Ok(reminded)
    })
}
