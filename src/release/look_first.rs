//! "Look here first": which figures of a PCT a person in the survey office should
//! look at before its review meeting. These are proposals; a page for anybody
//! else shows only what a person has confirmed.
//!
//! Source: instrument.md 4, rule 7.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::{Figure, GapFlag, MeasureKind, Release, Status};
use crate::id::{OrgCode, WaveCode};
use crate::register::Level;

/// Below this score an index may need looking at, in points.
const LOW: f64 = 50.0;
/// How far below the rest, or down since the wave before, in points.
const FAR: f64 = 10.0;
/// The question that counts cases which have waited over the agreed time; its
/// favourable band is "none".
const WAITING: &str = "BC_WAIT";

/// Why a figure is proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LookRule {
    /// An index is low, and far below the rest of the region.
    LowIndex,
    /// An index fell far since the wave before.
    Fall,
    /// The PCT reports what its leads do not experience.
    ClaimGap,
    /// A business case has waited over the agreed time.
    Waiting,
}

impl LookRule {
    const ALL: [Self; 4] = [Self::LowIndex, Self::Fall, Self::ClaimGap, Self::Waiting];

    /// The stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::LowIndex => "low-index",
            Self::Fall => "fall",
            Self::ClaimGap => "claim-gap",
            Self::Waiting => "waiting",
        }
    }
}

/// A word that is no rule, or no decision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither a rule nor a decision of \"look here first\"")]
pub struct UnknownWord(pub String);

impl FromStr for LookRule {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let found = Self::ALL.into_iter().find(|rule| rule.word() == word);
        found.ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

impl fmt::Display for LookRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// The figures that a proposal rests on.
#[derive(Debug, Clone, PartialEq)]
pub enum LookReason {
    /// The index, and the rest of the region.
    LowIndex {
        /// The PCT's index.
        score: Figure,
        /// The same of everybody else.
        rest: Figure,
    },
    /// The fall, and since when.
    Fall {
        /// Later less earlier: below nought.
        difference: Figure,
        /// The wave before.
        from: WaveCode,
    },
    /// Claim less experience, in points.
    ClaimGap {
        /// What the PCT reports, in percent.
        claim: u8,
        /// The share of leads who say so.
        experienced: Figure,
    },
    /// Leads with no case waiting, in percent of those who answered.
    Waiting {
        /// The share.
        none: Figure,
    },
}

/// A figure to look at.
#[derive(Debug, Clone, PartialEq)]
pub struct LookFirst {
    /// The PCT.
    pub unit: OrgCode,
    /// The measure.
    pub measure: String,
    /// The figures behind it.
    pub reason: LookReason,
}

impl LookFirst {
    /// The rule that proposes it.
    #[must_use]
    pub fn rule(&self) -> LookRule {
        match self.reason {
            LookReason::LowIndex { .. } => LookRule::LowIndex,
            LookReason::Fall { .. } => LookRule::Fall,
            LookReason::ClaimGap { .. } => LookRule::ClaimGap,
            LookReason::Waiting { .. } => LookRule::Waiting,
        }
    }
}

/// What a person in the office decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// It goes on the pages.
    Confirmed,
    /// It does not.
    Dismissed,
}

impl Decision {
    /// The stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Dismissed => "dismissed",
        }
    }
}

impl FromStr for Decision {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        let found = [Self::Confirmed, Self::Dismissed].into_iter().find(|one| one.word() == word);
        found.ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

/// A decision on a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// The PCT.
    pub unit: OrgCode,
    /// The rule.
    pub rule: LookRule,
    /// The measure.
    pub measure: String,
    /// What was decided.
    pub decision: Decision,
    /// What the person wrote beside it; may be empty.
    pub note: String,
    /// Who decided: the address of the account.
    pub who: String,
}

impl Decided {
    /// Whether it is about this proposal.
    #[must_use]
    pub fn is_about(&self, of: &LookFirst) -> bool {
        self.unit == of.unit && self.rule == of.rule() && self.measure == of.measure
    }
}

/// What PCTs report per milestone: the item that asks leads for the same, and
/// the percentage of groups said to have agreed.
pub type ReportedBy = BTreeMap<OrgCode, Vec<(String, Option<u8>)>>;

impl Release {
    /// What the rules propose, by PCT, rule and measure. Only shown figures count.
    #[must_use]
    pub fn look_first(&self, reported: &ReportedBy) -> Vec<LookFirst> {
        let mut all = Vec::new();
        for org in self.nodes().iter().filter(|org| org.level == Level::Pct) {
            let mut add = |measure: &str, reason: Option<LookReason>| {
                all.extend(reason.map(|reason| LookFirst {
                    unit: org.code.clone(),
                    measure: measure.to_owned(),
                    reason,
                }));
            };
            for index in self.indexes().filter(|index| !index.severity) {
                add(&index.code, self.low(&org.code, &index.code));
                add(&index.code, self.fallen(&org.code, &index.code));
            }
            for (item, percent) in reported.get(&org.code).into_iter().flatten() {
                add(item, self.claim_gap(&org.code, item, *percent));
            }
            add(WAITING, self.waiting(&org.code));
        }
        all.sort_by(|a, b| (&a.unit, a.rule(), &a.measure).cmp(&(&b.unit, b.rule(), &b.measure)));
        all
    }

    fn low(&self, org: &OrgCode, index: &str) -> Option<LookReason> {
        let score = self.shown_figures(org, index)?.score?.mean;
        let rest = self.rest(org, self.measure(index)?)?;
        let low = score.value() < LOW && rest - score.value() >= FAR;
        low.then(|| LookReason::LowIndex { score, rest: Figure::nearest(rest) })
    }

    fn fallen(&self, org: &OrgCode, index: &str) -> Option<LookReason> {
        let change = self.shown_figures(org, index)?.change.as_ref()?;
        let fallen = change.difference.value() <= -FAR;
        fallen
            .then(|| LookReason::Fall { difference: change.difference, from: change.from.clone() })
    }

    fn claim_gap(&self, org: &OrgCode, item: &str, claim: Option<u8>) -> Option<LookReason> {
        let flag = self.claimed(org, item, claim).flag;
        let experienced = self.shown_figures(org, item)?.share?.percent;
        let gap = flag == GapFlag::ClaimedNotExperienced;
        claim.filter(|_| gap).map(|claim| LookReason::ClaimGap { claim, experienced })
    }

    fn waiting(&self, org: &OrgCode) -> Option<LookReason> {
        self.measure(WAITING).filter(|measure| measure.kind == MeasureKind::Number)?;
        let none = self.shown_figures(org, WAITING)?.share?.percent;
        (none.value() < 100.0).then_some(LookReason::Waiting { none })
    }

    pub(super) fn shown_figures(&self, org: &OrgCode, measure: &str) -> Option<&super::Figures> {
        let cell = self.cell(org, measure).filter(|cell| cell.status == Status::Shown)?;
        cell.figures.as_ref()
    }
}
