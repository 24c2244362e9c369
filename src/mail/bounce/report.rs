//! The part of a notification that is written for machines: for each recipient
//! what was done, a status code, and what the other server said.
//!
//! Source: RFC 3464, sections 2.1 to 2.3.

use super::reason::{Cause, Reason, Status};
use super::words::{judge, said};

/// What became of a mail at one of its recipients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It did not arrive, or has not yet.
    Failed(Reason),
    /// It arrived, or was passed on.
    Arrived,
}

/// More recipients than any mail of ours can have.
const MOST: usize = 100;

/// What a report says of each of its recipients.
pub(super) fn outcomes(text: &str) -> Vec<Outcome> {
    groups(text).iter().filter_map(outcome).take(MOST).collect()
}

/// The fields of one recipient, names in small letters.
type Fields = Vec<(String, String)>;

/// Groups of fields with blank lines between them, folded lines joined.
fn groups(text: &str) -> Vec<Fields> {
    let mut groups = vec![Fields::new()];
    for line in text.lines() {
        let Some(group) = groups.last_mut() else { break };
        if line.trim().is_empty() {
            if !group.is_empty() {
                groups.push(Fields::new());
            }
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = group.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            group.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    groups
}

fn outcome(fields: &Fields) -> Option<Outcome> {
    let field = |name: &str| fields.iter().find(|(own, _)| own == name).map(|(_, value)| value);
    // Comments may stand behind: "5.1.1 (bad destination mailbox address)".
    let first = |value: &String| value.split([' ', '\t', '(', ';']).next().map(str::to_owned);
    let status = field("status").and_then(first).and_then(|word| Status::parse(&word));
    let action = field("action").and_then(first).map(|word| word.to_ascii_lowercase());
    let diagnostic = field("diagnostic-code").map(String::as_str).unwrap_or_default();
    let diagnostic = diagnostic.split_once(';').map_or(diagnostic, |(_, rest)| rest);
    let failed = || {
        let (reply, told) = said(diagnostic);
        // What the other server said is closer to the matter than a code that
        // says nothing but "failed".
        let status = told.filter(|told| is_open(status) && told.class != 2).or(status);
        Outcome::Failed(Reason { cause: judge(status, reply, diagnostic), reply, status })
    };
    match action.as_deref() {
        Some("failed") => Some(failed()),
        Some("delayed") => {
            let (reply, told) = said(diagnostic);
            let status = status.or(told);
            Some(Outcome::Failed(Reason { cause: Cause::Delayed, reply, status }))
        }
        Some("delivered" | "relayed" | "expanded") => Some(Outcome::Arrived),
        // Some leave the action out, or make up another one.
        _ => match status?.class {
            2 => Some(Outcome::Arrived),
            5 => Some(failed()),
            _ => Some(Outcome::Failed(Reason { cause: Cause::ForNow, reply: None, status })),
        },
    }
}

/// Whether a status code leaves open what is the matter.
fn is_open(status: Option<Status>) -> bool {
    status.is_none_or(|status| status.subject == 0 || status.detail == 0)
}
