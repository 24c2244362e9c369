//! The `relevant` column: an expression of a form becomes a condition of a survey
//! file, as far as the two languages go together.

use std::collections::{BTreeMap, BTreeSet};

use super::condition::{Condition, all};
use super::xpath::{Sign, Xpath};

/// What a question takes, as far as conditions ask about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Takes {
    /// One of these: name in the form, value in the file.
    One(Vec<(String, u16)>),
    Several(Vec<(String, u16)>),
    Number,
    Words,
}

/// The questions that a condition can ask about.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// By name in the form: code and what it takes.
    asked: BTreeMap<String, (String, Takes)>,
    /// Grids by code: their rows' codes.
    grids: BTreeMap<String, Vec<String>>,
    /// Rows that did not carry over, by name.
    lost: BTreeSet<String>,
}

impl Known {
    pub(super) fn ask(&mut self, name: &str, code: &str, takes: Takes) {
        self.lost.remove(name);
        self.asked.insert(name.to_owned(), (code.to_owned(), takes));
    }

    pub(super) fn ask_grid(&mut self, code: &str, rows: Vec<String>) {
        self.grids.insert(code.to_owned(), rows);
    }

    pub(super) fn lose(&mut self, name: &str) {
        if !self.asked.contains_key(name) {
            self.lost.insert(name.to_owned());
        }
    }

    /// The code of a question and what it takes, or why there is none.
    pub(super) fn find(&self, name: &str) -> Result<(&str, &Takes), String> {
        match self.asked.get(name) {
            Some((code, takes)) => Ok((code, takes)),
            None if self.lost.contains(name) => {
                Err(format!("it depends on {name}, which did not carry over"))
            }
            None => Err(format!("it depends on {name}, which no earlier row asks")),
        }
    }

    /// The parts of an expression that have a counterpart, and why the others
    /// have none. Parts that must all hold can be kept one without another.
    pub(super) fn carry(&self, expression: &Xpath) -> (Option<Condition>, Vec<String>) {
        let mut parts = Vec::new();
        let mut lost = Vec::new();
        let wanted = match expression {
            Xpath::All(all) => all.as_slice(),
            one => std::slice::from_ref(one),
        };
        for part in wanted {
            match self.meaning(part) {
                Ok(condition) => parts.push(condition),
                Err(why) => lost.push(why),
            }
        }
        (all(parts), lost)
    }

    fn meaning(&self, expression: &Xpath) -> Result<Condition, String> {
        match expression {
            Xpath::All(parts) => self.list(parts).map(Condition::All),
            Xpath::Any(parts) => self.list(parts).map(|parts| self.joined(parts)),
            Xpath::Compare(left, sign, right) => self.comparison(left, *sign, right),
            Xpath::Call(name, arguments) => self.call(name, arguments),
            Xpath::Answer(name) => self.answered(name),
            Xpath::This => Err("\".\" has no meaning here".to_owned()),
            Xpath::Text(_) | Xpath::Number(_) => Err("it asks about no answer".to_owned()),
        }
    }

    fn list(&self, parts: &[Xpath]) -> Result<Vec<Condition>, String> {
        parts.iter().map(|part| self.meaning(part)).collect()
    }

    fn answered(&self, name: &str) -> Result<Condition, String> {
        let (code, _) = self.find(name)?;
        Ok(Condition::Answered { item: code.to_owned(), rows: false })
    }

    fn call(&self, name: &str, arguments: &[Xpath]) -> Result<Condition, String> {
        match (name, arguments) {
            ("not", [inner]) => Ok(not(self.meaning(inner)?)),
            (
                "selected",
                [Xpath::Answer(question), Xpath::Text(choice) | Xpath::Number(choice)],
            ) => {
                let (code, takes) = self.find(question)?;
                match takes {
                    Takes::One(values) | Takes::Several(values) => {
                        Ok(chosen(code, [value_of(question, values, choice)?]))
                    }
                    _ => Err(format!("{question} has no choices")),
                }
            }
            ("boolean" | "string", [Xpath::Answer(question)]) => self.answered(question),
            _ => Err(format!("{name}() has no counterpart there")),
        }
    }

    fn comparison(&self, left: &Xpath, sign: Sign, right: &Xpath) -> Result<Condition, String> {
        match (left, right) {
            (Xpath::Answer(name), Xpath::Text(value) | Xpath::Number(value)) => {
                self.of_answer(name, sign, value)
            }
            (Xpath::Text(value) | Xpath::Number(value), Xpath::Answer(name)) => {
                self.of_answer(name, sign.mirrored(), value)
            }
            (Xpath::Call(call, arguments), Xpath::Number(value) | Xpath::Text(value)) => {
                match (call.as_str(), arguments.as_slice()) {
                    ("count-selected" | "string-length", [Xpath::Answer(name)]) => {
                        match (sign, value.as_str()) {
                            (Sign::More | Sign::Unequal, "0") | (Sign::AtLeast, "1") => {
                                self.answered(name)
                            }
                            (Sign::Equal, "0") | (Sign::Less, "1") => self.answered(name).map(not),
                            _ => Err(format!("{call}() has no counterpart there")),
                        }
                    }
                    // A test compared with true or false.
                    _ => Err(format!("{call}() has no counterpart there")),
                }
            }
            (Xpath::Answer(_), Xpath::Answer(_)) => {
                Err("two answers cannot be compared".to_owned())
            }
            _ => Err("it compares what a condition cannot compare".to_owned()),
        }
    }

    fn of_answer(&self, name: &str, sign: Sign, value: &str) -> Result<Condition, String> {
        let (code, takes) = self.find(name)?;
        if value.is_empty() {
            return match sign {
                Sign::Equal => self.answered(name).map(not),
                Sign::Unequal => self.answered(name),
                _ => Err("nothing is compared with an empty text".to_owned()),
            };
        }
        match takes {
            Takes::Words => Err(format!("{name} is answered in words, which are not compared")),
            Takes::Number => {
                let number = crate::definition::read_amount(value, 3);
                number.map_err(|why| format!("{value:?} {why}"))?;
                let item = code.to_owned();
                Ok(Condition::Number { item, sign, amount: value.trim().to_owned() })
            }
            Takes::One(values) => match sign {
                Sign::Equal => Ok(chosen(code, [value_of(name, values, value)?])),
                Sign::Unequal => Ok(not(chosen(code, [value_of(name, values, value)?]))),
                _ => {
                    let fits = values.iter().filter(|(name, _)| compares(name, sign, value));
                    let fits: BTreeSet<u16> = fits.map(|(_, value)| *value).collect();
                    if fits.is_empty() {
                        return Err(format!("no choice of {name} fits"));
                    }
                    Ok(Condition::Chosen { item: code.to_owned(), rows: false, values: fits })
                }
            },
            Takes::Several(values) => {
                // The answer is the list of what is chosen: this choice and no other.
                let wanted = value_of(name, values, value)?;
                let others: Vec<u16> = values
                    .iter()
                    .map(|(_, value)| *value)
                    .filter(|value| *value != wanted)
                    .collect();
                let only = match others.as_slice() {
                    [] => chosen(code, [wanted]),
                    _ => Condition::All(vec![chosen(code, [wanted]), not(chosen(code, others))]),
                };
                match sign {
                    Sign::Equal => Ok(only),
                    Sign::Unequal => Ok(not(only)),
                    _ => Err(format!("the choices of {name} have no order")),
                }
            }
        }
    }

    /// Alternatives about one item are one list of values; the same of every row
    /// of a grid is a test of any row.
    fn joined(&self, parts: Vec<Condition>) -> Condition {
        let item = |part: &Condition| match part {
            Condition::Chosen { item, rows: false, .. }
            | Condition::Answered { item, rows: false } => Some(item.clone()),
            _ => None,
        };
        let items: Option<Vec<String>> = parts.iter().map(item).collect();
        let Some(items) = items else { return Condition::Any(parts) };
        let values = |part: &Condition| match part {
            Condition::Chosen { values, .. } => Some(values.clone()),
            _ => None,
        };
        let first = items.first().cloned().unwrap_or_default();
        let all_values: Option<Vec<BTreeSet<u16>>> = parts.iter().map(values).collect();
        if items.iter().all(|item| *item == first) {
            return match all_values {
                Some(lists) => chosen(&first, lists.into_iter().flatten()),
                None => Condition::Any(parts),
            };
        }
        let Some((grid, _)) = self.grids.iter().find(|(_, rows)| **rows == items) else {
            return Condition::Any(parts);
        };
        match all_values {
            Some(lists) if lists.windows(2).all(|pair| pair.first() == pair.last()) => {
                let values = lists.into_iter().next().unwrap_or_default();
                Condition::Chosen { item: grid.clone(), rows: true, values }
            }
            None if parts.iter().all(|part| matches!(part, Condition::Answered { .. })) => {
                Condition::Answered { item: grid.clone(), rows: true }
            }
            _ => Condition::Any(parts),
        }
    }
}

fn not(condition: Condition) -> Condition {
    Condition::Not(Box::new(condition))
}

fn chosen(code: &str, values: impl IntoIterator<Item = u16>) -> Condition {
    Condition::Chosen { item: code.to_owned(), rows: false, values: values.into_iter().collect() }
}

fn value_of(question: &str, values: &[(String, u16)], choice: &str) -> Result<u16, String> {
    let choice = choice.trim();
    let found = values.iter().find(|(name, _)| name == choice);
    let found = found.map(|(_, value)| *value);
    found.ok_or_else(|| format!("{question} has no choice {choice:?}"))
}

fn compares(name: &str, sign: Sign, value: &str) -> bool {
    let (Ok(left), Ok(right)) =
        (crate::definition::read_amount(name, 3), crate::definition::read_amount(value, 3))
    else {
        return false;
    };
    match sign {
        Sign::Equal => left == right,
        Sign::Unequal => left != right,
        Sign::Less => left < right,
        Sign::AtMost => left <= right,
        Sign::More => left > right,
        Sign::AtLeast => left >= right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carried(text: &str) -> (String, Vec<String>) {
        let mut known = Known::default();
        let numbered = |names: &[&str]| {
            names.iter().zip(1..).map(|(name, value)| ((*name).to_owned(), value)).collect()
        };
        known.ask("a", "A", Takes::One(numbered(&["yes", "no", "dk"])));
        known.ask("b", "B", Takes::Several(numbered(&["x", "y", "z"])));
        known.ask("n", "N", Takes::Number);
        known.ask("w", "W", Takes::Words);
        for (row, name) in [("G1", "g1"), ("G2", "g2")] {
            known.ask(
                name,
                row,
                Takes::One(vec![("3".into(), 3), ("4".into(), 4), ("9".into(), 9)]),
            );
        }
        known.ask_grid("G", vec!["G1".into(), "G2".into()]);
        known.lose("gone");
        let (condition, lost) = known.carry(&super::super::xpath::read(text).expect(text));
        (condition.map(|condition| condition.to_string()).unwrap_or_default(), lost)
    }

    #[test]
    fn expressions_with_a_counterpart_carry_over() {
        let pairs = [
            ("${a} = 'yes'", "A = 1"),
            ("'yes' = ${a}", "A = 1"),
            ("${a} != 'no'", "A != 2"),
            ("${a}='yes' or ${a}='dk'", "A in (1, 3)"),
            ("not(${a}='yes' or ${a}='dk')", "A not in (1, 3)"),
            ("selected(${b}, 'y') and ${n} > 5", "B = 2 and N > 5"),
            ("not(selected(${b}, 'y'))", "B != 2"),
            ("${b} = 'x'", "B = 1 and B not in (2, 3)"),
            ("5 <= ${n}", "N >= 5"),
            ("${w} != ''", "W not empty"),
            ("${a} = '' or ${n} = 0 and ${a} = 'no'", "A empty or (N = 0 and A = 2)"),
            ("count-selected(${b}) >= 1", "B not empty"),
            ("string-length(${w}) = 0", "W empty"),
            ("(${g1}=3 or ${g1}=4) or (${g2}=3 or ${g2}=4)", "any G row in (3, 4)"),
            ("${g1} != '' or ${g2} != ''", "any G row not empty"),
            ("${g1} >= 4", "G1 in (4, 9)"),
            ("${g1} < 4", "G1 = 3"),
        ];
        for (form, file) in pairs {
            assert_eq!(carried(form), (file.to_owned(), Vec::new()), "{form}");
        }
    }

    #[test]
    fn the_parts_without_a_counterpart_say_why_and_the_others_stay() {
        let pairs = [
            ("${w} = 'blue'", "", "in words"),
            ("${gone} = 'x'", "", "gone, which did not carry over"),
            ("${later} = 'x'", "", "no earlier row asks"),
            ("${a} = 'maybe'", "", "no choice \"maybe\""),
            ("${a} = ${b}", "", "two answers"),
            ("today() > '2020-01-01'", "", "today()"),
            ("${n} > 2 and ${w} = 'blue'", "N > 2", "in words"),
            ("${n} > 2 or ${w} = 'blue'", "", "in words"),
        ];
        for (form, file, why) in pairs {
            let (kept, lost) = carried(form);
            assert_eq!(kept, file, "{form}");
            assert!(lost.len() == 1 && lost[0].contains(why), "{form}: {lost:?}");
        }
    }
}
