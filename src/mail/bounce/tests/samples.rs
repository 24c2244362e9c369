//! Messages that came back, in the manner of many mail servers. All of them are
//! made up; BOUNCE stands for the address of the mail they are about.

use super::told::{ARRIVED, GONE, HARD, POLICY, SOFT};

/// A message and what must be made of it.
pub(super) struct Sample {
    pub(super) name: &'static str,
    pub(super) message: String,
    pub(super) word: &'static str,
    pub(super) sentence: &'static str,
}

/// The mail that is returned, head and all.
const COPY: &str = "\
Return-Path: <BOUNCE>
From: Survey office <survey@survey.example.org>
To: Ann Sample <ann@practice.example.net>
Subject: Your invitation
Message-ID: <0123@survey.example.org>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Dear Ann, if your mailbox is full or over quota, or your account has been
disabled, this spam policy does not apply: no such user.
";

const HEAD: &str = "\
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: BOUNCE
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
";

/// A multipart report with these fields for machines.
pub(super) fn report_of(groups: &str) -> String {
    format!(
        "{HEAD}Content-Type: multipart/report; report-type=delivery-status; boundary=\"b1\"

--b1
Content-Type: text/plain; charset=us-ascii

This is the mail system. Your message could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Mon, 19 Nov 2007 09:00:02 +0000

{groups}
--b1
Content-Type: message/rfc822

{COPY}
--b1--
"
    )
}

/// A report of one recipient.
pub(super) fn report(action: &str, status: &str, diagnostic: &str) -> String {
    report_of(&format!(
        "Final-Recipient: rfc822; ann@practice.example.net
Original-Recipient: rfc822;ann@practice.example.net
Action: {action}
Status: {status}
Remote-MTA: dns; antispam.practice.example.net
Diagnostic-Code: {diagnostic}
"
    ))
}

/// A message with a head of its own and a plain text.
fn plain(head: &str, text: &str) -> String {
    format!("{head}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}")
}

fn daemon(subject: &str, text: &str) -> String {
    let head = format!("From: MAILER-DAEMON@mx.example.net\nTo: BOUNCE\nSubject: {subject}\n");
    plain(&head, text)
}

fn person(more: &str, text: &str) -> String {
    let head = format!("From: Ann Sample <ann@practice.example.net>\nTo: BOUNCE\n{more}");
    plain(&head, text)
}

type Row = (&'static str, String, &'static str, &'static str);

/// Every sample.
pub(super) fn all() -> Vec<Sample> {
    let told = [ARRIVED, HARD, SOFT, POLICY].into_iter().flatten();
    let told = told.map(|(name, action, status, diagnostic, word, sentence)| {
        (*name, report(action, status, diagnostic), *word, *sentence)
    });
    told.chain(odd_reports())
        .chain(odd_parts())
        .chain(texts())
        .chain(answers())
        .map(|(name, message, word, sentence)| Sample { name, message, word, sentence })
        .collect()
}

fn recipient(action: &str, status: &str) -> String {
    format!("Final-Recipient: rfc822; a@example.net\nAction: {action}\nStatus: {status}\n\n")
}

fn odd_reports() -> Vec<Row> {
    let several = |parts: &[(&str, &str)]| {
        let groups: String =
            parts.iter().map(|(action, status)| recipient(action, status)).collect();
        report_of(&groups)
    };
    vec![
        (
            "all places fail",
            several(&[("failed", "5.1.1"), ("failed", "5.1.1")]),
            "hard",
            "The mailbox does not exist (5.1.1)",
        ),
        (
            "one place works",
            several(&[("failed", "5.1.1"), ("relayed", "2.0.0")]),
            "soft",
            "Some of the places that the address passes mail on to did not take it (5.1.1)",
        ),
        (
            "a list, one of it gone",
            several(&[("expanded", "2.0.0"), ("failed", "5.1.1")]),
            "soft",
            "Some of the places that the address passes mail on to did not take it (5.1.1)",
        ),
        (
            "one place is full",
            several(&[("failed", "5.1.1"), ("failed", "5.2.2")]),
            "soft",
            "The mailbox is full (5.2.2)",
        ),
        (
            "one place is still tried",
            several(&[("failed", "5.1.1"), ("delayed", "4.4.1")]),
            "soft",
            "The mail has not arrived yet; the mail servers go on trying (4.4.1)",
        ),
        (
            "one place has rules",
            several(&[("failed", "5.1.1"), ("failed", "5.2.2"), ("failed", "5.7.1")]),
            "policy",
            "A rule of the receiving server turned the mail away (5.7.1)",
        ),
        (
            "fields in capitals",
            report("FAILED", "5.1.1", "SMTP; 550 5.1.1 USER UNKNOWN")
                .replace("Action:", "ACTION:")
                .replace("Status:", "STATUS :"),
            "hard",
            GONE,
        ),
        (
            "action left out",
            report("failed", "5.1.1", "smtp; 550 5.1.1 user unknown")
                .replace("Action: failed\n", ""),
            "hard",
            GONE,
        ),
        (
            "action made up",
            report("failure", "5.1.1", "smtp; 550 5.1.1 user unknown"),
            "hard",
            GONE,
        ),
    ]
}

/// Reports of which the parts are not as usual.
fn odd_parts() -> Vec<Row> {
    let base64 = report("failed", "5.1.1", "smtp; 550 5.1.1 user unknown").replace(
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\nArrival-Date: Mon, 19 Nov 2007 09:00:02 +0000\n\nFinal-Recipient: rfc822; ann@practice.example.net\nOriginal-Recipient: rfc822;ann@practice.example.net\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; antispam.practice.example.net\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\n",
        "Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\nUmVwb3J0aW5nLU1UQTogZG5zOyBteC5leGFtcGxlLm5ldAoKRmluYWwtUmVjaXBpZW50OiByZmM4MjI7\nIGFAZXhhbXBsZS5uZXQKQWN0aW9uOiBmYWlsZWQKU3RhdHVzOiA1LjEuMQo=\n",
    );
    let utf8 = report("failed", "5.1.1", "smtp; 550 5.1.1 Grüße: user unknown")
        .replace("message/delivery-status", "message/global-delivery-status");
    let heads_only = report("failed", "5.2.2", "smtp; 552 5.2.2 full")
        .replace("Content-Type: message/rfc822", "Content-Type: text/rfc822-headers")
        .replacen("To: BOUNCE\n", "To: undisclosed-recipients:;\n", 1);
    let no_groups = report_of("");
    let complaint = HEAD.replace("auto-replied", "auto-generated")
        + "Content-Type: multipart/report; report-type=feedback-report; boundary=b2\n\n--b2\n\nThis is an abuse report.\n\n--b2\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\n\n--b2--\n";
    let receipt = person("Subject: Read: Your invitation\n", "").replace(
        "Content-Type: text/plain; charset=utf-8\n",
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b3\n",
    ) + "--b3\n\nYour message was read.\n\n--b3\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;ann@practice.example.net\nDisposition: manual-action/MDN-sent-manually; displayed\n\n--b3--\n";
    vec![
        ("in base64", base64, "hard", "The mailbox does not exist (5.1.1)"),
        ("in UTF-8", utf8, "hard", GONE),
        ("head of the mail alone", heads_only, "soft", "The mailbox is full (552 5.2.2)"),
        ("a report of nobody", no_groups, "unknown", ""),
        ("complaint", complaint, "policy", "The receiver marked the mail as spam"),
        ("receipt", receipt, "auto-reply", ""),
    ]
}

fn texts() -> Vec<Row> {
    let qmail = |why: &str| {
        daemon(
            "failure notice",
            &format!(
                "Hi. This is the mail program at example.net.\nYour message could not be delivered to the following addresses.\nThis is a permanent error.\n\n<ann@practice.example.net>:\n{why}\n\n--- Below this line is a copy of the message.\n\n{COPY}"
            ),
        )
    };
    let exim = plain(
        "From: Mail Delivery System <postmaster@mx.example.net>\nTo: BOUNCE\nX-Failed-Recipients: ann@practice.example.net\nAuto-Submitted: auto-replied\nSubject: Mail delivery failed: returning message to sender\n",
        &format!(
            "A message that you sent could not be delivered to all of its recipients.\nThe following address failed:\n\n  ann@practice.example.net\n    host mx.practice.example.net [192.0.2.7]\n    SMTP error from remote mail server after RCPT TO:<ann@practice.example.net>:\n    550 5.1.1 <ann@practice.example.net>: user unknown\n\n------ This is a copy of the message, including all the headers. ------\n\n{COPY}"
        ),
    );
    let exchange = plain(
        "From: System Administrator <postmaster@practice.example.net>\nTo: BOUNCE\nSubject: Undeliverable: Your invitation\n",
        "Your message did not reach some or all of the intended recipients.\n\n      Subject:  Your invitation\n      Sent:     19/11/2007 09:00\n\nThe following recipient(s) could not be reached:\n\n      Ann Sample on 19/11/2007 09:01\n            The e-mail account does not exist at the organisation this message was sent to.\n            <mx.practice.example.net #5.1.1>\n",
    );
    let exchange_first = exchange
        .replace("      Subject:  Your invitation\n      Sent:     19/11/2007 09:00\n\n", "");
    vec![
        (
            "text: no mailbox",
            qmail("Sorry, no mailbox here by that name. (#5.1.1)"),
            "hard",
            "The mailbox does not exist (5.1.1)",
        ),
        (
            "text: no host",
            qmail("Sorry, I couldn't find any host named practice.example.net. (#5.1.2)"),
            "hard",
            "The part of the address after the @ does not exist (5.1.2)",
        ),
        (
            "text: remote words",
            qmail(
                "192.0.2.7 does not like recipient.\nRemote host said: 550 5.2.2 Mailbox over quota\nGiving up on 192.0.2.7.",
            ),
            "soft",
            "The mailbox is full (550 5.2.2)",
        ),
        (
            "text: blocked",
            qmail(
                "192.0.2.7 failed after I sent the message.\nRemote host said: 554 Your address is on our blocklist",
            ),
            "policy",
            "The receiving server takes no mail from our mail server (554)",
        ),
        (
            "text: nothing sure",
            qmail("The sky was grey over the mail server that day."),
            "unknown",
            "",
        ),
        ("text: user unknown", exim, "hard", GONE),
        ("text: Exchange", exchange_first, "hard", "The mailbox does not exist (5.1.1)"),
        (
            "text: still tried",
            daemon(
                "Warning: message 1AbCdE delayed 24 hours",
                "A message that you sent has not yet been delivered to all of its recipients. No action is required; delivery attempts will continue.\n    user unknown\n",
            ),
            "soft",
            "The mail has not arrived yet; the mail servers go on trying",
        ),
        (
            "text: our own words only",
            daemon(
                "Returned mail",
                &format!("Your mail is back.\n\n----- Original message -----\n{COPY}"),
            ),
            "unknown",
            "",
        ),
        ("text: no words at all", daemon("Undeliverable", ""), "unknown", ""),
        ("text: only a number", daemon("Delivery failure", "550\n"), "unknown", ""),
    ]
}

fn answers() -> Vec<Row> {
    let away =
        "I am away until Monday. My mailbox is full of mail. User unknown is my favourite band.\n";
    vec![
        (
            "away, RFC 3834",
            person("Subject: Away\nAuto-Submitted: auto-replied\n", away),
            "auto-reply",
            "",
        ),
        (
            "away, with a comment",
            person("Subject: Away\nAuto-Submitted: auto-replied (vacation)\n", away),
            "auto-reply",
            "",
        ),
        (
            "generated",
            person("Subject: Ticket 12\nAuto-Submitted: auto-generated\n", "We have your mail.\n"),
            "auto-reply",
            "",
        ),
        ("X-Autoreply", person("Subject: Away\nX-Autoreply: yes\n", away), "auto-reply", ""),
        (
            "X-Autorespond",
            person("Subject: Away\nX-Autorespond: Your invitation\n", away),
            "auto-reply",
            "",
        ),
        (
            "Precedence auto_reply",
            person("Subject: Away\nPrecedence: auto_reply\n", away),
            "auto-reply",
            "",
        ),
        (
            "Precedence bulk",
            person("Subject: News of the practice\nPrecedence: bulk\n", away),
            "auto-reply",
            "",
        ),
        (
            "Exchange, away",
            person(
                "Subject: Automatic reply: Your invitation\nX-Auto-Response-Suppress: All\n",
                away,
            ),
            "auto-reply",
            "",
        ),
        (
            "by its subject",
            person("Subject: Out of Office: Your invitation\n", away),
            "auto-reply",
            "",
        ),
        (
            "sent by nobody",
            person("Return-Path: <>\nSubject: Away\nAuto-Submitted: auto-replied\n", away),
            "auto-reply",
            "",
        ),
        (
            "a person",
            person(
                "Subject: Re: Your invitation\n",
                "Please send it again. There is no such user here but me.\n",
            ),
            "unknown",
            "",
        ),
        (
            "a person, says it was no machine",
            person("Subject: Re: Your invitation\nAuto-Submitted: no\n", "Thank you.\n"),
            "unknown",
            "",
        ),
        (
            "a person who was forwarded a bounce",
            person("Subject: Fwd: Undelivered\n", "See below.\n\n> 550 5.1.1 user unknown\n"),
            "unknown",
            "",
        ),
        ("no text", person("Subject: Re:\n", ""), "unknown", ""),
    ]
}
