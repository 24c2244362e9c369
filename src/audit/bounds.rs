//! How far apart the mean of a hidden unit can lie, given everything published:
//! two linear programs. In one tree methods.md 9.3 (R2) says the same exactly;
//! this is for releases that overlap.
//!
//! Source: methods.md 9.8, point 4.

use std::collections::{BTreeMap, BTreeSet};

use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem, Variable};

use super::answers::Answers;
use super::ballots::real;
use super::elimination::Puzzle;

/// Widths differ from what they must be by less than this through rounding alone.
const SLACK: f64 = 1e-6;

/// Whether the mean of these atoms' people could lie in a range of at least so
/// many points, as far as anybody can tell from the totals; none if the solver
/// gives no answer.
pub(super) fn leaves_room(puzzle: &Puzzle, target: &BTreeSet<usize>, width: i64) -> Option<bool> {
    let people: i64 = target.iter().filter_map(|atom| n(puzzle, *atom)).sum();
    if people == 0 {
        return Some(true);
    }
    let low = extreme(puzzle, target, OptimizationDirection::Minimize)?;
    let high = extreme(puzzle, target, OptimizationDirection::Maximize)?;
    Some((high - low) / real(people) >= real(width) - SLACK)
}

fn n(puzzle: &Puzzle, atom: usize) -> Option<i64> {
    puzzle.atoms.get(atom)?.answers.as_ref().map(Answers::n)
}

/// The least or greatest sum of scores of the target's people.
fn extreme(
    puzzle: &Puzzle,
    target: &BTreeSet<usize>,
    direction: OptimizationDirection,
) -> Option<f64> {
    // What no total and no target tells apart is one unknown.
    let mut groups: BTreeMap<(Vec<usize>, bool), i64> = BTreeMap::new();
    for atom in 0..puzzle.atoms.len() {
        let totals = puzzle.totals.iter().enumerate();
        let within: Vec<usize> =
            totals.filter(|(_, total)| total.atoms.contains(&atom)).map(|(at, _)| at).collect();
        *groups.entry((within, target.contains(&atom))).or_default() += n(puzzle, atom)?;
    }
    let scores: BTreeSet<u8> =
        puzzle.totals.iter().flat_map(|total| total.answers.by_score().keys().copied()).collect();
    let mut problem = Problem::new(direction);
    let mut unknowns: Vec<(&Vec<usize>, u8, Variable)> = Vec::new();
    for ((within, wanted), people) in &groups {
        let mut all = LinearExpr::empty();
        for score in &scores {
            let weight = if *wanted { f64::from(*score) } else { 0.0 };
            let variable = problem.add_var(weight, (0.0, real(*people)));
            all.add(variable, 1.0);
            unknowns.push((within, *score, variable));
        }
        problem.add_constraint(all, ComparisonOp::Eq, real(*people));
    }
    for (at, total) in puzzle.totals.iter().enumerate() {
        for score in &scores {
            let mut people = LinearExpr::empty();
            for (within, of, variable) in &unknowns {
                if of == score && within.contains(&at) {
                    people.add(*variable, 1.0);
                }
            }
            let known = total.answers.by_score().get(score).copied().unwrap_or(0);
            problem.add_constraint(people, ComparisonOp::Eq, real(known));
        }
    }
    Some(problem.solve().ok()?.into_solution().ok()?.objective())
}
