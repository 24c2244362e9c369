//! Changes that somebody makes by hand, and the register after each.

use sha2::{Digest as _, Sha256};

use crate::id::GroupSlug;

use super::{Lead, PbcGroup, Register, digest};

/// A change by hand.
#[derive(Debug, Clone)]
pub enum Edit {
    /// A new group.
    AddGroup(PbcGroup),
    /// Another state of the group of this code.
    ChangeGroup(PbcGroup),
    /// The group and its leads leave.
    RemoveGroup(GroupSlug),
    /// The leads of the first group go to the second, and the first leaves.
    Merge(GroupSlug, GroupSlug),
    /// A new lead.
    AddLead(Lead),
    /// Another state of the lead of this mark.
    ChangeLead(String, Lead),
    /// The lead of this mark leaves the group.
    RemoveLead(GroupSlug, String),
}

/// Why a change cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EditRefusal {
    /// There is no such group.
    #[error("there is no such PBC group in the register")]
    NoGroup,
    /// There is no such lead.
    #[error("there is no such lead in the register")]
    NoLead,
    /// There is no such PCT.
    #[error("there is no such PCT in the register")]
    NoPct,
    /// Another group has the code.
    #[error("another PBC group has this code")]
    CodeTaken,
    /// Another lead of the group has the address.
    #[error("another lead of the group has this address")]
    AddressTaken,
    /// Somebody else changed the group meanwhile.
    #[error("somebody else changed this PBC group or its leads meanwhile")]
    Moved,
    /// The last change is another one, or too long ago.
    #[error("that change of the register cannot be undone any more")]
    NothingToUndo,
    /// A group does not merge with itself.
    #[error("a PBC group merges with another one")]
    IntoItself,
}

impl Lead {
    /// What names the lead in an address of the service, without telling the mailbox.
    #[must_use]
    pub fn mark(&self) -> String {
        let digest = Sha256::digest(format!("{} {}", self.group, self.email.key()));
        hex::encode(digest.get(..8).unwrap_or_default())
    }
}

impl Register {
    /// The lead of a group who has this mailbox.
    #[must_use]
    pub fn lead(&self, group: &GroupSlug, email_key: &str) -> Option<&Lead> {
        self.leads.iter().find(|lead| lead.group == *group && lead.email.key() == email_key)
    }

    /// The lead of a group who has this mark.
    #[must_use]
    pub fn marked(&self, group: &GroupSlug, mark: &str) -> Option<&Lead> {
        self.leads.iter().find(|lead| lead.group == *group && lead.mark() == mark)
    }

    /// What somebody sees who looks at a group and its leads: another text as soon as
    /// anything of them is different.
    #[must_use]
    pub fn seen(&self, group: &GroupSlug) -> String {
        digest(&Self {
            groups: self.group(group).cloned().into_iter().collect(),
            leads: self.leads.iter().filter(|lead| lead.group == *group).cloned().collect(),
            ..Self::default()
        })
    }

    /// Whether a group has this code, letter case aside.
    pub(super) fn has_code(&self, slug: &GroupSlug) -> bool {
        self.groups.iter().any(|group| group.slug.as_str().eq_ignore_ascii_case(slug.as_str()))
    }

    fn check_group(&self, slug: &GroupSlug) -> Result<(), EditRefusal> {
        self.group(slug).map(drop).ok_or(EditRefusal::NoGroup)
    }

    /// The register after a change. A change that was made before changes nothing.
    ///
    /// # Errors
    /// [`EditRefusal`].
    pub fn edited(&self, edit: &Edit) -> Result<Self, EditRefusal> {
        let mut new = self.clone();
        match edit {
            Edit::AddGroup(group) => match self.group(&group.slug) {
                Some(held) if held == group => {}
                _ if self.has_code(&group.slug) => return Err(EditRefusal::CodeTaken),
                _ => new.groups.push(group.clone()),
            },
            Edit::ChangeGroup(group) => {
                let held = new.groups.iter_mut().find(|held| held.slug == group.slug);
                *held.ok_or(EditRefusal::NoGroup)? = group.clone();
            }
            Edit::RemoveGroup(slug) => new.drop_group(slug),
            Edit::Merge(from, into) => {
                self.check_group(into)?;
                if from == into {
                    return Err(EditRefusal::IntoItself);
                }
                let moved = self.leads.iter().filter(|lead| lead.group == *from);
                let new_there = moved.filter(|lead| self.lead(into, &lead.email.key()).is_none());
                new.leads
                    .extend(new_there.map(|lead| Lead { group: into.clone(), ..lead.clone() }));
                new.drop_group(from);
            }
            Edit::AddLead(lead) => {
                self.check_group(&lead.group)?;
                match self.lead(&lead.group, &lead.email.key()) {
                    Some(held) if held == lead => {}
                    Some(_) => return Err(EditRefusal::AddressTaken),
                    None => new.leads.push(lead.clone()),
                }
            }
            Edit::ChangeLead(mark, lead) => new.change_lead(mark, lead)?,
            Edit::RemoveLead(group, mark) => {
                self.check_group(group)?;
                new.leads.retain(|lead| lead.group != *group || lead.mark() != *mark);
            }
        }
        for group in &new.groups {
            new.pct(&group.pct).ok_or(EditRefusal::NoPct)?;
        }
        Ok(new.sorted())
    }

    fn change_lead(&mut self, mark: &str, lead: &Lead) -> Result<(), EditRefusal> {
        let stands = self.lead(&lead.group, &lead.email.key());
        match stands {
            // Pressed twice: it has the new address already.
            Some(held) if held == lead => return Ok(()),
            Some(held) if held.mark() != mark => return Err(EditRefusal::AddressTaken),
            _ => {}
        }
        let of_mark = |held: &&mut Lead| held.group == lead.group && held.mark() == mark;
        let held = self.leads.iter_mut().find(of_mark).ok_or(EditRefusal::NoLead)?;
        *held = lead.clone();
        Ok(())
    }

    fn drop_group(&mut self, slug: &GroupSlug) {
        self.groups.retain(|group| group.slug != *slug);
        self.leads.retain(|lead| lead.group != *slug);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::{TypedGroup, TypedLead, sample};

    fn knot() -> PbcGroup {
        let typed = TypedGroup {
            slug: "knot",
            name: "Knot",
            pct: "5GC",
            practices: "3",
            population: "",
            legal_form: "",
        };
        let day = chrono::NaiveDate::from_ymd_opt(2007, 11, 20).expect("a day");
        typed.read(&sample(), None, day).expect("a group")
    }

    #[test]
    fn a_change_made_twice_is_made_once() {
        let held = sample();
        let avocet = held.groups[0].slug.clone();
        let group = knot();
        let knot = group.slug.clone();
        let lead = TypedLead { name: "Ada", role: "chair", email: "ada@example.org" };
        let lead = lead.read(&knot, None).expect("a lead");
        let other = Lead { role: "clerk".to_owned(), ..lead.clone() };
        let moved = Lead { email: "new@example.org".parse().expect("an address"), ..lead.clone() };
        let edits = [
            Edit::AddGroup(group),
            Edit::AddLead(lead.clone()),
            Edit::ChangeLead(lead.mark(), other.clone()),
            Edit::ChangeLead(lead.mark(), moved.clone()),
            Edit::RemoveLead(knot.clone(), moved.mark()),
            Edit::Merge(avocet.clone(), knot.clone()),
            Edit::RemoveGroup(knot.clone()),
        ];
        let mut now = held.clone();
        for edit in &edits {
            let next = now.edited(edit).expect("a change");
            assert_ne!(next, now, "{edit:?}");
            let again = next.edited(edit).expect("no change");
            assert_eq!(again, next, "{edit:?}");
            now = next;
        }
        assert_eq!((now.groups.len(), now.leads.len(), now.pcts.len()), (0, 0, 3));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let held = sample();
        let avocet = held.groups[0].slug.clone();
        let knot: GroupSlug = "knot".parse().expect("a slug");
        let refused = |edit: Edit| held.edited(&edit).expect_err("refused");
        let [first, second] = [held.leads[0].clone(), held.leads[1].clone()];
        let same_address = Lead { email: second.email.clone(), ..first.clone() };
        assert_eq!(
            refused(Edit::ChangeLead(first.mark(), same_address.clone())),
            EditRefusal::AddressTaken
        );
        assert_eq!(refused(Edit::AddLead(same_address)), EditRefusal::AddressTaken);
        assert_eq!(refused(Edit::Merge(avocet.clone(), avocet.clone())), EditRefusal::IntoItself);
        assert_eq!(refused(Edit::Merge(avocet, knot.clone())), EditRefusal::NoGroup);
        assert_eq!(refused(Edit::AddLead(Lead { group: knot, ..first })), EditRefusal::NoGroup);
    }
}
