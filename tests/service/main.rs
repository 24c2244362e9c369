//! The service from outside: real HTTP, real mail, both databases.

#[path = "../support/mod.rs"]
mod support;

mod accessibility;
mod accessibility_mails;
mod after_closing;
mod answering;
mod api;
mod bounces;
mod bounces_from_postfix;
mod closing_resumes;
mod courier;
mod database;
mod deputies;
mod doctor;
mod doors;
mod imported;
mod independent;
mod journeys;
mod keys;
mod kills;
mod letters;
mod lost_links;
mod mail_judges;
mod mail_kills;
mod network;
mod office_mail;
mod office_waves;
mod one_invitation;
mod power;
mod preview;
mod publication;
mod published;
mod receipts;
mod reminders;
mod result_pages;
mod results;
mod rounds;
mod routed;
mod saving;
mod scanners;
mod served;
mod signing_in;
mod stopping;
mod traces;
mod whole_line;
