//! A change of the register by hand: all of it or nothing, and none over what somebody
//! else changed meanwhile.

use crate::id::GroupSlug;
use crate::register::{self, Edit, EditRefusal, Event, Register};
use crate::trail::Act;

use super::change_register::{Replacement, held_register};
use super::{FlowError, House};

/// Makes a change by hand. `seen` is what the person saw of the group when they decided.
/// A change that was made before changes nothing.
///
/// # Errors
/// [`FlowError::Edit`] if it cannot be, or the group is not any more as it was seen.
pub fn edit_register(house: &House, edit: &Edit, seen: &str) -> Result<(), FlowError> {
    house.store.write(|tx| {
        let (number, held) = held_register(tx)?;
        let new = held.edited(edit)?;
        let difference = register::difference(&held, &new);
        if difference.is_empty() {
            return Ok(());
        }
        if looked_at(edit).is_some_and(|group| held.seen(group) != seen) {
            return Err(EditRefusal::Moved.into());
        }
        let events = match edit {
            Edit::Merge(from, into) => merger(&held, from, into)?,
            Edit::ChangeLead(mark, lead) => {
                address(&held, mark, lead).unwrap_or_else(|| register::events(&difference))
            }
            _ => register::events(&difference),
        };
        let (act, about) = (Act::REGISTER_EDITED, about(edit, &held));
        Replacement { number, act, held: &held, new: &new, about, events }.make(house, tx)
    })
}

/// The group on whose state a change rests.
fn looked_at(edit: &Edit) -> Option<&GroupSlug> {
    match edit {
        Edit::AddGroup(_) | Edit::AddLead(_) => None,
        Edit::ChangeGroup(group) => Some(&group.slug),
        Edit::RemoveGroup(slug) | Edit::Merge(slug, _) | Edit::RemoveLead(slug, _) => Some(slug),
        Edit::ChangeLead(_, lead) => Some(&lead.group),
    }
}

fn merger(held: &Register, from: &GroupSlug, into: &GroupSlug) -> Result<Vec<Event>, EditRefusal> {
    let group = |slug| held.group(slug).ok_or(EditRefusal::NoGroup);
    Ok(register::events_of_merger(held, group(from)?, group(into)?))
}

/// A lead with another mailbox is the same lead to whoever changes it by hand.
fn address(held: &Register, mark: &str, lead: &register::Lead) -> Option<Vec<Event>> {
    let before = held.marked(&lead.group, mark)?;
    if before.email.key() == lead.email.key() {
        return None;
    }
    let same_place = register::Lead { email: lead.email.clone(), ..before.clone() };
    let readdressed = Register { leads: vec![same_place], ..Register::default() };
    let now = Register { leads: vec![lead.clone()], ..Register::default() };
    let mut events = vec![Event::of_address(before)];
    events.extend(register::events(&register::difference(&readdressed, &now)));
    Some(events)
}

/// What is done, in a sentence. Names of organisations may be in it, none of people.
fn about(edit: &Edit, held: &Register) -> String {
    let name = |slug: &GroupSlug| held.group(slug).map_or("", |group| group.name.as_str());
    match edit {
        Edit::AddGroup(group) => format!("{} added", group.name),
        Edit::ChangeGroup(group) => format!("Details of {} changed", group.name),
        Edit::RemoveGroup(slug) => format!("{} taken out", name(slug)),
        Edit::Merge(from, into) => format!("{} merged into {}", name(from), name(into)),
        Edit::AddLead(lead) => format!("A lead of {} added", name(&lead.group)),
        Edit::ChangeLead(_, lead) => format!("A lead of {} changed", name(&lead.group)),
        Edit::RemoveLead(slug, _) => format!("A lead of {} taken out", name(slug)),
    }
}
