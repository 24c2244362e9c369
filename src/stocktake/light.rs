//! The traffic light that follows from a return.

use super::{Claim, Return};

/// The colour of a computed light.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Colour {
    /// All four are agreed.
    Green,
    /// Information and governance are agreed, and exactly one of budget and incentive scheme.
    Amber,
    /// Neither budget nor incentive scheme is agreed, or the foundations are not.
    Red,
    /// All four are blank.
    NoReturn,
}

/// Which rule gave the colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// The definitions printed with the June 2007 table.
    PublishedRule,
    /// Our extension: information or governance is not agreed, of which those definitions say nothing.
    OutsidePublishedDefinitions,
    /// Our extension: nothing was returned.
    NothingReturned,
}

impl Basis {
    /// The basis in words, for a table.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::PublishedRule => "published rule",
            Self::OutsidePublishedDefinitions => {
                "information or governance not agreed: outside the published definitions"
            }
            Self::NothingReturned => "no return",
        }
    }
}

/// A light and what stands behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Computed {
    /// The light.
    pub light: Colour,
    /// The rule that gave it.
    pub basis: Basis,
    /// Whether one of the four is blank: unknown, and so counted as not agreed.
    pub incomplete: bool,
}

/// The light of a return. Plans never count; a part is not agreed.
///
/// Source: June 2007 stocktake table, whose Amber ("budget or incentive still to
/// be agreed") and Red ("budget and incentive") overlap in words; "or" is read
/// as exactly one.
#[must_use]
pub fn light(of: &Return) -> Computed {
    let four = [of.information, of.governance, of.budget, of.incentive];
    let foundations = of.information.is_agreed() && of.governance.is_agreed();
    let (light, basis) = if four.iter().all(|claim| *claim == Claim::Blank) {
        (Colour::NoReturn, Basis::NothingReturned)
    } else if !foundations {
        (Colour::Red, Basis::OutsidePublishedDefinitions)
    } else {
        let light = match (of.budget.is_agreed(), of.incentive.is_agreed()) {
            (true, true) => Colour::Green,
            (true, false) | (false, true) => Colour::Amber,
            (false, false) => Colour::Red,
        };
        (light, Basis::PublishedRule)
    };
    Computed { light, basis, incomplete: four.contains(&Claim::Blank) }
}
