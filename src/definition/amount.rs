//! Numbers as people write them, exact in units of their last decimal place.

use super::kind::{Amount, Number};

/// Why a text is not a number of so many decimal places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not a number at all.
    #[error("is not a number")]
    NotANumber,
    /// More decimal places than are taken.
    #[error("has more than {0} decimal places")]
    TooPrecise(u8),
    /// More digits than there is room for.
    #[error("is too large")]
    TooLarge,
}

/// Reads a number with at most so many decimal places. Commas between
/// thousands, a pound sign before it and a per cent sign after it may stand.
///
/// # Errors
/// What is wrong with the text.
pub fn read_amount(text: &str, decimals: u8) -> Result<Amount, AmountError> {
    let text = text.trim();
    let (negative, text) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let text = text.trim_start().strip_prefix('£').unwrap_or(text.trim_start());
    let text = text.strip_suffix('%').unwrap_or(text).trim();
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let whole = without_commas(whole).ok_or(AmountError::NotANumber)?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(&whole) || !digits(part) || (whole.is_empty() && part.is_empty()) {
        return Err(AmountError::NotANumber);
    }
    let part = part.trim_end_matches('0');
    let places = usize::from(decimals);
    if part.len() > places {
        return Err(AmountError::TooPrecise(decimals));
    }
    let all = format!("{whole}{part:0<places$}");
    let amount: Amount = match all.trim_start_matches('0') {
        "" => 0,
        digits => digits.parse().map_err(|_| AmountError::TooLarge)?,
    };
    if amount > widest(decimals) {
        return Err(AmountError::TooLarge);
    }
    Ok(if negative { -amount } else { amount })
}

/// The largest amount of so many decimal places.
#[must_use]
pub fn widest(decimals: u8) -> Amount {
    Number::WIDEST.saturating_mul(10_i64.pow(u32::from(decimals.min(3))))
}

/// The unit of exactly one, as far as English is regular: `case` of `cases`.
pub(super) fn of_one(unit: &str) -> String {
    if let Some(stem) = unit.strip_suffix("ies") {
        return format!("{stem}y");
    }
    let hissing = ["sses", "xes", "ches", "shes"].iter().any(|end| unit.ends_with(end));
    let one = unit.strip_suffix(if hissing { "es" } else { "s" });
    one.filter(|stem| !stem.is_empty()).unwrap_or(unit).to_owned()
}

/// The digits without commas, if these stand between thousands.
fn without_commas(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let fits = rest.is_empty()
        || ((1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3));
    fits.then(|| format!("{first}{}", rest.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let good = [
            ("12", 0, 12),
            (" 12.50 ", 1, 125),
            ("12", 1, 120),
            ("-3", 0, -3),
            ("£1,250,000", 0, 1_250_000),
            ("75 %", 0, 75),
            (".5", 1, 5),
            ("007", 0, 7),
            ("0", 3, 0),
            ("2.0", 0, 2),
        ];
        for (text, decimals, amount) in good {
            assert_eq!(read_amount(text, decimals), Ok(amount), "{text}");
        }
        for text in ["", ".", "-", "three", "1,5", "1,2500", "1 2", "1e3", "0x1", "½", "١٢"] {
            assert_eq!(read_amount(text, 1), Err(AmountError::NotANumber), "{text}");
        }
        assert_eq!(read_amount("1.5", 0), Err(AmountError::TooPrecise(0)));
        assert_eq!(read_amount("1000000000000", 0), Err(AmountError::TooLarge));
        assert_eq!(read_amount(&"9".repeat(40), 0), Err(AmountError::TooLarge));
    }

    #[test]
    fn figures_are_read_back() {
        let number = |decimals| Number {
            unit: "days".into(),
            decimals,
            min: super::super::kind::Limit::Fixed(0),
            max: super::super::kind::Limit::Fixed(100),
            usual_min: None,
            usual_max: None,
            ends: vec![28, 56],
            options: Vec::new(),
        };
        for (amount, decimals, figures) in
            [(125, 1, "12.5"), (120, 1, "12"), (-5, 2, "-0.05"), (7, 0, "7"), (0, 3, "0")]
        {
            let number = number(decimals);
            assert_eq!(number.figures(amount), figures);
            assert_eq!(read_amount(figures, decimals), Ok(amount));
        }
        let number = number(0);
        assert_eq!([0, 28, 29, 56, 57].map(|amount| number.band(amount)), [0, 0, 1, 1, 2]);
        assert_eq!(number.with_unit(3), "3 days");
        assert_eq!(number.with_unit(1), "1 day");
        let one = ["cases", "practices", "surgeries", "boxes", "patches", "WTE", "%", "s"];
        let expected = ["case", "practice", "surgery", "box", "patch", "WTE", "%", "s"];
        assert_eq!(one.map(of_one), expected);
    }
}
