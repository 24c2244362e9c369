//! The figures of a release computed a second time, from the answers given and
//! from the published method alone: nothing of the program is used here.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "the numbers of a region's answers are small"
)]

use std::collections::{BTreeMap, BTreeSet};

use crate::support::region::{Choice, Item, Questionnaire};

/// The two-sided normal quantile at 95%.
const Z: f64 = 1.959_963_984_540_054;

/// One reply as it was sent.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The reporting unit.
    pub unit: String,
    /// The PBC group.
    pub group: String,
    /// The values chosen, of the questions that were asked.
    pub answers: BTreeMap<String, String>,
    /// Questions that do not concern this lead, by the answers to earlier ones.
    pub beside: BTreeSet<String>,
}

/// A fraction of whole numbers; the denominator is positive.
#[derive(Debug, Clone, Copy)]
struct Fraction(i128, i128);

/// A figure: exact where the method gives a fraction.
#[derive(Debug, Clone, Copy)]
enum Figure {
    Exact(Fraction),
    Real(f64),
}

/// The printed figures of one cell, by column; what has none is not in it.
pub type Row = BTreeMap<&'static str, String>;

/// The answers of some people to one item.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// The score of each person with a valid answer, by person.
    pub scores: BTreeMap<usize, i64>,
    /// People whom the item does not concern.
    pub not_applicable: i128,
}

/// Everything that was answered, person by person.
pub struct Wave<'a> {
    asked: &'a Questionnaire,
    replies: Vec<Reply>,
    invited: BTreeMap<String, i128>,
}

impl Fraction {
    fn value(self) -> f64 {
        self.0 as f64 / self.1 as f64
    }

    fn plus(self, other: Self) -> Self {
        Self(self.0 * other.1 + other.0 * self.1, self.1 * other.1)
    }

    /// Times ten to the power of `places`, to the nearest whole, halves away from nought.
    fn rounded(self, places: u32) -> i128 {
        let twice = 2 * self.0.abs() * 10_i128.pow(places);
        self.0.signum() * ((twice + self.1) / (2 * self.1))
    }
}

impl Figure {
    fn value(self) -> f64 {
        match self {
            Self::Exact(fraction) => fraction.value(),
            Self::Real(value) => value,
        }
    }

    /// With one place.
    fn one(self) -> String {
        let tenths = match self {
            Self::Exact(fraction) => fraction.rounded(1),
            Self::Real(value) => (value * 10.0).round() as i128,
        };
        let sign = if tenths < 0 { "-" } else { "" };
        format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
    }

    /// Without places.
    fn whole(self) -> String {
        match self {
            Self::Exact(fraction) => fraction.rounded(0).to_string(),
            Self::Real(value) => (value.round() as i128).to_string(),
        }
    }
}

/// `middle` ± `half`, cut at two exact ends.
fn cut(middle: f64, half: f64, [lo, hi]: [Fraction; 2]) -> [Figure; 2] {
    let low = middle - half;
    let high = middle + half;
    [
        if low <= lo.value() + 1e-9 { Figure::Exact(lo) } else { Figure::Real(low) },
        if high >= hi.value() - 1e-9 { Figure::Exact(hi) } else { Figure::Real(high) },
    ]
}

/// The 97.5% quantile of Student's t with whole degrees of freedom: the
/// finite series for the probability between −t and t, turned round by halving.
///
/// Source: Abramowitz and Stegun 26.7.3 and 26.7.4.
fn student(freedom: i128) -> f64 {
    let between = |t: f64| {
        let angle = (t / (freedom as f64).sqrt()).atan();
        let (sine, cosine) = (angle.sin(), angle.cos());
        let odd = freedom % 2 == 1;
        let mut term = if odd { cosine } else { 1.0 };
        let mut sum = 0.0;
        let mut step = i128::from(odd);
        while step <= freedom - 2 {
            sum += term;
            term *= cosine * cosine * (step + 1) as f64 / (step + 2) as f64;
            step += 2;
        }
        if odd { (angle + sine * sum) * std::f64::consts::FRAC_2_PI } else { sine * sum }
    };
    let (mut low, mut high) = (0.0, 1000.0);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if between(middle) < 0.95 { low = middle } else { high = middle }
    }
    low
}

/// Wilson's interval in percent for `part` of `n`, as if from `effective` answers.
fn wilson(part: i128, n: i128, effective: f64) -> (f64, f64) {
    let p = part as f64 / n as f64;
    let middle = p + Z * Z / (2.0 * effective);
    let half = Z * (p * (1.0 - p) / effective + Z * Z / (4.0 * effective * effective)).sqrt();
    let whole = 1.0 + Z * Z / effective;
    (100.0 * middle / whole, 100.0 * half / whole)
}

impl Cell {
    /// How many answered.
    pub fn n(&self) -> i128 {
        self.scores.len() as i128
    }

    fn sum(&self) -> i128 {
        self.scores.values().map(|score| i128::from(*score)).sum()
    }

    fn mean(&self) -> Fraction {
        Fraction(self.sum(), self.n())
    }

    fn bounds(&self, population: i128) -> [Fraction; 2] {
        let silent = population - self.n();
        [Fraction(self.sum(), population), Fraction(self.sum() + 100 * silent, population)]
    }

    /// Σ(y − m)² / (n − 1).
    fn variance(&self) -> Option<f64> {
        let mean = self.mean().value();
        let squares = self.scores.values().map(|score| (*score as f64 - mean).powi(2)).sum::<f64>();
        (self.n() > 1).then(|| squares / (self.n() - 1) as f64)
    }

    /// How many gave one of these scores.
    pub fn among(&self, scores: &BTreeSet<i64>) -> i128 {
        self.scores.values().filter(|score| scores.contains(score)).count() as i128
    }

    /// The commonest answer's number.
    pub fn largest(&self) -> i128 {
        let mut counts = BTreeMap::<i64, i128>::new();
        for score in self.scores.values() {
            *counts.entry(*score).or_default() += 1;
        }
        counts.into_values().max().unwrap_or(0)
    }

    /// The scores from the lowest to the highest.
    pub fn sorted(&self) -> Vec<i64> {
        let mut scores: Vec<i64> = self.scores.values().copied().collect();
        scores.sort_unstable();
        scores
    }
}

/// The two scores at one end of an item's scale (all scales here have four or five).
pub fn end_of_scale(item: &Item, highest: bool) -> BTreeSet<i64> {
    let scores: BTreeSet<i64> = item.options.iter().filter_map(|option| option.score).collect();
    assert!(scores.len() >= 4, "{} has a short scale", item.code);
    let scores: Vec<i64> = scores.into_iter().collect();
    let ends = if highest { &scores[scores.len() - 2..] } else { &scores[..2] };
    ends.iter().copied().collect()
}

impl<'a> Wave<'a> {
    /// The replies that count: those with a scored answer.
    pub fn new(
        asked: &'a Questionnaire,
        replies: Vec<Reply>,
        invited: BTreeMap<String, i128>,
    ) -> Self {
        let counts = |reply: &Reply| asked.scored.iter().any(|item| score(item, reply).is_some());
        Self { asked, replies: replies.into_iter().filter(counts).collect(), invited }
    }

    fn people(&self, unit: Option<&str>) -> impl Iterator<Item = (usize, &Reply)> {
        let unit = unit.map(str::to_owned);
        let inside = move |reply: &Reply| unit.as_ref().is_none_or(|unit| *unit == reply.unit);
        self.replies.iter().enumerate().filter(move |(_, reply)| inside(reply))
    }

    /// Invited in a unit, or in the region.
    pub fn invited(&self, unit: Option<&str>) -> i128 {
        match unit {
            Some(unit) => self.invited[unit],
            None => self.invited.values().sum(),
        }
    }

    /// Replies from a unit, or from the region.
    pub fn responded(&self, unit: Option<&str>) -> i128 {
        self.people(unit).count() as i128
    }

    /// PBC groups among the replies of a unit, or of the region.
    pub fn groups(&self, unit: Option<&str>) -> i128 {
        self.people(unit).map(|(_, reply)| &reply.group).collect::<BTreeSet<_>>().len() as i128
    }

    /// The answers to an item.
    pub fn cell(&self, unit: Option<&str>, item: &Item) -> Cell {
        let mut cell = Cell::default();
        for (person, reply) in self.people(unit) {
            cell.not_applicable += i128::from(reply.beside.contains(&item.code));
            let Some(choice) = chosen(item, reply) else { continue };
            if let Some(score) = choice.score {
                cell.scores.insert(person, score);
            }
            cell.not_applicable += i128::from(choice.not_applicable);
        }
        cell
    }

    /// People with a valid answer to at least half of these items.
    pub fn people_with_half(&self, unit: Option<&str>, items: &[String]) -> i128 {
        let items = self.items(items);
        let answered =
            |reply: &Reply| items.iter().filter(|item| score(item, reply).is_some()).count();
        self.people(unit).filter(|(_, reply)| 2 * answered(reply) >= items.len()).count() as i128
    }

    fn items(&self, codes: &[String]) -> Vec<&Item> {
        let found = |code: &String| self.asked.scored.iter().find(|item| item.code == *code);
        codes.iter().map(|code| found(code).expect("a scored item")).collect()
    }

    /// The figures of an item. Source: methods.md 2, 3 and 13.
    pub fn item_row(&self, unit: Option<&str>, item: &Item) -> Row {
        let cell = self.cell(unit, item);
        let n = cell.n();
        let population = self.invited(unit) - cell.not_applicable;
        let bounds = cell.bounds(population);
        let mean = cell.mean();
        let mut row = Row::from([
            ("n", n.to_string()),
            ("N_q", population.to_string()),
            ("mean", Figure::Exact(mean).one()),
            ("nr_lo", Figure::Exact(bounds[0]).one()),
            ("nr_hi", Figure::Exact(bounds[1]).one()),
        ]);
        let variance = cell.variance();
        if let Some(variance) = variance {
            row.insert("sd", Figure::Real(variance.sqrt()).one());
        }
        let mut reply = bounds.map(Figure::Exact);
        if let Some(variance) = variance.filter(|variance| *variance > 0.0) {
            let error = student(n - 1) * (variance / n as f64).sqrt();
            let missing = 1.0 - n as f64 / population as f64;
            reply = cut(mean.value(), error * missing.sqrt(), bounds);
            let process = cut(mean.value(), error, [Fraction(0, 1), Fraction(100, 1)]);
            put(&mut row, ["proc_lo", "proc_hi"], process, Figure::one);
        }
        put(&mut row, ["ci_lo", "ci_hi"], reply, Figure::one);
        shares(&mut row, item, &cell, population);
        row.extend([
            ("responded", self.responded(unit).to_string()),
            ("invited", self.invited(unit).to_string()),
        ]);
        row
    }

    /// The figures of an index made of the released items. Source: methods.md 2 and 3.
    pub fn index_row(&self, unit: Option<&str>, used: &[String]) -> Row {
        let cells: Vec<Cell> =
            self.items(used).into_iter().map(|item| self.cell(unit, item)).collect();
        let items = cells.len() as f64;
        let invited = self.invited(unit);
        let average = |of: &dyn Fn(&Cell) -> Fraction| {
            let sum = cells.iter().map(of).fold(Fraction(0, 1), Fraction::plus);
            Fraction(sum.0, sum.1 * cells.len() as i128)
        };
        let index = average(&Cell::mean);
        let population = |cell: &Cell| invited - cell.not_applicable;
        let bounds = [
            average(&|cell| cell.bounds(population(cell))[0]),
            average(&|cell| cell.bounds(population(cell))[1]),
        ];
        // Linearised: what each person adds to the index, over everybody with an answer.
        let people: BTreeSet<usize> = cells.iter().flat_map(|c| c.scores.keys().copied()).collect();
        let n = people.len() as i128;
        let influence = |person: &usize| {
            let of = |cell: &Cell| {
                let score = cell.scores.get(person)?;
                Some((*score as f64 - cell.mean().value()) / cell.n() as f64)
            };
            n as f64 * cells.iter().filter_map(of).sum::<f64>() / items
        };
        let squares = people.iter().map(|person| influence(person).powi(2)).sum::<f64>();
        let error = (squares / (n - 1) as f64 / n as f64).sqrt();
        let mut row = Row::from([
            ("n", n.to_string()),
            ("N_q", invited.to_string()),
            ("mean", Figure::Exact(index).one()),
            ("nr_lo", Figure::Exact(bounds[0]).one()),
            ("nr_hi", Figure::Exact(bounds[1]).one()),
            ("items_used", cells.len().to_string()),
            ("n_star", n.to_string()),
            ("responded", self.responded(unit).to_string()),
            ("invited", invited.to_string()),
        ]);
        let mut reply = bounds.map(Figure::Exact);
        if n > 1 && error > 1e-9 {
            let half = student(n - 1) * error;
            let missing = 1.0 - n as f64 / invited as f64;
            reply = cut(index.value(), half * missing.sqrt(), bounds);
            let process = cut(index.value(), half, [Fraction(0, 1), Fraction(100, 1)]);
            put(&mut row, ["proc_lo", "proc_hi"], process, Figure::one);
        }
        put(&mut row, ["ci_lo", "ci_hi"], reply, Figure::one);
        row
    }
}

/// What a reply says on an item; nothing where it was left blank.
fn chosen<'i>(item: &'i Item, reply: &Reply) -> Option<&'i Choice> {
    let value = reply.answers.get(&item.code)?;
    let option = item.options.iter().find(|option| option.value == *value);
    Some(option.expect("an answer that was offered"))
}

/// The score of what a reply says on an item, if it has one.
fn score(item: &Item, reply: &Reply) -> Option<i64> {
    chosen(item, reply)?.score
}

fn put(
    row: &mut Row,
    names: [&'static str; 2],
    ends: [Figure; 2],
    print: impl Fn(Figure) -> String,
) {
    for (name, end) in names.into_iter().zip(ends) {
        row.insert(name, print(end));
    }
}

/// The favourable or major share with its intervals. Source: methods.md 2 and 3.
fn shares(row: &mut Row, item: &Item, cell: &Cell, population: i128) {
    let (n, part) = (cell.n(), cell.among(&end_of_scale(item, true)));
    let share = Fraction(100 * part, n);
    let silent = population - n;
    let bounds = [Fraction(100 * part, population), Fraction(100 * (part + silent), population)];
    let scale = [Fraction(0, 1), Fraction(100, 1)];
    let reply = if silent == 0 {
        [Figure::Exact(share); 2]
    } else {
        let effective = n as f64 * (population - 1) as f64 / silent as f64;
        let (middle, half) = wilson(part, n, effective);
        cut(middle, half, bounds)
    };
    let (middle, half) = wilson(part, n, n as f64);
    row.insert(if item.barrier { "pct_major" } else { "pct_fav" }, Figure::Exact(share).whole());
    put(row, ["pct_lo", "pct_hi"], reply, Figure::whole);
    put(row, ["pct_proc_lo", "pct_proc_hi"], cut(middle, half, scale), Figure::whole);
}

#[test]
fn this_second_opinion_agrees_with_published_tables() {
    // The usual table of Student's t: 0.975 at 1, 2, 4, 10 and 30 degrees of freedom.
    for (freedom, quantile) in [(1, 12.7062), (2, 4.3027), (4, 2.7764), (10, 2.2281), (30, 2.0423)]
    {
        assert!((student(freedom) - quantile).abs() < 5e-5, "{freedom}: {}", student(freedom));
    }
    // methods.md, example A: 11 of 16 by Wilson.
    let (middle, half) = wilson(11, 16, 16.0);
    assert!((middle - half - 44.404_356).abs() < 1e-6 && (middle + half - 85.835_356).abs() < 1e-6);
}

#[test]
fn halves_are_rounded_away_from_nought() {
    assert_eq!(Figure::Exact(Fraction(145_833, 10_000)).one(), "14.6");
    assert_eq!(Figure::Exact(Fraction(25, 2)).whole(), "13");
    assert_eq!(Figure::Exact(Fraction(-1, 20)).one(), "-0.1");
    assert!((Figure::Real(0.5).value() - 0.5).abs() < f64::EPSILON);
}
