//! # Soundings
//!
//! An independent survey of PBC groups, and the benchmarks made from it: mails
//! go out to the leads of groups, sealed answers come in, a wave is counted,
//! and each PCT is shown beside the rest of its region. This page is the map.
//!
//! ## The flow
//!
//! ```text
//! register → definition → wave → invitation → answer → ballot_box
//!          → tabulation → statistics → disclosure → benchmark → release → render
//! ```
//!
//! A room imports only rooms before it, so no step sees a later one and the
//! core never sees the shell. `tests/architecture.rs` holds the arrows.
//!
//! ## The rooms
//!
//! Base, for everybody: [`id`], [`time`], [`chance`], [`fault`], [`padding`],
//! [`plain_text`], [`spreadsheet`].
//!
//! Core, values in and values out, without I/O, clock or database:
//!
//! | Room | Answers |
//! |---|---|
//! | [`register`] | who exists: PCTs, reporting units, PBC groups, leads; their files and workbooks, changes by hand, history |
//! | [`account`] | who may sign in, and what their role sees |
//! | [`trail`] | who did what when, as a chain that shows every change |
//! | [`definition`] | what is asked: a survey file, or all its faults |
//! | [`xlsform`] | the same as the form that ODK, Kobo and Enketo share, both ways |
//! | [`letter`] | what a mail says: kinds of mail, texts that the office edits, their tokens |
//! | [`wave`] | when it is asked: states that refuse wrong moves |
//! | [`invitation`] | the right to answer once: links, drafts, who is due a mail |
//! | [`ledger`] | what is written down about mails: to whom, how far, when the next step is |
//! | [`answer`] | one reply, no person in it |
//! | [`ballot_box`] | sealed envelopes and their receipts, the count, ballots, the record of a closing |
//! | [`custody`] | where the key of the box is: key files, shares, fingerprints |
//! | [`tabulation`] | ballots become counts; knows no percentages |
//! | [`responses`] | answers that come as files: orgs.csv and responses.csv become trees and counts, or all their faults |
//! | [`statistics`] | counts become figures with their bounds |
//! | [`disclosure`] | what may be shown: the only maker of a `SafeTable` |
//! | [`benchmark`] | where each PCT stands, from what may be shown alone |
//! | [`release`] | what was published, for ever: made only from a `SafeTable` |
//! | [`audit`] | whether finished files give anybody away; shares no code with what made them |
//! | [`stocktake`] | what PCTs report, and the traffic light that follows |
//! | [`moderation`] | what a person does with comments before others read them: suggestions, decisions, the rule of two, what goes out |
//! | [`network`] | what groups share under their own name: not anonymous, joined to nothing |
//! | [`pages`] | templates with typed contexts and samples |
//! | [`render`] | a release as pages, charts and files |
//!
//! Shell, where I/O lives: [`config`] (the only reader of the environment),
//! [`keyring`] (keys outside the database), [`storage`] (the only user of
//! diesel), [`identity`] (an identity provider is asked who somebody is), [`mail`] (transports), [`flow`] (one file per act), [`web`],
//! [`worker`], [`mail_in`] (bounces that are fetched), [`cli`], and [`assets`] (the files taken in at build time).
//!
//! ## Three walks through the house
//!
//! **Invite.** `soundings wave open` calls [`flow::open_wave`]. One transaction
//! moves the [`wave::Wave`] from draft to open, freezes the roster into
//! [`invitation::Invitation`]s and the organisations into a
//! [`register::Tree`], and puts a mail for each into the outbox. The link
//! secret goes to the [`keyring`]; the ballot box key goes there or to its holders
//! ([`custody`]), and opens a dummy from there before a mail is queued. Neither is
//! ever in the database.
//! The [`worker`] claims rows by [`flow::claim_mails`], which asks again whether
//! each lead is still due a mail, makes link and text by [`flow::write_mail`],
//! hands the mail on over a [`mail::Line`], and writes down what became of it by
//! [`flow::record_mails`]. When a round goes and to whom, [`ledger`] and
//! [`flow::decide_rounds`] say. No link and no text is ever at rest.
//!
//! **Answer.** `GET /s/{token}` changes nothing, because mail scanners come
//! too. `POST` changes the token for a cookie and goes on to an address without
//! it. Each section is saved by [`flow::save_section`] into a draft that only
//! the link can open, while the lead types or when they go on; which questions
//! are asked next, [`answer::Route`] says. `flow/admit.rs`, one of the two acts that know
//! both sides of the border, gives out the right to one place in the box
//! ([`ballot_box::Admission`]); [`flow::cast_ballot`] seals the draft to the wave's public
//! key in that place, deletes it and has the answer noted, in one transaction, and shows
//! the [`ballot_box::Receipt`]. [`flow::name_deputy`] gives a
//! colleague a second link, which answers in the place of the first.
//!
//! **Publish.** [`flow::close_wave`] takes the key back, stops writing, publishes the
//! receipts of all envelopes, opens them in memory, swaps them for shuffled ballots, rewrites the database and destroys
//! the keys; each step can be taken up where it broke off, and what it found stands in
//! the [`ballot_box::ClosingRecord`].
//! [`flow::build_release`] runs tabulation, statistics and
//! [`disclosure::protect`], and keeps canonical bytes with their digest.
//! [`flow::publish_release`] shows them to everybody at once; every page and
//! file of results is rendered from a [`release::Release`] and nothing else.
//! What was published never changes; [`flow::note_release`] says beside it what is wrong.
//! Comments are no part of it, because they can be taken down: a person reads each of them
//! ([`moderation`]), and [`flow::publish_comments`] lets out what may go.
//!
//! ## How a change finds its rooms
//!
//! | Change | Opens | Must not open |
//! |---|---|---|
//! | a new kind of question | `definition/`, `answer/`, `pages/form.rs` and its template, `flow/simulate.rs`, one survey file; `tabulation/` only if it is counted in a new way | `storage/`, `web/` |
//! | another reminder text | `templates/mail/`, its sample, one snapshot | `flow/`, `worker.rs` |
//! | a stricter smallest group | `disclosure/rule.rs` and its properties | `render/`, `statistics/` |
//! | another way to keep a wave's key | `custody/`, `flow/prepare_ballot_box.rs`, `cli/key.rs`, `storage/custody.rs` | `ballot_box/`, `invitation/`, `keyring.rs` |
//! | one more output format | one file in `render/`, a line in `render/files.rs`, one in `cli/release.rs` | everything before `release/` |
//! | something else to be taken out of comments | `moderation/patterns.rs` or `moderation/known.rs` and their tests | everything else |
//! | another page of help | `templates/help/`, a line in `pages/help.rs` | everything else |
//! | a column for leads | both `migrations/`, `storage/register.rs`, `register/lead.rs`, `register/write.rs` | the other core rooms |

#![forbid(unsafe_code)]
#![deny(missing_docs, clippy::pedantic)]
#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a method of `Tx<'_>` named by its path has one lifetime, and a transaction needs any"
)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

pub mod account;
pub mod answer;
pub mod assets;
pub mod audit;
pub mod ballot_box;
pub mod benchmark;
pub mod chance;
pub mod cli;
pub mod config;
pub mod custody;
pub mod definition;
pub mod disclosure;
pub mod fault;
pub mod flow;
pub mod id;
pub mod identity;
pub mod invitation;
pub mod keyring;
pub mod ledger;
pub mod letter;
pub mod mail;
pub mod mail_in;
pub mod moderation;
pub mod network;
pub mod padding;
pub mod pages;
pub mod plain_text;
pub mod register;
pub mod release;
pub mod render;
pub mod responses;
pub mod spreadsheet;
pub mod statistics;
pub mod stocktake;
pub mod storage;
pub mod tabulation;
pub mod time;
pub mod trail;
pub mod wave;
pub mod web;
pub mod worker;
pub mod xlsform;
