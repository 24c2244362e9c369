//! Questions answered with a number: range, unit, and the bands it is counted by.

use toml::Spanned;
use toml::de::DeValue;

use super::amount::{AmountError, read_amount, widest};
use super::catalogue::{Asker, Catalogue, Takes};
use super::expression::Placed;
use super::format::BAND;
use super::kind::{Amount, AnswerOption, Counts, Limit, Number};
use super::reading::{Reader, Told};
use super::shelf::Shelf;
use super::table::Table;

/// Reads the keys of a number.
pub(super) fn read_number(
    reader: &mut Reader<'_>,
    table: &Table<'_>,
    shelf: &Shelf,
    catalogue: &Catalogue,
    asker: &Asker<'_>,
) -> Option<Number> {
    let unit = reader.text(table, "unit").unwrap_or_default();
    let decimals = match table.get("decimals") {
        None => Some(0),
        Some(_) => reader.number(table, "decimals").and_then(|d| u8::try_from(d).ok()),
    };
    let ways_out = shelf.ways_out(reader, table);
    let decimals = decimals?;
    let known = (catalogue, asker);
    let min = read_limit(reader, table, "min", decimals, known, -widest(decimals));
    let max = read_limit(reader, table, "max", decimals, known, widest(decimals));
    let usual_min = read_fixed(reader, table, "usual_min", decimals);
    let usual_max = read_fixed(reader, table, "usual_max", decimals);
    let mut number = Number {
        unit,
        decimals,
        min: min?,
        max: max?,
        usual_min: usual_min.ok()?,
        usual_max: usual_max.ok()?,
        ends: Vec::new(),
        options: Vec::new(),
    };
    check_range(reader, table, &number);
    let bands = read_bands(reader, table, &number);
    number.ends = bands.iter().filter_map(|band| band.up_to).collect();
    number.options = band_options(&number, &bands);
    for way_out in ways_out {
        if usize::from(way_out.value) <= bands.len() {
            reader.fault(
                table.place_of("also").unwrap_or(table.at),
                format!("the value {} stands for a band of this number", way_out.value),
                format!("take a value above {}", bands.len()),
            );
        }
        number.options.push(way_out);
    }
    Some(number)
}

/// An amount written as a TOML number.
fn read_written(
    reader: &mut Reader<'_>,
    value: &Spanned<DeValue<'_>>,
    key: &str,
    decimals: u8,
) -> Option<Amount> {
    let read = match value.get_ref() {
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
            .map_err(|_| AmountError::TooLarge)
            .and_then(|number| read_amount(&number.to_string(), decimals)),
        DeValue::Float(float) => read_amount(float.as_str(), decimals),
        _ => Err(AmountError::NotANumber),
    };
    match read {
        Ok(amount) => Some(amount),
        Err(why) => {
            let (what, hint) = match (why, decimals) {
                (AmountError::TooPrecise(_), 0) => (
                    format!("`{key}` is no whole number"),
                    "round it, or give the question `decimals = 1`".to_owned(),
                ),
                (AmountError::TooPrecise(_), places) => (
                    format!("`{key}` {why}"),
                    format!("round it: the question has `decimals = {places}`"),
                ),
                (AmountError::TooLarge, _) => (
                    format!("`{key}` {why}"),
                    "a number has at most twelve digits before the point".to_owned(),
                ),
                (AmountError::NotANumber, _) => {
                    (format!("`{key}` {why}"), "write a number, without quotes".to_owned())
                }
            };
            reader.fault(value.span().start, what, hint);
            None
        }
    }
}

/// An amount that may be left out.
fn read_fixed(
    reader: &mut Reader<'_>,
    table: &Table<'_>,
    key: &str,
    decimals: u8,
) -> Result<Option<Amount>, Told> {
    match table.get(key) {
        None => Ok(None),
        Some(value) => read_written(reader, value, key, decimals).map(Some).ok_or(Told),
    }
}

/// An end of the range: a number, or the code of an earlier question.
fn read_limit(
    reader: &mut Reader<'_>,
    table: &Table<'_>,
    key: &str,
    decimals: u8,
    (catalogue, asker): (&Catalogue, &Asker<'_>),
    otherwise: Amount,
) -> Option<Limit> {
    let Some(value) = table.get(key) else { return Some(Limit::Fixed(otherwise)) };
    let DeValue::String(_) = value.get_ref() else {
        return read_written(reader, value, key, decimals).map(Limit::Fixed);
    };
    let word = reader.word(table, key)?;
    let placed = Placed { what: word.text.clone(), at: word.at };
    match catalogue.one(&placed, asker).map(|entry| &entry.takes) {
        Ok(Takes::Number { decimals: theirs, .. }) if *theirs == decimals => {
            word.text.parse().ok().map(Limit::Answer)
        }
        Ok(Takes::Number { .. }) => {
            reader.fault(
                word.at,
                format!("{} has other decimal places", word.text),
                "a limit must be counted in the same way: give both the same `decimals`",
            );
            None
        }
        Ok(_) => {
            reader.fault(
                word.at,
                format!("{} is no number", word.text),
                format!(
                    "`{key}` is a number, or the code of an earlier question of kind \"number\""
                ),
            );
            None
        }
        Err(refusal) => {
            if let Some((at, what, hint)) = refusal {
                reader.fault(at, what, hint);
            }
            None
        }
    }
}

fn check_range(reader: &mut Reader<'_>, table: &Table<'_>, number: &Number) {
    let fixed = |limit: &Limit| match limit {
        Limit::Fixed(amount) => Some(*amount),
        Limit::Answer(_) => None,
    };
    let order = [
        ("min", fixed(&number.min)),
        ("usual_min", number.usual_min),
        ("usual_max", number.usual_max),
        ("max", fixed(&number.max)),
    ];
    let known: Vec<(&str, i64)> =
        order.into_iter().filter_map(|(key, amount)| Some((key, amount?))).collect();
    for (lower, upper) in known.iter().zip(known.iter().skip(1)) {
        if lower.1 >= upper.1 {
            let key = if table.get(upper.0).is_some() { upper.0 } else { lower.0 };
            let at = table.get(key).map_or(table.at, |value| value.span().start);
            reader.fault(
                at,
                format!(
                    "`{}` ({}) is not below `{}` ({})",
                    lower.0,
                    number.figures(lower.1),
                    upper.0,
                    number.figures(upper.1)
                ),
                "in order of size: `min`, `usual_min`, `usual_max`, `max`",
            );
        }
    }
}

/// A band as the author wrote it.
struct Band {
    up_to: Option<Amount>,
    label: Option<String>,
    favourable: bool,
}

/// The bands; one for all numbers if there are none in the file.
fn read_bands(reader: &mut Reader<'_>, table: &Table<'_>, number: &Number) -> Vec<Band> {
    let list = reader.list(table, "bands");
    if table.get("bands").is_none() {
        let label = Some("A number was given".to_owned());
        return vec![Band { up_to: None, label, favourable: false }];
    }
    let mut bands: Vec<Band> = Vec::new();
    let mut below = match number.min {
        Limit::Fixed(min) => min - 1,
        Limit::Answer(_) => -widest(number.decimals) - 1,
    };
    for (place, value) in list.iter().enumerate() {
        let Some(band) = reader.table(value, &BAND) else { continue };
        let is_last = place + 1 == list.len();
        let up_to = match band.get("up_to") {
            Some(value) => read_written(reader, value, "up_to", number.decimals),
            None => None,
        };
        if band.get("up_to").is_none() != is_last {
            let (what, hint) = if is_last {
                ("the last band has an end", "leave its `up_to` out: it takes all that is more")
            } else {
                ("a band before the last has no end", "add `up_to`, the most that is in it")
            };
            reader.fault(band.at, what, hint);
        }
        if let Some(end) = up_to {
            if end <= below {
                reader.fault(
                    band.at,
                    format!("the band up to {} is empty", number.figures(end)),
                    "the ends of bands rise, and none is below `min`",
                );
            }
            below = below.max(end);
        }
        let label = reader.text(&band, "label");
        let favourable = reader.flag(&band, "favourable").unwrap_or(false);
        bands.push(Band { up_to, label, favourable });
    }
    bands
}

/// The bands as options, numbered from 1, with the words that their ends give.
fn band_options(number: &Number, bands: &[Band]) -> Vec<AnswerOption> {
    let mut from = match number.min {
        Limit::Fixed(min) if min > -widest(number.decimals) => Some(min),
        _ => None,
    };
    let mut options = Vec::new();
    for (band, value) in bands.iter().zip(1_u16..) {
        let words = match (from, band.up_to) {
            (Some(from), Some(to)) if from == to => number.with_unit(to),
            (Some(from), Some(to)) => {
                format!("{} to {}", number.figures(from), number.with_unit(to))
            }
            (None, Some(to)) => format!("{} or less", number.with_unit(to)),
            (Some(from), None) => format!("{} or more", number.with_unit(from)),
            (None, None) => "Any number".to_owned(),
        };
        let label = band.label.clone().unwrap_or(words);
        options.push(AnswerOption::new(value, label, Counts::Band { favourable: band.favourable }));
        from = band.up_to.map(|end| end + 1);
    }
    options
}
