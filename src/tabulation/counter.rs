//! The counts of one leaf while they grow, and those of all leaves together.

use std::collections::BTreeMap;

use super::block::{Block, slot};
use super::index::{IndexCounts, PairSums};
use super::shape::{NONE, Shape};
use super::weight::IndexValue;
use super::{ItemCounts, LeafCounts};

/// Values of an index so near each other that each has a number of its own.
const MOST_NUMBERED: u64 = 1 << 12;

/// The counts of one leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafTally {
    pub(super) responded: u64,
    pub(super) empty: u64,
    /// Per column and slot.
    slots: Vec<u64>,
    /// Per family, the pairs of its items.
    pairs: [Vec<PairSums>; 2],
    indexes: Vec<People>,
    overall: People,
}

/// Who stands behind an index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct People {
    /// People whom every use of the index counts.
    sure: u64,
    /// The others, by which items they answered.
    patterns: BTreeMap<Vec<bool>, u64>,
    /// People who answered all items, by the sum of their weighted scores in
    /// steps, where that is a small number.
    numbered: Vec<u64>,
    /// All other people with an index of their own, by its value.
    values: BTreeMap<IndexValue, u64>,
}

/// What is counted over all leaves together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Whole {
    /// Per index: people who answered all its items.
    pub(super) complete: Vec<Complete>,
    /// Per value of the overall index: people by barrier and slot.
    pub(super) barriers: BTreeMap<IndexValue, Vec<u64>>,
}

/// Sums over people who answered all items of an index.
///
/// Source: methods.md 6 and 12: enough for Cronbach's alpha.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Complete {
    /// How many people.
    pub people: u64,
    /// Per item, their scores added up.
    pub sums: Vec<u64>,
    /// Per pair of items, the second not before the first: their products of the
    /// two, in the order (0,0), (0,1), (1,1), (0,2), …
    pub products: Vec<u64>,
}

/// Room for work that is done again and again.
#[derive(Default)]
pub(super) struct Desk {
    block: Block,
    complete: Block,
    sums: Vec<Vec<u64>>,
    weights: Vec<Vec<u64>>,
    parts: Vec<(u64, u64)>,
}

impl LeafTally {
    pub(super) fn nought(shape: &Shape) -> Self {
        let pairs =
            |family: &Vec<usize>| vec![PairSums::default(); family.len() * (family.len() + 1) / 2];
        let people = |weight: u64, step: u64| {
            let most = 100 * weight / step;
            let numbered = if most < MOST_NUMBERED { most + 1 } else { 0 };
            People {
                numbered: vec![0; usize::try_from(numbered).unwrap_or(0)],
                ..People::default()
            }
        };
        let [progress, others] = &shape.families;
        Self {
            responded: 0,
            empty: 0,
            slots: vec![0; shape.options.len() * shape.width],
            pairs: [pairs(progress), pairs(others)],
            indexes: shape.indexes.iter().map(|index| people(index.weight, index.step)).collect(),
            overall: People::default(),
        }
    }

    /// Ballots with at least one scored answer.
    #[must_use]
    pub fn responded(&self) -> u64 {
        self.responded
    }

    /// Ballots without any: not responses.
    #[must_use]
    pub fn empty(&self) -> u64 {
        self.empty
    }

    /// Counts up to a block of ballots that fit the survey.
    pub(super) fn count(
        &mut self,
        shape: &Shape,
        whole: &mut Whole,
        desk: &mut Desk,
        rows: &[&[u8]],
    ) {
        let all = rows.len();
        let mut kept: Vec<&[u8]> = Vec::with_capacity(all);
        kept.extend(rows.iter().copied().filter(|row| shape.is_response(row)));
        self.responded += kept.len() as u64;
        self.empty += (all - kept.len()) as u64;
        for row in &kept {
            for (slots, mark) in self.slots.chunks_exact_mut(shape.width).zip(*row) {
                if let Some(people) = slots.get_mut(slot(*mark)) {
                    *people += 1;
                }
            }
        }
        if shape.indexes.is_empty() {
            return;
        }
        desk.block.fill(shape, &kept);
        for (sums, family) in self.pairs.iter_mut().zip(&shape.families) {
            let mut sums = sums.iter_mut();
            for (at, second) in family.iter().enumerate() {
                for first in family.iter().take(at + 1) {
                    let Some(sums) = sums.next() else { continue };
                    let more = desk.block.pair(*first, *second);
                    sums.both += more.both;
                    sums.first += more.first;
                    sums.second += more.second;
                    sums.product += more.product;
                }
            }
        }
        desk.weigh(shape, kept.len());
        self.count_people(shape, desk, kept.len());
        self.count_overall(shape, whole, desk, &kept);
        whole.count_complete(shape, desk, &kept);
    }

    fn count_people(&mut self, shape: &Shape, desk: &Desk, people: usize) {
        let all =
            self.indexes.iter_mut().zip(&shape.indexes).zip(desk.sums.iter().zip(&desk.weights));
        for ((counts, index), (sums, weights)) in all {
            for (person, (sum, weight)) in sums.iter().zip(weights).enumerate().take(people) {
                if shape.min_weight.is_sure(*weight, index.weight) {
                    counts.sure += 1;
                } else {
                    let items = index.items.iter().map(|(item, _)| *item);
                    let pattern = items.map(|item| desk.has_given(item, person)).collect();
                    *counts.patterns.entry(pattern).or_default() += 1;
                }
                if shape.min_weight.is_reached(*weight, index.weight) {
                    counts.add(*sum, *weight, index.weight, index.step);
                }
            }
        }
    }

    /// Source: methods.md 2: the mean of a person's defined indexes, if enough
    /// of them are.
    fn count_overall(&mut self, shape: &Shape, whole: &mut Whole, desk: &mut Desk, rows: &[&[u8]]) {
        let progress = || shape.indexes.iter().enumerate().filter(|(_, index)| index.is_progress);
        let of_all = progress().count() as u64;
        if of_all == 0 {
            return;
        }
        for (person, row) in rows.iter().enumerate() {
            desk.parts.clear();
            let mut is_sure = false;
            for (at, index) in progress() {
                let own = |of: &[Vec<u64>]| of.get(at).and_then(|all| all.get(person)).copied();
                let (Some(sum), Some(weight)) = (own(&desk.sums), own(&desk.weights)) else {
                    continue;
                };
                is_sure |= shape.min_weight.is_sure(weight, index.weight);
                if shape.min_weight.is_reached(weight, index.weight) {
                    desk.parts.push((sum, weight));
                }
            }
            if is_sure {
                self.overall.sure += 1;
            } else {
                let [family, _] = &shape.families;
                let pattern = family.iter().map(|item| desk.has_given(*item, person)).collect();
                *self.overall.patterns.entry(pattern).or_default() += 1;
            }
            if !shape.min_weight.is_reached(desk.parts.len() as u64, of_all) {
                continue;
            }
            if let Some(value) = shape.overall.mean(&desk.parts) {
                *self.overall.values.entry(value).or_default() += 1;
                whole.count_barriers(shape, value, row);
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.responded += other.responded;
        self.empty += other.empty;
        add(&mut self.slots, &other.slots);
        for (mine, theirs) in self.pairs.iter_mut().flatten().zip(other.pairs.iter().flatten()) {
            mine.add(theirs);
        }
        for (mine, theirs) in self.indexes.iter_mut().zip(&other.indexes) {
            mine.merge(theirs);
        }
        self.overall.merge(&other.overall);
    }

    /// The counts as the rest of the house reads them.
    pub(super) fn counts(&self, shape: &Shape) -> LeafCounts {
        let items = self.slots.chunks_exact(shape.width.max(1)).zip(&shape.options);
        let item = |(slots, options): (&[u64], &u8)| {
            let mut slots = slots.iter().copied();
            ItemCounts {
                not_asked: slots.next().unwrap_or(0),
                blank: slots.next().unwrap_or(0),
                options: slots.take(usize::from(*options)).collect(),
            }
        };
        let index = |(index, people): (&super::shape::IndexShape, &People)| {
            let (family, places) = shape.family_of(index);
            let pairs = self.pairs.get(family).map_or(&[][..], Vec::as_slice);
            people.counts(pairs, &places, index.step, index.weight)
        };
        let [family, _] = &shape.families;
        let all: Vec<usize> = (0..family.len()).collect();
        let pairs = self.pairs.first().map_or(&[][..], Vec::as_slice);
        LeafCounts {
            responded: self.responded,
            empty: self.empty,
            items: items.map(item).collect(),
            indexes: shape.indexes.iter().zip(&self.indexes).map(index).collect(),
            overall: (!family.is_empty()).then(|| self.overall.counts(pairs, &all, 1, 1)),
        }
    }
}

impl People {
    /// One person with an index of their own.
    fn add(&mut self, sum: u64, weight: u64, whole: u64, step: u64) {
        let number = usize::try_from(sum / step).unwrap_or(usize::MAX);
        match self.numbered.get_mut(number).filter(|_| weight == whole) {
            Some(people) => *people += 1,
            None => *self.values.entry(IndexValue::mean(sum, weight)).or_default() += 1,
        }
    }

    fn merge(&mut self, other: &Self) {
        self.sure += other.sure;
        add(&mut self.numbered, &other.numbered);
        for (pattern, people) in &other.patterns {
            *self.patterns.entry(pattern.clone()).or_default() += people;
        }
        for (value, people) in &other.values {
            *self.values.entry(*value).or_default() += people;
        }
    }

    /// The people of an index whose items stand at `places` of a family.
    fn counts(&self, family: &[PairSums], places: &[usize], step: u64, whole: u64) -> IndexCounts {
        let mut patterns = self.patterns.clone();
        if self.sure > 0 {
            *patterns.entry(vec![true; places.len()]).or_default() += self.sure;
        }
        let mut values = self.values.clone();
        for (sum, people) in (0_u64..).map(|number| number * step).zip(&self.numbered) {
            if *people > 0 {
                *values.entry(IndexValue::mean(sum, whole)).or_default() += people;
            }
        }
        let mut pairs = Vec::new();
        for (at, second) in places.iter().enumerate() {
            for first in places.iter().take(at + 1) {
                pairs.push(PairSums::of(family, *first, *second));
            }
        }
        IndexCounts { width: places.len(), patterns, pairs, values }
    }
}

impl Whole {
    pub(super) fn nought(shape: &Shape) -> Self {
        let complete = |width: usize| Complete {
            people: 0,
            sums: vec![0; width],
            products: vec![0; width * (width + 1) / 2],
        };
        Self {
            complete: shape.indexes.iter().map(|index| complete(index.items.len())).collect(),
            barriers: BTreeMap::new(),
        }
    }

    fn count_barriers(&mut self, shape: &Shape, value: IndexValue, row: &[u8]) {
        if shape.barriers.is_empty() {
            return;
        }
        let counts = self
            .barriers
            .entry(value)
            .or_insert_with(|| vec![0; shape.barriers.len() * shape.width]);
        for (slots, column) in counts.chunks_exact_mut(shape.width).zip(&shape.barriers) {
            let mark = row.get(*column).copied().unwrap_or(0);
            if let Some(people) = slots.get_mut(slot(mark)) {
                *people += 1;
            }
        }
    }

    fn count_complete(&mut self, shape: &Shape, desk: &mut Desk, rows: &[&[u8]]) {
        let all = self.complete.iter_mut().zip(&shape.indexes).zip(&desk.weights);
        for ((counts, index), weights) in all {
            let is_whole = weights.iter().map(|weight| *weight == index.weight);
            let kept: Vec<&[u8]> = rows
                .iter()
                .zip(is_whole)
                .filter(|(_, whole)| *whole)
                .map(|(row, _)| *row)
                .collect();
            counts.people += kept.len() as u64;
            desk.complete.fill_items(shape, &kept, index);
            let width = index.items.len();
            for (item, sum) in counts.sums.iter_mut().enumerate() {
                *sum += desk.complete.sum(item);
            }
            let mut products = counts.products.iter_mut();
            for second in 0..width {
                for first in 0..=second {
                    if let Some(product) = products.next() {
                        *product += desk.complete.product(first, second);
                    }
                }
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.complete.iter_mut().zip(&other.complete) {
            mine.people += theirs.people;
            add(&mut mine.sums, &theirs.sums);
            add(&mut mine.products, &theirs.products);
        }
        for (value, theirs) in &other.barriers {
            match self.barriers.get_mut(value) {
                Some(mine) => add(mine, theirs),
                None => {
                    self.barriers.insert(*value, theirs.clone());
                }
            }
        }
    }
}

impl Desk {
    /// Per index and person: the weighted scores added up, and their weight.
    fn weigh(&mut self, shape: &Shape, people: usize) {
        self.sums.resize_with(shape.indexes.len(), Vec::new);
        self.weights.resize_with(shape.indexes.len(), Vec::new);
        let all = self.sums.iter_mut().zip(&mut self.weights).zip(&shape.indexes);
        for ((sums, weights), index) in all {
            sums.clear();
            sums.resize(people, 0);
            weights.clear();
            weights.resize(people, 0);
            for (item, weight) in &index.items {
                let (scores, given) = self.block.item(*item);
                let weight = u64::from(*weight);
                for (sum, score) in sums.iter_mut().zip(scores) {
                    *sum += weight * u64::from(score.unsigned_abs());
                }
                for (sum, given) in weights.iter_mut().zip(given) {
                    *sum += weight * u64::from(given.unsigned_abs());
                }
            }
        }
    }

    fn has_given(&self, item: usize, person: usize) -> bool {
        self.block.item(item).1.get(person) == Some(&1)
    }
}

impl Shape {
    /// Whether any answer has a score.
    pub(super) fn is_response(&self, row: &[u8]) -> bool {
        self.scores
            .chunks_exact(self.width)
            .zip(row)
            .any(|(scores, mark)| scores.get(slot(*mark)).is_some_and(|score| *score != NONE))
    }
}

fn add(mine: &mut [u64], theirs: &[u64]) {
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        *mine += theirs;
    }
}
