//! What may be shown: rules, secondary suppression, and the one type that the
//! rest of the house may show anything from.
//!
//! [`protect`] turns a table of counts into a [`SafeTable`]; there is no other
//! way to make one, and a release can be made of nothing else. Whether a figure
//! is *interesting* is none of this room's business.

mod forecast;
mod frame;
mod free_text;
mod indexes;
mod judges;
mod number;
mod over_time;
mod protect;
mod root;
mod rule;
mod safe;
mod status;
mod suppress;

pub use forecast::{Forecast, chance_of_groups};
pub use free_text::{FEWEST_COMMENTS, ReadComment, SafeComments, Theme};
pub use over_time::{Cast, Correction, Exposed, Past};
pub use protect::{ProtectError, protect, protect_correction};
pub use root::{BarrierTable, ChoiceFigures, RootFigures, Unanswered};
#[cfg(test)]
pub(crate) use rule::Part;
pub use rule::{Group, Rule, RuleError, RuleSettings};
pub use safe::{
    IndexFigures, ItemFigures, NumberFigures, OverallFigures, Protected, SafeOrg, SafeTable,
};
pub use status::Status;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_indexes;
#[cfg(test)]
mod tests_plain;
#[cfg(test)]
mod tests_time;
