//! `soundings serve` and `soundings worker`.

use std::thread::JoinHandle;

use anyhow::{Context, Result};
use clap::Args;
use tokio::sync::watch;

use crate::config::{BadSettings, Environment, Settings};
use crate::flow::House;
use crate::mail::{Sender, Transport};
use crate::trail::Actor;
use crate::web::Bound;
use crate::worker;

use super::{demo, open, open_at, say};

#[derive(Args)]
pub(super) struct ServeArgs {
    /// Serves pages only; another process sends the mails.
    #[arg(long)]
    no_worker: bool,
    /// Refuses a database that is not at this version instead of changing it.
    #[arg(long)]
    no_migrate: bool,
}

pub(super) fn run(args: &ServeArgs, environment: Environment) -> Result<()> {
    let settings = Settings::load(environment)?;
    check_mail(&settings)?;
    // A busy port is found before the database is touched.
    let bound = Bound::to(settings.bind)?;
    let mut house = open_at(settings, !args.no_migrate)?;
    demo::recognise(&mut house)?;
    let base = house.settings.base_url.clone();
    say(&format!("Soundings serves at {base} over {}. Stop with Ctrl-C.", house.store.kind()))?;
    say(&match house.settings.outbox_folder() {
        Some(folder) => format!(
            "Mails go nowhere but into the folder {}; to send them, set SOUNDINGS_MAIL_URL.",
            folder.display()
        ),
        None => "Mails go to the mail server of SOUNDINGS_MAIL_URL.".to_owned(),
    })?;
    if house.store.read(|tx| tx.accounts())?.is_empty() {
        say(
            "Nobody can sign in yet. Add yourself: soundings user add you@example.org --role office",
        )?;
    }
    serve(&house, bound, !args.no_worker)
}

/// Serves until it is told to stop.
pub(super) fn serve(house: &House, bound: Bound, with_worker: bool) -> Result<()> {
    let house = house.acting(Actor::Clockwork);
    actix_web::rt::System::new().block_on(async move {
        let (stop, stopped) = watch::channel(false);
        let work = with_worker.then(|| worker::start(house.clone(), stopped)).transpose()?;
        bound.serve(house)?.await.context("the web server failed")?;
        stop.send_replace(true);
        if let Some(work) = work {
            end(work)?;
        }
        Ok(())
    })
}

/// Settings of mail that cannot be used are told at the start, not at the first mail.
pub(super) fn check_mail(settings: &Settings) -> Result<()> {
    let sender = Sender::of(settings, None).err().map(|why| format!("  {why}"));
    let transport = Transport::open(&settings.mail_url).err().map(|why| format!("  {why}"));
    let faults: Vec<String> = sender.into_iter().chain(transport).collect();
    if !faults.is_empty() {
        return Err(BadSettings(faults).into());
    }
    Ok(())
}

pub(super) fn worker(environment: Environment) -> Result<()> {
    let house = open(environment)?.acting(Actor::Clockwork);
    check_mail(&house.settings)?;
    say(&format!("Soundings sends mails over {}. Stop with Ctrl-C.", house.store.kind()))?;
    let (stop, stopped) = watch::channel(false);
    let work = worker::start(house, stopped)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async move {
        let asked = async {
            let mut term =
                tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
            tokio::select! {
                asked = tokio::signal::ctrl_c() => asked,
                _ = term.recv() => Ok(()),
            }
        };
        asked.await
    })?;
    stop.send_replace(true);
    end(work)
}

/// Waits for the worker to finish what it has begun.
fn end(work: JoinHandle<Result<()>>) -> Result<()> {
    work.join().unwrap_or_else(|_| Err(anyhow::anyhow!("the mail worker failed")))
}
