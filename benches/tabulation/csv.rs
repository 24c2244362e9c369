//! The same ballots as files: written, read and counted.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use soundings::definition::Survey;
use soundings::register::NamedText;
use soundings::responses::{Asked, WaveOrgs, count, read_orgs};
use soundings::tabulation::{Batch, MinWeight};

use crate::{BALLOTS, ITEMS, Outcome, UNITS, survey, unit};

/// Asks this program to count a file once, in a process of its own.
pub const ONCE: &str = "--once";

/// Writes ballots as responses.csv.
pub fn write(path: &Path, batches: &[Batch]) -> Outcome<()> {
    let mut file = BufWriter::new(File::create(path)?);
    write!(file, "wave,org,resp")?;
    for item in 0..ITEMS {
        write!(file, ",Q{item}")?;
    }
    writeln!(file)?;
    let ballots = batches.iter().flat_map(|batch| batch.ballots(ITEMS));
    for (resp, (leaf, marks)) in ballots.enumerate() {
        write!(file, "w1,{},{resp}", unit(leaf))?;
        for mark in marks {
            match mark {
                0 => write!(file, ",")?,
                mark => write!(file, ",{mark}")?,
            }
        }
        writeln!(file)?;
    }
    Ok(file.flush()?)
}

/// The wave whose ballots these are.
pub fn waves() -> Vec<WaveOrgs> {
    let mut text = "wave,org,name,level,parent,invited\nw1,all,All,region,,\n".to_owned();
    for leaf in 0..UNITS {
        text.push_str(&format!("w1,{0},{0},pct,all,{BALLOTS}\n", unit(leaf)));
    }
    match read_orgs(NamedText { name: "orgs.csv", text: text.as_bytes() }) {
        Ok(waves) => waves,
        Err(faults) => panic!("{faults}"),
    }
}

/// Counts the file: how many responded.
pub fn counted(path: &Path, survey: &Survey, waves: &[WaveOrgs], threads: usize) -> u64 {
    let asked = Asked { survey, waves, min_weight: MinWeight::default(), threads };
    let file = File::open(path).unwrap_or_else(|error| panic!("{error}"));
    match count("responses.csv", file, &asked) {
        Ok(tallies) => {
            let leaves = tallies.iter().flat_map(|tally| tally.leaves());
            leaves.map(|(_, counts)| counts.responded()).sum()
        }
        Err(faults) => panic!("{faults}"),
    }
}

/// Counts the file once with everything and says how much memory that took.
pub fn once(path: &Path) {
    let (survey, waves) = (survey(true), waves());
    let begun = Instant::now();
    let responded = counted(path, &survey, &waves, 2);
    let seconds = begun.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: Option<u64> =
        most.and_then(|text| text.trim().strip_suffix("kB")?.trim().parse().ok());
    let found = serde_json::json!({
        "responded": responded, "seconds": seconds, "kilobytes": kilobytes
    });
    println!("{found}");
}

/// The most memory of a process that does nothing else, in kilobytes; none where
/// the system does not say.
pub fn memory(path: &Path) -> Outcome<Option<u64>> {
    let out = Command::new(std::env::current_exe()?).arg(ONCE).arg(path).output()?;
    let found: serde_json::Value = serde_json::from_slice(&out.stdout)?;
    Ok(found["kilobytes"].as_u64())
}
