//! `soundings user`: accounts, and the sign-in links that open them.

use anyhow::Result;
use clap::Subcommand;
use serde_json::{Value, json};

use crate::account::{Account, Role};
use crate::config::Environment;
use crate::flow::{self, AccountEntry, House};
use crate::id::UnitSlug;
use crate::register::EmailAddress;

use super::{Output, open};

#[derive(Subcommand)]
pub(super) enum UserCommand {
    /// Adds an account, or changes its role, and prints a sign-in link.
    Add {
        /// The person's address; it names the account.
        email: EmailAddress,
        /// What they may see: office, clerk, sha, pct or lmc.
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
    /// Takes the second step of a sign-in away from somebody who has lost it.
    ResetSecondStep {
        /// The account.
        email: EmailAddress,
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
            flow::put_account(&house, &Account { email: email.clone(), role, unit })?;
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
        UserCommand::ResetSecondStep { email, output } => {
            flow::reset_second_step(&house, &email)?;
            output.tell(
                &json!({ "reset": email.expose() }),
                "The second step is taken away and the account is signed out. No code is asked for until a second step is set up again.",
            )
        }
        UserCommand::List { output } => {
            let accounts = flow::accounts(&house)?;
            let rows: Vec<_> = accounts.iter().map(in_json).collect();
            let lines: Vec<String> = accounts.iter().map(in_words).collect();
            let said =
                if lines.is_empty() { "There are no accounts.".into() } else { lines.join("\n") };
            output.tell(&json!(rows), &said)
        }
        UserCommand::Remove { email, output } => {
            flow::remove_account(&house, &email)?;
            output.tell(
                &json!({ "removed": email.expose() }),
                "The account is removed; its sessions and tokens are ended.",
            )
        }
    }
}

fn in_json(entry: &AccountEntry) -> Value {
    json!({
        "email": entry.account.email.expose(),
        "role": entry.account.role.word(),
        "unit": entry.account.unit,
        "second_step": entry.second_step,
        "last_sign_in": entry.last_sign_in.map(|day| day.to_string()),
        "sessions": entry.sessions,
        "tokens": entry.tokens,
        "bound_to": entry.pin.as_ref().map(|pin| &pin.issuer),
    })
}

fn in_words(entry: &AccountEntry) -> String {
    let Account { email, role, unit } = &entry.account;
    let unit = unit.as_ref().map_or(String::new(), |unit| format!(" {unit}"));
    let step = if entry.second_step { "  with a second step" } else { "" };
    format!("{}  {}{unit}{step}", email.expose(), role.word())
}

fn link(house: &House, email: &EmailAddress, output: Output) -> Result<()> {
    let link = flow::issue_sign_in_link(house, email, false)?;
    output.tell(
        &json!({ "link": link }),
        &format!("Sign-in link, good once and for one day:\n{link}"),
    )
}
