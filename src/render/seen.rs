//! A released cell as pages and charts look at it: only what is shown.

use std::ops::Deref;

use crate::release::{Band, Cell, Figure, Figures, Org, Range, Release, Status};

/// A shown cell of a question or an index: its score, its share, and the rest.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The mean score or the index, in points.
    pub mean: Figure,
    /// Its published 95 % interval.
    pub reply: Range,
    /// The percentage with its interval; none for an index.
    pub share: Option<(Figure, Range)>,
    /// Everything else.
    pub figures: &'a Figures,
}

impl Deref for Seen<'_> {
    type Target = Figures;

    fn deref(&self) -> &Figures {
        self.figures
    }
}

impl Seen<'_> {
    /// Where a PCT stands beside the rest; none for a node that is not compared.
    #[must_use]
    pub fn band(&self) -> Option<Band> {
        self.figures.beside.map(|beside| beside.band)
    }
}

/// The figures of a cell, if it is shown and has a score.
#[must_use]
pub fn seen(cell: Option<&Cell>) -> Option<Seen<'_>> {
    let figures = cell.filter(|cell| cell.status == Status::Shown)?.figures.as_ref()?;
    let score = figures.score?;
    let share = figures.share.and_then(|share| Some((share.percent, share.unsure?.reply)));
    Some(Seen { mean: score.mean, reply: score.reply, share, figures })
}

/// The PCTs whose score on a measure is shown, the highest first, then those that
/// are not, by name.
#[must_use]
pub fn by_score<'r>(
    release: &'r Release,
    measure: &str,
) -> (Vec<(&'r Org, Seen<'r>)>, Vec<&'r Org>) {
    let (mut shown, mut hidden) = (Vec::new(), Vec::new());
    for org in release.leaves() {
        match seen(release.cell(&org.code, measure)) {
            Some(figures) => shown.push((org, figures)),
            None => hidden.push(org),
        }
    }
    shown.sort_by(|(a, of_a), (b, of_b)| of_b.mean.cmp(&of_a.mean).then(a.name.cmp(&b.name)));
    hidden.sort_by(|a, b| a.name.cmp(&b.name));
    (shown, hidden)
}
