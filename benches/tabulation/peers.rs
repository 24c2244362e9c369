//! The same file counted by polars and DuckDB, where this machine has them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

/// What another program took for the same.
#[derive(Debug, Deserialize)]
pub struct Peer {
    /// The program, its version and what it counted from.
    pub name: String,
    /// The best of some rounds.
    pub seconds: f64,
    /// The best plan.
    pub plan: String,
    /// Answers that it counted.
    pub answers: u64,
}

/// Both on two threads; those that are not installed are left out.
pub fn measured(path: &Path, rounds: usize) -> Vec<Peer> {
    let own = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.venv/bin/python3"));
    let python = if own.exists() { own } else { PathBuf::from("python3") };
    let run = Command::new(python)
        .args(["-c", include_str!("peers.py")])
        .arg(path)
        .args(["2", &rounds.to_string()])
        .stderr(Stdio::inherit())
        .output();
    let said = run.map(|out| out.stdout).unwrap_or_default();
    serde_json::from_slice(&said).unwrap_or_default()
}
