//! Which questions a reply leads to: items whose condition holds are asked, the
//! others are not, and what had been answered to them does not count.

use std::collections::{BTreeMap, BTreeSet};

use super::reply::{Answer, Reply};
use crate::definition::{AnswerOption, Condition, Counts, Item, Section, Survey};
use crate::id::ItemCode;

/// The way that a reply takes through a survey.
///
/// Conditions ask about earlier items only, so one pass in screen order decides
/// all of them; what is not asked or not offered counts as blank for later ones.
pub struct Route<'r> {
    survey: &'r Survey,
    reply: &'r Reply,
    hidden: BTreeSet<&'r ItemCode>,
    /// What counts of the answers of which not everything is offered.
    parts: BTreeMap<&'r ItemCode, Option<Answer>>,
}

impl<'r> Route<'r> {
    /// The way of a reply.
    #[must_use]
    pub fn of(survey: &'r Survey, reply: &'r Reply) -> Self {
        let mut route = Self::through_everything(survey, reply);
        for item in survey.items_with_conditions() {
            if !item.conditions.iter().flatten().all(|condition| route.holds(condition)) {
                route.hidden.insert(item.code);
            } else if let Some(answer) = reply.answer(item.code)
                && let Some(rest) = route.offered_part(&item, answer)
            {
                let rest = (!rest.is_empty()).then_some(Answer::Several(rest));
                route.parts.insert(item.code, rest);
            }
        }
        route
    }

    /// The way on which everything is asked: for a form that is made for nobody.
    #[must_use]
    pub fn through_everything(survey: &'r Survey, reply: &'r Reply) -> Self {
        Self { survey, reply, hidden: BTreeSet::new(), parts: BTreeMap::new() }
    }

    /// Whether an item is asked.
    #[must_use]
    pub fn asks(&self, item: &ItemCode) -> bool {
        !self.hidden.contains(item)
    }

    /// Whether a section asks anything.
    #[must_use]
    pub fn enters(&self, section: &Section) -> bool {
        section.items().any(|item| self.asks(item.code))
    }

    /// The answer to an item as it counts: none if the item is not asked, and
    /// only options that are offered.
    #[must_use]
    pub fn answer(&self, item: &ItemCode) -> Option<&Answer> {
        if !self.asks(item) {
            return None;
        }
        self.parts.get(item).map_or_else(|| self.reply.answer(item), Option::as_ref)
    }

    /// The options chosen that are offered, unless these are all of them.
    fn offered_part(&self, item: &Item<'_>, answer: &Answer) -> Option<BTreeSet<u16>> {
        let options = item.options().unwrap_or_default();
        let stale = |value: u16| {
            let mut stale = options.iter().filter(|option| option.show_if.is_some());
            stale.any(|option| option.value == value && !self.offers(option))
        };
        if !answer.options().any(stale) {
            return None;
        }
        Some(answer.options().filter(|value| !stale(*value)).collect())
    }

    /// Whether an option is offered to this respondent.
    #[must_use]
    pub fn offers(&self, option: &AnswerOption) -> bool {
        option.show_if.as_ref().is_none_or(|condition| self.holds(condition))
    }

    /// The items that are asked, in screen order.
    pub fn items(&self) -> impl Iterator<Item = Item<'r>> {
        self.survey.items().filter(|item| self.asks(item.code))
    }

    /// Whether it is certain that an item does not concern the respondent: not
    /// asked, and no answer to a question that they left open could change that.
    ///
    /// Source: Kleene's three-valued logic; "don't know" and a blank are open.
    #[must_use]
    pub fn is_beside_the_point(&self, item: &Item<'_>) -> bool {
        let parts = item.conditions.iter().flatten();
        parts.map(|condition| self.truth(condition)).any(|truth| truth == Some(false))
    }

    /// The reply as it counts, and the items of which something does not.
    #[must_use]
    pub fn kept(&self) -> (Reply, Vec<ItemCode>) {
        let (mut kept, mut dropped) = (Reply::default(), Vec::new());
        for item in self.survey.items() {
            let Some(given) = self.reply.answer(item.code) else { continue };
            let answer = self.answer(item.code);
            if answer != Some(given) {
                dropped.push(item.code.clone());
            }
            if let Some(answer) = answer {
                let other = self.reply.other(item.code).filter(|_| answer.has_other(&item));
                kept.put(item.code.clone(), answer.clone(), other.map(str::to_owned));
            }
        }
        (kept, dropped)
    }

    fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Chosen { items, values } => items
                .iter()
                .filter_map(|item| self.answer(item))
                .any(|answer| answer.options().any(|value| values.contains(&value))),
            Condition::Within { item, from, to } => match self.answer(item) {
                Some(Answer::Amount(amount)) => {
                    from.is_none_or(|from| from <= *amount) && to.is_none_or(|to| *amount <= to)
                }
                _ => false,
            },
            Condition::Answered { items } => items.iter().any(|item| self.answer(item).is_some()),
            Condition::Not(inner) => !self.holds(inner),
            Condition::All(parts) => parts.iter().all(|part| self.holds(part)),
            Condition::Any(parts) => parts.iter().any(|part| self.holds(part)),
        }
    }

    /// Whether a condition holds, as far as the answers tell.
    fn truth(&self, condition: &Condition) -> Option<bool> {
        match condition {
            Condition::Not(inner) => self.truth(inner).map(|truth| !truth),
            Condition::All(parts) => self.first_of(parts, false),
            Condition::Any(parts) => self.first_of(parts, true),
            Condition::Chosen { items, .. } | Condition::Answered { items } => {
                if self.holds(condition) {
                    return Some(true);
                }
                items.iter().all(|item| self.is_clear(item)).then_some(false)
            }
            Condition::Within { item, .. } => self.is_clear(item).then(|| self.holds(condition)),
        }
    }

    /// Of a list whose parts can settle it with this value: settled by one part,
    /// or by all, or open.
    fn first_of(&self, parts: &[Condition], settles: bool) -> Option<bool> {
        let truths: Vec<Option<bool>> = parts.iter().map(|part| self.truth(part)).collect();
        if truths.contains(&Some(settles)) {
            Some(settles)
        } else if truths.contains(&None) {
            None
        } else {
            Some(!settles)
        }
    }

    /// Whether the answer to an item, or that there can be none, is known.
    fn is_clear(&self, code: &ItemCode) -> bool {
        let Some(item) = self.survey.item(code) else { return false };
        match self.answer(code) {
            None => self.is_beside_the_point(&item),
            Some(answer) => answer.options().all(|value| {
                let options = item.options().unwrap_or_default();
                let counts = options.iter().find(|option| option.value == value).map(|o| o.counts);
                counts != Some(Counts::DontKnow)
            }),
        }
    }
}
