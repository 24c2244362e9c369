//! What somebody typed into the forms of the register: a group or a lead, or every field
//! that cannot be read.

use std::str::FromStr;

use chrono::NaiveDate;

use crate::id::{CodeError, GroupSlug, PctCode};

use super::guard::is_unseen;
use super::sheet::MOST_NAME;
use super::{EmailError, Lead, NameError, PbcGroup, Register};

/// What is wrong with one field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// The field's name.
    pub field: &'static str,
    /// What is wrong.
    pub why: FieldWhy,
}

/// What can be wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldWhy {
    /// Nothing was given.
    Empty,
    /// More characters than fit.
    TooLong,
    /// A line end or another character that cannot be seen.
    Unseen,
    /// Not a whole number.
    Number,
    /// Not a code.
    Code(CodeError),
    /// Another has it already.
    Taken,
    /// The register has no such thing.
    Unknown,
    /// Not a person's name.
    Name(NameError),
    /// Not an address.
    Email(EmailError),
}

/// A group as somebody typed it.
#[derive(Debug, Clone, Copy)]
pub struct TypedGroup<'t> {
    /// Its code.
    pub slug: &'t str,
    /// Its name.
    pub name: &'t str,
    /// The code of its PCT.
    pub pct: &'t str,
    /// How many practices it has.
    pub practices: &'t str,
    /// How many patients.
    pub population: &'t str,
    /// What it is in law.
    pub legal_form: &'t str,
}

/// A lead as somebody typed them.
#[derive(Clone, Copy)]
pub struct TypedLead<'t> {
    /// Their name.
    pub name: &'t str,
    /// What they do.
    pub role: &'t str,
    /// Where they are written to.
    pub email: &'t str,
}

fn line<'t>(field: &'static str, text: &'t str) -> Result<&'t str, FieldFault> {
    let text = text.trim();
    let why = if text.chars().any(is_unseen) {
        FieldWhy::Unseen
    } else if text.chars().count() > MOST_NAME {
        FieldWhy::TooLong
    } else {
        return Ok(text);
    };
    Err(FieldFault { field, why })
}

fn filled<'t>(field: &'static str, text: &'t str) -> Result<&'t str, FieldFault> {
    match line(field, text)? {
        "" => Err(FieldFault { field, why: FieldWhy::Empty }),
        text => Ok(text),
    }
}

fn number(field: &'static str, text: &str) -> Result<Option<u32>, FieldFault> {
    // As people write large numbers.
    let digits: String = text.chars().filter(|c| !matches!(c, ',' | ' ')).collect();
    if digits.is_empty() {
        return Ok(None);
    }
    // The databases hold whole numbers of 31 bits.
    let number = digits.parse().ok().filter(|n| i32::try_from(*n).is_ok());
    let is_plain = digits.bytes().all(|b| b.is_ascii_digit());
    number.filter(|_| is_plain).map(Some).ok_or(FieldFault { field, why: FieldWhy::Number })
}

fn parsed<T: FromStr>(
    field: &'static str,
    text: &str,
    why: impl Fn(T::Err) -> FieldWhy,
) -> Result<T, FieldFault> {
    let text = line(field, text)?;
    if text.is_empty() {
        return Err(FieldFault { field, why: FieldWhy::Empty });
    }
    text.parse().map_err(|fault| FieldFault { field, why: why(fault) })
}

fn note<T>(faults: &mut Vec<FieldFault>, found: Result<T, FieldFault>) -> Option<T> {
    found.map_err(|fault| faults.push(fault)).ok()
}

impl TypedGroup<'_> {
    /// The group that was typed, as it is on this day.
    ///
    /// # Errors
    /// Every field that cannot be read.
    pub fn read(
        &self,
        register: &Register,
        before: Option<&PbcGroup>,
        day: NaiveDate,
    ) -> Result<PbcGroup, Vec<FieldFault>> {
        let mut faults = Vec::new();
        let slug: Option<GroupSlug> = match before {
            Some(before) => Some(before.slug.clone()),
            None => note(&mut faults, parsed("slug", self.slug, FieldWhy::Code)),
        };
        let taken = |slug: &GroupSlug| before.is_none() && register.has_code(slug);
        if slug.as_ref().is_some_and(taken) {
            faults.push(FieldFault { field: "slug", why: FieldWhy::Taken });
        }
        let name = note(&mut faults, filled("name", self.name));
        let known = |code: PctCode| {
            let unknown = FieldFault { field: "pct", why: FieldWhy::Unknown };
            register.pct(&code).map(|pct| pct.code.clone()).ok_or(unknown)
        };
        let pct = parsed("pct", self.pct, FieldWhy::Code).and_then(known);
        let pct = note(&mut faults, pct);
        let practices = note(&mut faults, number("practices", self.practices));
        let population = note(&mut faults, number("population", self.population));
        let legal_form = note(&mut faults, line("legal_form", self.legal_form));
        let (Some(slug), Some(name), Some(pct), Some(practices), Some(population), Some(legal)) =
            (slug, name, pct, practices, population, legal_form)
        else {
            return Err(faults);
        };
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut group = PbcGroup {
            slug,
            name: name.to_owned(),
            pct,
            practices,
            population,
            legal_form: legal.to_owned(),
            as_at: before.map_or_else(|| day.to_string(), |before| before.as_at.clone()),
            source: before
                .map_or_else(|| "the survey office".to_owned(), |before| before.source.clone()),
            synthetic: before.is_some_and(|before| before.synthetic),
        };
        if before.is_some_and(|before| *before != group) {
            group.as_at = day.to_string();
        }
        Ok(group)
    }
}

impl TypedLead<'_> {
    /// The lead of a group that was typed.
    ///
    /// # Errors
    /// Every field that cannot be read.
    pub fn read(&self, group: &GroupSlug, before: Option<&Lead>) -> Result<Lead, Vec<FieldFault>> {
        let mut faults = Vec::new();
        let name = note(&mut faults, parsed("name", self.name, FieldWhy::Name));
        let role = note(&mut faults, filled("role", self.role));
        let email = note(&mut faults, parsed("email", self.email, FieldWhy::Email));
        let (Some(name), Some(role), Some(email)) = (name, role, email) else {
            return Err(faults);
        };
        let synthetic = before.is_some_and(|before| before.synthetic);
        Ok(Lead { group: group.clone(), name, role: role.to_owned(), email, synthetic })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::sample;

    fn typed<'t>(slug: &'t str, practices: &'t str) -> TypedGroup<'t> {
        TypedGroup {
            slug,
            name: " Knot ",
            pct: "5GC",
            practices,
            population: "21,500",
            legal_form: "",
        }
    }

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2007, 11, 20).expect("a day")
    }

    #[test]
    fn every_field_that_is_wrong_is_named() {
        let held = sample();
        let group = typed("knot", "3").read(&held, None, day()).expect("a group");
        assert_eq!((group.name.as_str(), group.population), ("Knot", Some(21_500)));
        let wrong = TypedGroup { name: "a\nb", pct: "5XX", ..typed("Avocet", "three") };
        let faults = wrong.read(&held, None, day()).expect_err("faults");
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["slug", "name", "pct", "practices"]);
        let lead = TypedLead { name: "A \u{202e}B", role: "", email: "nobody" };
        let faults = lead.read(&group.slug, None).expect_err("faults");
        let fields: Vec<&str> = faults.iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["name", "role", "email"]);
    }
}
