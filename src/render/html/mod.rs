//! A release as pages for people: the region, one PCT, one measure.
//!
//! Each function takes the release and what lies around it for one reader, and
//! fills the contexts of [`crate::pages`].

pub(super) mod act;
mod chosen;
mod flags;
pub(super) mod headline;
mod measure;
mod number;
mod order;
mod overview;
mod pct;
mod summary;
mod trends;
mod words;

pub use flags::{every_proposal, reported};
pub use measure::measure;
pub use number::number;
pub use order::{Order, Sort};
pub use overview::overview;
pub use pct::pct;
pub use summary::summary;

use std::sync::Arc;

use crate::id::OrgCode;
use crate::pages::{Frame, Link, StocktakeColumn};
use crate::release::{Decided, Level, Org, Release};

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eyes {
    /// The leads of a PCT, who see the region and the page of their own.
    Lead,
    /// Everybody who may see results.
    Everybody,
    /// The SHA, which also sees funnel charts.
    Sha,
    /// The survey office, which also decides what is to be looked at first.
    Office,
}

/// What lies around a release for one reader.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// What is around every page.
    pub frame: &'a Frame,
    /// The stocktake nearest to the wave, if the reader may see it.
    pub stocktake: Option<&'a StocktakeColumn>,
    /// Published releases of the same survey before this one, the earliest first.
    pub past: &'a [Arc<Release>],
    /// What the office decided of the figures proposed to be looked at first.
    pub decided: &'a [Decided],
    /// Who looks.
    pub eyes: Eyes,
    /// The reader's own PCT, if there is one.
    pub own: Option<&'a OrgCode>,
    /// The ways to what leads wrote, if anything of it is published.
    pub words: &'a [Link],
}

impl Around<'_> {
    /// Where a reader who follows the name of an organisation is led.
    fn href(&self, release: &Release, org: &Org) -> Option<String> {
        let other = self.own != Some(&org.code);
        match org.level {
            Level::Pct if self.eyes == Eyes::Lead && other => None,
            Level::Pct => Some(words::pct_href(release, org)),
            _ => Some(words::wave_href(release)),
        }
    }

    /// The releases over which a trend runs, the earliest first, this one last.
    fn waves<'r>(&'r self, release: &'r Release) -> Vec<&'r Release> {
        self.past.iter().map(Arc::as_ref).chain([release]).collect()
    }
}

#[cfg(test)]
mod tests;
