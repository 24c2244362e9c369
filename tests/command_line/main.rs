//! The command line from outside: the real program as a child process, in a
//! folder of its own, with nothing of this machine's environment. Every failure
//! must say in a sentence what is wrong, lose nothing and leave with 1 (2 for
//! wrong usage); what can be repeated must work afterwards.

mod any_survey;
mod ballots;
mod broken_surveys;
mod demo;
mod evaluate;
#[cfg(feature = "pdf")]
mod figures_file;
mod help;
mod journey;
mod keys;
mod memory;
#[cfg(feature = "pdf")]
mod pdf_files;
mod place;
mod register;
#[cfg(feature = "pdf")]
mod reports;
mod schema;
mod serving;
mod settings;
mod survey;
mod waves;
mod xlsform;

#[path = "../support/smtp.rs"]
#[expect(dead_code, reason = "other tests need the rest")]
mod smtp;
