//! `soundings serve` and `soundings worker`.

use anyhow::{Context, Result};
use clap::Args;
use tokio::sync::watch;

use crate::chance::Chance;
use crate::config::{Environment, Settings};
use crate::flow::House;
use crate::mail::{Sender, Transport};
use crate::time::Clock;
use crate::web::Bound;
use crate::worker;

use super::{demo, open, open_at};

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
    // A busy port is found before the database is touched.
    let bound = Bound::to(settings.bind)?;
    let mut house = open_at(settings, Clock::system(), Chance::operating_system())?;
    if args.no_migrate {
        house.store.check_version()?;
    } else {
        house.store.migrate()?;
    }
    house.clock = demo::clock_of(&house)?;
    let base = house.settings.base_url.clone();
    println!("Soundings serves at {base} over {}.", house.store.kind());
    if house.store.read(|tx| tx.accounts())?.is_empty() {
        println!(
            "Nobody can sign in yet. Add yourself: soundings user add you@example.org --role office"
        );
    }
    serve(house, bound, !args.no_worker)
}

/// Serves until it is told to stop.
pub(super) fn serve(house: House, bound: Bound, with_worker: bool) -> Result<()> {
    check_mail(&house)?;
    actix_web::rt::System::new().block_on(async move {
        let (stop, stopped) = watch::channel(false);
        let mails = with_worker.then(|| tokio::spawn(worker::run(house.clone(), stopped)));
        bound.serve(house)?.await.context("the web server failed")?;
        stop.send_replace(true);
        if let Some(mails) = mails {
            mails.await.context("the mail worker failed")??;
        }
        Ok(())
    })
}

/// Settings of mail that cannot be used are told at the start, not at the first mail.
fn check_mail(house: &House) -> Result<()> {
    Sender::parse(&house.settings.mail_from)?;
    Transport::open(&house.settings.mail_url)?;
    Ok(())
}

pub(super) fn worker(environment: Environment) -> Result<()> {
    let house = open(environment)?;
    check_mail(&house)?;
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async move {
        let (stop, stopped) = watch::channel(false);
        let work = tokio::spawn(worker::run(house, stopped));
        let asked = async {
            let mut term =
                tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
            tokio::select! {
                asked = tokio::signal::ctrl_c() => asked,
                _ = term.recv() => Ok(()),
            }
        };
        asked.await?;
        stop.send_replace(true);
        work.await.context("the mail worker failed")?
    })
}
