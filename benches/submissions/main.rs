//! What a complete reply costs, from the link to the receipt, and what closing
//! costs.
//!
//! ```sh
//! cargo bench --bench submissions                  # a table
//! cargo bench --bench submissions -- --json        # the same for a program
//! ```
//!
//! It makes test waves of a form of thirty ratings in folders of its own. Over 16
//! connections that stay open leads answer one after the other as a browser without
//! script does: the link, the form, the check, the receipt; every page is looked at.
//! The other side is a bare actix server with a form of thirty questions that keeps
//! nothing: once as short as can be (the form, sending, a thank-you), once with the
//! same requests and pages as large as ours. All are processes of their own with the
//! same number of workers, take turns (A B C C B A after a warm-up, the better of two each), and share the cores with
//! the load. With `SOUNDINGS_BENCH_POSTGRES_URL`, the address of a server on which a
//! database may be made, the same over PostgreSQL.
//!
//! *Storage alone*: 16 threads seal drafts that were made before, beside one writer
//! that commits row after row (both wait for the disk; how often is counted by a
//! small library, which needs a C compiler). *Closing*: all envelopes of that wave
//! are opened, counted and cleaned away by the program. Nothing else should run
//! meanwhile: `others` says what did. No limit is enforced here: speed is not a test.
//!
//! `--seconds N` takes another length of a round (3), `--envelopes N` another number
//! of them (20000), `--connections N` another number of connections (16).

mod bare;
mod costs;
#[expect(dead_code, reason = "the other benchmark needs more of it")]
#[path = "../section_page/http.rs"]
mod http;
mod load;
mod place;
mod process;
mod report;
mod storage;
mod syncs;
mod visitor;

use std::process::{Command, ExitCode};
use std::time::Duration;

use bare::{Bare, Sizes};
use costs::Cost;
use load::{Connection, Round, Side};
use place::{Place, Service};
use report::{Measured, Report};
use syncs::Syncs;
use visitor::{Lead, Passer, Visitor, Walker};

// As the program has it: storage alone is measured in this process.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Anything that stops the benchmark, in a sentence.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The word behind which this program finds its own count of waits for the disk.
const COUNTED: &str = "--counted-in";
/// The name of that count.
const OWN: &str = "own";
/// Leads for the costs of single pages.
const FEW: usize = 32;

/// What was asked for on the command line.
struct Options {
    json: bool,
    round: Duration,
    envelopes: usize,
    connections: usize,
    syncs: Option<Syncs>,
}

impl Options {
    fn parse(mut words: impl Iterator<Item = String>) -> Outcome<Self> {
        let round = Duration::from_secs(3);
        let mut options =
            Self { json: false, round, envelopes: 20_000, connections: 16, syncs: None };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value"));
            match word.as_str() {
                "--json" => options.json = true,
                "--seconds" => options.round = Duration::from_secs_f64(value()?.parse()?),
                "--envelopes" => options.envelopes = value()?.parse()?,
                "--connections" => options.connections = value()?.parse()?,
                COUNTED => options.syncs = Some(Syncs::built_in(value()?.into())),
                // Said by cargo.
                "--bench" => {}
                _ => return Err(format!("{word} is not an option of this benchmark").into()),
            }
        }
        if options.connections == 0 || options.round.is_zero() || options.envelopes < 1000 {
            return Err("too little to measure".into());
        }
        Ok(options)
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.first().map(String::as_str) {
        Some(bare::SERVE) => bare::serve(words.into_iter().skip(1)),
        _ if words.iter().any(|word| word == COUNTED) => {
            Options::parse(words.into_iter()).and_then(|options| run(&options))
        }
        _ => begin_counted(words),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("submissions: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Starts this program once more with its waits for the disk counted.
fn begin_counted(words: Vec<String>) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let Some(syncs) = Syncs::build(folder.path()) else {
        return run(&Options::parse(words.into_iter())?);
    };
    Options::parse(words.iter().cloned())?;
    let mut again = Command::new(std::env::current_exe()?);
    again.args(words).arg(COUNTED).arg(syncs.folder());
    syncs.count_of(&mut again, OWN)?;
    if again.status()?.success() { Ok(()) } else { Err("it did not come to its end".into()) }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark has no settings")]
fn postgres() -> Option<String> {
    std::env::var("SOUNDINGS_BENCH_POSTGRES_URL").ok().filter(|url| !url.is_empty())
}

fn run(options: &Options) -> Outcome<()> {
    let own = options.syncs.as_ref().map(|syncs| syncs.named(OWN));
    let place = Place::with_leads(options.envelopes, None)?;
    let sealing = costs::of_sealing(&place)?;
    let saving = storage::save_all(&place, own.as_ref())?;
    let (commits, casting) = storage::turns(&place, own.as_ref(), options.round)?;
    let (closing, memory) = place.close_wave()?;

    let (sqlite, costs) = over(options, None)?;
    let server = postgres();
    let over_server = |server: &str| over(options, Some(server));
    let postgres = server.as_deref().map(over_server).transpose()?;
    let report = Report {
        connections: options.connections,
        seconds: options.round.as_secs_f64(),
        submissions: vec![
            ("SQLite", Some(sqlite)),
            ("PostgreSQL", postgres.map(|(measured, _)| measured)),
        ],
        costs,
        sealing,
        saving,
        casting,
        commits,
        envelopes: options.envelopes,
        closing,
        memory,
    };
    if options.json {
        println!("{}", report.json());
    } else {
        print!("{report}");
    }
    Ok(())
}

/// Complete replies over one database.
fn over(options: &Options, server: Option<&str>) -> Outcome<(Measured, Vec<Cost>)> {
    let mut place = Place::with_leads(options.envelopes + FEW + 1, server)?;
    let numbered = place.tokens.iter().enumerate();
    let leads =
        numbered.map(|(number, token)| Lead::number(number, token)).collect::<Outcome<Vec<_>>>()?;
    let service = place.serve(options.syncs.as_ref())?;
    let (few, leads) = leads.split_at(FEW);
    let (first, leads) = leads.split_first().ok_or("no lead")?;
    let bare = Bare::start(sizes(&service, first)?)?;
    let measured = turns(options, &bare, &service, leads)?;
    let costs = costs::of_reading(&side(&service), few, options.round / 4)?;
    Ok((measured, costs))
}

/// How large the pages are that a lead sees.
fn sizes(service: &Service, lead: &Lead) -> Outcome<Sizes> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let pages = runtime.block_on(async {
        let mut connection = Connection::to(service.address).await?;
        lead.visit(&mut connection).await?;
        Outcome::Ok(connection.pages)
    })?;
    Ok(Sizes::try_from(pages).map_err(|_| "a lead sees other pages than the benchmark knows")?)
}

fn side(service: &Service) -> Side<'_> {
    Side { process: &service.process, address: service.address, syncs: service.syncs.as_ref() }
}

/// Both sides in turns. Each lead answers once.
fn turns(options: &Options, bare: &Bare, service: &Service, leads: &[Lead]) -> Outcome<Measured> {
    let passers = (0..1000).map(Passer::number).collect::<Outcome<Vec<_>>>()?;
    let standing = Side { process: &bare.process, address: bare.address, syncs: None };
    let serving = side(service);
    let (many, length) = (options.connections, options.round);
    let (first, rest) = leads.split_at(leads.len() / 10);
    let (second, third) = rest.split_at(rest.len() / 2);
    let walkers: Vec<Walker> = passers.iter().cloned().map(Walker).collect();
    Round::run(&standing, &passers, many, length / 4)?;
    Round::run(&standing, &walkers, many, length / 4)?;
    Round::run(&serving, first, many, length / 4)?;
    let a = Round::run(&standing, &passers, many, length)?;
    let b = Round::run(&standing, &walkers, many, length)?;
    let c = Round::run(&serving, second, many, length)?;
    let better_c = c.better(Round::run(&serving, third, many, length)?);
    let better_b = b.better(Round::run(&standing, &walkers, many, length)?);
    let better_a = a.better(Round::run(&standing, &passers, many, length)?);
    Ok(Measured { shortest: better_a, same_way: better_b, ours: better_c })
}
