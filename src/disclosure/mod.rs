//! What may be shown: rules, secondary suppression, and the one type that the
//! rest of the house may show anything from.
//!
//! [`protect`] turns a table of counts into a [`SafeTable`]; there is no other
//! way to make one, and a release can be made of nothing else. Whether a figure
//! is *interesting* is none of this room's business.

mod frame;
mod judges;
mod protect;
mod rule;
mod status;
mod suppress;

pub use protect::{
    IndexFigures, ItemFigures, Past, ProtectError, Protected, SafeOrg, SafeTable, protect,
};
pub use rule::{Group, Rule, RuleError, RuleSettings};
pub use status::Status;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_plain;
