//! The `constraint` column: as much of it as a survey file can say.

use super::xpath::{Sign, Xpath};
use crate::definition::read_amount;

/// Amounts are read in thousandths, the finest that a survey file takes.
const FINEST: u8 = 3;

/// What a constraint says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Range {
    pub(super) min: Option<Edge>,
    pub(super) max: Option<Edge>,
    /// Most decimal places in the amounts.
    pub(super) places: u8,
    pub(super) longest: Option<u32>,
    pub(super) most: Option<u32>,
    /// Choices that cannot be chosen together with another, by name.
    pub(super) alone: Vec<String>,
    /// The parts that have no counterpart, and why.
    pub(super) lost: Vec<String>,
}

/// An end of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Edge {
    /// In thousandths. `open`: the end itself is outside.
    Amount { thousandths: i64, open: bool },
    /// The answer to another question, by name.
    Answer(String),
}

impl Range {
    /// What an expression says of the answer being given.
    pub(super) fn of(expression: &Xpath) -> Self {
        let mut range = Self::default();
        range.take(expression);
        range
    }

    fn take(&mut self, expression: &Xpath) {
        match expression {
            Xpath::All(parts) => parts.iter().for_each(|part| self.take(part)),
            Xpath::Compare(left, sign, right) => match (&**left, &**right) {
                (Xpath::This, right) => self.compare(*sign, right),
                (left, Xpath::This) => self.compare(sign.mirrored(), left),
                (Xpath::Call(name, arguments), Xpath::Number(number))
                    if **arguments == [Xpath::This] =>
                {
                    self.count(name, *sign, number);
                }
                _ => self.lose("a comparison of other things than the answer"),
            },
            Xpath::Any(parts) => self.either(parts),
            Xpath::Call(name, arguments) if name == "not" => match arguments.as_slice() {
                [Xpath::All(parts)] => match alone(parts) {
                    Some(name) => self.alone.push(name),
                    None => self.lose("not() of something else than a choice that stands alone"),
                },
                _ => self.lose("not() of something else than a choice that stands alone"),
            },
            Xpath::Call(name, _) => self.lose(format!("{name}() has no counterpart")),
            _ => self.lose("it compares nothing"),
        }
    }

    fn lose(&mut self, why: impl Into<String>) {
        self.lost.push(why.into());
    }

    fn compare(&mut self, sign: Sign, right: &Xpath) {
        let edge = match right {
            Xpath::Number(number) | Xpath::Text(number) => match read_amount(number, FINEST) {
                Ok(thousandths) => {
                    let places = number
                        .split_once('.')
                        .map_or(0, |(_, part)| part.trim_end_matches('0').len());
                    self.places = self.places.max(u8::try_from(places).unwrap_or(FINEST));
                    let open = matches!(sign, Sign::Less | Sign::More);
                    Edge::Amount { thousandths, open }
                }
                Err(why) => return self.lose(format!("{number:?} {why}")),
            },
            Xpath::Answer(name) if matches!(sign, Sign::AtMost | Sign::AtLeast) => {
                Edge::Answer(name.clone())
            }
            Xpath::Answer(name) => {
                return self.lose(format!(
                    "the answer to {name} itself can be an end of a range, not be outside it"
                ));
            }
            Xpath::Call(name, _) => return self.lose(format!("{name}() has no counterpart")),
            _ => return self.lose("it compares with something else than a number or an answer"),
        };
        let end = match sign {
            Sign::Less | Sign::AtMost => &mut self.max,
            Sign::More | Sign::AtLeast => &mut self.min,
            Sign::Equal | Sign::Unequal => {
                return self.lose("a single number that must or must not be given");
            }
        };
        match end {
            None => *end = Some(edge),
            Some(_) => self.lose("a second end of the same side"),
        }
    }

    fn count(&mut self, call: &str, sign: Sign, number: &str) {
        let number: Option<u32> = number.parse().ok();
        let most = match (sign, number) {
            (Sign::AtMost, Some(number)) => Some(number),
            (Sign::Less, Some(number)) => number.checked_sub(1),
            _ => None,
        };
        match (call, most.filter(|most| *most > 0)) {
            ("string-length", Some(most)) => self.longest = Some(most),
            ("count-selected", Some(most)) => self.most = Some(most),
            _ => self.lose(format!("{call}() carries over with a most alone")),
        }
    }

    /// `${other} = '' or . <= ${other}`: an end that is there if the other answer is.
    fn either(&mut self, parts: &[Xpath]) {
        if let [Xpath::Compare(blank, Sign::Equal, nothing), Xpath::Compare(this, sign, other)] =
            parts
            && **this == Xpath::This
            && blank == other
            && matches!(&**other, Xpath::Answer(_))
            && **nothing == Xpath::Text(String::new())
        {
            return self.compare(*sign, other);
        }
        self.lose("alternatives have no counterpart");
    }
}

/// `selected(., 'x') and count-selected(.) > 1`: x.
fn alone(parts: &[Xpath]) -> Option<String> {
    let [Xpath::Call(selected, arguments), Xpath::Compare(count, Sign::More, one)] = parts else {
        return None;
    };
    let [Xpath::This, Xpath::Text(name)] = arguments.as_slice() else { return None };
    let counts = Xpath::Call("count-selected".to_owned(), vec![Xpath::This]);
    let fits =
        selected == "selected" && **count == counts && **one == Xpath::Number("1".to_owned());
    fits.then(|| name.clone())
}

impl Edge {
    /// The amount with so many decimal places, moved inside the range.
    pub(super) fn amount(thousandths: i64, open: bool, decimals: u8, upper: bool) -> String {
        let step = 10_i64.pow(u32::from(FINEST.saturating_sub(decimals)));
        let inside = match (upper, open) {
            (true, false) => thousandths.div_euclid(step),
            (true, true) => (thousandths - 1).div_euclid(step),
            (false, false) => (thousandths + step - 1).div_euclid(step),
            (false, true) => thousandths.div_euclid(step) + 1,
        };
        let scale = 10_u64.pow(u32::from(decimals));
        let sign = if inside < 0 { "-" } else { "" };
        let (whole, part) = (inside.unsigned_abs() / scale, inside.unsigned_abs() % scale);
        if part == 0 {
            return format!("{sign}{whole}");
        }
        let places = usize::from(decimals);
        let part = format!("{part:0places$}");
        format!("{sign}{whole}.{}", part.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> Range {
        Range::of(&super::super::xpath::read(text).expect(text))
    }

    fn ends(text: &str, decimals: u8) -> [Option<String>; 2] {
        let range = range(text);
        assert!(range.lost.is_empty(), "{text}: {:?}", range.lost);
        let told = |edge: Option<Edge>, upper| {
            edge.map(|edge| match edge {
                Edge::Amount { thousandths, open } => {
                    Edge::amount(thousandths, open, decimals, upper)
                }
                Edge::Answer(name) => name,
            })
        };
        [told(range.min, false), told(range.max, true)]
    }

    #[test]
    fn ranges_are_understood() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(ends(". >= 0 and . <= 50", 0), [some("0"), some("50")]);
        assert_eq!(ends("(. > 0) and (. < 10)", 0), [some("1"), some("9")]);
        assert_eq!(ends(". > 0 and . < 10", 1), [some("0.1"), some("9.9")]);
        assert_eq!(ends(". > -1.5 and . < 2.5", 0), [some("-1"), some("2")]);
        assert_eq!(ends(". >= -1.5 and . <= 2.5", 0), [some("-1"), some("2")]);
        assert_eq!(ends("100 >= .", 0), [None, some("100")]);
        assert_eq!(ends(". >= 0 and (${all} = '' or . <= ${all})", 0), [some("0"), some("all")]);
        assert_eq!(range("string-length(.) < 100").longest, Some(99));
        assert_eq!(range("count-selected(.) <= 3").most, Some(3));
        assert_eq!(range("not(selected(., 'none') and count-selected(.) > 1)").alone, ["none"]);
    }

    #[test]
    fn what_has_no_counterpart_is_lost_alone() {
        for text in ["regex(., '^[0-9]+$')", ". <= today()", ". = 5", ". < ${x}", ". > 3 or . < 1"]
        {
            assert_eq!(range(&format!(". >= 1 and ({text})")).lost.len(), 1, "{text}");
            let min = Edge::Amount { thousandths: 1000, open: false };
            assert_eq!(range(&format!(". >= 1 and ({text})")).min, Some(min), "{text}");
        }
    }
}
