//! What falls out of the opened envelopes: ballots and comments, each shuffled
//! over the whole wave, without any key between them.

use std::collections::BTreeMap;
use std::fmt;

use crate::answer::{Marks, Reply};
use crate::chance::Chance;
use crate::definition::Survey;
use crate::id::{BallotId, CommentId, ItemCode, UnitSlug};

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

/// The outcome of a count.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Counted {
    /// The ballots in random order.
    pub ballots: Vec<Ballot>,
    /// The comments in a random order of their own.
    pub comments: Vec<Comment>,
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
        let quotable = survey
            .consent
            .as_ref()
            .is_some_and(|consent| reply.choice(&consent.item) == Some(consent.value));
        counted.comments.extend(reply.comments().map(|(item, words)| Comment {
            id: CommentId::random(chance),
            item: item.clone(),
            words: words.to_owned(),
            quotable,
        }));
        let marks = Marks::of(&reply, survey);
        counted.ballots.push(Ballot { id: BallotId::random(chance), unit, marks });
    }
    chance.shuffle(&mut counted.ballots);
    chance.shuffle(&mut counted.comments);
    counted
}

impl fmt::Debug for Ballot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ballot(…)")
    }
}

impl fmt::Debug for Comment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Comment(…)")
    }
}
