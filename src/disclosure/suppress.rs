//! Which cells of one question are hidden: primary cells because they are not
//! safe, secondary ones because a primary one could be worked out from them.
//!
//! Source: methods.md 9.4.

use super::Status;
use super::frame::{Frame, Residual};
use super::rule::Part;

/// What one question (or index) lets be shown.
pub(super) trait Judge {
    /// People behind a node's figures.
    fn people(&self, node: usize) -> u64;
    /// Whether a node's own figures may be shown.
    fn is_safe(&self, node: usize) -> bool;
    /// Whether the total over these leaves, which readers can work out, may be known.
    fn is_safe_total(&self, leaves: &[usize]) -> bool;
    /// Whether the rule has this part: always, but for tests.
    fn has(&self, part: Part) -> bool;
}

/// The status of every node, in the frame's order.
pub(super) fn suppress(frame: &Frame, judge: &impl Judge) -> Vec<Status> {
    let mut status: Vec<Status> = frame
        .nodes()
        .map(|(node, _)| match judge.people(node) {
            0 => Status::Empty,
            _ if judge.is_safe(node) => Status::Shown,
            _ => Status::Hidden,
        })
        .collect();
    let primary = status.clone();
    while let Some(residual) = unsafe_residual(frame, judge, &status) {
        for node in cheapest(frame, judge, &status, &residual) {
            set(&mut status, node, Status::Hidden);
        }
    }
    if judge.has(Part::Restoring) {
        restore(frame, judge, &primary, &mut status);
    }
    status
}

fn unsafe_residual(frame: &Frame, judge: &impl Judge, status: &[Status]) -> Option<Residual> {
    frame.residuals(status).into_iter().find(|residual| !judge.is_safe_total(&residual.leaves))
}

/// The nodes whose hiding mends a residual at the least cost: the node itself,
/// or a released leaf that joins the residual.
fn cheapest(
    frame: &Frame,
    judge: &impl Judge,
    status: &[Status],
    residual: &Residual,
) -> Vec<usize> {
    let whole = (frame.cost(residual.node), judge.people(residual.node), residual.node);
    let mut best = (whole, vec![residual.node]);
    for leaf in frame.leaves_under(residual.node) {
        if status.get(leaf) != Some(&Status::Shown) {
            continue;
        }
        let hidden = frame.between(leaf, residual.node, status);
        let cost = hidden.iter().map(|node| frame.cost(*node)).sum();
        let price = (cost, judge.people(leaf), leaf);
        if price < best.0 {
            best = (price, hidden);
        }
    }
    best.1
}

/// Shows again what turned out not to be needed, the dearest first.
fn restore(frame: &Frame, judge: &impl Judge, primary: &[Status], status: &mut [Status]) {
    let mut secondary: Vec<usize> = frame
        .nodes()
        .map(|(node, _)| node)
        .filter(|node| {
            primary.get(*node) == Some(&Status::Shown) && status.get(*node) == Some(&Status::Hidden)
        })
        .collect();
    secondary
        .sort_by_key(|node| (std::cmp::Reverse((frame.cost(*node), judge.people(*node))), *node));
    if !judge.has(Part::RestoringOrder) {
        secondary.reverse();
    }
    for node in secondary {
        set(status, node, Status::Shown);
        if unsafe_residual(frame, judge, status).is_some() {
            set(status, node, Status::Hidden);
        }
    }
}

fn set(status: &mut [Status], node: usize, to: Status) {
    if let Some(at) = status.get_mut(node) {
        *at = to;
    }
}
