//! A lead comes with a link: whose it is, and what is asked. Changes nothing.

use std::sync::Arc;

use crate::answer::Reply;
use crate::definition::{Survey, Tokens};
use crate::invitation::{
    DraftKey, DraftSecret, Invitation, Opener, Standing, Token, UnreadableDraft,
};
use crate::keyring::Secret;
use crate::storage::{OpenedByLink, Tx};
use crate::time::Moment;
use crate::wave::Wave;

use super::{DeputyRefusal, FlowError, House, check_takes_answers, the_wave};

/// An invitation that was opened with one of its links, whether or not that link
/// may answer now.
pub struct Entry {
    /// The link's secret.
    pub token: Token,
    /// The invitation.
    pub invitation: Invitation,
    /// Whose link it is.
    pub opener: Opener,
    /// The wave it is for.
    pub wave: Wave,
}

impl Entry {
    /// Whether the lead's own link was opened while a deputy answers.
    #[must_use]
    pub fn is_handed_over(&self) -> bool {
        self.opener != self.invitation.holder()
    }
}

/// What is known about somebody who came with a link that may answer.
pub struct Visit {
    /// The link's secret.
    pub token: Token,
    /// The invitation that the visitor holds.
    pub invitation: Invitation,
    /// The wave it is for.
    pub wave: Wave,
    /// What the wave asks.
    pub survey: Arc<Survey>,
    /// The draft so far; empty if none.
    pub draft: Reply,
}

impl Visit {
    /// The values of the tokens in the survey's texts.
    #[must_use]
    pub fn tokens(&self) -> Tokens {
        let Wave { fin_year, smallest, smallest_groups, .. } = &self.wave;
        Tokens {
            group: self.invitation.group_name.clone(),
            pct: self.invitation.pct_name.clone(),
            ..Tokens::for_everybody(fin_year, *smallest, *smallest_groups)
        }
    }

    /// The name of the lead in whose place this visitor answers, if they do.
    #[must_use]
    pub fn in_place_of(&self) -> Option<&str> {
        let Invitation { name, deputy, .. } = &self.invitation;
        deputy.is_some().then(|| name.expose())
    }

    /// Whether a sealed reply is in the box.
    #[must_use]
    pub fn has_answered(&self) -> bool {
        self.invitation.standing == Standing::Answered
    }

    /// Refuses if the wave takes no answers now.
    ///
    /// # Errors
    /// [`FlowError::NotYetOpen`] or [`FlowError::Closed`].
    pub fn check_open(&self, house: &House) -> Result<(), FlowError> {
        check_takes_answers(self.wave.clone(), house.now()).map(drop)
    }
}

/// Which invitation this link belongs to, while its wave takes answers.
///
/// # Errors
/// [`FlowError::DeadLink`] if nobody was sent it, [`DeputyRefusal::TakenBack`] if it
/// was a deputy's, [`FlowError::NotYetOpen`] or [`FlowError::Closed`].
pub fn entry(house: &House, token: &Token) -> Result<Entry, FlowError> {
    let now = house.now();
    house.store.look(|tx| {
        let opened = tx.opened_by_link(&token.hash())?;
        Ok(entry_of(tx, token, opened, now)?.0)
    })
}

/// Who came with this link, and their draft.
///
/// # Errors
/// [`FlowError::DeadLink`] if nobody was sent it, [`DeputyRefusal::HandedOver`] if a
/// deputy answers instead, [`DeputyRefusal::TakenBack`] if it was that deputy's.
pub fn visit(house: &House, token: &Token) -> Result<Visit, FlowError> {
    let now = house.now();
    house.store.look(|tx| {
        let Some(opened) = tx.opened_by_link(&token.hash())? else {
            return Err(no_invitation(tx, token, now)?);
        };
        let OpenedByLink { invitation, opener, wave, draft } = opened;
        if opener != invitation.holder() {
            check_takes_answers(wave, now)?;
            return Err(DeputyRefusal::HandedOver.into());
        }
        let survey = house.survey(tx, &wave)?;
        let draft = match draft {
            // A draft that cannot be read must not shut the lead out.
            Some(sealed) => {
                read_draft(&draft_key(house, &wave, token)?, sealed).unwrap_or_default()
            }
            None => Reply::default(),
        };
        Ok(Visit { token: token.clone(), invitation, wave, survey, draft })
    })
}

/// What was opened, while its wave takes answers; with the sealed draft.
fn entry_of(
    tx: &mut Tx<'_>,
    token: &Token,
    opened: Option<OpenedByLink>,
    now: Moment,
) -> Result<(Entry, Option<Vec<u8>>), FlowError> {
    let Some(OpenedByLink { invitation, opener, wave, draft }) = opened else {
        return Err(no_invitation(tx, token, now)?);
    };
    let wave = check_takes_answers(wave, now)?;
    Ok((Entry { token: token.clone(), invitation, opener, wave }, draft))
}

/// Why a link opens nothing.
fn no_invitation(tx: &mut Tx<'_>, token: &Token, now: Moment) -> Result<FlowError, FlowError> {
    let Some(code) = tx.wave_of_spent_link(&token.hash())? else { return Ok(FlowError::DeadLink) };
    check_takes_answers(the_wave(tx, &code)?, now)?;
    Ok(DeputyRefusal::TakenBack.into())
}

/// The invitation of this link and its wave while it takes answers: both held
/// still until the transaction ends. The link may be one that does not answer now.
pub(super) fn held_entry(tx: &mut Tx<'_>, token: &Token, now: Moment) -> Result<Entry, FlowError> {
    let opened = tx.hold_opened_by_link(&token.hash())?;
    Ok(entry_of(tx, token, opened, now)?.0)
}

/// Somebody who may answer, and the sealed draft.
pub(super) struct Answering {
    pub(super) invitation: Invitation,
    pub(super) wave: Wave,
    pub(super) draft: Option<Vec<u8>>,
}

impl Answering {
    fn of(
        tx: &mut Tx<'_>,
        token: &Token,
        opened: Option<OpenedByLink>,
        now: Moment,
    ) -> Result<Self, FlowError> {
        let (entry, draft) = entry_of(tx, token, opened, now)?;
        if entry.is_handed_over() {
            return Err(DeputyRefusal::HandedOver.into());
        }
        let Entry { invitation, wave, .. } = entry;
        Ok(Self { invitation, wave, draft })
    }
}

/// Whose link this is, and its wave, for whoever may answer: held as by
/// [`held_entry`].
pub(super) fn answering(
    tx: &mut Tx<'_>,
    token: &Token,
    now: Moment,
) -> Result<Answering, FlowError> {
    let opened = tx.hold_opened_by_link(&token.hash())?;
    Answering::of(tx, token, opened, now)
}

/// The same as it is at this moment: nothing is held.
pub(super) fn seen_answering(
    tx: &mut Tx<'_>,
    token: &Token,
    now: Moment,
) -> Result<Answering, FlowError> {
    let opened = tx.opened_by_link(&token.hash())?;
    Answering::of(tx, token, opened, now)
}

/// The key of the draft of a link. It needs the wave's secret too, so that an
/// old backup is of no use to somebody who finds an old mail.
pub(super) fn draft_key(house: &House, wave: &Wave, token: &Token) -> Result<DraftKey, FlowError> {
    let secret = DraftSecret::from_bytes(&*house.keyring.get_often(&wave.code, Secret::Drafts)?);
    Ok(token.draft_key(&secret))
}

/// The draft in its sealed form.
pub(super) fn read_draft(key: &DraftKey, sealed: Vec<u8>) -> Result<Reply, FlowError> {
    let opened = key.open(sealed)?;
    Reply::from_bytes(&opened).map_err(|_| UnreadableDraft.into())
}
