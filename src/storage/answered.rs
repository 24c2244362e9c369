//! Who has just answered, and who is to be thanked for it: the people's side of the
//! border.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::id::{InvitationId, WaveCode};
use crate::invitation::{Opener, TokenHash};
use crate::time::Moment;

use super::backend::{Bind, Kept};
use super::error::read;
use super::schema::invitations;
use super::{StorageError, Tx, backend};

impl Tx<'_> {
    /// Notes that somebody has answered, and when they are to be thanked, if they are.
    /// False, and nothing changed, if they may not answer any more: somebody else holds
    /// the invitation, their link was replaced, or the wave takes no answers. On
    /// PostgreSQL hold wave and invitation first.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn note_answered(
        &mut self,
        id: &InvitationId,
        wave: &WaveCode,
        hash: &TokenHash,
        opener: Opener,
        thanks_due: Option<Moment>,
    ) -> Result<bool, StorageError> {
        struct OfLead;
        struct OfDeputy;
        struct Unthanked<Of>(Of);
        const OPEN: &str = " AND EXISTS (SELECT 1 FROM waves WHERE state = 'open' AND code = ";
        const OF_LEAD: &str = ") AND NOT EXISTS (SELECT 1 FROM deputies \
             WHERE deputies.invitation_id = invitations.id) AND token_hash = ";
        const OF_DEPUTY: &str = ") AND EXISTS (SELECT 1 FROM deputies \
             WHERE deputies.invitation_id = invitations.id AND deputies.token_hash = ";
        let id = id.to_string();
        let (id, wave) = (Bind::Text(&id), Bind::Text(wave.as_str()));
        let hash = Bind::Bytes(hash.as_bytes());
        macro_rules! note {
            ($of:ident, $whose:ident, $end:literal) => {
                // No word about thanks leaves what was decided before.
                if let Some(due) = thanks_due {
                    const WORDS: &[&str] = &[
                        "UPDATE invitations SET standing = 'answered', thanks_due = ",
                        " WHERE id = ",
                        OPEN,
                        $whose,
                        $end,
                    ];
                    let binds = [Bind::Time(due.to_utc()), id, wave, hash];
                    let change = Kept::<$of, 4>::new(WORDS, binds);
                    backend::directly!(self.conn, conn => change.execute(conn))?
                } else {
                    const WORDS: &[&str] = &[
                        "UPDATE invitations SET standing = 'answered' WHERE id = ",
                        OPEN,
                        $whose,
                        $end,
                    ];
                    let change = Kept::<Unthanked<$of>, 3>::new(WORDS, [id, wave, hash]);
                    backend::directly!(self.conn, conn => change.execute(conn))?
                }
            };
        }
        let changed = match opener {
            Opener::Lead => note!(OfLead, OF_LEAD, ""),
            Opener::Deputy => note!(OfDeputy, OF_DEPUTY, ")"),
        };
        Ok(changed == 1)
    }

    /// Who is to be thanked by now and when that was due, at most so many, by wave and id.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn owed_thanks(
        &mut self,
        now: Moment,
        most: u32,
    ) -> Result<Vec<(WaveCode, InvitationId, Moment)>, StorageError> {
        let rows: Vec<(String, String, Option<NaiveDateTime>)> = invitations::table
            .filter(invitations::thanks_due.le(now.to_utc()))
            .select((invitations::wave_code, invitations::id, invitations::thanks_due))
            .order((invitations::thanks_due, invitations::wave_code, invitations::id))
            .limit(most.into())
            .load(self.conn)?;
        rows.into_iter()
            .filter_map(|(wave, id, due)| Some((wave, id, due?)))
            .map(|(wave, id, due)| {
                let (wave, id) = (read("a wave's code", &wave)?, read("an invitation's id", &id)?);
                Ok((wave, id, Moment::from_utc(due)))
            })
            .collect()
    }

    /// Owes somebody thanks no more; false if they are not owed by now.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn forget_thanks(&mut self, id: &InvitationId, now: Moment) -> Result<bool, StorageError> {
        let owed = invitations::table.find(id.to_string());
        let changed = diesel::update(owed.filter(invitations::thanks_due.le(now.to_utc())))
            .set(invitations::thanks_due.eq(None::<NaiveDateTime>))
            .execute(self.conn)?;
        Ok(changed == 1)
    }
}
