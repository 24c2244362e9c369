//! `soundings demo`: the East of England with made-up answers, in a folder of
//! its own. Two waves are released, one is open, and everything went through
//! the same doors as in a real wave.

use std::io::{self, IsTerminal};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use indicatif::ProgressBar;

use crate::account::{Account, Role};
use crate::config::{Environment, Settings};
use crate::custody::HeldKey;
use crate::flow::{
    self, FlowError, House, KeyPlan, NewWave, RegisterFiles, SendOutcome, SimulatedRegion,
};
use crate::id::WaveCode;
use crate::invitation::Standing;
use crate::keyring::KeyError;
use crate::mail::{Sender, Transport};
use crate::register::EmailAddress;
use crate::storage::StorageError;
use crate::time::{Clock, Moment};
use crate::wave::{Purpose, State};
use crate::web::Bound;

use super::serve::{check_mail, serve};
use super::{HOUSE_NAME, open_at, say};

const SURVEY: &str = include_str!("../../survey_definitions/east-of-england/survey.toml");
const STOCKTAKE: &str =
    include_str!("../../survey_definitions/east-of-england/stocktake/stocktake-2007-06-15.csv");
const STOCKTAKE_DAY: &str = "2007-06-15";
const SEED: u64 = 2007;
/// The day on which the demonstration begins.
const TODAY: &str = "2007-11-28T10:00";
/// House facts of a demonstration.
const SHIFT: &str = "demo_clock_shift";
const BEGUN: &str = "demo_begun";
const MADE: &str = "demo_made";

/// A made-up wave.
#[derive(Clone, Copy)]
struct Plan {
    code: &'static str,
    title: &'static str,
    module: &'static str,
    opens: &'static str,
    closes: &'static str,
    publishes: &'static str,
}

const PAST: [Plan; 2] = [
    Plan {
        code: "2007-Q2",
        title: "April to June 2007",
        module: "R1",
        opens: "2007-06-04T09:00",
        closes: "2007-06-29T17:00",
        publishes: "2007-07-16T09:00",
    },
    Plan {
        code: "2007-Q3",
        title: "July to September 2007",
        module: "R2",
        opens: "2007-09-03T09:00",
        closes: "2007-09-28T17:00",
        publishes: "2007-10-15T09:00",
    },
];
const OPEN: Plan = Plan {
    code: "2007-Q4",
    title: "October to December 2007",
    module: "R3",
    opens: "2007-11-26T09:00",
    closes: "2007-12-14T17:00",
    publishes: "2008-01-07T09:00",
};

#[derive(Args)]
pub(super) struct DemoArgs {
    /// Port to listen on, on this machine alone.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Folder for the demonstration; one that holds a demonstration is served again.
    #[arg(long, value_name = "DIR", default_value = "data/demo")]
    data: PathBuf,
    /// Makes the region and its waves, prints the addresses and does not serve.
    #[arg(long, hide = true)]
    no_serve: bool,
}

pub(super) fn run(args: &DemoArgs, environment: Environment) -> Result<()> {
    let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), args.port);
    let bound = if args.no_serve { None } else { Some(Bound::to(address)?) };
    let address = bound.as_ref().map_or(address, |bound| bound.address);
    let settings = Settings::load(environment.with([
        ("SOUNDINGS_DATA", args.data.display().to_string()),
        ("SOUNDINGS_BIND", address.to_string()),
        // A demonstration never writes to anybody, whatever is set for the service.
        ("SOUNDINGS_MAIL_URL", format!("folder:{}", args.data.join("outbox").display())),
    ]))?;
    check_mail(&settings)?;
    let mut house = open_at(settings.clone(), true)?;
    let mut found = held(&house)?;
    if found == Held::Broken && settings.database_url == embedded(&settings.data) {
        let name = house.store.read(|tx| tx.house_fact(HOUSE_NAME))?;
        drop(house);
        remove_broken(&settings.data, name.as_deref().unwrap_or_default())?;
        house = open_at(settings, true)?;
        found = held(&house)?;
    }
    match found {
        Held::Demonstration => {}
        Held::Nothing => make(&mut house).context("the demonstration could not be made")?,
        Held::Broken | Held::Other => bail!(
            "the database of {} holds something else than a demonstration; choose another folder with --data",
            args.data.display()
        ),
    }
    recognise(&mut house)?;
    print_doors(&house)?;
    match bound {
        Some(bound) => {
            say("Stop with Ctrl-C.")?;
            serve(&house, bound, true)
        }
        None => Ok(()),
    }
}

/// What a database holds, as far as a demonstration is concerned.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    Nothing,
    Demonstration,
    /// A demonstration whose making was broken off, and nothing besides.
    Broken,
    Other,
}

fn held(house: &House) -> Result<Held> {
    Ok(house.store.read(|tx| {
        let (begun, made) = (tx.house_fact(BEGUN)?.is_some(), tx.house_fact(MADE)?.is_some());
        let (accounts, waves) = (tx.accounts()?, tx.waves()?);
        let untouched =
            accounts.is_empty() && waves.iter().all(|wave| wave.purpose == Purpose::Synthetic);
        let empty = untouched && waves.is_empty() && tx.register()?.units.is_empty();
        Ok::<_, StorageError>(match (made, begun) {
            (true, _) => Held::Demonstration,
            (false, true) if untouched => Held::Broken,
            (false, false) if empty => Held::Nothing,
            _ => Held::Other,
        })
    })?)
}

/// The address of the database that a folder has if nothing else is set.
fn embedded(data: &Path) -> String {
    format!("sqlite:{}", data.join("soundings.db").display())
}

/// Removes what the making left, so that it can begin again: its database and
/// its own keys. What belongs to another database in the same folder stays.
fn remove_broken(data: &Path, house_name: &str) -> Result<()> {
    let keys = data.join("keys");
    let mut outcomes = Vec::new();
    if !house_name.is_empty() {
        outcomes.push(std::fs::remove_dir_all(keys.join(house_name)));
    }
    let others = std::fs::read_dir(&keys).into_iter().flatten().flatten();
    if !others.into_iter().any(|entry| entry.path().is_dir()) {
        outcomes.push(std::fs::remove_dir_all(data.join("outbox")));
    }
    let files = ["soundings.db-wal", "soundings.db-shm", "soundings.db"];
    outcomes.extend(files.iter().map(|name| std::fs::remove_file(data.join(name))));
    for outcome in outcomes {
        match outcome {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error).with_context(|| {
                    format!("the broken demonstration in {} cannot be removed", data.display())
                });
            }
            _ => {}
        }
    }
    Ok(())
}

/// Sees whether a house is a demonstration: it then lives in its own year, and
/// every page says that it is made up.
pub(super) fn recognise(house: &mut House) -> Result<()> {
    if let Some(seconds) = house.store.read(|tx| tx.house_fact(SHIFT))? {
        house.clock = Clock::shifted(seconds.parse().context("the demonstration's clock")?);
        house.synthetic = true;
    }
    Ok(())
}

fn moment(text: &str) -> Result<Moment> {
    Ok(text.parse::<Moment>()?)
}

fn make(house: &mut House) -> Result<()> {
    let watched = io::stderr().is_terminal();
    let bar = if watched { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    bar.enable_steady_tick(Duration::from_millis(120));
    bar.set_message("Reading the register and the stocktake of June 2007");
    let real = Clock::system().now();
    let clock = Clock::fixed(moment("2007-06-01T09:00")?);
    house.clock = clock.clone();
    house.store.write(|tx| tx.set_house_fact(BEGUN, "yes"))?;
    flow::load_register(house, &RegisterFiles::of_the_east_of_england(), false)?;
    flow::load_stocktake(house, "stocktake-2007-06-15.csv", STOCKTAKE, STOCKTAKE_DAY.parse()?)?;
    let region = truth(house)?;
    for (number, plan) in (0_u32..).zip(PAST) {
        bar.set_message(format!("Wave {}: answering, closing, counting", plan.code));
        let code = open_wave(house, &clock, plan)?;
        // The mails of waves long past are not shown in the outbox.
        send_mails(house, &Transport::memory())?;
        flow::simulate_replies(house, &region, &code, number, 1.0)?;
        clock.set(moment(plan.closes)?);
        flow::close_wave(house, &code, false, &HeldKey::OnServer, |_| {})?;
        flow::build_release(house, &code)?;
        clock.set(moment(plan.publishes)?);
        flow::publish_release(house, &code)?;
        flow::set_showing(house, &code, None, Some(true))?;
        send_mails(house, &Transport::memory())?;
    }
    bar.set_message(format!("Wave {}: inviting, first answers", OPEN.code));
    let code = open_wave(house, &clock, OPEN)?;
    let outbox = Transport::open(&house.settings.mail_url)?;
    send_mails(house, &outbox)?;
    flow::simulate_replies(house, &region, &code, 2, 0.35)?;
    // Those who have answered are thanked in the evening.
    clock.set(Moment::in_london(clock.now().london_date(), 18));
    send_mails(house, &outbox)?;
    let shift = moment(TODAY)?.unix() - real.unix();
    house.store.write(|tx| {
        for (email, role, unit) in accounts() {
            let unit = unit.and_then(|unit| unit.parse().ok());
            tx.put_account(&Account { email, role, unit })?;
        }
        tx.set_house_fact(SHIFT, &shift.to_string())?;
        tx.set_house_fact(MADE, "yes")
    })?;
    bar.finish_and_clear();
    Ok(())
}

/// Sends every mail that is due.
fn send_mails(house: &House, transport: &Transport) -> Result<()> {
    let sender = Sender::parse(&house.settings.mail_from)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        while flow::send_one(house, &sender, transport).await? != SendOutcome::NothingDue {}
        Ok(())
    })
}

fn open_wave(house: &House, clock: &Clock, plan: Plan) -> Result<WaveCode> {
    let Plan { code, title, module, opens, closes, publishes } = plan;
    clock.set(moment(opens)?);
    let wave = flow::create_wave(
        house,
        &NewWave {
            code: code.parse()?,
            title: Some(title.to_owned()),
            modules: vec![module.parse()?],
            survey_file: "survey.toml".to_owned(),
            survey_source: SURVEY.to_owned(),
            opens: moment(opens)?,
            closes: moment(closes)?,
            publishes: Some(moment(publishes)?),
            purpose: Purpose::Synthetic,
            imported: false,
        },
    )?;
    flow::open_wave(house, &wave.code, &KeyPlan::Server)?;
    Ok(wave.code)
}

/// What is true of the made-up region: drawn from the seed, but where the
/// stocktake says that something is not agreed, leads feel it.
fn truth(house: &House) -> Result<SimulatedRegion> {
    let (register, returns) = house.store.read(|tx| {
        Ok::<_, StorageError>((
            tx.register()?,
            tx.stocktake(STOCKTAKE_DAY.parse().unwrap_or_default())?,
        ))
    })?;
    let mut region =
        SimulatedRegion::new(SEED, register.units.iter().map(|unit| unit.slug.clone()));
    for row in &returns {
        let missing = [row.incentive, row.budget].iter().filter(|claim| !claim.is_agreed()).count();
        let level = match missing {
            0 => 0.5,
            1 => -0.1,
            _ => -0.8,
        };
        region.set_theme(&row.unit, "B", level);
    }
    Ok(region)
}

/// Accounts of the demonstration, one for each kind of user.
fn accounts() -> Vec<(EmailAddress, Role, Option<&'static str>)> {
    [
        ("office@soundings.example.org", Role::Office, None),
        ("commissioning@sha.example.org", Role::Sha, None),
        ("pbc@norfolk.example.org", Role::Pct, Some("norfolk")),
        ("secretary@lmc.example.org", Role::Lmc, None),
    ]
    .into_iter()
    .filter_map(|(email, role, unit)| Some((email.parse().ok()?, role, unit)))
    .collect()
}

/// Prints where each kind of user starts.
fn print_doors(house: &House) -> Result<()> {
    let base = &house.settings.base_url;
    let code: WaveCode = OPEN.code.parse()?;
    // Once somebody has closed the open wave, its links are gone for good.
    let lead = match flow::personal_links(house, &code) {
        Ok(links) => links.into_iter().find(|one| one.standing == Standing::Asked),
        Err(FlowError::Key(KeyError::Missing(..)) | FlowError::NoWave(_)) => None,
        Err(other) => return Err(other.into()),
    };
    let lead = lead.map_or_else(|| "nobody is asked at present".to_owned(), |one| one.link);
    say("Soundings: a demonstration on the East of England. All answers are made up.")?;
    say(&format!("It is {} in the demonstration.\n", house.now().in_words()))?;
    say(&format!("  Front page      {base}/"))?;
    say(&format!("  A lead          {lead}"))?;
    say(&format!("                  (the other leads' mails: {base}/outbox)"))?;
    let released = house.store.read(|tx| tx.waves())?;
    if let Some(wave) = released.iter().find(|wave| wave.state == State::Released) {
        let results = flow::results_href(house, &wave.code, &"norfolk".parse()?);
        say(&format!("  their results   {base}{results}"))?;
        say(&format!("  in public       {base}/summary/{}", wave.code))?;
    }
    let accounts = house.store.read(|tx| tx.accounts())?;
    for account in &accounts {
        let link = flow::issue_sign_in_link(house, &account.email, true)?;
        let who = match (&account.role, &account.unit) {
            (Role::Pct, Some(unit)) => format!("PCT {unit}"),
            (role, _) => role.to_string(),
        };
        say(&format!("  {who:<15} {link}"))?;
    }
    say(&format!("\nThe data is in {}.", house.settings.data.display()))
}
