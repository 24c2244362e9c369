//! `--set`: the settings of the methods, by the names of methods.md 0.

use anyhow::{Result, bail};

use crate::disclosure::{Rule, RuleSettings};
use crate::fault::nearest;
use crate::statistics::{Confidence, Thresholds};

/// Every setting that may be given.
const NAMES: [&str; 11] = [
    "k",
    "coalition",
    "width",
    "min_groups",
    "min_weight",
    "n_microdata",
    "confidence",
    "fdr",
    "material_delta",
    "material_change",
    "gap_margin",
];

/// What figures are made with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Methods {
    pub(super) rule: Rule,
    pub(super) confidence: Confidence,
    pub(super) thresholds: Thresholds,
    /// Whether the least number of groups was given, and is more than none.
    pub(super) wants_groups: bool,
}

impl Methods {
    /// The defaults with `name=value` pairs put in.
    ///
    /// # Errors
    /// Everything that is wrong with the pairs, one on a line.
    pub(super) fn read(pairs: &[String]) -> Result<Self> {
        let mut faults = Vec::new();
        let mut given: Vec<(&str, f64)> = Vec::new();
        for pair in pairs {
            let (name, text) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, text) = (name.trim(), text.trim());
            if !NAMES.contains(&name) {
                let meant = nearest(name, NAMES).map(|meant| format!("; did you mean {meant}?"));
                let all = || format!("; there are {}", NAMES.join(", "));
                faults.push(format!("no setting is called {name}{}", meant.unwrap_or_else(all)));
            } else if given.iter().any(|(other, _)| *other == name) {
                faults.push(format!("{name} is given twice"));
            } else {
                match text.parse::<f64>() {
                    Ok(value) if value.is_finite() => given.push((name, value)),
                    _ => faults
                        .push(format!("{name} is {text:?}; a number is expected, as in {name}=5")),
                }
            }
        }
        let value =
            |name: &str| given.iter().find(|(own, _)| *own == name).map(|(_, value)| *value);
        let usual = RuleSettings::default();
        let mut whole = |name: &str, usual: u32| match value(name) {
            None => usual,
            Some(value) if value >= 0.0 && value.fract() == 0.0 && value <= f64::from(u32::MAX) => {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "checked"
                )]
                let whole = value as u32;
                whole
            }
            Some(value) => {
                faults.push(format!("{name} is {value}; a whole number is expected"));
                usual
            }
        };
        let settings = RuleSettings {
            k: whole("k", usual.k),
            coalition: whole("coalition", usual.coalition),
            width: whole("width", usual.width),
            min_groups: whole("min_groups", usual.min_groups),
            n_microdata: whole("n_microdata", usual.n_microdata),
            min_weight: value("min_weight").unwrap_or(usual.min_weight),
        };
        let rule = Rule::new(settings).unwrap_or_else(|errors| {
            faults.extend(errors.iter().map(ToString::to_string));
            Rule::default()
        });
        let confidence = value("confidence").map_or(Ok(Confidence::default()), Confidence::new);
        let confidence = confidence.unwrap_or_else(|error| {
            faults.push(error.to_string());
            Confidence::default()
        });
        let thresholds = Thresholds::new(
            value("fdr").unwrap_or(0.05),
            value("material_delta").unwrap_or(0.147),
            value("material_change").unwrap_or(2.5),
            value("gap_margin").unwrap_or(25.0),
        );
        let thresholds = thresholds.unwrap_or_else(|error| {
            faults.push(error.to_string());
            Thresholds::default()
        });
        if !faults.is_empty() {
            bail!("{}", faults.join("\n"));
        }
        let wants_groups = value("min_groups").is_some_and(|groups| groups > 0.0);
        Ok(Self { rule, confidence, thresholds, wants_groups })
    }

    /// The same without a least number of groups: for surveys without groups.
    pub(super) fn without_groups(self) -> Result<Self> {
        let settings = RuleSettings { min_groups: 0, ..self.rule.settings() };
        match Rule::new(settings) {
            Ok(rule) => Ok(Self { rule, ..self }),
            Err(errors) => bail!("{errors:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[&str]) -> Result<Methods> {
        Methods::read(&pairs.iter().map(|pair| (*pair).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let error = read(&["k=2", "widht=3", "fdr=1", "confidence=2", "coalition=x", "k=5"]);
        let said = error.expect_err("faults").to_string();
        for part in ["k is 2", "did you mean width", "fdr is 1", "coalition is \"x\"", "twice"] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }

    #[test]
    fn what_is_not_given_is_as_usual() {
        let methods = read(&["min_groups=0", "k=7"]).expect("settings");
        let expected = RuleSettings { k: 7, min_groups: 0, ..RuleSettings::default() };
        assert_eq!(methods.rule.settings(), expected);
        assert!(!methods.wants_groups);
        assert!(read(&["min_groups=4"]).expect("settings").wants_groups);
    }
}
