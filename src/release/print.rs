//! How figures are printed: scores with one place, percentages without.
//!
//! Source: methods.md 13.

use super::Figure;

/// One decimal place, halves away from zero: `14.6`, `-0.1`, `50.0`.
#[must_use]
pub fn one(figure: Figure) -> String {
    let tenths = figure.tenths();
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
}

/// A chance with three places, or that it is smaller: `0.031`, `<0.001`.
#[must_use]
pub fn chance(figure: Figure) -> String {
    let thousandths = figure.units(3);
    if thousandths < 1 {
        return "<0.001".to_owned();
    }
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}

/// No decimal place, halves away from zero: `13`. The sign "%" is the page's.
#[must_use]
pub fn whole(figure: Figure) -> String {
    figure.whole().to_string()
}

/// A share of two counts in whole percent, halves away from zero; none of none is none.
#[must_use]
pub fn percent(part: u64, of: u64) -> Option<String> {
    if of == 0 {
        return None;
    }
    let (part, of) = (u128::from(part), u128::from(of));
    Some(((200 * part + of) / (2 * of)).to_string())
}
