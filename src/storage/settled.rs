//! Mails that somebody in the office sees to, and how many went lately.

use diesel::prelude::*;

use crate::id::MailId;
use crate::ledger::MailState;
use crate::letter::MailKind;

use super::error::read;
use super::schema::{mail_minutes, outbox};
use super::{StorageError, Tx};

impl Tx<'_> {
    /// A person leaves a mail as it is: it is not shown to them again. One that
    /// was held or in doubt does not go any more; `false` if there is no such mail.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn leave_mail(&mut self, id: &MailId) -> Result<bool, StorageError> {
        let still = [MailState::Held, MailState::Parked].map(MailState::word);
        diesel::update(outbox::table.find(id.to_string()).filter(outbox::state.eq_any(still)))
            .set((
                outbox::state.eq(MailState::Cancelled.word()),
                outbox::reason.eq(Some("decided in the office")),
            ))
            .execute(self.conn)?;
        let left = diesel::update(outbox::table.find(id.to_string()))
            .set(outbox::settled.eq(true))
            .execute(self.conn)?;
        Ok(left == 1)
    }

    /// The mails whose time has passed before they could go.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn held_mails(&mut self) -> Result<Vec<(MailId, MailKind)>, StorageError> {
        let rows: Vec<(String, String)> = outbox::table
            .filter(outbox::state.eq(MailState::Held.word()))
            .select((outbox::id, outbox::kind))
            .load(self.conn)?;
        rows.into_iter()
            .map(|(id, kind)| Ok((read("a mail's id", &id)?, read("a mail's kind", &kind)?)))
            .collect()
    }

    /// How many mails went, or were claimed to go, after this minute to anywhere.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn mails_after_minute(&mut self, minute: i64) -> Result<u32, StorageError> {
        let counts: Vec<i32> = mail_minutes::table
            .filter(mail_minutes::minute.gt(minute))
            .filter(mail_minutes::domain.eq("*"))
            .select(mail_minutes::mails)
            .load(self.conn)?;
        Ok(counts.into_iter().filter_map(|count| u32::try_from(count).ok()).sum())
    }
}
