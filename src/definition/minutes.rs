//! How long a survey takes, as far as its wording tells.

use super::item::{Item, ItemAnswer};
use super::survey::{Question, Section, Survey};

/// Words read in a second.
const WORDS_PER_SECOND: f64 = 5.0;
/// Seconds for a question, whatever it asks.
const QUESTION: f64 = 5.0;
/// Seconds for each option that is weighed.
const DECISION: f64 = 0.5;
/// Seconds for a text or a number, which must be typed.
const TYPING: f64 = 15.0;

impl Survey {
    /// Minutes to read and answer everything, in whole minutes. Questions that
    /// only some are asked count half.
    ///
    /// Source: a rule of thumb of J. Puleston (2012) for the length of an
    /// interview in seconds: words / 5 + questions × 5 + decisions × 0.5 +
    /// texts × 15.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a positive number of minutes, far below the limit"
    )]
    pub fn minutes(&self) -> u32 {
        let welcome = reading(&self.texts.welcome);
        let sections: f64 = self.sections.iter().map(of_section).sum();
        ((welcome + sections) / 60.0).round().clamp(1.0, 600.0) as u32
    }
}

fn of_section(section: &Section) -> f64 {
    let heading = reading(&section.title) + reading(&section.intro);
    heading + section.questions.iter().map(|question| of_question(question, section)).sum::<f64>()
}

fn of_question(question: &Question, section: &Section) -> f64 {
    let items = question.items(section);
    let is_grid = items.iter().any(|item| item.stem.is_some());
    let stem = if is_grid { reading(&question.wording) } else { 0.0 };
    let whole = reading(&question.help) + stem + items.iter().map(of_item).sum::<f64>();
    let for_some = items.iter().any(|item| item.conditions.iter().any(Option::is_some));
    if for_some { whole / 2.0 } else { whole }
}

fn of_item(item: &Item<'_>) -> f64 {
    let deciding = match item.answer {
        ItemAnswer::Text(_) | ItemAnswer::Number(_) => TYPING,
        // The options of a grid are understood after its first row.
        _ if item.stem.is_some() => DECISION,
        _ => item.options().unwrap_or_default().iter().map(|_| DECISION).sum(),
    };
    reading(item.wording) + QUESTION + deciding
}

fn reading(text: &str) -> f64 {
    text.split_whitespace().map(|_| 1.0 / WORDS_PER_SECOND).sum()
}

#[cfg(test)]
mod tests {
    use crate::definition::parse;

    #[test]
    fn the_regions_survey_takes_about_ten_minutes_with_each_module() {
        let source = include_str!("../../survey_definitions/east-of-england/survey.toml");
        let whole = parse("survey.toml", source).expect("the region's survey");
        for module in &whole.modules {
            let survey = whole.with_modules(std::slice::from_ref(&module.code)).expect("asked");
            let minutes = survey.minutes();
            assert!((8..=12).contains(&minutes), "{}: {minutes} minutes", module.code);
        }
        let core = whole.with_modules(&[]).expect("the core").minutes();
        assert!(core < whole.minutes(), "modules take no time");
    }
}
