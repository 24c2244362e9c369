//! What falls out of the opened envelopes: ballots and comments, each shuffled
//! over the whole wave, without any key between them.

use std::collections::BTreeMap;
use std::fmt;

use crate::answer::{Answer, Marks, Reply};
use crate::chance::Chance;
use crate::definition::{Amount, Survey};
use crate::id::{BallotId, CommentId, ItemCode, NumberId, UnitSlug};

/// One counted reply: its unit and its marks, nothing else.
#[derive(Clone, PartialEq)]
pub struct Ballot {
    /// A random id made at closing.
    pub id: BallotId,
    /// The reporting unit it counts for.
    pub unit: UnitSlug,
    /// The options chosen.
    pub marks: Marks,
}

/// One free-text answer, apart from its ballot and from its unit.
#[derive(Clone, PartialEq)]
pub struct Comment {
    /// A random id made at closing.
    pub id: CommentId,
    /// The question it answers.
    pub item: ItemCode,
    /// The words.
    pub words: String,
    /// Whether their writer agreed to be quoted. Asked here, because from here
    /// on nothing joins the words with the answer that said so.
    pub quotable: bool,
}

/// One number, apart from its ballot and from its unit: ballots hold bands, and
/// medians are made for all units together only.
#[derive(Clone, PartialEq)]
pub struct LooseNumber {
    /// A random id made at closing.
    pub id: NumberId,
    /// The question it answers.
    pub item: ItemCode,
    /// The number, in units of its last decimal place.
    pub amount: Amount,
}

/// The outcome of a count.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Counted {
    /// The ballots in random order.
    pub ballots: Vec<Ballot>,
    /// The comments in a random order of their own.
    pub comments: Vec<Comment>,
    /// The numbers in a random order of their own.
    pub numbers: Vec<LooseNumber>,
    /// Envelopes that gave no valid reply, by unit.
    pub spoiled: BTreeMap<UnitSlug, u32>,
}

/// Counts opened envelopes: `None` stands for one that did not open.
///
/// A reply that does not fit the definition is spoiled too.
#[must_use]
pub fn count(
    opened: impl IntoIterator<Item = (UnitSlug, Option<Reply>)>,
    survey: &Survey,
    chance: &Chance,
) -> Counted {
    let mut counted = Counted::default();
    for (unit, reply) in opened {
        let Some(reply) = reply.filter(|reply| reply.check_against(survey).is_ok()) else {
            *counted.spoiled.entry(unit).or_default() += 1;
            continue;
        };
        let quotable = survey.consent.as_ref().is_some_and(|consent| {
            reply.answer(&consent.item) == Some(&Answer::One(consent.value))
        });
        counted.comments.extend(reply.comments().map(|(item, words)| Comment {
            id: CommentId::random(chance),
            item: item.clone(),
            words: words.to_owned(),
            quotable,
        }));
        counted.numbers.extend(reply.amounts().map(|(item, amount)| LooseNumber {
            id: NumberId::random(chance),
            item: item.clone(),
            amount,
        }));
        let marks = Marks::of(&reply, survey);
        counted.ballots.push(Ballot { id: BallotId::random(chance), unit, marks });
    }
    chance.shuffle(&mut counted.ballots);
    chance.shuffle(&mut counted.comments);
    chance.shuffle(&mut counted.numbers);
    counted
}

impl fmt::Debug for Ballot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ballot(…)")
    }
}

impl fmt::Debug for LooseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LooseNumber(…)")
    }
}

impl fmt::Debug for Comment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Comment(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Form;

    const SURVEY: &str = include_str!("../../survey_definitions/east-of-england/survey.toml");

    fn reply(survey: &Survey, fields: &[(&str, &str)]) -> Reply {
        let mut reply = Reply::default();
        let fields: Vec<(String, String)> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        for section in &survey.sections {
            Form::new(&fields, &[0; 32]).take(&mut reply, survey, section).expect("good answers");
        }
        reply
    }

    fn unit(slug: &str) -> UnitSlug {
        slug.parse().expect("a slug")
    }

    #[test]
    fn words_are_parted_from_ballots_and_keep_only_their_writers_consent() {
        let survey = crate::definition::parse("survey.toml", SURVEY).expect("sound");
        let yes = reply(&survey, &[("MS_INC", "1"), ("WELL", "a clerk"), ("QUOTE", "1")]);
        let no = reply(&survey, &[("MS_INC", "2"), ("OPEN", "too late"), ("QUOTE", "2")]);
        let silent = reply(&survey, &[("OPEN", "nothing said")]);
        let opened = [yes, no, silent].map(|reply| (unit("norfolk"), Some(reply)));
        let counted = count(opened, &survey, &Chance::seeded(3));
        let mut said: Vec<(&str, bool)> =
            counted.comments.iter().map(|c| (c.words.as_str(), c.quotable)).collect();
        said.sort_unstable();
        assert_eq!(said, [("a clerk", true), ("nothing said", false), ("too late", false)]);
        assert_eq!(counted.ballots.len(), 3);
    }

    #[test]
    fn what_is_no_reply_to_this_survey_is_spoiled_and_nothing_else_is_lost() {
        let survey = crate::definition::parse("survey.toml", SURVEY).expect("sound");
        let good = reply(&survey, &[("MS_INC", "1")]);
        let stranger = Reply::from_bytes(&{
            let text = String::from_utf8(good.to_bytes()).expect("text");
            text.replace("MS_INC", "MS_XXX").into_bytes()
        })
        .expect("a reply to another survey");
        let opened =
            [(unit("luton"), Some(stranger)), (unit("luton"), None), (unit("norfolk"), Some(good))];
        let counted = count(opened, &survey, &Chance::seeded(4));
        assert_eq!(counted.spoiled, BTreeMap::from([(unit("luton"), 2)]));
        assert_eq!(counted.ballots.len(), 1);
        assert!(counted.ballots.iter().all(|ballot| ballot.unit == unit("norfolk")));
    }

    #[test]
    fn ballots_come_out_in_another_order_than_they_went_in() {
        let survey = crate::definition::parse("survey.toml", SURVEY).expect("sound");
        let units: Vec<UnitSlug> = (0..40).map(|n| unit(&format!("u{n:02}"))).collect();
        let opened =
            units.iter().map(|unit| (unit.clone(), Some(reply(&survey, &[("MS_INC", "1")]))));
        let counted = count(opened, &survey, &Chance::seeded(5));
        let out: Vec<UnitSlug> = counted.ballots.into_iter().map(|ballot| ballot.unit).collect();
        assert_ne!(out, units);
        let mut sorted = out;
        sorted.sort();
        assert_eq!(sorted, units);
    }
}
