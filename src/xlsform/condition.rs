//! Who is asked, as a survey file says it. Knows no forms.

use std::collections::BTreeSet;
use std::fmt;

use super::xpath::Sign;

/// A condition as a survey file writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Condition {
    /// One of these options is chosen; `rows` if the item is a grid.
    Chosen {
        item: String,
        rows: bool,
        values: BTreeSet<u16>,
    },
    /// A number compares like this with another, which is kept as it is written.
    Number {
        item: String,
        sign: Sign,
        amount: String,
    },
    /// There is an answer; `rows` if the item is a grid.
    Answered {
        item: String,
        rows: bool,
    },
    Not(Box<Condition>),
    All(Vec<Condition>),
    Any(Vec<Condition>),
}

/// All of some conditions: none if there are none.
pub(super) fn all(mut parts: Vec<Condition>) -> Option<Condition> {
    if parts.len() > 1 { Some(Condition::All(parts)) } else { parts.pop() }
}

impl fmt::Display for Condition {
    /// The condition as a survey file writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = |item: &str, rows: bool| {
            if rows { format!("any {item} row") } else { item.to_owned() }
        };
        match self {
            Self::Chosen { item, rows, values } => told(f, &subject(item, *rows), values, false),
            Self::Number { item, sign, amount } => {
                write!(f, "{item} {} {amount}", sign.in_a_file())
            }
            Self::Answered { item, rows } => write!(f, "{} not empty", subject(item, *rows)),
            Self::Not(inner) => match &**inner {
                Self::Chosen { item, rows: false, values } => told(f, item, values, true),
                Self::Answered { item, rows } => write!(f, "{} empty", subject(item, *rows)),
                other => write!(f, "not ({other})"),
            },
            Self::All(parts) => joined(f, parts, " and "),
            Self::Any(parts) => joined(f, parts, " or "),
        }
    }
}

fn told(
    f: &mut fmt::Formatter<'_>,
    subject: &str,
    values: &BTreeSet<u16>,
    negated: bool,
) -> fmt::Result {
    let list: Vec<String> = values.iter().map(ToString::to_string).collect();
    match (list.as_slice(), negated) {
        ([one], false) => write!(f, "{subject} = {one}"),
        ([one], true) => write!(f, "{subject} != {one}"),
        (_, false) => write!(f, "{subject} in ({})", list.join(", ")),
        (_, true) => write!(f, "{subject} not in ({})", list.join(", ")),
    }
}

fn joined(f: &mut fmt::Formatter<'_>, parts: &[Condition], word: &str) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str(word)?;
        }
        if matches!(part, Condition::All(_) | Condition::Any(_)) {
            write!(f, "({part})")?;
        } else {
            write!(f, "{part}")?;
        }
    }
    Ok(())
}

impl Sign {
    /// The sign in a survey file, which is also that of a form.
    pub(super) fn in_a_file(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        }
    }
}
