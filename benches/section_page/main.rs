//! What a section page costs, beside a page that costs nothing.
//!
//! ```sh
//! cargo bench --bench section_page                  # a table
//! cargo bench --bench section_page -- --json        # the same for a program
//! ```
//!
//! It makes a test wave of the East of England in a folder of its own, answers
//! most of the form as many leads, and asks for one of the pages that bring
//! these answers back, over 16 connections that stay open. The other side is a
//! bare actix server that hands out the very same bytes from memory. Both are
//! processes of their own with the same number of workers, take turns (A B B A
//! after a warm-up, the better of two each), and share the cores with the load;
//! every answer is compared with the first one, which was seen to hold the
//! lead's answers. Nothing else should run meanwhile: `others` says what did.
//!
//! Then it counts what a browser with an empty cache loads from the personal
//! link to the receipt. No limit is enforced here: speed is not a test.
//!
//! `--section CODE` takes another page than the one of middle size, `--seconds N`
//! another length of a round (4), `--connections N` another number of them (16).

mod cold;
mod http;
mod lead;
mod load;
mod report;
mod server;

use std::process::ExitCode;
use std::time::Duration;

use cold::Cold;
use lead::Lead;
use load::{Aim, Round};
use report::{Measured, Report, SectionSize};
use server::{Soundings, Static};

/// Anything that stops the benchmark, in a sentence.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What was asked for on the command line.
struct Options {
    json: bool,
    section: Option<String>,
    round: Duration,
    connections: usize,
}

impl Options {
    fn parse(mut words: impl Iterator<Item = String>) -> Outcome<Self> {
        let mut options =
            Self { json: false, section: None, round: Duration::from_secs(4), connections: 16 };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value"));
            match word.as_str() {
                "--json" => options.json = true,
                "--section" => options.section = Some(value()?),
                "--seconds" => options.round = Duration::from_secs_f64(value()?.parse()?),
                "--connections" => options.connections = value()?.parse()?,
                // Said by cargo.
                "--bench" => {}
                _ => return Err(format!("{word} is not an option of this benchmark").into()),
            }
        }
        if options.connections == 0 || options.round.is_zero() {
            return Err("nothing to measure".into());
        }
        Ok(options)
    }
}

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let done = match words.next().as_deref() {
        Some(server::STATIC) => server::serve_static(words),
        first => Options::parse(first.map(str::to_owned).into_iter().chain(words)).and_then(run),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("section_page: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> Outcome<()> {
    let soundings = Soundings::start()?;
    let mut links = soundings.links.iter();
    let mut next = || links.next().ok_or("the wave has too few leads");
    let mut leads = Vec::new();
    for _ in 0..options.connections {
        let lead = Lead::enter(soundings.address, next()?)?;
        lead.answer_most()?;
        leads.push(lead);
    }
    let cold = [("br", next()?), ("gzip", next()?)]
        .into_iter()
        .map(|(coding, link)| Cold::run(soundings.address, link, coding))
        .collect::<Outcome<Vec<_>>>()?;

    let sections = sections(&leads)?;
    let section = match &options.section {
        Some(code) => sections.iter().find(|section| section.path.ends_with(code.as_str())),
        None => middle(&sections),
    };
    let section = section.ok_or("the survey has no such section")?;
    let page = leads.first().ok_or("no lead")?.get(&section.path)?;
    let standing = Static::start(soundings.folder(), &page.body)?;

    let compressed = "Accept-Encoding: gzip, deflate, br\r\n";
    let measured = [("", "plain"), (compressed, "compressed")]
        .into_iter()
        .map(|(header, name)| {
            let aims = leads
                .iter()
                .map(|lead| Aim::at_answers(lead, &section.path, header))
                .collect::<Outcome<Vec<_>>>()?;
            let still = vec![Aim::at(standing.address, "/", &page.body); leads.len()];
            turns(name, (&standing, &still), (&soundings, &aims), options.round)
        })
        .collect::<Outcome<Vec<_>>>()?;

    let report = Report {
        section: section.clone(),
        sections: sections.clone(),
        connections: options.connections,
        seconds: options.round.as_secs_f64(),
        measured,
        cold,
    };
    if options.json {
        println!("{}", report.json())
    } else {
        print!("{report}")
    }
    Ok(())
}

/// Every section as the first lead sees it.
fn sections(leads: &[Lead]) -> Outcome<Vec<SectionSize>> {
    let lead = leads.first().ok_or("no lead")?;
    lead.sections()?
        .into_iter()
        .map(|path| {
            let plain = lead.get(&path)?.body.len();
            let gzip = lead.get_as(&path, "Accept-Encoding: gzip\r\n")?.body.len();
            let br = lead.get_as(&path, "Accept-Encoding: br\r\n")?.body.len();
            Ok(SectionSize { path, plain, gzip, br })
        })
        .collect()
}

fn middle(sections: &[SectionSize]) -> Option<&SectionSize> {
    let mut by_size: Vec<_> = sections.iter().collect();
    by_size.sort_by_key(|section| section.plain);
    by_size.get(by_size.len() / 2).copied()
}

/// Both sides in turns.
fn turns(
    name: &'static str,
    (standing, still): (&Static, &[Aim]),
    (soundings, aims): (&Soundings, &[Aim]),
    round: Duration,
) -> Outcome<Measured> {
    let warm_up = round / 4;
    Round::run(standing.process(), still, warm_up)?;
    Round::run(soundings.process(), aims, warm_up)?;
    let a = Round::run(standing.process(), still, round)?;
    let b = Round::run(soundings.process(), aims, round)?;
    let better_b = b.better(Round::run(soundings.process(), aims, round)?);
    let better_a = a.better(Round::run(standing.process(), still, round)?);
    Ok(Measured { name, standing: better_a, section: better_b })
}
