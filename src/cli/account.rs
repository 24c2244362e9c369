//! `soundings user`: accounts, and the sign-in links that open them.

use anyhow::{Result, bail};
use clap::Subcommand;
use serde_json::json;

use crate::account::{Account, Role};
use crate::config::Environment;
use crate::flow::{self, FlowError, House};
use crate::id::UnitSlug;
use crate::register::EmailAddress;
use crate::storage::StorageError;
use crate::trail::Act;

use super::{Output, open};

#[derive(Subcommand)]
pub(super) enum UserCommand {
    /// Adds an account, or changes its role, and prints a sign-in link.
    Add {
        /// The person's address; it names the account.
        email: EmailAddress,
        /// What they may see: office, sha, pct or lmc.
        #[arg(long)]
        role: Role,
        /// For the role pct: their reporting unit.
        #[arg(long, value_name = "CODE")]
        unit: Option<UnitSlug>,
        #[command(flatten)]
        output: Output,
    },
    /// Prints a new sign-in link for an account.
    Link {
        /// The account.
        email: EmailAddress,
        #[command(flatten)]
        output: Output,
    },
    /// Prints a token by which a program reads published results as an account.
    Token {
        /// The account.
        email: EmailAddress,
        /// Ends the account's tokens instead of making one.
        #[arg(long)]
        remove: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Lists the accounts.
    List {
        #[command(flatten)]
        output: Output,
    },
    /// Removes an account and ends its sessions.
    Remove {
        /// The account.
        email: EmailAddress,
        #[command(flatten)]
        output: Output,
    },
}

pub(super) fn run(command: UserCommand, environment: Environment) -> Result<()> {
    let house = open(environment)?;
    match command {
        UserCommand::Add { email, role, unit, output } => {
            add(&house, email.clone(), role, unit)?;
            link(&house, &email, output)
        }
        UserCommand::Link { email, output } => link(&house, &email, output),
        UserCommand::Token { email, remove: true, output } => {
            let removed = flow::revoke_api_tokens(&house, &email)?;
            output.tell(&json!({ "removed": removed }), &format!("Tokens ended: {removed}."))
        }
        UserCommand::Token { email, remove: false, output } => {
            let token = flow::issue_api_token(&house, &email)?;
            output.tell(
                &json!({ "token": token }),
                &format!("Token, shown this once (Authorization: Bearer …):\n{token}"),
            )
        }
        UserCommand::List { output } => {
            let accounts = house.store.read(|tx| tx.accounts())?;
            let rows: Vec<_> = accounts
                .iter()
                .map(
                    |a| json!({ "email": a.email.expose(), "role": a.role.word(), "unit": a.unit }),
                )
                .collect();
            let lines: Vec<String> = accounts
                .iter()
                .map(|a| {
                    let unit = a.unit.as_ref().map_or(String::new(), |unit| format!(" {unit}"));
                    format!("{}  {}{unit}", a.email.expose(), a.role.word())
                })
                .collect();
            let said =
                if lines.is_empty() { "There are no accounts.".into() } else { lines.join("\n") };
            output.tell(&json!(rows), &said)
        }
        UserCommand::Remove { email, output } => {
            house.store.write(|tx| {
                if !tx.remove_account(&email)? {
                    return Err(FlowError::NoAccount);
                }
                Ok(house.note(tx, Act::ACCOUNT_REMOVED, email.expose(), "")?)
            })?;
            output.tell(
                &json!({ "removed": email.expose() }),
                "The account is removed; its sessions and tokens are ended.",
            )
        }
    }
}

/// Adds an account; a PCT's account belongs to a unit of the register.
pub(super) fn add(
    house: &House,
    email: EmailAddress,
    role: Role,
    unit: Option<UnitSlug>,
) -> Result<()> {
    match (role, &unit) {
        (Role::Pct, None) => bail!("an account of the role pct needs --unit CODE"),
        (Role::Pct, Some(unit)) => {
            let register = house.store.read(|tx| tx.register())?;
            if !register.units.iter().any(|known| known.slug == *unit) {
                let known: Vec<&str> = register.units.iter().map(|u| u.slug.as_str()).collect();
                bail!("there is no reporting unit {unit}; there are: {}", known.join(", "));
            }
        }
        (_, Some(_)) => bail!("--unit goes with the role pct only"),
        (_, None) => {}
    }
    house
        .store
        .write(|tx| {
            let account = Account { email, role, unit };
            tx.put_account(&account)?;
            let unit = account.unit.as_ref().map_or("", UnitSlug::as_str);
            let detail = format!("{} {unit}", role.word());
            house.note(tx, Act::ACCOUNT_PUT, account.email.expose(), detail.trim())
        })
        .map_err(|e: StorageError| e.into())
}

fn link(house: &House, email: &EmailAddress, output: Output) -> Result<()> {
    let link = flow::issue_sign_in_link(house, email, false)?;
    output.tell(
        &json!({ "link": link }),
        &format!("Sign-in link, good once and for one day:\n{link}"),
    )
}
