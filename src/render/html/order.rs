//! The order of the overview's rows, as its address says: `?sort=…&cluster=…`.

use std::cmp::Reverse;

use crate::id::OrgCode;
use crate::pages::{Choices, HeadView, LightView, OverviewChoice, StocktakeColumn};
use crate::release::{Level, Org, Release};
use crate::render::seen::seen;

use super::words;

/// By what the PCTs are in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Sort {
    /// By name.
    #[default]
    Name,
    /// By the share of leads who answered, the lowest first.
    Answered,
    /// By traffic light, Red first.
    Light,
    /// By the score of an index, the lowest first; those not shown last.
    Index(String),
}

/// What a reader chose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Order {
    /// The order.
    pub sort: Sort,
    /// The cluster to which the rows are limited.
    pub cluster: Option<OrgCode>,
}

impl Order {
    /// What an address asks for; what is no choice of this release is left out.
    #[must_use]
    pub fn asked(release: &Release, sort: Option<&str>, cluster: Option<&str>) -> Self {
        let cluster = cluster.and_then(|code| code.parse().ok());
        let is_cluster =
            |code: &OrgCode| release.node(code).is_some_and(|org| org.level == Level::Cluster);
        let sort = match sort {
            Some("answered") => Sort::Answered,
            Some("light") => Sort::Light,
            Some(code) if release.indexes().any(|index| index.code == code) => {
                Sort::Index(code.to_owned())
            }
            _ => Sort::Name,
        };
        Self { sort, cluster: cluster.filter(is_cluster) }
    }

    /// The PCTs in this order.
    pub(super) fn rows<'r>(
        &self,
        release: &'r Release,
        stocktake: Option<&StocktakeColumn>,
    ) -> Vec<&'r Org> {
        let inside = |org: &&Org| self.cluster.is_none() || org.parent == self.cluster;
        let mut rows: Vec<&Org> = release.leaves().filter(inside).collect();
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        match &self.sort {
            Sort::Name => {}
            Sort::Answered => rows.sort_by_key(|org| {
                let per_million = |n: u64| n * 1_000_000 / org.invited.max(1);
                org.responded.map_or(0, per_million)
            }),
            Sort::Light => rows.sort_by_key(|org| {
                let unit = stocktake.and_then(|column| column.units.get(org.code.as_str()));
                rank(unit.map(|unit| &unit.light))
            }),
            Sort::Index(code) => rows.sort_by_key(|org| {
                let mean = seen(release.cell(&org.code, code)).map(|own| own.mean);
                // None would come first.
                (Reverse(mean.is_some()), mean)
            }),
        }
        rows
    }

    /// The same page with other choices.
    fn href(release: &Release, sort: &str, cluster: Option<&OrgCode>) -> String {
        let mut asked = Vec::new();
        if sort != "name" {
            asked.push(format!("sort={sort}"));
        }
        asked.extend(cluster.map(|cluster| format!("cluster={cluster}")));
        let base = words::wave_href(release);
        if asked.is_empty() { base } else { format!("{base}?{}", asked.join("&")) }
    }

    fn word(&self) -> &str {
        match &self.sort {
            Sort::Name => "name",
            Sort::Answered => "answered",
            Sort::Light => "light",
            Sort::Index(code) => code,
        }
    }

    /// The head of a column.
    pub(super) fn head(
        &self,
        release: &Release,
        label: &str,
        sort: &str,
        href: Option<String>,
    ) -> HeadView {
        HeadView {
            label: label.to_owned(),
            href,
            sort: Self::href(release, sort, self.cluster.as_ref()),
            sorted: if self.word() == sort { "ascending" } else { "" }.to_owned(),
        }
    }

    /// The choice of a cluster; none if the region has none.
    pub(super) fn choices(&self, release: &Release) -> Option<Choices> {
        let clusters: Vec<&Org> =
            release.nodes().iter().filter(|org| org.level == Level::Cluster).collect();
        clusters.first()?;
        let choice = |label: &str, cluster: Option<&OrgCode>| OverviewChoice {
            label: label.to_owned(),
            href: Self::href(release, self.word(), cluster),
            current: self.cluster.as_ref() == cluster,
        };
        let all = std::iter::once(choice("All PCTs", None));
        let each = clusters.iter().map(|org| choice(&org.name, Some(&org.code)));
        Some(Choices { clusters: all.chain(each).collect() })
    }
}

/// Red, amber, green, no return, not listed.
fn rank(light: Option<&LightView>) -> u8 {
    let lights = [LightView::red(), LightView::amber(), LightView::green(), LightView::no_return()];
    let place = light.and_then(|light| lights.iter().position(|other| other == light));
    place.and_then(|place| u8::try_from(place).ok()).unwrap_or(9)
}
