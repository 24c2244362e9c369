//! What mail servers say in words. Codes come first where they are clear; words
//! decide where a code is missing or says nothing, and they can clear an address
//! that a code condemns, because servers say 5.1.1 of what they take for spam.

use super::reason::{Cause, Class, Reason, Status};

/// Words that tell a cause, as whole words in small letters without signs.
const TOLD_BY: [(Cause, &[&str]); 13] = [
    (
        Cause::Full,
        &[
            "mailbox full",
            "mailbox is full",
            "mailfolder is full",
            "mail box full",
            "inbox is full",
            "over quota",
            "overquota",
            "over its quota",
            "over the quota",
            "over their quota",
            "quota exceeded",
            "exceeded quota",
            "exceeds quota",
            "quota exceed",
            "exceeded its quota",
            "exceeded storage allocation",
            "exceeded the storage limit",
            "out of storage space",
            "insufficient storage",
            "insufficient system storage",
            "not enough storage space",
            "quotaexceeded",
        ],
    ),
    (
        Cause::TooLarge,
        &[
            "message too large",
            "message too big",
            "message is too large",
            "message is too big",
            "message size exceeds",
            "message file too big",
            "exceeds size limit",
            "exceeds maximum message size",
            "exceeded maximum message size",
            "exceeds the maximum size",
            "larger than the current system limit",
        ],
    ),
    (
        Cause::Unproven,
        &[
            "spf",
            "dkim",
            "dmarc",
            "unauthenticated",
            "not authenticated",
            "reverse dns",
            "ptr record",
        ],
    ),
    (
        Cause::Spam,
        &["spam", "spamming", "unsolicited", "junk mail", "junkmail", "bulk mail", "phishing"],
    ),
    (Cause::Contents, &["virus", "malware", "message content rejected", "content filter"]),
    (
        Cause::Blocked,
        &[
            "blocklist",
            "blocklisted",
            "block list",
            "blacklist",
            "blacklisted",
            "black list",
            "denylist",
            "deny list",
            "blocked",
            "banned",
            "rbl",
            "dnsbl",
            "reputation",
            "access denied",
            "listed at",
            "unusual rate",
        ],
    ),
    (Cause::Sender, &["sender address rejected", "sender rejected", "sender verify failed"]),
    (
        Cause::Rule,
        &[
            "policy",
            "prohibited",
            "not permitted",
            "not authorized",
            "not authorised",
            "not allowed",
            "restricted",
            "relay access denied",
            "relaying denied",
            "unable to relay",
            "relaynotpermitted",
        ],
    ),
    (
        Cause::ForNow,
        &["greylisted", "greylisting", "greylist", "graylisted", "try again later", "deferred"],
    ),
    (
        Cause::NoDomain,
        &[
            "host not found",
            "domain not found",
            "host unknown",
            "unknown host",
            "unknown domain",
            "no such domain",
            "domain does not exist",
            "couldnt find any host",
            "could not find any host",
            "no mail hosts for domain",
            "unrouteable mail domain",
            "unroutable mail domain",
        ],
    ),
    (Cause::NoMailThere, &["nullmx", "null mx", "domain does not accept mail"]),
    (
        Cause::Disabled,
        &[
            "mailbox disabled",
            "mailbox is disabled",
            "mailbox has been disabled",
            "account disabled",
            "account is disabled",
            "account has been disabled",
            "account that you tried to reach is disabled",
            "account is inactive",
            "account inactive",
            "mailbox is inactive",
            "mailbox inactive",
            "account has been closed",
            "no longer accepts mail",
            "no longer valid",
        ],
    ),
    (
        Cause::NoMailbox,
        &[
            "user unknown",
            "unknown user",
            "no such user",
            "no such mailbox",
            "no such recipient",
            "no such address",
            "no such person",
            "no such account",
            "no mailbox here by that name",
            "mailbox not found",
            "mailbox does not exist",
            "mailbox doesnt exist",
            "mailbox unavailable",
            "mailbox is unavailable",
            "unknown mailbox",
            "invalid mailbox",
            "not a valid mailbox",
            "account does not exist",
            "account that you tried to reach does not exist",
            "address does not exist",
            "address doesnt exist",
            "user does not exist",
            "user doesnt exist",
            "recipient does not exist",
            "doesnt have an account",
            "doesnt have a account",
            "doesnt have a yahoo",
            "user not found",
            "recipient not found",
            "recipientnotfound",
            "address not found",
            "address couldnt be found",
            "wasnt found at",
            "unknown recipient",
            "recipient unknown",
            "invalid recipient",
            "unknown local part",
            "unknown address",
            "address unknown",
            "unrouteable address",
            "not listed in directory",
            "not our customer",
        ],
    ),
];

/// Words of a notice that the mail is still on its way.
const STILL_TRIED: [&str; 8] = [
    "has not yet been delivered",
    "could not yet be delivered",
    "not been delivered yet",
    "will be retried",
    "will keep trying",
    "will continue to try",
    "this is a warning message only",
    "delivery attempts will continue",
];

/// What a bounce without a report says; none if that is not sure.
pub(super) fn of_plain_bounce(text: &str) -> Option<Reason> {
    let (reply, status) = said(text);
    let words = plain(text);
    if STILL_TRIED.iter().any(|phrase| has(&words, phrase)) {
        return Some(Reason { cause: Cause::Delayed, reply, status });
    }
    let known = status
        .is_some_and(|status| status.class != 2 && Cause::of_status(status).is_some())
        || told(&words).is_some();
    known.then(|| Reason { cause: judge(status, reply, text), reply, status })
}

/// Why a mail failed, by the codes and the words of the server.
pub(super) fn judge(status: Option<Status>, reply: Option<u16>, text: &str) -> Cause {
    let words = plain(text);
    let by_words = told(&words);
    let by_code = status.and_then(Cause::of_status);
    let for_now = match status {
        Some(status) => status.class == 4,
        None => reply.is_some_and(|reply| reply < 500),
    };
    match (by_code, by_words) {
        // How Exchange says that its directory does not have the address.
        (Some(Cause::OutOfReach), _) if has(&words, "recipient address rejected access denied") => {
            Cause::NoMailbox
        }
        (Some(code), Some(words_say)) => weigh(code, words_say, &words),
        (Some(code), None) => code,
        // Not for good: what is said of the mailbox may be wrong.
        (None, Some(words_say)) if for_now && words_say.class() == Class::Hard => Cause::ForNow,
        (None, Some(words_say)) => words_say,
        (None, None) if for_now => Cause::ForNow,
        (None, None) => Cause::NotTaken,
    }
}

/// A cause by code and one by words: the address is condemned only if both do,
/// or if the words do not speak of something else.
fn weigh(code: Cause, words_say: Cause, words: &str) -> Cause {
    match (code.class(), words_say.class()) {
        // Exchange says 5.1.10 of a mailbox, RFC 7505 of a whole domain.
        (Class::Hard, Class::Hard) if code == Cause::NoMailThere => words_say,
        (Class::Hard, _) if says(words, Class::Hard) && words_say != Cause::Full => code,
        (Class::Hard, _) => words_say,
        (Class::Policy, Class::Policy) if code == Cause::Rule => words_say,
        _ => code,
    }
}

/// The first cause that the words tell.
fn told(words: &str) -> Option<Cause> {
    TOLD_BY
        .iter()
        .find(|(_, phrases)| phrases.iter().any(|phrase| has(words, phrase)))
        .map(|(cause, _)| *cause)
}

/// Whether the words tell any cause of a class.
fn says(words: &str, class: Class) -> bool {
    TOLD_BY
        .iter()
        .filter(|(cause, _)| cause.class() == class)
        .any(|(_, phrases)| phrases.iter().any(|phrase| has(words, phrase)))
}

fn has(words: &str, phrase: &str) -> bool {
    words.match_indices(phrase).any(|(at, _)| {
        let before = words.get(..at).is_some_and(|before| before.ends_with(' '));
        let after = words.get(at + phrase.len()..).is_some_and(|after| after.starts_with(' '));
        before && after
    })
}

/// Small letters and digits with one space around each word. Addresses, names of
/// machines and links are left out: a server may be called "antispam".
fn plain(text: &str) -> String {
    let mut words = String::from(" ");
    for word in text.split_whitespace().filter(|word| !names_a_place(word)) {
        let mut open = false;
        for c in word.chars().filter(|c| !matches!(c, '\'' | '’')) {
            if c.is_alphanumeric() {
                words.extend(c.to_lowercase());
                open = true;
            } else if open {
                words.push(' ');
                open = false;
            }
        }
        if open {
            words.push(' ');
        }
    }
    words
}

/// Whether a word is an address, a link or the name of a machine.
fn names_a_place(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let dotted = || {
        let labels = word.split('.');
        let label = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
        };
        word.contains('.')
            && labels.clone().all(label)
            && labels.clone().any(|part| part.chars().any(char::is_alphabetic))
            // Codes of Exchange: RESOLVER.ADR.RecipientNotFound.
            && !word.chars().next().is_some_and(char::is_uppercase)
    };
    word.contains('@') || word.contains("://") || dotted()
}

/// The reply code and the status code in what a server said.
///
/// Source: RFC 5321, section 4.2; RFC 2034, section 4.
pub(super) fn said(text: &str) -> (Option<u16>, Option<Status>) {
    let (mut reply, mut status) = (None, None);
    let between = |c: char| c.is_whitespace() || "-()[]<>#;:,\"'".contains(c);
    for word in text.split(between) {
        let word = word.trim_end_matches('.');
        if status.is_none() {
            status = Status::parse(word).filter(|status| status.class != 2);
        }
        // A reply code comes before its status code.
        if reply.is_none() && status.is_none() && word.len() == 3 {
            let digits = word.bytes().all(|byte| byte.is_ascii_digit());
            reply = word.parse().ok().filter(|code| digits && (400..600).contains(code));
        }
    }
    let of_a_kind = |reply: &u16| status.is_none_or(|s: Status| reply / 100 == u16::from(s.class));
    (reply.filter(of_a_kind), status)
}
