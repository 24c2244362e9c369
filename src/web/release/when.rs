//! A day and a time of day as people type them.

use chrono::{Datelike, NaiveDate};

use crate::pages::{Prompt, WhenView};
use crate::time::Moment;

use super::super::deputy::sent;
use super::super::sent::Fields;

/// What is typed into the fields.
pub(super) struct When {
    day: String,
    month: String,
    year: String,
    time: String,
}

/// What is wrong with them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct WhenFaults {
    pub(super) day: Option<&'static str>,
    pub(super) time: Option<&'static str>,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A month by number, name or the first letters of its name.
fn month(text: &str) -> Option<u32> {
    let text = text.trim().to_lowercase();
    let named = MONTHS.iter().position(|name| text.len() >= 3 && name.starts_with(&text));
    match named {
        Some(place) => u32::try_from(place + 1).ok(),
        None => text.parse().ok(),
    }
}

/// Hour and minute of `9`, `9am`, `9:30 am`, `9.30pm`, `14:30`, `midday` or `midnight`.
fn time_of_day(text: &str) -> Option<(u32, u32)> {
    let text: String = text.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    match text.as_str() {
        "midday" | "noon" => return Some((12, 0)),
        "midnight" => return Some((0, 0)),
        _ => {}
    }
    let mut halves = [("am", 0), ("pm", 12)].into_iter();
    let half = halves.find_map(|(word, more)| Some((text.strip_suffix(word)?, more)));
    let (digits, more) = half.map_or((text.as_str(), None), |(rest, more)| (rest, Some(more)));
    let (hour, minute) = digits.split_once([':', '.']).unwrap_or((digits, "00"));
    let number = |text: &str| {
        let digits = (1..=2).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit());
        text.parse::<u32>().ok().filter(|_| digits)
    };
    let minute = number(minute).filter(|number| *number < 60 && minute.len() == 2)?;
    let hour = match (number(hour)?, more) {
        (hour @ 1..=12, Some(more)) => hour % 12 + more,
        (hour @ 0..=23, None) => hour,
        _ => return None,
    };
    Some((hour, minute))
}

impl When {
    pub(super) fn of_moment(at: Moment) -> Self {
        let day = at.london_date();
        Self {
            day: day.day().to_string(),
            month: day.month().to_string(),
            year: day.year().to_string(),
            time: at.clock_in_words(),
        }
    }

    pub(super) fn of_fields(fields: &Fields) -> Self {
        let of = |name: &str| sent(fields, name).trim().to_owned();
        Self { day: of("day"), month: of("month"), year: of("year"), time: of("time") }
    }

    /// The moment that is meant, in London.
    pub(super) fn moment(&self) -> Result<Moment, WhenFaults> {
        let date = || {
            let year: i32 = self.year.parse().ok().filter(|year| (2000..2200).contains(year))?;
            NaiveDate::from_ymd_opt(year, month(&self.month)?, self.day.parse().ok()?)
        };
        let (day, time) = (date(), time_of_day(&self.time));
        let (Some(day), Some((hour, minute))) = (day, time) else {
            return Err(WhenFaults {
                day: day.is_none().then_some("Enter a real day, for example 7 1 2008"),
                time: time.is_none().then_some("Enter a time of day, for example 9am or 14:30"),
            });
        };
        let skipped = |_| WhenFaults {
            day: None,
            time: Some("The clocks go forward over that time; choose another"),
        };
        format!("{day}T{hour:02}:{minute:02}").parse().map_err(skipped)
    }

    pub(super) fn view(self, faults: &WhenFaults) -> WhenView {
        let Self { day, month, year, time } = self;
        let error = |fault: Option<&str>| fault.map(str::to_owned);
        let (day_error, time_error) = (error(faults.day), error(faults.time));
        WhenView { day, month, year, time, day_error, time_error }
    }
}

impl WhenFaults {
    pub(super) fn passed() -> Self {
        Self { day: Some("That minute has passed: choose one that is still to come"), time: None }
    }

    pub(super) fn prompts(&self) -> Vec<Prompt> {
        let prompt = |(field, fault): (&str, Option<&str>)| {
            Some(Prompt { href: format!("#{field}"), text: fault?.to_owned() })
        };
        [("day", self.day), ("time", self.time)].into_iter().filter_map(prompt).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{When, month, time_of_day};

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, wanted) in [
            ("9", (9, 0)),
            ("9am", (9, 0)),
            ("9:30 am", (9, 30)),
            ("9.30PM", (21, 30)),
            ("12am", (0, 0)),
            ("12pm", (12, 0)),
            ("14:05", (14, 5)),
            ("00:00", (0, 0)),
            ("Midday", (12, 0)),
        ] {
            assert_eq!(time_of_day(text), Some(wanted), "{text}");
        }
        for text in ["", "am", "13pm", "0am", "24:00", "9:5", "9:60", "+9", "nine", "9:30:00"] {
            assert_eq!(time_of_day(text), None, "{text}");
        }
    }

    #[test]
    fn months_have_numbers_and_names() {
        for (text, wanted) in [("1", 1), ("12", 12), ("Jan", 1), ("september", 9), ("Sept", 9)] {
            assert_eq!(month(text), Some(wanted), "{text}");
        }
        assert_eq!(month("ja"), None);
    }

    #[test]
    fn a_moment_is_written_as_it_is_read_and_each_fault_is_told() {
        let at = "2008-01-07T09:30".parse().expect("a moment");
        assert_eq!(When::of_moment(at).moment(), Ok(at));
        let of = |day: &str, time: &str| {
            let [day, month, year] = [day, "3", "2007"].map(str::to_owned);
            When { day, month, year, time: time.to_owned() }.moment().expect_err("a fault")
        };
        let both = of("32", "late");
        assert!(both.day.is_some() && both.time.is_some());
        assert_eq!(both.prompts().len(), 2);
        assert!(of("25", "1:30").time.is_some_and(|said| said.contains("forward")));
    }
}
