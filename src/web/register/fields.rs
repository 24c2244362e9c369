//! The fields of the register's forms, with what is wrong with each in a sentence.

use crate::pages::{FieldView, SelectView};
use crate::register::{FieldFault, FieldWhy, Lead, PbcGroup, Register, TypedGroup, TypedLead};

use super::super::contact;
use super::super::deputy::sent;

type Typed = [(String, String)];

/// What is wrong with a field, if anything.
pub(super) fn fault(faults: &[FieldFault], field: &str, what: &str) -> Option<String> {
    let fault = faults.iter().find(|fault| fault.field == field)?;
    Some(match &fault.why {
        FieldWhy::Empty => format!("Enter {what}"),
        FieldWhy::TooLong => format!("Use 160 characters or fewer for {what}"),
        FieldWhy::Unseen => format!("Write {what} in one line of ordinary letters"),
        FieldWhy::Number => "Write a whole number in figures, or leave it empty".to_owned(),
        FieldWhy::Code(_) if field == "pct" => "Choose a PCT".to_owned(),
        FieldWhy::Code(_) => {
            "A code has letters, digits, hyphens, dots and underscores, a letter or digit first, and at most 64 of them"
                .to_owned()
        }
        FieldWhy::Taken if field == "email" => {
            "Another lead of this group has this address".to_owned()
        }
        FieldWhy::Taken => "Another PBC group has this code; choose a different one".to_owned(),
        FieldWhy::Unknown => "Choose a PCT of the register".to_owned(),
        FieldWhy::Name(fault) => contact::name(*fault, "Enter the name of the lead"),
        FieldWhy::Email(fault) => contact::email(*fault, "Enter the e-mail address of the lead"),
    })
}

/// A group as a form sent it.
pub(super) fn typed_group(fields: &Typed) -> TypedGroup<'_> {
    TypedGroup {
        slug: sent(fields, "slug"),
        name: sent(fields, "name"),
        pct: sent(fields, "pct"),
        practices: sent(fields, "practices"),
        population: sent(fields, "population"),
        legal_form: sent(fields, "legal_form"),
    }
}

/// A lead as a form sent them.
pub(super) fn typed_lead(fields: &Typed) -> TypedLead<'_> {
    TypedLead {
        name: sent(fields, "name"),
        role: sent(fields, "role"),
        email: sent(fields, "email"),
    }
}

/// A group as a form would send it.
pub(super) fn of_group(group: &PbcGroup) -> Vec<(String, String)> {
    let number = |number: Option<u32>| number.map(|n| n.to_string()).unwrap_or_default();
    [
        ("name", group.name.clone()),
        ("pct", group.pct.to_string()),
        ("practices", number(group.practices)),
        ("population", number(group.population)),
        ("legal_form", group.legal_form.clone()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

/// A lead as a form would send them.
pub(super) fn of_lead(lead: &Lead) -> Vec<(String, String)> {
    [
        ("name", lead.name.expose().to_owned()),
        ("role", lead.role.clone()),
        ("email", lead.email.expose().to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

/// The fields of a group before the list of PCTs, that list, and the fields after it.
pub(super) fn group_fields(
    register: &Register,
    typed: &Typed,
    faults: &[FieldFault],
    new: bool,
) -> (Vec<FieldView>, SelectView, Vec<FieldView>) {
    let field = |id: &str, label: &str, what: &str| {
        FieldView::text(id, label).sent(sent(typed, id), fault(faults, id, what))
    };
    let mut first = vec![field("name", "Name of the PBC group", "the name of the PBC group")];
    if new {
        let hint = "Short and for good, for example north-herts: files and earlier waves know the group by it.";
        first.push(field("slug", "Code", "a code for the PBC group").hint(hint));
    }
    let mut pcts: Vec<(String, String)> = register
        .pcts
        .iter()
        .map(|pct| (pct.code.to_string(), format!("{} ({})", pct.short_name, pct.code)))
        .collect();
    pcts.sort_by(|a, b| a.1.cmp(&b.1));
    pcts.insert(0, (String::new(), "Choose a PCT".to_owned()));
    let mut pct = SelectView::new("pct", "PCT", pcts, sent(typed, "pct"));
    pct.error = fault(faults, "pct", "the PCT");
    if pct.error.as_deref() == Some("Enter the PCT") {
        pct.error = Some("Choose a PCT".to_owned());
    }
    let hint = "Leave it empty if it is not known.";
    let rest = vec![
        field("practices", "Practices", "the number of practices").hint(hint),
        field("population", "Patients", "the number of patients").hint(hint),
        field("legal_form", "Legal form", "the legal form")
            .hint("For example: limited company. Leave it empty if it is not known."),
    ];
    (first, pct, rest)
}

/// The fields of a lead.
pub(super) fn lead_fields(typed: &Typed, faults: &[FieldFault]) -> Vec<FieldView> {
    let value = |id: &str| sent(typed, id).to_owned();
    vec![
        FieldView::text("name", "Name")
            .sent(&value("name"), fault(faults, "name", "the name of the lead")),
        FieldView::text("role", "Role in the group")
            .hint("For example: GP chair.")
            .sent(&value("role"), fault(faults, "role", "the role of the lead")),
        FieldView::email("email", "E-mail address")
            .sent(&value("email"), fault(faults, "email", "the e-mail address of the lead")),
    ]
}
