//! The way of the mails: one task claims those that are due, several lines write
//! and send them, one task writes down what became of them. Each works while the
//! others wait for the database or the mail server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::sync::{Mutex, mpsc, watch};
use tokio::time::timeout_at;

use crate::flow::{self, FlowError, Found, House, Outcome, Prepared};
use crate::ledger::Ended;
use crate::mail::{Delivery, Line, Mark, Sender, Transport, Trouble};

use super::desk::Desk;
use super::{chain, rest};

/// How long nobody looks for mails after none was found.
const IDLE: Duration = Duration::from_secs(2);
const AFTER_A_FAILURE: Duration = Duration::from_secs(10);
/// So long mails that went are gathered to be written down together; the journal
/// knows of them.
const GATHERING: Duration = Duration::from_millis(50);
/// So many must have ended since the last time for that.
const MANY: usize = 32;
/// Looks for dead processes so often.
const BURIALS: Duration = Duration::from_secs(20);
/// Most mails claimed at once.
const MOST: u32 = 512;
/// The same, as the capacity of a queue.
const ROOM: usize = MOST as usize;
/// A mail that has less time than this left of its lease is not begun, in seconds.
const LEAST_TIME: i64 = 45;
/// A mail must have ended so long before its lease does, in seconds.
const MARGIN: i64 = 15;

/// Everything that mails of this process need.
#[derive(Clone)]
pub(super) struct Post {
    house: House,
    sender: Arc<Sender>,
    transport: Transport,
    desk: Arc<Desk>,
}

/// A mail that ended, and whether its message was begun.
struct Done {
    outcome: Outcome,
    begun: bool,
}

type Queue = Arc<Mutex<mpsc::Receiver<Prepared>>>;

impl Post {
    /// The post of this process.
    ///
    /// # Errors
    /// If its journal cannot be made.
    pub(super) fn new(house: House, sender: Sender, transport: Transport) -> Result<Self> {
        let desk = Desk::new(house.clone()).context("the journal of mails cannot be made")?;
        Ok(Self { house, sender: Arc::new(sender), transport, desk: Arc::new(desk) })
    }

    /// Sends what is due until `stop` turns true; then nothing new is begun.
    pub(super) async fn run(self, stop: watch::Receiver<bool>) {
        let lines = self.house.settings.mail_connections;
        let (queue, queued) = mpsc::channel(ROOM);
        let (done, dones) = mpsc::channel(2 * ROOM);
        let queued = Arc::new(Mutex::new(queued));
        let sending: Vec<_> = (0..lines)
            .map(|_| {
                let (post, queued) = (self.clone(), Arc::clone(&queued));
                tokio::spawn(post.send(queued, done.clone(), stop.clone()))
            })
            .collect();
        drop(done);
        let recording = tokio::spawn(self.clone().record(dones));
        let burying = tokio::spawn(bury(self.house.clone(), stop.clone()));
        self.claim(queue, stop).await;
        for line in sending {
            drop(line.await);
        }
        drop(recording.await);
        drop(burying.await);
    }

    /// Claims mails as fast as the lines take them. Few at first and more while they
    /// go quickly, so that none waits for its line until its lease is over.
    async fn claim(&self, queue: mpsc::Sender<Prepared>, mut stop: watch::Receiver<bool>) {
        let least = self.house.settings.mail_connections.saturating_mul(2).clamp(1, MOST);
        let mut most = least;
        while !*stop.borrow() {
            if self.desk.closed_until().is_some() {
                rest(IDLE, &mut stop).await;
                continue;
            }
            let begun = tokio::time::Instant::now();
            let name = self.desk.name().to_owned();
            let found =
                self.house.blocking(move |house| flow::claim_mails(house, &name, most)).await;
            let Found { mails, ended, more } = match found {
                Ok(found) => found,
                Err(error) => {
                    tracing::error!(error = chain(&error), "mails cannot be claimed");
                    rest(AFTER_A_FAILURE, &mut stop).await;
                    continue;
                }
            };
            let none = mails.is_empty() && ended == 0;
            for mail in mails {
                if queue.send(mail).await.is_err() {
                    return;
                }
            }
            most = match begun.elapsed() {
                quick if quick < Duration::from_secs(1) => most.saturating_mul(2).min(MOST),
                slow if slow > Duration::from_secs(5) => (most / 2).max(least),
                _ => most,
            };
            if none {
                most = least;
                // Another worker was faster with the same mails: no need to wait long.
                rest(if more { IDLE / 40 } else { IDLE }, &mut stop).await;
            }
        }
    }

    /// One line: writes and sends one mail after the other.
    async fn send(self, queued: Queue, done: mpsc::Sender<Done>, stop: watch::Receiver<bool>) {
        let mut line = self.transport.line();
        loop {
            let next = queued.lock().await.recv().await;
            let Some(prepared) = next else { break };
            let begun = AtomicBool::new(false);
            let ended = match self.keeps_off(&prepared, &stop) {
                Some(ended) => ended,
                None => self.hand_over(&mut line, &prepared, &begun).await,
            };
            let outcome = prepared.ended(ended);
            let begun = begun.into_inner();
            if done.send(Done { outcome, begun }).await.is_err() {
                break;
            }
        }
        line.close().await;
    }

    /// Why a mail is not begun now.
    fn keeps_off(&self, prepared: &Prepared, stop: &watch::Receiver<bool>) -> Option<Ended> {
        if let Some(until) = self.desk.closed_until() {
            return Some(Ended::Wait(until, None));
        }
        let left = prepared.lease_until.unix() - self.house.now().unix();
        (*stop.borrow() || left < LEAST_TIME).then_some(Ended::NotBegun)
    }

    async fn hand_over(&self, line: &mut Line, prepared: &Prepared, begun: &AtomicBool) -> Ended {
        let mail = match flow::write_mail(&self.house, &self.sender, prepared) {
            Ok(mail) => mail,
            // This one cannot be written; the others still go.
            Err(error @ (FlowError::Page(_) | FlowError::Mail(_))) => {
                return Ended::Refused(chain(&error));
            }
            Err(error) => return Ended::Later(chain(&error)),
        };
        let left = prepared.lease_until.unix() - self.house.now().unix() - MARGIN;
        let patience = Duration::from_secs(u64::try_from(left).unwrap_or(0));
        let sending = line.send(&mail, || {
            begun.store(true, Ordering::Relaxed);
            self.desk.begun(&prepared.claim);
        });
        let delivery = tokio::time::timeout(patience, sending).await;
        let was_begun = begun.load(Ordering::Relaxed);
        let answered = |mark| {
            if was_begun {
                self.desk.answered(&prepared.claim, mark);
            }
        };
        match delivery {
            Ok(Delivery::Taken) => {
                answered(Mark::Taken);
                self.desk.server_works();
                Ended::Sent
            }
            Ok(Delivery::Refused(said)) => {
                answered(Mark::NotTaken);
                self.desk.server_works();
                Ended::Refused(said.to_string())
            }
            Ok(Delivery::Later { trouble, said }) => {
                answered(Mark::NotTaken);
                match trouble {
                    Trouble::Mail => Ended::Later(said.to_string()),
                    Trouble::Server => {
                        let until = self.desk.server_failed();
                        tracing::warn!(%said, "the mail server takes no mails now");
                        Ended::Wait(until, Some(said.to_string()))
                    }
                }
            }
            Ok(Delivery::Unknown) => Ended::Unknown("the line broke before the answer".to_owned()),
            Err(_) if was_begun => Ended::Unknown("the server gave no answer in time".to_owned()),
            Err(_) => Ended::Later("the server was too slow".to_owned()),
        }
    }

    /// Writes down what became of the mails, as many at once as there are. What is
    /// not written down yet is never dropped while the program runs.
    async fn record(self, mut dones: mpsc::Receiver<Done>) {
        let mut batch = Vec::new();
        while dones.recv_many(&mut batch, ROOM).await > 0 {
            // Each time costs the disk's patience: where many end, they are kept together.
            // Few are written down at once: if this process froze, another would repeat them.
            let until = tokio::time::Instant::now() + GATHERING;
            while (MANY..ROOM).contains(&batch.len())
                && let Ok(1..) = timeout_at(until, dones.recv_many(&mut batch, ROOM)).await
            {
            }
            let begun = batch.iter().filter(|done| done.begun).count();
            let outcomes: Arc<[Outcome]> = batch.drain(..).map(|done| done.outcome).collect();
            loop {
                let some = Arc::clone(&outcomes);
                let recorded =
                    self.house.blocking(move |house| flow::record_mails(house, &some)).await;
                match recorded {
                    Ok(()) => break,
                    Err(error) => {
                        tracing::error!(error = chain(&error), "sent mails cannot be written down");
                        tokio::time::sleep(IDLE).await;
                    }
                }
            }
            self.desk.recorded(begun);
        }
    }
}

/// Settles the mails of processes that died, at the start and now and then.
async fn bury(house: House, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match house.blocking(Desk::bury_the_dead).await {
            Ok(0) => {}
            Ok(mails) => tracing::info!(mails, "mails of a process that died are settled"),
            Err(error) => {
                tracing::error!(error = chain(&error), "mails of dead processes are not settled");
            }
        }
        rest(BURIALS, &mut stop).await;
    }
}
