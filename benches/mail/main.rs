//! What sending mails costs, beside the tools of those who write mail servers.
//!
//! ```sh
//! cargo bench --bench mail                  # a table
//! cargo bench --bench mail -- --json        # the same for a program
//! ```
//!
//! It needs Debian's packages `postfix` (for `smtp-sink` and `smtp-source`; the
//! server itself stays switched off) and `openssl`.
//!
//! *Sending*: mails that are ready go through [`soundings::mail::Line`] into
//! `smtp-sink`, over 1, 4 and 16 lines; the other side is `smtp-source -d` with as
//! many sessions and mails of the same size. *From ledger to ledger*: invitations
//! that are due are claimed, written, sent and durably written down by
//! `soundings worker` with four connections over SQLite. *Signing*: mails are put together
//! and signed with RSA-2048 on all cores; the other side is what
//! `openssl speed rsa2048` says of one core, times the cores. The sides take turns
//! (A B B A after a warm-up, the better of two each). Nothing else should run
//! meanwhile. No limit is enforced here: speed is not a test.
//!
//! `--mails N` sends another number of mails in a round (20000), `--seconds N`
//! signs for another time (3).

mod ledger;
mod report;
mod sending;
mod signing;

use std::process::ExitCode;
use std::time::Duration;

use report::{Measured, Report};

/// Anything that stops the benchmark, in a sentence.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What was asked for on the command line.
struct Options {
    json: bool,
    mails: usize,
    seconds: u64,
}

impl Options {
    fn parse(mut words: impl Iterator<Item = String>) -> Outcome<Self> {
        let mut options = Self { json: false, mails: 20_000, seconds: 3 };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value"));
            match word.as_str() {
                "--json" => options.json = true,
                "--mails" => options.mails = value()?.parse()?,
                "--seconds" => options.seconds = value()?.parse()?,
                // Said by cargo.
                "--bench" => {}
                _ => return Err(format!("{word} is not an option of this benchmark").into()),
            }
        }
        if options.mails < 16 || options.seconds == 0 {
            return Err("nothing to measure".into());
        }
        Ok(options)
    }
}

fn main() -> ExitCode {
    match Options::parse(std::env::args().skip(1)).and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("mail: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Outcome<()> {
    let mut measured = Vec::new();
    let sink = sending::Sink::start()?;
    for lines in [1, 4, 16] {
        let name = format!("bare sending, {lines} at once");
        // A warm-up for both sides, on a tenth of the mails.
        let few = (options.mails / 10).max(lines);
        sink.theirs(lines, few)?;
        sink.ours(lines, few)?;
        let theirs = || sink.theirs(lines, options.mails);
        let ours = || sink.ours(lines, options.mails);
        measured.push(turns(name, "smtp-source -d", "mails", theirs, ours)?);
    }
    let houses = [
        ledger::House::with_due_mails(options.mails)?,
        ledger::House::with_due_mails(options.mails)?,
    ];
    let mut next = houses.iter();
    let whole = || next.next().ok_or("a third round")?.ours(sink.address());
    let name = "from ledger to ledger, 4 at once".to_owned();
    let theirs = || sink.theirs(4, options.mails);
    measured.push(turns(name, "smtp-source -d", "mails", theirs, whole)?);
    let memory = houses.iter().map(|house| house.memory.get()).max().unwrap_or(0);
    drop(sink);
    let signer = signing::Signing::prepare(Duration::from_secs(options.seconds))?;
    let name = format!("DKIM with RSA-2048, {} cores", signer.cores());
    let (theirs, ours) = (|| signer.theirs(), || signer.ours());
    measured.push(turns(name, "openssl speed", "signatures", theirs, ours)?);
    let report = Report { measured, memory, mails: options.mails };
    if options.json {
        println!("{}", report.json());
    } else {
        print!("{report}");
    }
    Ok(())
}

/// Both sides in turns, each a number in a second.
fn turns(
    name: String,
    beside: &'static str,
    unit: &'static str,
    theirs: impl Fn() -> Outcome<f64>,
    mut ours: impl FnMut() -> Outcome<f64>,
) -> Outcome<Measured> {
    let a = theirs()?;
    let b = ours()?;
    let better_b = b.max(ours()?);
    let better_a = a.max(theirs()?);
    Ok(Measured { name, beside, unit, ours: better_b, theirs: better_a })
}
