//! What somebody may see, as it was chosen in a form.

use crate::account::{Account, Role};
use crate::flow::{self, AccountRefusal, House};
use crate::id::UnitSlug;
use crate::pages::{RoleChoice, RoleFields, UnitChoice};

use super::super::deputy::sent as field;
use super::super::error::WebError;
use super::super::frame::capital;

/// Every role, with what it opens.
const ROLES: [(Role, &str); 5] = [
    (Role::Office, "Everything: waves, mails, releases, accounts and settings."),
    (
        Role::Clerk,
        "The office's daily work. Cannot open, close, cancel or publish a wave, and sees neither accounts nor settings.",
    ),
    (Role::Sha, "Published results of all PCTs, the packs, and the stocktake."),
    (Role::Pct, "Published results with their own unit first, and the stocktake."),
    (Role::Lmc, "Published results only."),
];

/// A choice as it was sent, with what is wrong with it.
#[derive(Default)]
pub(super) struct Choice {
    role: String,
    unit: String,
    role_fault: Option<String>,
    unit_fault: Option<String>,
}

/// A choice that can be made.
pub(super) struct Chosen {
    pub(super) role: Role,
    pub(super) unit: Option<UnitSlug>,
}

impl Choice {
    /// What an account has now.
    pub(super) fn of(account: &Account) -> Self {
        Self {
            role: account.role.word().to_owned(),
            unit: account.unit.as_ref().map(ToString::to_string).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// What a form says.
    pub(super) fn sent(fields: &[(String, String)]) -> Self {
        let (role, unit) = (field(fields, "role"), field(fields, "unit"));
        let known = role.parse::<Role>();
        let role_fault = known.is_err().then(|| "Choose what they may see".to_owned());
        let unit_fault = match (known, unit.parse::<UnitSlug>()) {
            (Ok(Role::Pct), Err(_)) => Some("Choose the reporting unit of the PCT".to_owned()),
            (Ok(Role::Office | Role::Clerk | Role::Sha | Role::Lmc), _) if !unit.is_empty() => {
                Some("Only a PCT has a reporting unit: choose none, or the role PCT".to_owned())
            }
            _ => None,
        };
        Self { role: role.to_owned(), unit: unit.to_owned(), role_fault, unit_fault }
    }

    /// The choice, if nothing is wrong with it.
    pub(super) fn chosen(&self) -> Option<Chosen> {
        if self.role_fault.is_some() || self.unit_fault.is_some() {
            return None;
        }
        let unit = if self.unit.is_empty() { None } else { Some(self.unit.parse().ok()?) };
        Some(Chosen { role: self.role.parse().ok()?, unit })
    }

    /// Takes down why it cannot be.
    pub(super) fn refused(&mut self, refusal: &AccountRefusal) {
        match refusal {
            AccountRefusal::UnknownUnit { .. }
            | AccountRefusal::UnitNeeded
            | AccountRefusal::UnitOfNobody => {
                self.unit_fault = Some("Choose a reporting unit of the register".to_owned());
            }
            AccountRefusal::LastAdministrator => {
                let said = "This is the last administrator: add another first";
                self.role_fault = Some(said.to_owned());
            }
            AccountRefusal::Exists | AccountRefusal::OwnSecondStep => {
                self.role_fault = Some("This cannot be changed now".to_owned());
            }
        }
    }

    /// For the form.
    pub(super) async fn fields(&self, house: &House) -> Result<RoleFields, WebError> {
        let units = house.blocking(flow::units_for_accounts).await?;
        let role = |(role, about): (Role, &str)| RoleChoice {
            id: format!("role-{}", role.word()),
            value: role.word().to_owned(),
            label: if role == Role::Office {
                "Survey office administrator".to_owned()
            } else {
                capital(&role.to_string())
            },
            about: about.to_owned(),
            checked: self.role == role.word(),
        };
        let unit = |(slug, label): (UnitSlug, String)| UnitChoice {
            chosen: self.unit == slug.as_str(),
            value: slug.to_string(),
            label,
        };
        Ok(RoleFields {
            roles: ROLES.into_iter().map(role).collect(),
            role_error: self.role_fault.clone(),
            units: units.into_iter().map(unit).collect(),
            unit_error: self.unit_fault.clone(),
        })
    }
}
