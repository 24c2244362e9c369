//! Conditions and ranges of a survey in the XPath of a form.

use std::collections::BTreeSet;

use super::names::Names;
use crate::definition::{Amount, Choices, Condition, ItemAnswer, Limit, Number, Survey};
use crate::id::ItemCode;

/// The condition as the `relevant` column writes it.
pub(super) fn relevant(condition: &Condition, survey: &Survey, names: &Names) -> String {
    Writer { survey, names }.condition(condition)
}

struct Writer<'s> {
    survey: &'s Survey,
    names: &'s Names,
}

impl Writer<'_> {
    fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::Chosen { items, values } => {
                let parts: Vec<String> =
                    items.iter().map(|item| self.chosen(item, values)).collect();
                either(&parts)
            }
            Condition::Within { item, from, to } => self.within(item, *from, *to),
            Condition::Answered { items } => {
                let parts: Vec<String> = items
                    .iter()
                    .map(|item| format!("{} != ''", self.names.reference(item)))
                    .collect();
                parts.join(" or ")
            }
            Condition::Not(inner) => format!("not({})", self.condition(inner)),
            Condition::All(parts) => self.joined(parts, " and "),
            Condition::Any(parts) => self.joined(parts, " or "),
        }
    }

    fn joined(&self, parts: &[Condition], word: &str) -> String {
        let parts: Vec<String> = parts
            .iter()
            .map(|part| {
                let text = self.condition(part);
                let is_single = matches!(part, Condition::Not(_))
                    || !(text.contains(" or ") || text.contains(" and "));
                if is_single { text } else { format!("({text})") }
            })
            .collect();
        parts.join(word)
    }

    fn chosen(&self, item: &ItemCode, values: &BTreeSet<u16>) -> String {
        let reference = self.names.reference(item);
        let several = self
            .survey
            .item(item)
            .is_some_and(|item| matches!(item.answer, ItemAnswer::Several(_)));
        let one = |value: &u16| {
            if several {
                format!("selected({reference}, '{value}')")
            } else {
                format!("{reference} = '{value}'")
            }
        };
        values.iter().map(one).collect::<Vec<_>>().join(" or ")
    }

    fn within(&self, item: &ItemCode, from: Option<Amount>, to: Option<Amount>) -> String {
        let reference = self.names.reference(item);
        let figures = |amount: Amount| match self.survey.item(item).map(|item| item.answer) {
            Some(ItemAnswer::Number(number)) => number.figures(amount),
            _ => amount.to_string(),
        };
        match (from, to) {
            (Some(from), Some(to)) if from == to => format!("{reference} = {}", figures(from)),
            (Some(from), Some(to)) => {
                format!("{reference} >= {} and {reference} <= {}", figures(from), figures(to))
            }
            (Some(from), None) => format!("{reference} >= {}", figures(from)),
            (None, Some(to)) => format!("{reference} <= {}", figures(to)),
            (None, None) => format!("{reference} != ''"),
        }
    }
}

/// Alternatives, each in brackets if it has parts itself.
fn either(parts: &[String]) -> String {
    if let [only] = parts {
        return only.clone();
    }
    let bracketed = parts
        .iter()
        .map(|part| if part.contains(" or ") { format!("({part})") } else { part.clone() });
    bracketed.collect::<Vec<_>>().join(" or ")
}

/// The range of a number as the `constraint` column writes it.
pub(super) fn range(number: &Number, names: &Names) -> String {
    let widest = crate::definition::widest(number.decimals);
    let end = |limit: &Limit, sign: &str| match limit {
        Limit::Fixed(amount) if amount.abs() == widest => None,
        Limit::Fixed(amount) => Some(format!(". {sign} {}", number.figures(*amount))),
        Limit::Answer(other) => {
            let other = names.reference(other);
            Some(format!("({other} = '' or . {sign} {other})"))
        }
    };
    let ends = [end(&number.min, ">="), end(&number.max, "<=")];
    ends.into_iter().flatten().collect::<Vec<_>>().join(" and ")
}

/// The limits of several choices as the `constraint` column writes them.
pub(super) fn limits(choices: &Choices) -> String {
    let alone = choices.options.iter().filter(|option| option.exclusive);
    let alone = alone
        .map(|option| format!("not(selected(., '{}') and count-selected(.) > 1)", option.value));
    let most = choices.most.map(|most| format!("count-selected(.) <= {most}"));
    most.into_iter().chain(alone).collect::<Vec<_>>().join(" and ")
}
