//! Counts become estimates, each with what is not known about it.
//!
//! A figure that is not defined is `None`, never NaN, infinite or nought. This
//! room computes for anybody who asks: it must never know what may be shown.
//!
//! Everything here is a function of small whole numbers: histograms, sums, counts
//! of people. What decides a label or a rounding is compared as a fraction, the
//! rest is f64; whoever calls passes organisations and items in the order of
//! their codes, and then the same counts always give the same bytes.
//!
//! | Question | File |
//! |---|---|
//! | what did one organisation say? | `mean`, `share`, `index` (with the overall index) |
//! | how sure is that? | `confidence` for quantiles, `tail` for chances, `caution` for words |
//! | does a PCT differ from the rest? | `pair` and `exact` under `compare` |
//! | how do PCTs lie among themselves? | `between`, `rank` over `stream`, `funnel` |
//! | do the items belong together? | `reliability` |
//! | what changed? | `change` between two waves, `xmr` over many |
//! | what should be fixed first? | `barrier` |
//! | do leads experience what is claimed? | `gap` |
//! | how many, where nothing is scored? | `ordered` |
//!
//! `settings` has the sizes from which on a difference is named; `table` holds the
//! counts of a wave for every node.
//!
//! What the figures are worth on regions like ours has been measured:
//!
// Only for readers: the program that writes the page needs this crate to be built.
#![cfg_attr(doc, doc = include_str!("simulation.md"))]

mod barrier;
mod between;
mod caution;
mod change;
mod compare;
mod confidence;
mod exact;
mod funnel;
mod gap;
mod histogram;
mod index;
mod mean;
mod ordered;
mod pair;
mod rank;
mod reliability;
mod settings;
mod share;
mod stream;
mod table;
mod tail;
mod xmr;

pub use barrier::{
    Association, Bar, Priority, Severity, association, of_rho, order, pareto, priority,
};
pub use between::{
    FEWEST_PCTS, Heterogeneity, Intraclass, PctScore, Shrinkage, Shrunken, Spread, intraclass,
    kruskal_wallis, pooled_variance, shrink, spread,
};
pub use caution::{Caution, few_answers, response_rate};
pub use change::{
    Change, ChangeLabel, ChangeTest, Sample, ShareChange, change, change_label, share_change,
};
pub use compare::{
    Answers, Band, Comparison, Delta, Effect, Placed, against_rest, band, benjamini_hochberg,
    cliffs_delta, compare, normal_p, place_all,
};
pub use confidence::{Confidence, ConfidenceError};
pub use funnel::{FunnelLimits, MeanFunnel, mean_funnel, share_funnel};
pub use gap::{Agreed, Experience, Gap, GapFlag, gap, gap_flag};
pub use histogram::Histogram;
pub use index::{
    Domain, IndexEstimate, Part, exact_index, exact_overall, index_estimate, overall_estimate,
};
pub use mean::{MeanEstimate, mean_estimate};
pub use ordered::{BandQuartiles, BandRange, band_quartiles, choice_shares, in_good_bands};
pub use pair::{Pair, Tie};
pub use rank::{
    Drawn, RankRange, SimulatedRank, Standing, pairwise_ranks, ranks, simulated_ranks, standings,
};
pub use reliability::{CompleteSums, Reliability, reliability};
pub use settings::{Limit, ThresholdError, Thresholds};
pub use share::{ShareEstimate, share_estimate};
pub use stream::{Stream, fnv_1a};
pub use table::{ItemCell, OrgFacts, Table, TableError};
pub use tail::{chi_squared_above, normal_both, student_both};
pub use xmr::{FEWEST_WAVES, Signal, XmrChart, xmr};

/// From and to, in points or percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub lo: f64,
    /// The upper end.
    pub hi: f64,
}

impl Interval {
    /// The part of this interval inside another.
    #[must_use]
    pub fn within(self, outer: Self) -> Self {
        Self { lo: self.lo.max(outer.lo), hi: self.hi.min(outer.hi) }
    }
}

/// Every score and percentage lies here.
const SCALE: Interval = Interval { lo: 0.0, hi: 100.0 };

/// A count as a number. Counts are people and sums of their scores, far below 2^53.
#[expect(clippy::cast_precision_loss, reason = "counts of people are far below 2^53")]
fn real(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_index;
