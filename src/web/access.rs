//! Who may do what: one table of doors, each an address with those who may look and
//! those who may act there. The guard is built from it and stands before every handler;
//! an address without a row is open to nobody, so a forgotten row shuts a door and
//! never opens one.

use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::Duration;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, web};

use crate::account::Role;
use crate::account::Role::{Clerk, Lmc, Office, Pct, Sha};
use crate::flow::House;

use super::error::WebError;
use super::sent;
use super::session::{Jar, Visitor};
use super::{MOST_FORM_BYTES, api};

/// Those who may come through a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Nobody: there is nothing of the kind.
    Nobody,
    /// Anybody.
    Anybody,
    /// A lead, with the cookie of a personal link.
    Lead,
    /// Staff of these roles, and leads with the link to a wave's results.
    Reader(&'static [Role]),
    /// Staff of these roles.
    Staff(&'static [Role]),
    /// Programs with a token of an account of these roles.
    Program(&'static [Role]),
    /// Anybody on this very machine, where mails are kept in a folder.
    Local,
}

/// An address, and those who may look and act there.
#[derive(Debug, Clone, Copy)]
pub struct Door {
    /// The address as a pattern, for example `/results/{wave}`.
    pub route: &'static str,
    /// Who may look: GET and HEAD.
    pub look: Who,
    /// Who may act: POST.
    pub act: Who,
    /// The longest body that is read, in bytes.
    pub most: usize,
}

/// A workbook of a nation's register fits.
const MOST_UPLOAD: usize = 4 * 1024 * 1024;
/// A body that takes longer is not waited for.
const BODY_IN: Duration = Duration::from_secs(20);

/// The administrator alone: what cannot be undone, and who may do what.
const OFFICE: &[Role] = &[Office];
/// The survey office.
const DESK: &[Role] = &[Office, Clerk];
/// Whoever the stocktake is for.
const REPORTED: &[Role] = &[Office, Clerk, Sha, Pct];
/// Everybody with an account.
const STAFF: &[Role] = &[Office, Clerk, Sha, Pct, Lmc];

/// All that opens before a second step is set up that has to be.
const OWN_ACCOUNT: &str = "/account";

const fn door(route: &'static str, look: Who, act: Who) -> Door {
    Door { route, look, act, most: MOST_FORM_BYTES }
}

/// Only to be looked at.
const fn page(route: &'static str, look: Who) -> Door {
    door(route, look, Who::Nobody)
}

/// Only to be acted on.
const fn deed(route: &'static str, act: Who) -> Door {
    door(route, Who::Nobody, act)
}

/// Where files come in.
const fn upload(route: &'static str, who: Who) -> Door {
    Door { route, look: who, act: who, most: MOST_UPLOAD }
}

/// Every door of the service.
pub const DOORS: &[Door] = {
    use Who::{Anybody, Lead, Local, Program, Reader, Staff};
    &[
        page("/", Anybody),
        page("/promise", Anybody),
        door("/leave", Anybody, Anybody),
        door("/lost-link", Anybody, Anybody),
        page("/lost-link/sent", Anybody),
        door("/receipts/{wave}", Anybody, Anybody),
        page("/receipts/{wave}/list.txt", Anybody),
        door("/network", Anybody, Anybody),
        page("/network/thanks", Anybody),
        page("/network/ideas", Anybody),
        door("/stop/{token}", Anybody, Anybody),
        deed("/stop/{token}/again", Anybody),
        page("/assets/{file}", Anybody),
        page(super::assets::LOGO, Anybody),
        page(super::assets::COLOUR, Anybody),
        page("/healthz", Anybody),
        page("/readyz", Anybody),
        // Leads.
        door("/s/{token}", Anybody, Anybody),
        deed("/s/{token}/deputy", Anybody),
        page("/answer", Lead),
        page("/answer/check", Lead),
        deed("/answer/send", Lead),
        page("/answer/done", Lead),
        door("/answer/decline", Lead, Lead),
        page("/answer/declined", Lead),
        door("/answer/deputy", Lead, Lead),
        deed("/answer/deputy/change", Lead),
        deed("/answer/deputy/ask", Lead),
        deed("/answer/deputy/take-back", Lead),
        door("/answer/{section}", Lead, Lead),
        // Signing in.
        door("/sign-in", Anybody, Anybody),
        page("/sign-in/sent", Anybody),
        door("/sign-in/code", Anybody, Anybody),
        deed("/sign-in/with", Anybody),
        page("/sign-in/back", Anybody),
        door("/sign-in/{secret}", Anybody, Anybody),
        deed("/sign-out", Anybody),
        // One's own account.
        page(OWN_ACCOUNT, Staff(STAFF)),
        deed("/account/sign-out-everywhere", Staff(STAFF)),
        door("/account/second-step", Staff(DESK), Staff(DESK)),
        deed("/account/second-step/begin", Staff(DESK)),
        door("/account/second-step/remove", Staff(STAFF), Staff(STAFF)),
        // Results.
        page("/r/{wave}/{unit}/{proof}", Anybody),
        page("/summary/{wave}", Anybody),
        page("/results", Staff(STAFF)),
        page("/results/{wave}", Reader(STAFF)),
        page("/results/{wave}/pct/{code}", Reader(STAFF)),
        page("/results/{wave}/measure/{code}", Reader(STAFF)),
        page("/results/{wave}/measure/{code}/figures.csv", Reader(STAFF)),
        deed("/results/{wave}/look-first", Staff(DESK)),
        page("/results/{wave}/comments", Reader(STAFF)),
        page("/results/{wave}/download/{file}", Reader(STAFF)),
        page("/stocktake", Staff(REPORTED)),
        page("/stocktake/{date}", Staff(REPORTED)),
        // Programs.
        page("/api/v1/openapi.json", Anybody),
        page("/api/v1/releases", Program(STAFF)),
        page("/api/v1/releases/{wave}", Program(STAFF)),
        page("/api/v1/releases/{wave}/measures", Program(STAFF)),
        page("/api/v1/releases/{wave}/orgs", Program(STAFF)),
        page("/api/v1/releases/{wave}/figures", Program(STAFF)),
        page("/api/v1/releases/{wave}/distribution", Program(STAFF)),
        page("/api/v1/releases/{wave}/region", Program(STAFF)),
        // The survey office.
        page("/office", Staff(DESK)),
        page("/office/settings", Staff(OFFICE)),
        page("/office/health", Staff(DESK)),
        page("/office/accounts", Staff(OFFICE)),
        door("/office/accounts/new", Staff(OFFICE), Staff(OFFICE)),
        door("/office/accounts/{account}", Staff(OFFICE), Staff(OFFICE)),
        deed("/office/accounts/{account}/token", Staff(OFFICE)),
        door("/office/accounts/{account}/{act}", Staff(OFFICE), Staff(OFFICE)),
        page("/office/trail", Staff(OFFICE)),
        page("/office/trail/trail.csv", Staff(OFFICE)),
        upload("/office/waves/new", Staff(DESK)),
        door("/office/waves/new/{id}", Staff(DESK), Staff(DESK)),
        page("/office/waves/{wave}", Staff(DESK)),
        page("/office/waves/{wave}/record", Staff(DESK)),
        upload("/office/waves/{wave}/open", Staff(OFFICE)),
        door("/office/waves/{wave}/key", Staff(OFFICE), Staff(OFFICE)),
        upload("/office/waves/{wave}/rehearse", Staff(OFFICE)),
        door("/office/waves/{wave}/dates", Staff(OFFICE), Staff(OFFICE)),
        door("/office/waves/{wave}/cancel", Staff(OFFICE), Staff(OFFICE)),
        upload("/office/waves/{wave}/close", Staff(OFFICE)),
        deed("/office/seconds", Staff(OFFICE)),
        deed("/office/seconds/take-back", Staff(OFFICE)),
        door("/office/waves/{wave}/flags", Staff(DESK), Staff(DESK)),
        page("/office/waves/{wave}/release", Staff(DESK)),
        deed("/office/waves/{wave}/release/build", Staff(DESK)),
        door("/office/waves/{wave}/release/plan", Staff(OFFICE), Staff(OFFICE)),
        deed("/office/waves/{wave}/release/unplan", Staff(OFFICE)),
        door("/office/waves/{wave}/release/publish", Staff(OFFICE), Staff(OFFICE)),
        deed("/office/waves/{wave}/release/take-back", Staff(OFFICE)),
        door("/office/waves/{wave}/release/showing", Staff(OFFICE), Staff(OFFICE)),
        door("/office/waves/{wave}/release/note", Staff(OFFICE), Staff(OFFICE)),
        door("/office/waves/{wave}/release/early", Staff(OFFICE), Staff(OFFICE)),
        deed("/office/waves/{wave}/release/early/withdraw", Staff(OFFICE)),
        // The office looks as somebody else: never open to anybody but the office.
        page("/office/waves/{wave}/release/as", Staff(DESK)),
        page("/office/waves/{wave}/release/as/{reader}", Staff(DESK)),
        page("/office/waves/{wave}/release/as/{reader}/summary", Staff(DESK)),
        page("/office/waves/{wave}/release/as/{reader}/pct/{code}", Staff(DESK)),
        page("/office/waves/{wave}/release/as/{reader}/measure/{code}", Staff(DESK)),
        page("/office/waves/{wave}/release/as/{reader}/measure/{code}/figures.csv", Staff(DESK)),
        page("/office/waves/{wave}/release/as/{reader}/download/{file}", Staff(DESK)),
        page("/office/letters", Staff(DESK)),
        door("/office/letters/{kind}", Staff(DESK), Staff(DESK)),
        deed("/office/letters/{kind}/preview", Staff(DESK)),
        deed("/office/letters/{kind}/test", Staff(DESK)),
        deed("/office/letters/{kind}/bring-back", Staff(DESK)),
        page("/office/waves/{wave}/letters", Staff(DESK)),
        door("/office/waves/{wave}/letters/{kind}", Staff(DESK), Staff(DESK)),
        deed("/office/waves/{wave}/letters/{kind}/preview", Staff(DESK)),
        deed("/office/waves/{wave}/letters/{kind}/test", Staff(DESK)),
        deed("/office/waves/{wave}/letters/{kind}/bring-back", Staff(DESK)),
        page("/office/mail", Staff(DESK)),
        deed("/office/mail/pause", Staff(DESK)),
        deed("/office/mail/resume", Staff(DESK)),
        deed("/office/mail/send-held", Staff(DESK)),
        deed("/office/mail/write-again", Staff(DESK)),
        deed("/office/mail/{mail}/send", Staff(DESK)),
        deed("/office/mail/{mail}/arrived", Staff(DESK)),
        deed("/office/mail/{mail}/leave", Staff(DESK)),
        door("/office/mail/{mail}/address", Staff(DESK), Staff(DESK)),
        page("/office/waves/{wave}/mail", Staff(DESK)),
        door("/office/waves/{wave}/mail/remind", Staff(DESK), Staff(DESK)),
        door("/office/waves/{wave}/mail/{kind}/{number}", Staff(DESK), Staff(DESK)),
        deed("/office/waves/{wave}/mail/{kind}/{number}/skip", Staff(DESK)),
        deed("/office/waves/{wave}/mail/{kind}/{number}/again", Staff(DESK)),
        deed("/office/waves/{wave}/mail/{kind}/{number}/cancel", Staff(DESK)),
        page("/office/waves/{wave}/comments", Staff(DESK)),
        deed("/office/waves/{wave}/comments/themes", Staff(DESK)),
        deed("/office/waves/{wave}/comments/themes/remove", Staff(DESK)),
        door("/office/waves/{wave}/comments/read/{comment}", Staff(DESK), Staff(DESK)),
        deed("/office/waves/{wave}/comments/read/{comment}/again", Staff(DESK)),
        door("/office/waves/{wave}/comments/publish", Staff(OFFICE), Staff(OFFICE)),
        door("/office/waves/{wave}/comments/take-down", Staff(OFFICE), Staff(OFFICE)),
        page("/office/network", Staff(DESK)),
        deed("/office/network/delete", Staff(DESK)),
        page("/office/register", Staff(DESK)),
        page("/office/register/history", Staff(DESK)),
        door("/office/register/undo", Staff(DESK), Staff(DESK)),
        upload("/office/register/import", Staff(DESK)),
        deed("/office/register/import/confirm", Staff(DESK)),
        deed("/office/register/import/leave", Staff(DESK)),
        page("/office/register/export/{file}", Staff(DESK)),
        door("/office/register/new-group", Staff(DESK), Staff(DESK)),
        page("/office/register/groups/{slug}", Staff(DESK)),
        door("/office/register/groups/{slug}/change", Staff(DESK), Staff(DESK)),
        door("/office/register/groups/{slug}/remove", Staff(DESK), Staff(DESK)),
        door("/office/register/groups/{slug}/merge", Staff(DESK), Staff(DESK)),
        door("/office/register/groups/{slug}/leads/{lead}", Staff(DESK), Staff(DESK)),
        door("/office/register/groups/{slug}/leads/{lead}/remove", Staff(DESK), Staff(DESK)),
        door("/office/network/{idea}", Staff(DESK), Staff(DESK)),
        deed("/office/network/{idea}/publish", Staff(DESK)),
        deed("/office/network/{idea}/take-down", Staff(DESK)),
        page("/office/help", Staff(DESK)),
        page("/office/help/{task}", Staff(DESK)),
        page("/office/surveys", Staff(DESK)),
        page("/office/surveys/{id}/paper", Staff(DESK)),
        door("/office/surveys/{id}/preview", Staff(DESK), Staff(DESK)),
        page("/office/surveys/{id}/preview/check", Staff(DESK)),
        deed("/office/surveys/{id}/preview/send", Staff(DESK)),
        page("/office/surveys/{id}/preview/done", Staff(DESK)),
        door("/office/surveys/{id}/preview/{section}", Staff(DESK), Staff(DESK)),
        page("/outbox", Local),
        page("/outbox/{mail}", Local),
        page("/outbox/{mail}/html", Local),
    ]
};

static BY_ROUTE: LazyLock<HashMap<&'static str, &'static Door>> =
    LazyLock::new(|| DOORS.iter().map(|door| (door.route, door)).collect());

/// Whether staff of a role may look at an address; for the ways that a page offers.
pub(super) fn may_look(role: Role, route: &str) -> bool {
    BY_ROUTE.get(route).is_some_and(|door| match door.look {
        Who::Anybody => true,
        Who::Staff(roles) | Who::Reader(roles) | Who::Program(roles) => roles.contains(&role),
        Who::Nobody | Who::Lead | Who::Local => false,
    })
}

/// Whether staff of a role may act at an address.
pub(super) fn may_act(role: Role, route: &str) -> bool {
    let door = BY_ROUTE.get(route);
    door.is_some_and(|door| matches!(door.act, Who::Staff(roles) if roles.contains(&role)))
}

/// Lets through who may, with what they are: handlers find the visitor and, where
/// somebody acts, what they sent.
pub(super) async fn guard(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    match check(&mut request).await {
        Ok(()) => {}
        Err(error) => {
            let (request, _) = request.into_parts();
            return Ok(ServiceResponse::from_err(error, request).map_into_right_body());
        }
    }
    Ok(next.call(request).await?.map_into_left_body())
}

async fn check(request: &mut ServiceRequest) -> Result<(), WebError> {
    // As the router reads it: `/%6fffice` is `/office` to it, and must be to us. (What the
    // framework says of a request before it was routed goes by the bytes that came.)
    let path = request.match_info().as_str();
    // Nothing is at such an address, and that is what is answered.
    let Some(route) = request.resource_map().match_pattern(path) else { return Ok(()) };
    let door = *BY_ROUTE.get(route.as_str()).ok_or(WebError::NotFound)?;
    let house = request.app_data::<web::Data<House>>().cloned().ok_or(WebError::NotFound)?;
    let acts = match *request.method() {
        Method::GET | Method::HEAD => false,
        Method::POST => true,
        _ => return Err(WebError::OnlyReading),
    };
    let who = if acts { door.act } else { door.look };
    let mut visitor = None;
    match who {
        Who::Nobody => return Err(WebError::OnlyReading),
        // Whether a link or this machine opens it, the room itself looks.
        Who::Anybody | Who::Lead | Who::Local => {}
        Who::Program(roles) => {
            let account = api::caller(request.request(), &house).await?;
            if !roles.contains(&account.role) {
                return Err(WebError::NotForYou);
            }
            request.extensions_mut().insert(account);
        }
        Who::Reader(roles) | Who::Staff(roles) => {
            let found = Visitor::of(request.request(), &house).await?;
            match found.account() {
                Some(_) if found.must_enrol() && !route.starts_with(OWN_ACCOUNT) => {
                    return Err(WebError::SecondStepNeeded);
                }
                Some(account) if roles.contains(&account.role) => {}
                Some(_) => return Err(WebError::NotForYou),
                None if matches!(who, Who::Reader(_))
                    && Jar::Results.value(request.request(), &house).is_some() => {}
                None => return Err(WebError::SignInNeeded),
            }
            request.extensions_mut().insert(found.clone());
            visitor = Some(found);
        }
    }
    if acts {
        let read = sent::read(request, door.most);
        let sent = actix_web::rt::time::timeout(BODY_IN, read);
        let sent = sent.await.map_err(|_| WebError::TooSlow)??;
        if let Some(visitor) = visitor
            && !sent.field("-form").is_some_and(|token| visitor.sent_from_our_form(token))
        {
            return Err(WebError::Stranger);
        }
        request.extensions_mut().insert(sent);
    }
    request.extensions_mut().insert(LetThrough(door.route));
    Ok(())
}

/// The door that a request was let through.
#[derive(Clone, Copy)]
struct LetThrough(&'static str);

/// The route of the door that a request was let through, if it was.
pub(super) fn door_of(request: &HttpRequest) -> Option<&'static str> {
    request.extensions().get::<LetThrough>().map(|LetThrough(door)| *door)
}

/// Whether a request that has reached its handler came through the door of that handler:
/// a second lock, should guard and router ever read an address differently.
pub(super) fn came_by_its_door(request: &HttpRequest) -> bool {
    let door = door_of(request);
    match request.match_pattern() {
        Some(route) => door.is_some_and(|door| door == route),
        // The page that says that there is none.
        None => door.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{DOORS, Who};

    #[test]
    fn a_door_stands_in_the_table_once() {
        let routes: BTreeSet<&str> = DOORS.iter().map(|door| door.route).collect();
        assert_eq!(routes.len(), DOORS.len());
    }

    #[test]
    fn nothing_of_the_office_is_open_to_others_than_staff() {
        for door in DOORS.iter().filter(|door| door.route.starts_with("/office")) {
            for who in [door.look, door.act] {
                assert!(matches!(who, Who::Staff(_) | Who::Nobody), "{}", door.route);
            }
        }
    }
}
