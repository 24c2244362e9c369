//! The survey office sees to who may sign in.

use serde::Serialize;

use super::fields::FieldView;
use super::layout::{Fact, Frame, Layout, Link};
use super::respondent::Prompt;
use super::template::Page;

/// An account in the list.
#[derive(Clone, Serialize)]
pub struct AccountRow {
    /// Its address.
    pub email: String,
    /// Its own page.
    pub href: String,
    /// The role, with the unit of a PCT.
    pub role: String,
    /// Whether a code is asked for.
    pub second_step: bool,
    /// The day of the last sign-in.
    pub last_sign_in: Option<String>,
    /// How many sessions are open.
    pub sessions: usize,
    /// How many tokens of programs there are.
    pub tokens: usize,
    /// What somebody should look at.
    pub warning: Option<String>,
    /// Whether it is the reader's own.
    pub own: bool,
}

/// `/office/accounts`.
#[derive(Serialize)]
pub struct AccountsPage {
    /// What is around it.
    pub layout: Layout,
    /// What was just done.
    pub done: Option<String>,
    /// What was not.
    pub failed: Option<String>,
    /// Every account.
    pub accounts: Vec<AccountRow>,
    /// Where people sign in.
    pub sign_in: String,
}

const LONG: &str = "a.very.long.mailbox.name@a-very-long-domain.practice.example.org";

impl Page for AccountsPage {
    const TEMPLATE: &'static str = "office/accounts";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let own = AccountRow {
            email: "ann@office.example.org".to_owned(),
            href: "/office/accounts/0123456789abcdef".to_owned(),
            role: "Survey office".to_owned(),
            second_step: true,
            last_sign_in: Some("Tuesday 20 November 2007".to_owned()),
            sessions: 2,
            tokens: 0,
            warning: None,
            own: true,
        };
        let other = AccountRow {
            email: LONG.to_owned(),
            href: "/office/accounts/fedcba9876543210".to_owned(),
            role: "PCT Great Yarmouth and Waveney <PCT>".to_owned(),
            second_step: false,
            last_sign_in: None,
            sessions: 0,
            tokens: 1,
            warning: Some("Another account was refused on Monday 19 November 2007".to_owned()),
            own: false,
        };
        let page = |accounts: Vec<AccountRow>, done: Option<&str>| Self {
            layout: Frame::sample().page("Accounts").wide(),
            done: done.map(str::to_owned),
            failed: None,
            accounts,
            sign_in: "https://survey.example.org/sign-in".to_owned(),
        };
        vec![page(vec![own.clone()], None), page(vec![own, other], Some("The account is removed."))]
    }
}

/// A role that can be chosen.
#[derive(Clone, Serialize)]
pub struct RoleChoice {
    /// Its HTML id.
    pub id: String,
    /// Its stable word.
    pub value: String,
    /// Its name.
    pub label: String,
    /// What it opens.
    pub about: String,
    /// Whether it is chosen.
    pub checked: bool,
}

/// A unit that can be chosen.
#[derive(Clone, Serialize)]
pub struct UnitChoice {
    /// Its code.
    pub value: String,
    /// Its name.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// What somebody may see: a role, and a unit for a PCT.
#[derive(Clone, Serialize)]
pub struct RoleFields {
    /// Every role.
    pub roles: Vec<RoleChoice>,
    /// What is wrong with the choice.
    pub role_error: Option<String>,
    /// Every unit.
    pub units: Vec<UnitChoice>,
    /// What is wrong with the choice.
    pub unit_error: Option<String>,
}

impl RoleFields {
    /// The lines of the error summary.
    #[must_use]
    pub fn problems(&self) -> Vec<Prompt> {
        let first = self.roles.first().map_or("role", |first| first.id.as_str());
        let role = self.role_error.as_ref();
        let role = role.map(|text| Prompt { href: format!("#{first}"), text: text.clone() });
        let unit = self.unit_error.as_ref();
        let unit = unit.map(|text| Prompt { href: "#unit".to_owned(), text: text.clone() });
        role.into_iter().chain(unit).collect()
    }

    fn sample(faulty: bool) -> Self {
        let role = |word: &str, label: &str, checked| RoleChoice {
            id: format!("role-{word}"),
            value: word.to_owned(),
            label: label.to_owned(),
            about: "Sees published results".to_owned(),
            checked,
        };
        let unit = |code: &str, label: &str, chosen| UnitChoice {
            value: code.to_owned(),
            label: label.to_owned(),
            chosen,
        };
        let fault = |text: &str| faulty.then(|| text.to_owned());
        Self {
            roles: vec![role("office", "Survey office", false), role("pct", "PCT", !faulty)],
            role_error: fault("Choose what they may see"),
            units: vec![unit("luton", "Luton", !faulty), unit("herts", "East and <PCT>", false)],
            unit_error: fault("Choose a unit"),
        }
    }
}

/// `/office/accounts/new`.
#[derive(Serialize)]
pub struct NewAccountPage {
    /// What is around it.
    pub layout: Layout,
    /// The address.
    pub email: FieldView,
    /// What they may see.
    pub choice: RoleFields,
    /// What is wrong.
    pub errors: Vec<Prompt>,
}

impl Page for NewAccountPage {
    const TEMPLATE: &'static str = "office/account_new";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |faulty: bool| {
            let error = faulty.then(|| "Enter their e-mail address".to_owned());
            let email = FieldView::email("email", "Their e-mail address").sent("<another>", error);
            let choice = RoleFields::sample(faulty);
            Self {
                layout: Frame::sample().page("Add an account"),
                errors: email.problem().into_iter().chain(choice.problems()).collect(),
                email,
                choice,
            }
        };
        vec![page(false), page(true)]
    }
}

/// `/office/accounts/{account}`.
#[derive(Serialize)]
pub struct OneAccountPage {
    /// What is around it.
    pub layout: Layout,
    /// What was just done.
    pub done: Option<String>,
    /// What was not.
    pub failed: Option<String>,
    /// Its address.
    pub email: String,
    /// How it stands.
    pub facts: Vec<Fact>,
    /// What somebody should look at.
    pub warning: Option<String>,
    /// Whether it is the reader's own.
    pub own: bool,
    /// What they may see.
    pub choice: RoleFields,
    /// What is wrong.
    pub errors: Vec<Prompt>,
    /// Where the forms are sent.
    pub base: String,
    /// What else can be done, each with a page that says what will happen.
    pub ways: Vec<Link>,
}

impl Page for OneAccountPage {
    const TEMPLATE: &'static str = "office/account";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let base = "/office/accounts/0123456789abcdef";
        let page = |own: bool, faulty: bool, warning: Option<&str>| {
            let choice = RoleFields::sample(faulty);
            Self {
                layout: Frame::sample().page("Account"),
                done: (!faulty && !own).then(|| "They are signed out.".to_owned()),
                failed: None,
                email: LONG.to_owned(),
                facts: vec![
                    Fact::new("Second step", "on"),
                    Fact::new("Last sign-in", "Tuesday 20 November 2007"),
                    Fact::new("Open sessions", "2"),
                ],
                warning: warning.map(str::to_owned),
                own,
                errors: choice.problems(),
                choice,
                base: base.to_owned(),
                ways: vec![
                    Link::new("Sign them out everywhere", format!("{base}/sign-out")),
                    Link::new("Remove the account", format!("{base}/remove")),
                ],
            }
        };
        vec![page(true, false, None), page(false, false, Some("Refused")), page(false, true, None)]
    }
}

/// A page that says what will happen before it does.
#[derive(Serialize)]
pub struct AccountConfirmPage {
    /// What is around it.
    pub layout: Layout,
    /// The page's heading, a question.
    pub heading: String,
    /// Whose account it is.
    pub email: String,
    /// What will happen.
    pub points: Vec<String>,
    /// Where the form is sent.
    pub action: String,
    /// What the button says.
    pub button: String,
    /// Whether it cannot be undone.
    pub warning: bool,
    /// The way back without it.
    pub cancel: String,
}

impl Page for AccountConfirmPage {
    const TEMPLATE: &'static str = "office/account_confirm";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |warning: bool| Self {
            layout: Frame::sample().page("Remove this account?"),
            heading: "Remove this account?".to_owned(),
            email: LONG.to_owned(),
            points: vec!["They are signed out at once and cannot sign in again.".to_owned()],
            action: "/office/accounts/0123456789abcdef/remove".to_owned(),
            button: "Remove it".to_owned(),
            warning,
            cancel: "/office/accounts/0123456789abcdef".to_owned(),
        };
        vec![page(true), page(false)]
    }
}

/// A token of a program, shown once.
#[derive(Serialize)]
pub struct AccountTokenPage {
    /// What is around it.
    pub layout: Layout,
    /// Whose account it is.
    pub email: String,
    /// The token.
    pub token: String,
    /// Back to the account.
    pub back: String,
}

impl Page for AccountTokenPage {
    const TEMPLATE: &'static str = "office/account_token";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            layout: Frame::sample().page("A token for a program"),
            email: LONG.to_owned(),
            token: "soundings_Q0f5yZ3kq8mW1vVb6f7oQy2w9JrT4xEaLh0sPn5uGdM".to_owned(),
            back: "/office/accounts/0123456789abcdef".to_owned(),
        }]
    }
}
