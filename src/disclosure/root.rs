//! What is shown of the root alone: how many did not answer an item and why,
//! and choices without order. Nothing of it is ever made for another node, so
//! nothing can be subtracted from it.
//!
//! Source: methods.md 1 and 15.

use std::collections::BTreeMap;

use super::rule::Rule;
use crate::definition::{AnswerOption, Choices, Counts, Item, ItemAnswer};
use crate::id::ItemCode;
use crate::statistics::{BandQuartiles, Table, band_quartiles};
use crate::tabulation::{Complete, IndexValue, ItemCounts};

/// What may be shown of the root alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RootFigures {
    /// For each countable item but choices of several, in screen order.
    pub unanswered: Vec<Unanswered>,
    /// For each choice without order, in screen order.
    pub choices: Vec<ChoiceFigures>,
    /// Per index of the survey: sums over the people who answered all its items;
    /// none where they are too few (9.7).
    pub complete: Vec<Option<Complete>>,
    /// For each question answered with a number that is shown of the root, in
    /// screen order: the bands in which its quartiles lie; none where too few
    /// answered (9.7 and 15).
    pub numbers: Vec<(ItemCode, Option<BandQuartiles>)>,
    /// For each barrier that is shown of the root, in screen order: people by
    /// their own overall index and by option; none where they are too few (9.7).
    pub barriers: Vec<(ItemCode, Option<BarrierTable>)>,
}

/// People by their own overall index and by the option that they chose.
pub type BarrierTable = BTreeMap<IndexValue, Vec<u64>>;

/// People who gave no valid answer to an item. Each number is none where it is
/// smaller than the rule's k, nought included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// The item.
    pub item: ItemCode,
    /// Whom it does not concern, by this answer or by earlier ones.
    pub not_applicable: Option<u64>,
    /// Who do not know.
    pub dont_know: Option<u64>,
    /// Who left it blank.
    pub blank: Option<u64>,
}

/// A choice without order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceFigures {
    /// The item.
    pub item: ItemCode,
    /// The options that at least k people chose, in screen order, with their
    /// values. None at all if the question may not be shown.
    pub options: Vec<(u16, u64)>,
    /// "Other, each fewer than k": choices of all other options together; none
    /// if together they do not reach k.
    pub others: Option<u64>,
    /// Everybody who answered; none if it would tell what is left out.
    pub n: Option<u64>,
}

/// What may be shown of the root.
pub(super) fn root_figures(
    table: &Table<'_>,
    rule: &Rule,
    is_shown: impl Fn(&ItemCode) -> bool,
) -> RootFigures {
    let mut place = 0;
    let mut figures = RootFigures::default();
    let complete = table.complete().iter();
    figures.complete = complete
        .map(|sums| rule.is_enough_for_microdata(sums.people).then(|| sums.clone()))
        .collect();
    let barriers = table.barriers().iter().filter(|(item, _)| is_shown(item));
    figures.barriers = barriers
        .map(|(item, people)| {
            let n = people.values().flatten().sum();
            (item.clone(), rule.is_enough_for_microdata(n).then(|| people.clone()))
        })
        .collect();
    let root = &table.tree().root().code;
    for item in table.survey().items() {
        let width = item.columns().len();
        let counts: Vec<&ItemCounts> =
            (place..place + width).filter_map(|at| table.counts(root, at)).collect();
        place += width;
        let [first, ..] = counts.as_slice() else { continue };
        match item.answer {
            ItemAnswer::Scored(_) => {
                figures.unanswered.extend(unanswered(&item, first, rule));
            }
            ItemAnswer::Number(number) => {
                figures.unanswered.extend(unanswered(&item, first, rule));
                if is_shown(item.code) {
                    let found = quartiles(&number.options, first, rule);
                    figures.numbers.push((item.code.clone(), found));
                }
            }
            ItemAnswer::Choice(options) => {
                figures.unanswered.extend(unanswered(&item, first, rule));
                figures.choices.push(one_of(&item, options, first, rule));
            }
            ItemAnswer::Several(choices) => {
                figures.choices.push(several_of(&item, choices, &counts, rule));
            }
            ItemAnswer::Text(_) => {}
        }
    }
    figures
}

fn quartiles(options: &[AnswerOption], counts: &ItemCounts, rule: &Rule) -> Option<BandQuartiles> {
    let people: Vec<u64> = options
        .iter()
        .zip(&counts.options)
        .filter(|(option, _)| matches!(option.counts, Counts::Band { .. }))
        .map(|(_, people)| *people)
        .collect();
    rule.is_enough_for_microdata(people.iter().sum()).then(|| band_quartiles(&people)).flatten()
}

fn unanswered(item: &Item<'_>, counts: &ItemCounts, rule: &Rule) -> Option<Unanswered> {
    let of = |wanted: Counts| -> u64 {
        let options = item.options().unwrap_or_default().iter().zip(&counts.options);
        options.filter(|(option, _)| option.counts == wanted).map(|(_, people)| people).sum()
    };
    let told = |people: u64| (people > 0 && rule.may_tell(people)).then_some(people);
    item.options().map(|_| Unanswered {
        item: item.code.clone(),
        not_applicable: told(of(Counts::NotApplicable) + counts.not_asked),
        dont_know: told(of(Counts::DontKnow)),
        blank: told(counts.blank),
    })
}

/// One of a list: everybody who answered chose exactly one option.
fn one_of(
    item: &Item<'_>,
    options: &[AnswerOption],
    counts: &ItemCounts,
    rule: &Rule,
) -> ChoiceFigures {
    let valid: Vec<(u16, u64)> = options
        .iter()
        .zip(&counts.options)
        .filter(|(option, _)| option.counts.is_valid())
        .map(|(option, people)| (option.value, *people))
        .collect();
    let n: u64 = valid.iter().map(|(_, people)| people).sum();
    let most = valid.iter().map(|(_, people)| *people).max().unwrap_or(0);
    grouped(item, &valid, n, rule.is_mixed(n, most), true, rule)
}

/// Several of a list. The number of people stands in none of the options, so it
/// is told only where it does not tell how few did *not* choose one.
fn several_of(
    item: &Item<'_>,
    choices: &Choices,
    counts: &[&ItemCounts],
    rule: &Rule,
) -> ChoiceFigures {
    let at = |counts: &ItemCounts, place: usize| counts.options.get(place).copied().unwrap_or(0);
    // The options of such a column are: chosen, not chosen, the ways out.
    let n = counts.first().map_or(0, |counts| at(counts, 0) + at(counts, 1));
    let ticks = choices.ticks.iter().zip(counts);
    let valid: Vec<(u16, u64)> = ticks.map(|(tick, counts)| (tick.value, at(counts, 0))).collect();
    let complements = valid
        .iter()
        .filter(|(_, people)| rule.is_enough(*people))
        .all(|(_, people)| rule.is_enough(n - (*people).min(n)));
    grouped(item, &valid, n, true, complements, rule)
}

fn grouped(
    item: &Item<'_>,
    valid: &[(u16, u64)],
    n: u64,
    mixed: bool,
    may_tell_n: bool,
    rule: &Rule,
) -> ChoiceFigures {
    let hidden =
        ChoiceFigures { item: item.code.clone(), options: Vec::new(), others: None, n: None };
    if !rule.is_enough(n) || !mixed {
        return hidden;
    }
    let (large, small): (Vec<_>, Vec<_>) =
        valid.iter().copied().partition(|(_, people)| rule.is_enough(*people));
    let together: u64 = small.iter().map(|(_, people)| people).sum();
    let others = rule.is_enough(together).then_some(together);
    let whole = small.is_empty() || others.is_some();
    ChoiceFigures { options: large, others, n: (whole && may_tell_n).then_some(n), ..hidden }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::parse;

    const PULSE: &str = include_str!("../../survey_definitions/staff-pulse/survey.toml");

    /// What is told of a question with several answers, if so many of 20 people
    /// chose its first option and eight each of the others.
    fn told(first: u64) -> ChoiceFigures {
        let survey = parse("pulse", PULSE).expect("a sound survey");
        let several = |item: Item<'_>| match item.answer {
            ItemAnswer::Several(choices) => {
                let column = |at: usize| {
                    let chosen = if at == 0 { first } else { 8 };
                    let mut options = vec![0; choices.tick_options.len()];
                    (options[0], options[1]) = (chosen, 20 - chosen);
                    ItemCounts { blank: 0, not_asked: 0, options }
                };
                let columns: Vec<ItemCounts> = (0..choices.ticks.len()).map(column).collect();
                let columns: Vec<&ItemCounts> = columns.iter().collect();
                Some(several_of(&item, choices, &columns, &Rule::default()))
            }
            _ => None,
        };
        survey.items().find_map(several).expect("a question with several answers")
    }

    #[test]
    fn who_was_not_asked_is_not_concerned_either() {
        let survey = crate::tabulation::sample::survey();
        let item = survey.items().next().expect("an item");
        // Five points, "Don't know", "Does not apply".
        let options = vec![0, 0, 0, 0, 0, 7, 4];
        let counts = ItemCounts { blank: 6, not_asked: 3, options };
        let told = unanswered(&item, &counts, &Rule::default()).expect("options");
        assert_eq!((told.not_applicable, told.dont_know, told.blank), (Some(7), Some(7), Some(6)));
    }

    #[test]
    fn everybody_who_chose_or_did_not_is_counted() {
        let figures = told(12);
        assert_eq!(figures.n, Some(20));
        assert_eq!(figures.options[0].1, 12);
        assert!(figures.options[1..].iter().all(|(_, people)| *people == 8));
    }

    #[test]
    fn the_number_of_people_never_tells_how_few_did_not_choose() {
        // Three people did not choose the first option.
        let figures = told(17);
        assert_eq!((figures.options[0].1, figures.n), (17, None));
    }

    #[test]
    fn an_option_that_too_few_chose_is_not_told_and_neither_is_the_whole() {
        let figures = told(4);
        assert!(figures.options.iter().all(|(_, people)| *people == 8));
        assert_eq!((figures.others, figures.n), (None, None));
    }
}
