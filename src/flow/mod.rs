//! The acts of the house, one file each: in one transaction load, decide with
//! the core, write. The web, the worker and the command line call these and
//! decide nothing themselves.

mod accounts;
mod admit;
mod answer_section;
mod api_token;
mod audit_release;
mod bring_key;
mod cancel_wave;
mod cast_ballot;
mod change_register;
mod claim_mail;
mod close_wave;
mod closing_record;
mod correct_address;
mod create_wave;
mod decline;
mod edit_letter;
mod edit_register;
mod held_surveys;
mod import_ballots;
mod import_register;
mod keep_survey;
mod load_register;
mod load_stocktake;
mod look_first;
mod lost_link;
mod mail_rounds;
mod make_key;
mod make_release;
mod name_deputy;
mod note_release;
mod open_wave;
mod opening_checks;
mod plan_release;
mod prepare_ballot_box;
mod preview_letter;
mod provider_sign_in;
mod read_comments;
mod read_release;
mod register_overview;
mod release_desk;
mod results_link;
mod second;
mod second_step;
mod see_to_ideas;
mod see_to_mails;
mod send_due_mail;
mod session;
mod share_idea;
mod sign_in;
mod simulate;
mod stop_mails;
mod take_bounce;
mod thank;
mod to_do;
mod trail;
mod visit;
mod wave_status;
mod write_mail;

pub use accounts::{
    AccountEntry, AccountRefusal, accounts, add_account, change_account, put_account,
    remove_account, units_for_accounts,
};
pub use answer_section::{SectionSaved, forget_idle_drafts, save_section};
pub use api_token::{ApiToken, NotAToken, account_of_token, issue_api_token, revoke_api_tokens};
pub use bring_key::{KeyStatus, key_fingerprint, key_status, rehearse_key};
pub use cancel_wave::{cancel_wave, cancelled, move_dates};
pub use cast_ballot::{Cast, cast_ballot, receipt};
pub use change_register::{Undo, forget_old_registers, undo_register, undoable};
pub use claim_mail::{Found, Outcome, Prepared, bury_worker, claim_mails, record_mails};
pub use close_wave::{Closing, Resumed, close_wave, resume_closings};
pub use closing_record::{CheckedRecord, closing_record, receipts};
pub use correct_address::{AddressRefusal, Corrected, correct_address};
pub use create_wave::{NewWave, create_wave, draft_of};
pub use decline::decline;
pub use edit_letter::{
    HeldLetter, LetterRefusal, LetterStage, bring_back_letter, held_letter, held_letters,
    save_letter,
};
pub use edit_register::edit_register;
pub use held_surveys::{AskedBy, AskedSurvey, HeldSurvey, asked_survey, held_surveys};
pub use import_ballots::{AskedPeople, Imported, export_ballots, import_ballots};
pub use import_register::{
    ConfirmedImport, ImportPreview, confirm_import, drop_import, preview_import,
};
pub use keep_survey::{SHIPPED, keep_survey, survey_source};
pub use load_register::{RegisterFiles, load_register};
pub use load_stocktake::load_stocktake;
pub use look_first::{MOST_NOTE, decide_look_first};
pub use lost_link::send_lost_link;
pub use mail_rounds::{
    NextReminder, RoundStatus, cancel_round, change_round, decide_rounds, next_reminder,
    pause_mails, remind_once, remind_wave, resume_mails, round_statuses,
};
pub use make_key::{Handed, KeyWish, PreparedKey, make_key, prepared_key};
pub use make_release::{build_release, publish_release};
pub use name_deputy::{DeputyRefusal, name_deputy, take_back};
pub use note_release::{MOST_WORDS, note_release};
pub use open_wave::{Opened, PersonalLink, open_wave, personal_links};
pub use opening_checks::{OpeningChecks, RATES, UnitForecast, opening_checks};
pub use plan_release::{
    MOST_REASON, early_access, grant_early, plan_release, public_summaries, publish_due,
    release_plan, set_showing, showing, unplan_release, withdraw_early,
};
pub use prepare_ballot_box::KeyPlan;
pub use preview_letter::{LetterPreview, preview_letter, send_test_letter};
pub use provider_sign_in::{ProviderRefusal, enter_by_provider, unbind_provider};
pub use read_comments::{
    CommentDesk, CommentRefusal, add_comment_theme, comment_desk, decide_comment, publish_comments,
    published_comments, reading_mark, remove_comment_theme, reopen_comment, take_down_comments,
};
pub use read_release::{
    Early, Published, ReadRelease, published_release, published_releases, read_release,
    stocktake_day, stocktake_href,
};
pub use register_overview::{MOST_EVENTS, RegisterOverview, register_history, register_overview};
pub use release_desk::{AskedPublication, Readers, ReleaseDesk, release_desk};
pub use results_link::{results_href, results_link, results_pass};
pub use second::{Second, ask_second, asked_seconds, second, take_back_second};
pub use second_step::{
    Enrolment, LOCKED_MINUTES, MOST_WRONG, SecondStepRefusal, SecondStepState, Tried,
    begin_second_step, confirm_second_step, enrolment, pass_second_step, remove_second_step,
    reset_second_step, second_step_state, waits_for_code,
};
pub use see_to_ideas::{IdeaAct, delete_idea, network_idea, public_ideas, see_to_idea};
pub use see_to_mails::{
    CountsByRound, MailOverview, TroubledMail, leave_mail, mail_arrived, mail_overview, send_again,
    send_held, troubled_mail, write_again,
};
pub use send_due_mail::{SendOutcome, send_one};
pub use session::{
    Begun, InUse, Person, SESSION_HOURS, SessionView, end_session, sessions_of,
    sign_out_everywhere, signed_in, touch_session,
};
pub use share_idea::{NetworkRefusal, share_idea, sharing};
pub use sign_in::{
    SIGN_IN_MINUTES, SessionSecret, ask_to_sign_in, begin_session, browser_secret,
    issue_sign_in_link, person_of_link,
};
pub use simulate::{Region as SimulatedRegion, simulate_replies};
pub use stop_mails::{StopLink, start_mails, stop_link, stop_mails};
pub use take_bounce::{Taken, take_bounce};
pub use to_do::{ToDo, to_do};
pub use trail::{check_trail, trail_page, whole_trail};
pub use visit::{Entry, Visit, entry, visit};
pub use wave_status::{WaveStatus, count_this_morning, wave_status, wave_statuses};
pub use write_mail::write_mail;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::audit::Finding;
use crate::chance::Chance;
use crate::config::Settings;
use crate::custody::HeldKeyFault;
use crate::definition::{Fingerprint, Survey, UnknownModule};
use crate::disclosure::RuleError;
use crate::fault::Faults;
use crate::id::{CodeError, ModuleCode, WaveCode};
use crate::keyring::{KeyError, Keyring};
use crate::letter::MailKind;
use crate::mail::{BadBounceAddress, BadMail, Sender};
use crate::pages::{PageError, Pages};
use crate::register::{EditRefusal, TreeError};
use crate::release::MakeError;
use crate::storage::{StorageError, Store, Tx};
use crate::tabulation::TallyError;
use crate::time::{Clock, Moment};
use crate::trail::{Actor, Broken};
use crate::wave::{Wave, WaveRefusal};

/// Everything an act needs: the house's database, keys, clock and chance.
#[derive(Clone)]
pub struct House {
    /// The database.
    pub store: Store,
    /// The keys.
    pub keyring: Keyring,
    /// Now.
    pub clock: Clock,
    /// Randomness.
    pub chance: Chance,
    /// The templates.
    pub pages: Arc<Pages>,
    /// What was set.
    pub settings: Arc<Settings>,
    /// Whether everything in it is made up, for a demonstration.
    pub synthetic: bool,
    /// Who acts through this value: the audit trail names them.
    pub actor: Actor,
    surveys: Arc<Mutex<HashMap<Asked, Arc<Survey>>>>,
    box_keys: cast_ballot::BoxKeys,
    shelf: Arc<read_release::Shelf>,
}

/// Why an act was refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The wave's state or times.
    #[error(transparent)]
    Wave(#[from] WaveRefusal),
    /// Files with faults.
    #[error(transparent)]
    Faults(#[from] Faults),
    /// A file that cannot be read.
    #[error("{} cannot be read: {why}", .path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// No wave of this code.
    #[error("there is no wave {0}")]
    NoWave(WaveCode),
    /// Nothing is kept of how the wave was closed.
    #[error(
        "wave {0} has no closing record: it is not counted, or was counted by an older version"
    )]
    NoRecord(WaveCode),
    /// A wave of this code exists.
    #[error("there is a wave {0} already")]
    WaveExists(WaveCode),
    /// Nobody to invite.
    #[error("the register has no leads; import it first: soundings register import DIR")]
    NoLeads,
    /// Mails of the wave have not gone yet.
    #[error("{0} mails of this wave have not gone yet; remind when they have")]
    MailsWaiting(u32),
    /// Links were asked for that are secret.
    #[error("personal links are written out only for test waves; {0} is not one")]
    NotATestWave(WaveCode),
    /// No such link, or one that was replaced.
    #[error("the link is not known")]
    DeadLink,
    /// What a lead or a deputy wanted cannot be.
    #[error(transparent)]
    Deputy(#[from] DeputyRefusal),
    /// No idea is taken for the network.
    #[error(transparent)]
    Network(#[from] NetworkRefusal),
    /// What is wanted with comments cannot be.
    #[error(transparent)]
    Comment(#[from] CommentRefusal),
    /// No such comment, or none published.
    #[error("there is no such comment")]
    NoComment,
    /// No such idea for the network.
    #[error("there is no such idea")]
    NoIdea,
    /// What was typed in a rehearsal is not published.
    #[error("the idea came in a rehearsal, and is not published")]
    IdeaOfRehearsal,
    /// The wave takes no answers yet.
    #[error("the wave takes no answers yet")]
    NotYetOpen(Box<Wave>),
    /// The wave takes no answers any more.
    #[error("the wave takes no answers any more")]
    Closed(Box<Wave>),
    /// No such section.
    #[error("the survey has no such section")]
    NoSection,
    /// No answer was given.
    #[error("there is no answer to send")]
    NothingToSend,
    /// The draft was made with another link, or is damaged.
    #[error(transparent)]
    Draft(#[from] crate::invitation::UnreadableDraft),
    /// The envelope could not be sealed.
    #[error("the reply could not be sealed")]
    Seal,
    /// The key pair failed its rehearsal.
    #[error("the new ballot box key did not open its own rehearsal; the wave was not opened")]
    Rehearsal,
    /// The key at hand does not open the wave's box.
    #[error(
        "the ballot box key on this machine does not open the box of wave {0}; nothing was changed. Bring back the keys folder that belongs to this database"
    )]
    WrongKey(WaveCode),
    /// What was given is not the key of the wave's box.
    #[error(transparent)]
    HeldKey(#[from] HeldKeyFault),
    /// Ballots of leads were asked for.
    #[error(
        "in wave {0} leads were asked: their ballots leave this house as figures only. Export its release: soundings release export {0}"
    )]
    BallotsStay(WaveCode),
    /// A file cannot be written.
    #[error("the file cannot be written: {0}")]
    Output(String),
    /// The count does not agree with the box.
    #[error(
        "the count of wave {wave} does not agree with its box in {unit}: {counted} counted, {envelopes} envelopes; nothing was changed"
    )]
    Count {
        /// The wave.
        wave: WaveCode,
        /// The unit.
        unit: String,
        /// Ballots and spoiled envelopes.
        counted: u32,
        /// Envelopes in the box.
        envelopes: u32,
    },
    /// A ballot does not fit its survey or its tree.
    #[error("a ballot of the wave cannot be counted")]
    Tally(#[from] TallyError),
    /// The wave's promise is not a rule that can be kept.
    #[error("the rule of disclosure cannot be used: {}", all(.0))]
    Rule(Vec<RuleError>),
    /// The figures could not be made.
    #[error("the release could not be made")]
    Release(#[from] MakeError),
    /// The auditor found something in the files of a release.
    #[error("the release was not made, because its files would tell too much: {}", all(.0))]
    Audit(Vec<Finding>),
    /// No such survey.
    #[error("there is no such survey")]
    NoSurvey,
    /// A wave asks for a module that its survey does not have.
    #[error("{unknown}; it has: {}", .has.join(", "))]
    NoModule {
        /// The module asked for.
        unknown: UnknownModule,
        /// The modules of the survey.
        has: Vec<String>,
    },
    /// The letter of a kind of mail cannot be used.
    #[error("the letter {0} cannot be used")]
    Letter(MailKind),
    /// No such letter.
    #[error("there is no such letter")]
    NoLetter,
    /// No such mail.
    #[error("there is no such mail")]
    NoMail,
    /// An address is not corrected.
    #[error(transparent)]
    Address(#[from] AddressRefusal),
    /// A letter is not saved.
    #[error(transparent)]
    LetterRefused(#[from] LetterRefusal),
    /// The mail server's address in the settings.
    #[error(transparent)]
    MailUrl(#[from] crate::mail::BadMailUrl),
    /// A round of mails cannot be changed any more.
    #[error("the mails of that round are out already, or there is no such round")]
    RoundIsOut,
    /// A round of mails cannot go then.
    #[error("mails of a wave go between now and its closing")]
    RoundTime,
    /// No release to publish.
    #[error("wave {0} has no release to publish; build it first: soundings release build {0}")]
    NoRelease(WaveCode),
    /// A moment of publication that has passed.
    #[error("{} has passed; give a later time, or publish now", .0.in_words_with_time())]
    PlanPassed(Moment),
    /// How peers are shown stays once results are published.
    #[error(
        "the results of wave {0} are published: how PCTs see each other is not changed any more"
    )]
    PeersStay(WaveCode),
    /// A reason without words, or with too many.
    #[error("a reason has 1 to {MOST_REASON} characters")]
    ReasonLength,
    /// Nobody sees published results early.
    #[error("the results of wave {0} are published already")]
    PublishedAlready(WaveCode),
    /// The account was let see results early before.
    #[error("that account was let see the results of wave {0} already")]
    GrantedAlready(WaveCode),
    /// The account has no early access.
    #[error("that account has no early access to the results of wave {0}")]
    NotGranted(WaveCode),
    /// Only published results have notes.
    #[error(
        "the results of wave {0} are not published: a note is about published figures, which never change"
    )]
    NotPublished(WaveCode),
    /// A note without words, or with too many.
    #[error("a note has 1 to {MOST_WORDS} characters")]
    NoteLength,
    /// A template failed.
    #[error("a mail could not be written")]
    Page(#[from] PageError),
    /// A mail could not be put together.
    #[error("a mail could not be put together")]
    Mail(#[from] BadMail),
    /// The pattern of bounce addresses in the settings.
    #[error(transparent)]
    BounceAddress(#[from] BadBounceAddress),
    /// Region, clusters and units are not a tree.
    #[error("results need a tree of organisations: {}", all(.0))]
    Tree(Vec<TreeError>),
    /// The region's code in the settings.
    #[error("the region's code {0}")]
    Region(#[from] CodeError),
    /// No account of this address.
    #[error("there is no account of that address")]
    NoAccount,
    /// The sign-in link is unknown, used or too old.
    #[error("the sign-in link does not work any more")]
    DeadSignIn,
    /// The sign-in link works only in the browser that asked for it.
    #[error("the sign-in link was asked for in another browser")]
    OtherBrowser,
    /// An account stays as it is.
    #[error(transparent)]
    Account(#[from] AccountRefusal),
    /// A second step stays as it is.
    #[error(transparent)]
    SecondStep(#[from] SecondStepRefusal),
    /// An identity provider names somebody who is not let in.
    #[error(transparent)]
    Provider(#[from] ProviderRefusal),
    /// The link that ends all mails was never sent.
    #[error("the link that ends mails is not known")]
    DeadStopLink,
    /// That day has a stocktake.
    #[error(
        "there is a stocktake of {0} already, and a snapshot is never changed; use another date"
    )]
    StocktakeExists(chrono::NaiveDate),
    /// No key was handed out for the wave.
    #[error("no key was made for wave {0} yet")]
    NoPreparedKey(WaveCode),
    /// A colleague must do it.
    #[error("two people are needed for this: ask a colleague of the office to do it")]
    SecondNeeded,
    /// The audit trail is not whole.
    #[error("the audit trail is broken: {0}")]
    Trail(#[from] Broken),
    /// A change of the register that cannot be.
    #[error(transparent)]
    Edit(#[from] EditRefusal),
    /// A background task ended without an answer.
    #[error("the work was broken off")]
    BrokenOff,
}

/// A definition and the modules of it that a wave asks.
type Asked = (Fingerprint, Vec<ModuleCode>);

/// Several errors in one sentence.
fn all<E: std::fmt::Display>(errors: &[E]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl House {
    /// A house over its parts.
    #[must_use]
    pub fn new(
        store: Store,
        keyring: Keyring,
        clock: Clock,
        chance: Chance,
        pages: Arc<Pages>,
        settings: Arc<Settings>,
    ) -> Self {
        Self {
            store,
            keyring,
            clock,
            chance,
            pages,
            settings,
            synthetic: false,
            actor: Actor::Clockwork,
            surveys: Arc::default(),
            box_keys: cast_ballot::BoxKeys::default(),
            shelf: Arc::default(),
        }
    }

    /// The same house, through which somebody acts.
    #[must_use]
    pub fn acting(&self, actor: Actor) -> Self {
        Self { actor, ..self.clone() }
    }

    /// Who sends the mails of this house, with what they are signed by.
    ///
    /// # Errors
    /// If a setting cannot be used.
    pub fn sender(&self) -> Result<Sender, FlowError> {
        Ok(Sender::of(&self.settings, self.bounce_addresses()?)?)
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// The survey as a wave asks it, parsed once.
    ///
    /// # Errors
    /// If the definition is missing or damaged.
    pub fn survey(&self, tx: &mut Tx<'_>, wave: &Wave) -> Result<Arc<Survey>, StorageError> {
        let known = || self.surveys.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = (wave.definition.clone(), wave.modules.clone());
        if let Some(survey) = known().get(&asked) {
            return Ok(Arc::clone(survey));
        }
        let whole = tx.definition(&wave.definition)?;
        let survey = whole.with_modules(&wave.modules).map_err(|why| StorageError::Corrupt {
            what: "a wave's modules",
            why: why.to_string(),
        })?;
        let survey = Arc::new(survey);
        known().insert(asked, Arc::clone(&survey));
        Ok(survey)
    }

    /// Runs work that reads a few rows by their keys. From the embedded database
    /// it comes back sooner than another thread could take it up.
    ///
    /// # Errors
    /// The work's own, or [`FlowError::BrokenOff`] if its thread died.
    pub async fn reading<T, F>(&self, work: F) -> Result<T, FlowError>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> Result<T, FlowError> + Send + 'static,
    {
        if self.store.is_embedded() { work(self) } else { self.blocking(work).await }
    }

    /// Runs an act in one transaction, as [`Store::write`] does, for whoever must not
    /// block: the embedded database has a thread that runs all acts that came together.
    ///
    /// # Errors
    /// The act's own, or [`FlowError::BrokenOff`] if it died.
    async fn writing<T, E, F>(&self, act: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StorageError> + From<FlowError> + Send + 'static,
        F: FnOnce(&Self, &mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        if !self.store.is_embedded() {
            return self.blocking(|house| Ok(house.store.write(|tx| act(house, tx)))).await?;
        }
        let (told, hears) = oneshot::channel();
        let house = self.clone();
        let tell = |done| {
            // Whoever asked may have gone away.
            drop(told.send(done));
        };
        self.store.write_soon(move |tx| act(&house, tx), tell);
        hears.await.unwrap_or_else(|_| Err(FlowError::BrokenOff.into()))
    }

    /// Runs blocking work on a thread of its own.
    ///
    /// # Errors
    /// The work's own, or [`FlowError::BrokenOff`] if its thread died.
    pub async fn blocking<T, F>(&self, work: F) -> Result<T, FlowError>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> Result<T, FlowError> + Send + 'static,
    {
        if Handle::try_current().is_err() {
            // Nobody else waits for this thread.
            return work(self);
        }
        let house = self.clone();
        tokio::task::spawn_blocking(move || work(&house)).await.unwrap_or(Err(FlowError::BrokenOff))
    }
}

/// Refuses if a wave takes no answers now, and says whether it will.
fn check_takes_answers(wave: Wave, now: Moment) -> Result<Wave, FlowError> {
    if wave.takes_answers(now) {
        Ok(wave)
    } else if wave.is_yet_to_open(now) {
        Err(FlowError::NotYetOpen(Box::new(wave)))
    } else {
        Err(FlowError::Closed(Box::new(wave)))
    }
}

fn the_wave(tx: &mut Tx<'_>, code: &WaveCode) -> Result<Wave, FlowError> {
    tx.wave(code)?.ok_or_else(|| FlowError::NoWave(code.clone()))
}

/// A wave whose state cannot change until the transaction ends.
fn held_wave(tx: &mut Tx<'_>, code: &WaveCode) -> Result<Wave, FlowError> {
    tx.held_wave(code)?.ok_or_else(|| FlowError::NoWave(code.clone()))
}

/// Moves a wave in the database, unless it moved meanwhile.
fn move_wave(tx: &mut Tx<'_>, from: crate::wave::State, to: &Wave) -> Result<(), FlowError> {
    if tx.move_wave(from, to)? { Ok(()) } else { Err(StorageError::Busy.into()) }
}
