//! Every change of the register goes through here: it is numbered, told in the history
//! and the audit trail, and can be undone until the next one.

use crate::register::{self, Difference, EditRefusal, Event, Register};
use crate::storage::{RegisterBefore, RegisterChange, Tx};
use crate::trail::Act;

use super::{FlowError, House};

/// So long the way back from a change is kept: the register before holds addresses of
/// people who may have asked to be taken out.
const UNDO_DAYS: i64 = 7;

/// The register, held still until the transaction ends, and the number of its next change.
pub(super) fn held_register(tx: &mut Tx<'_>) -> Result<(i64, Register), FlowError> {
    let number = tx.hold_register()?;
    Ok((number, tx.register()?))
}

/// A register that takes the place of the one held.
pub(super) struct Replacement<'r> {
    /// The number from [`held_register`].
    pub(super) number: i64,
    /// How the audit trail calls it.
    pub(super) act: Act,
    /// As it is held.
    pub(super) held: &'r Register,
    /// As it will be.
    pub(super) new: &'r Register,
    /// What is done, in a sentence that names nobody.
    pub(super) about: String,
    /// What it means for each.
    pub(super) events: Vec<Event>,
}

impl Replacement<'_> {
    /// Makes the change, writes it down and keeps the way back.
    pub(super) fn make(self, house: &House, tx: &mut Tx<'_>) -> Result<(), FlowError> {
        let now = house.now();
        tx.replace_register(self.new, &house.chance)?;
        write_down(house, tx, self.number, &self.about, &self.events)?;
        let counts = register::difference(self.held, self.new).counts();
        house.note(tx, self.act, &self.about, &counts)?;
        // What the database gives back is what the next look is compared with.
        let digest = register::digest(&tx.register()?);
        tx.keep_register_before(&RegisterBefore {
            change: self.number,
            good_until: now.plus_days(UNDO_DAYS),
            packed: register::pack(self.held),
            digest,
        })?;
        Ok(())
    }
}

/// Writes a change down that was made already.
pub(super) fn write_down(
    house: &House,
    tx: &mut Tx<'_>,
    number: i64,
    about: &str,
    events: &[Event],
) -> Result<(), FlowError> {
    let change = RegisterChange {
        number,
        at: house.now(),
        actor: house.actor.name().to_owned(),
        about: about.to_owned(),
    };
    tx.insert_register_change(&change, events)?;
    Ok(())
}

/// What can be undone: the last change, and what undoing it would change.
pub struct Undo {
    /// The change.
    pub change: RegisterChange,
    /// From the register now to the register before.
    pub difference: Difference,
}

fn way_back(house: &House, tx: &mut Tx<'_>) -> Result<Option<(Undo, Register)>, FlowError> {
    let held = tx.register()?;
    let Some(before) = tx.register_before(house.now())? else { return Ok(None) };
    let last = tx.last_register_change()?.filter(|last| last.number == before.change);
    let Some(change) = last.filter(|_| before.digest == register::digest(&held)) else {
        return Ok(None);
    };
    let old = register::unpack(&before.packed)?;
    let difference = register::difference(&held, &old);
    Ok(Some((Undo { change, difference }, old)))
}

/// What can be undone now, if anything.
///
/// # Errors
/// If the database fails.
pub fn undoable(house: &House) -> Result<Option<Undo>, FlowError> {
    house.store.read(|tx| Ok(way_back(house, tx)?.map(|(undo, _)| undo)))
}

/// Undoes the change of this number. Undoing is a change, too, and can be undone.
///
/// # Errors
/// [`FlowError::Edit`] if the register changed since, or it is too long ago.
pub fn undo_register(house: &House, number: i64) -> Result<(), FlowError> {
    house.store.write(|tx| {
        let (next, held) = held_register(tx)?;
        let (undo, old) = way_back(house, tx)?
            .filter(|(undo, _)| undo.change.number == number)
            .ok_or(EditRefusal::NothingToUndo)?;
        let about = match undo.change.about.strip_prefix("Undone: ") {
            Some(done) => format!("Done again: {done}"),
            None => format!("Undone: {}", undo.change.about),
        };
        let events = register::events(&undo.difference);
        let act = Act::REGISTER_UNDONE;
        Replacement { number: next, act, held: &held, new: &old, about, events }.make(house, tx)
    })
}

/// Forgets uploads and ways back whose time has passed.
///
/// # Errors
/// If the database fails.
pub fn forget_old_registers(house: &House) -> Result<usize, FlowError> {
    let now = house.now();
    // Nobody's way is held up for nothing: this is asked every half minute.
    if !house.store.read(|tx| tx.has_old_registers(now))? {
        return Ok(0);
    }
    Ok(house.store.write(|tx| tx.forget_old_registers(now))?)
}
