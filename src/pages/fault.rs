//! What is wrong with an answer, in a sentence that says what to do.

use super::check::lines;
use super::form::Fault;
use crate::answer::{AnswerFault, Reply, Wrong};
use crate::definition::{Amount, Item, ItemAnswer, Survey};
use crate::id::ItemCode;

/// The words for a fault. `reply` holds what is saved.
#[must_use]
pub fn sentence(
    survey: &Survey,
    reply: &Reply,
    fault: &AnswerFault,
    fill: &dyn Fn(&str) -> String,
) -> Fault {
    let item = survey.item(&fault.item);
    let said = match &fault.what {
        Wrong::NotAsked => "This question is not part of the survey".to_owned(),
        Wrong::UnknownOption | Wrong::WrongKind => "Choose one of the answers shown".to_owned(),
        Wrong::TooLong { max, got } => format!("Use {max} characters or fewer; this has {got}"),
        Wrong::OtherTooLong { max, got } => {
            format!("Use {max} characters or fewer beside your answer; this has {got}")
        }
        Wrong::TooMany { most, got } => format!("Choose up to {most} answers; you chose {got}"),
        Wrong::Exclusive { value } => {
            let label = item.and_then(|item| label(&item, *value)).unwrap_or_default();
            format!("\"{}\" stands alone: take it or the other answers away", fill(label))
        }
        Wrong::NotANumber => "Write a number in figures, for example 12".to_owned(),
        Wrong::TooPrecise { places: 0 } => "Write a whole number".to_owned(),
        Wrong::TooPrecise { places: 1 } => {
            "Write a number with no more than one decimal place".to_owned()
        }
        Wrong::TooPrecise { places } => {
            format!("Write a number with no more than {places} decimal places")
        }
        Wrong::TooLow { least, by } => {
            limit(survey, item.as_ref(), ("less", *least), by.as_ref(), fill)
        }
        Wrong::TooHigh { most, by } => {
            limit(survey, item.as_ref(), ("more", *most), by.as_ref(), fill)
        }
        Wrong::Unusual { amount } => {
            let amount = item.map(|item| amount_of(&item, *amount)).unwrap_or_default();
            format!("{amount} is unusual: correct it, or confirm it below the field")
        }
        Wrong::NumberAndWayOut => "Write a number or tick the box, not both".to_owned(),
        Wrong::ChangedElsewhere => {
            let saved = item.and_then(|item| {
                let answer = reply.answer(item.code)?;
                Some(lines(&item, answer, reply.other(item.code), fill).join("; "))
            });
            let saved = saved.unwrap_or_else(|| "no answer".to_owned());
            format!(
                "You changed this in another window, where \"{saved}\" is saved. Continue to keep what is here, or change it"
            )
        }
    };
    let confirm = match (&fault.what, item.map(|item| (item, item.answer))) {
        (Wrong::Unusual { amount }, Some((item, ItemAnswer::Number(number)))) => {
            Some((number.figures(*amount), format!("Yes, {} is right", amount_of(&item, *amount))))
        }
        _ => None,
    };
    Fault { said, confirm }
}

fn limit(
    survey: &Survey,
    item: Option<&Item<'_>>,
    (than, end): (&str, Amount),
    by: Option<&ItemCode>,
    fill: &dyn Fn(&str) -> String,
) -> String {
    let end = item.map(|item| amount_of(item, end)).unwrap_or_default();
    match by.and_then(|by| survey.item(by)) {
        None => format!("This cannot be {than} than {end}"),
        Some(other) => {
            let question = fill(other.wording);
            format!("This cannot be {than} than {end}, your answer to \"{question}\"")
        }
    }
}

fn amount_of(item: &Item<'_>, amount: Amount) -> String {
    match item.answer {
        ItemAnswer::Number(number) => number.with_unit(amount),
        _ => amount.to_string(),
    }
}

fn label<'i>(item: &Item<'i>, value: u16) -> Option<&'i str> {
    let options = item.options()?;
    options.iter().find(|option| option.value == value).map(|option| option.label.as_str())
}
