//! A fault in a file that a person wrote: where it is, what is wrong, what to do.

use std::fmt;

/// One fault, at one place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file as the person named it.
    pub file: String,
    /// Line, from 1; 0 if the whole file is meant.
    pub line: usize,
    /// Column in characters, from 1; 0 if the whole line is meant.
    pub column: usize,
    /// What is wrong, with the offending text.
    pub what: String,
    /// What would be right.
    pub hint: Option<String>,
}

impl Fault {
    /// A fault at a place in a file.
    pub fn at(file: &str, line: usize, column: usize, what: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, column, what: what.into(), hint: None }
    }

    /// A fault of a file as a whole.
    pub fn of_file(file: &str, what: impl Into<String>) -> Self {
        Self::at(file, 0, 0, what)
    }

    /// The same fault with advice.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
            if self.column > 0 {
                write!(f, ":{}", self.column)?;
            }
        }
        write!(f, ": {}", self.what)?;
        if let Some(hint) = &self.hint {
            write!(f, "\n    hint: {hint}")?;
        }
        Ok(())
    }
}

/// All the faults of some files, in order of place; of very many the first ones.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Faults {
    told: Vec<Fault>,
    untold: usize,
}

impl Faults {
    /// The faults sorted by file, line and column.
    #[must_use]
    pub fn new(mut faults: Vec<Fault>) -> Self {
        faults.sort();
        Self { told: faults, untold: 0 }
    }

    /// The first faults where nobody would read all: at most `most` of these, and
    /// how many there are with `untold` others.
    #[must_use]
    pub fn first(mut faults: Vec<Fault>, most: usize, untold: usize) -> Self {
        faults.sort();
        let beyond = faults.len().saturating_sub(most);
        faults.truncate(most);
        Self { told: faults, untold: untold + beyond }
    }

    /// Each fault that is told.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.told.iter()
    }

    /// How many there are, told or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.told.len() + self.untold
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.told {
            writeln!(f, "{fault}")?;
        }
        let count = self.len();
        write!(f, "{count} fault{}", if count == 1 { "" } else { "s" })?;
        if self.untold > 0 {
            write!(f, ", of which these are the first {}", self.told.len())?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// The candidate that was probably meant: at most two letters are wrong (one in
/// a word of three or fewer), letter case aside.
///
/// Source: Levenshtein distance by the two-row method of Wagner and Fischer (1974).
#[must_use]
pub fn nearest<'c>(text: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let length = text.chars().count();
    candidates
        .into_iter()
        // Each letter more or less is wrong; what is far too long is not even compared.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= 2)
        .map(|candidate| (distance(&text.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(wrong, candidate)| *wrong <= if candidate.chars().count() > 3 { 2 } else { 1 })
        .min_by_key(|(wrong, _)| *wrong)
        .map(|(_, candidate)| candidate)
}

fn distance(from: &str, to: &str) -> usize {
    let mut above: Vec<usize> = (0..=to.chars().count()).collect();
    for (row, a) in from.chars().enumerate() {
        let mut last = row + 1;
        let mut here = vec![last];
        for (b, pair) in to.chars().zip(above.windows(2)) {
            let &[diagonal, straight] = pair else { continue };
            last = (diagonal + usize::from(a != b)).min(straight + 1).min(last + 1);
            here.push(last);
        }
        above = here;
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_very_many_faults_the_first_are_told_and_all_are_counted() {
        let faults = (1..=5).rev().map(|line| Fault::at("f", line, 0, "wrong")).collect();
        let faults = Faults::first(faults, 2, 10);
        assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(faults.len(), 15);
        assert!(faults.to_string().ends_with("15 faults, of which these are the first 2"));
    }

    #[test]
    fn the_nearest_candidate_is_named_only_if_it_is_near() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(nearest("ne-esex", ["se-essex", "ne-essex", "luton"]), Some("ne-essex"));
        assert_eq!(nearest("Luton", ["luton"]), Some("luton"));
        assert_eq!(nearest("norfolk", ["suffolk", "luton"]), None);
        assert_eq!(nearest("", ["luton"]), None);
    }
}
