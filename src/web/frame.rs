//! What is around every page: the office, the signed-in person, the ways.

use crate::flow::{House, Person};
use crate::pages::{Assets, Frame, NavItem, Office, SignedIn};

use crate::wave::SYNTHETIC;

use super::access;
use super::assets::{COLOUR, LOGO};
use super::session::Visitor;

/// The frame for whoever is asking.
pub(super) fn frame(house: &House, visitor: &Visitor) -> Frame {
    let office = &house.settings.office;
    let mut nav = Vec::new();
    let mut item = |shown: bool, label: &str, href: &str| {
        if shown {
            nav.push(NavItem { label: label.to_owned(), href: href.to_owned(), current: false });
        }
    };
    if let Some(account) = visitor.account() {
        for (label, href) in
            [("Results", "/results"), ("Stocktake", "/stocktake"), ("Office", "/office")]
        {
            item(access::may_look(account.role, href), label, href);
        }
    }
    Frame {
        notice: house.synthetic.then(|| SYNTHETIC.to_owned()),
        notes: Vec::new(),
        office: Office {
            logo: office.logo.as_ref().map(|_| LOGO.to_owned()),
            style: office.colour.as_ref().map(|_| COLOUR.to_owned()),
            name: office.name.clone(),
            contact: office.contact.clone(),
            line: "Independent of every PCT and of the SHA.".to_owned(),
        },
        assets: Assets {
            css: crate::assets::url("app.css").to_owned(),
            js: crate::assets::url("app.js").to_owned(),
            icon: crate::assets::url("favicon.svg").to_owned(),
        },
        signed_in: visitor.person().map(|person| SignedIn {
            who: who(person),
            sign_out: "/sign-out".to_owned(),
            form: visitor.form_token(),
        }),
        nav,
        preview: None,
    }
}

/// Who somebody is, in words.
pub(super) fn who(person: &Person) -> String {
    let role = capital(&person.account.role.to_string());
    person.unit.as_ref().map_or(role.clone(), |unit| format!("{role} {unit}"))
}

pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
