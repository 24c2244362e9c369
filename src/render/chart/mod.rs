//! Charts of a release: scales and marks become SVG, for pages, for paper and
//! to take away. Must never know who looks, or anything that was not released.
//!
//! Each chart is a function of a release that gives an [`Svg`], or nothing where
//! there is nothing to be shown. An [`Svg`] prints itself for a page, where the
//! site's style sheet colours it, or as a file of its own. The numbers always
//! stand beside a chart in a table or in words, so no chart is the only way to
//! read a figure, and no mark differs from another by its colour alone.

mod barriers;
mod caterpillar;
mod distribution;
mod funnel;
mod marks;
mod scale;
mod shade;
mod strip;
mod svg;
mod trend;

pub use barriers::{barriers, by_severity};
pub use caterpillar::caterpillar;
pub use distribution::{distribution, distributions};
pub use funnel::funnel;
pub use scale::{Bands, Linear};
pub use shade::{heat, heat_legend, shade, shade_legend, share_width};
pub use strip::{share_strip, strip, strips};
pub use svg::Svg;
pub use trend::trend;
pub(crate) use trend::{change_words, joined};

#[cfg(test)]
mod tests;
