//! What makes a definition, or one item, the same as another: a digest over
//! meaning, so that spaces and comments of the file never break a trend.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Condition;
use super::item::{Item, ItemAnswer};
use super::kind::{
    AnswerOption, Choices, Counts, Direction, Kind, Limit, Number, RowAnswers, Scale,
};
use super::survey::{Consent, Mode, Module, Question, Survey};

/// A SHA-256 digest as 64 small hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint(String);

/// Why a text is not a fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint has 64 hexadecimal digits")]
pub struct FingerprintError;

impl Fingerprint {
    /// The identity of one item: its wording, its options and their scores, its
    /// kind, who is asked it and how. A changed one starts a new trend line.
    #[must_use]
    pub fn of_item(item: &Item<'_>, mode: Mode) -> Self {
        let mut canon = Canon::new("soundings item 2");
        canon.text(mode.word());
        canon.text(item.stem.unwrap_or_default());
        canon.text(item.wording);
        for condition in item.conditions {
            canon.condition(condition);
        }
        match item.answer {
            ItemAnswer::Scored(scale) => canon.tag(1).scale(scale),
            ItemAnswer::Choice(options) => canon.tag(2).options(options),
            ItemAnswer::Text(max_chars) => canon.tag(3).number(max_chars as u64),
            ItemAnswer::Several(choices) => canon.tag(4).choices(choices),
            ItemAnswer::Number(number) => canon.tag(5).amounts(number),
        };
        canon.finish()
    }

    /// Stands for a definition until all of it is known.
    pub(super) fn of_nothing() -> Self {
        Canon::new("nothing").finish()
    }

    /// The identity of a whole definition.
    pub(super) fn of_survey(survey: &Survey) -> Self {
        let mut canon = Canon::new("soundings survey 2");
        canon.text(survey.code.as_str()).text(&survey.title).text(&survey.version);
        canon.text(survey.mode.word());
        canon.text(&survey.texts.welcome).text(&survey.texts.thanks);
        canon.number(survey.modules.len() as u64);
        for Module { code, title } in &survey.modules {
            canon.text(code.as_str()).text(title);
        }
        canon.number(survey.sections.len() as u64);
        for section in &survey.sections {
            canon.text(section.code.as_str()).text(&section.title).text(&section.intro);
            canon.text(section.module.as_ref().map_or("", |module| module.as_str()));
            canon.condition(section.show_if.as_ref());
            canon.number(section.questions.len() as u64);
            for question in &section.questions {
                canon.question(question);
            }
        }
        canon.number(survey.indexes.len() as u64);
        for index in &survey.indexes {
            canon.text(index.code.as_str()).text(&index.label).text(&index.about);
            canon.number(index.items.len() as u64);
            for (item, weight) in &index.items {
                canon.text(item.as_str()).number(u64::from(*weight));
            }
        }
        if let Some(Consent { item, value }) = &survey.consent {
            canon.text(item.as_str()).number(u64::from(*value));
        }
        canon.finish()
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first twelve digits, for people to compare.
    #[must_use]
    pub fn short(&self) -> &str {
        self.0.get(..12).unwrap_or(&self.0)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Fingerprint {
    type Err = FingerprintError;

    fn from_str(text: &str) -> Result<Self, FingerprintError> {
        let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 64 && text.bytes().all(digit) {
            Ok(Self(text.to_owned()))
        } else {
            Err(FingerprintError)
        }
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = FingerprintError;

    fn try_from(text: String) -> Result<Self, FingerprintError> {
        text.parse()
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> String {
        fingerprint.0
    }
}

/// A digest in the making. Every text goes in with its length before it, so
/// that no two different definitions run together into the same bytes.
struct Canon(Sha256);

impl Canon {
    fn new(what: &str) -> Self {
        let mut canon = Self(Sha256::new());
        canon.text(what);
        canon
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.number(text.len() as u64);
        self.0.update(text.as_bytes());
        self
    }

    fn number(&mut self, number: u64) -> &mut Self {
        self.0.update(number.to_be_bytes());
        self
    }

    fn tag(&mut self, tag: u8) -> &mut Self {
        self.0.update([tag]);
        self
    }

    fn options(&mut self, options: &[AnswerOption]) -> &mut Self {
        self.number(options.len() as u64);
        for option in options {
            self.number(u64::from(option.value)).text(&option.label);
            match option.counts {
                Counts::Scored { score, favourable, unfavourable } => {
                    self.tag(1).tag(score).tag(u8::from(favourable)).tag(u8::from(unfavourable))
                }
                Counts::Plain => self.tag(2),
                Counts::DontKnow => self.tag(3),
                Counts::NotApplicable => self.tag(4),
                Counts::Band { favourable } => self.tag(5).tag(u8::from(favourable)),
            };
            self.number(option.other.unwrap_or(0) as u64).tag(u8::from(option.exclusive));
            self.condition(option.show_if.as_ref());
        }
        self
    }

    fn scale(&mut self, scale: &Scale) -> &mut Self {
        self.tag(match scale.direction {
            Direction::Progress => 1,
            Direction::Barrier => 2,
        });
        self.options(&scale.options)
    }

    fn question(&mut self, question: &Question) -> &mut Self {
        self.text(question.code.as_str()).text(&question.wording).text(&question.help);
        self.condition(question.show_if.as_ref());
        match &question.kind {
            Kind::Rating(scale) => self.tag(1).scale(scale),
            Kind::Grid(grid) => {
                match &grid.answers {
                    RowAnswers::Scored(scale) => self.tag(2).scale(scale),
                    RowAnswers::Plain(options) => self.tag(7).options(options),
                };
                self.tag(u8::from(grid.shuffled)).number(grid.rows.len() as u64);
                for row in &grid.rows {
                    self.text(row.code.as_str()).text(&row.label).text(&row.help);
                    self.condition(row.show_if.as_ref());
                }
                self
            }
            Kind::Choice(options) => self.tag(3).options(options),
            Kind::Text { max_chars } => self.tag(4).number(*max_chars as u64),
            Kind::Choices(choices) => self.tag(5).choices(choices),
            Kind::Number(number) => self.tag(6).amounts(number),
        }
    }

    fn condition(&mut self, condition: Option<&Condition>) -> &mut Self {
        self.text(&condition.map(ToString::to_string).unwrap_or_default())
    }

    fn choices(&mut self, choices: &Choices) -> &mut Self {
        self.number(choices.most.unwrap_or(0) as u64).options(&choices.options)
    }

    fn amounts(&mut self, number: &Number) -> &mut Self {
        self.text(&number.unit).tag(number.decimals);
        for limit in [&number.min, &number.max] {
            match limit {
                Limit::Fixed(amount) => self.tag(1).amount(*amount),
                Limit::Answer(item) => self.tag(2).text(item.as_str()),
            };
        }
        self.number(number.ends.len() as u64);
        for end in &number.ends {
            self.amount(*end);
        }
        self.options(&number.options)
    }

    fn amount(&mut self, amount: i64) -> &mut Self {
        self.0.update(amount.to_be_bytes());
        self
    }

    fn finish(self) -> Fingerprint {
        Fingerprint(hex::encode(self.0.finalize()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_survives_its_text_and_nothing_else_is_one() {
        let print = Canon::new("x").finish();
        assert_eq!(print.to_string().parse(), Ok(print.clone()));
        assert_eq!(print.short().len(), 12);
        for wrong in ["", "abc", &"A".repeat(64), &"g".repeat(64), &"0".repeat(65)] {
            assert_eq!(wrong.parse::<Fingerprint>(), Err(FingerprintError));
        }
    }

    #[test]
    fn the_borders_between_texts_matter() {
        let print = |a: &str, b: &str| {
            let mut canon = Canon::new("x");
            canon.text(a).text(b);
            canon.finish()
        };
        assert_ne!(print("ab", "c"), print("a", "bc"));
    }
}
