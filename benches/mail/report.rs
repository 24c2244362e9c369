//! The numbers for a person and for a program.

use std::fmt;

use serde_json::{Value, json};

/// Both sides, each by its better round.
pub struct Measured {
    pub name: String,
    pub beside: &'static str,
    pub unit: &'static str,
    pub ours: f64,
    pub theirs: f64,
}

impl Measured {
    fn ratio(&self) -> f64 {
        self.ours / self.theirs
    }
}

/// Everything that was found.
pub struct Report {
    pub measured: Vec<Measured>,
    /// Most memory that the program held while it sent the mails of its ledger, in
    /// kilobytes.
    pub memory: u64,
    /// How many these were.
    pub mails: usize,
}

impl Report {
    /// The report as JSON.
    pub fn json(&self) -> Value {
        let rows = self.measured.iter().map(|it| {
            json!({
                "name": it.name, "beside": it.beside, "unit": it.unit,
                "ours_per_second": it.ours.round(), "theirs_per_second": it.theirs.round(),
                "ratio": (it.ratio() * 1e3).round() / 1e3,
            })
        });
        json!({
            "measured": rows.collect::<Value>(),
            "memory_kilobytes": self.memory, "mails": self.mails,
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<30} {:>9} {:>9}  {:>5}", "a second", "ours", "theirs", "ratio")?;
        for it in &self.measured {
            writeln!(
                f,
                "{:<30} {:>9.0} {:>9.0}  {:>5.2}  {} beside {}",
                it.name,
                it.ours,
                it.theirs,
                it.ratio(),
                it.unit,
                it.beside
            )?;
        }
        writeln!(f, "{} MB for {} mails in the ledger", self.memory / 1024, self.mails)
    }
}
