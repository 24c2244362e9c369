//! The numbers for a person and for a program.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

use crate::cold::Cold;
use crate::load::Round;

/// A section page and what it weighs.
#[derive(Clone)]
pub struct SectionSize {
    pub path: String,
    pub plain: usize,
    pub gzip: usize,
    pub br: usize,
}

/// Both sides, each by its better round.
pub struct Measured {
    pub name: &'static str,
    pub standing: Round,
    pub section: Round,
}

impl Measured {
    fn ratio(&self) -> f64 {
        self.section.per_second / self.standing.per_second
    }
}

/// Everything that was found.
pub struct Report {
    pub section: SectionSize,
    pub sections: Vec<SectionSize>,
    pub connections: usize,
    pub seconds: f64,
    pub measured: Vec<Measured>,
    pub cold: Vec<Cold>,
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn round(value: f64, places: i32) -> f64 {
    let by = 10_f64.powi(places);
    (value * by).round() / by
}

impl Report {
    /// The report as JSON.
    pub fn json(&self) -> Value {
        let side = |round: &Round| {
            json!({
                "requests_per_second": self::round(round.per_second, 1),
                "p50_ms": self::round(micros(round.p50) / 1e3, 3),
                "p99_ms": self::round(micros(round.p99) / 1e3, 3),
                "server_cpu_us_per_request": round.cpu.map(|cpu| self::round(micros(cpu), 1)),
                "load_cpu_us_per_request": round.load_cpu.map(|cpu| self::round(micros(cpu), 1)),
                "cores_busy_with_others": round.others.map(|cores| self::round(cores, 2)),
            })
        };
        let size = |section: &SectionSize| {
            json!({
                "path": section.path, "bytes": section.plain,
                "gzip_bytes": section.gzip, "br_bytes": section.br,
            })
        };
        let measured = self.measured.iter().map(|it| {
            let both = json!({
                "ratio": round(it.ratio(), 3),
                "section_page": side(&it.section),
                "static_page": side(&it.standing),
            });
            (it.name.to_owned(), both)
        });
        let cold = self.cold.iter().map(|it| {
            let run = json!({
                "pages": it.pages, "requests": it.requests, "most_requests_per_page": it.most_requests,
                "body_bytes": it.bytes, "bytes_with_headers": it.wire,
                "style_and_script_bytes": it.frame, "heaviest_section_bytes": it.heaviest_section,
            });
            (it.coding.to_owned(), run)
        });
        json!({
            "section": size(&self.section),
            "sections": self.sections.iter().map(size).collect::<Vec<_>>(),
            "connections": self.connections,
            "seconds_per_round": self.seconds,
            "load": measured.collect::<serde_json::Map<_, _>>(),
            "cold_browser": cold.collect::<serde_json::Map<_, _>>(),
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SectionSize { path, plain, gzip, br } = &self.section;
        writeln!(f, "{path}: {plain} bytes (gzip {gzip}, br {br})")?;
        let (smallest, largest) = (
            self.sections.iter().map(|section| section.plain).min().unwrap_or_default(),
            self.sections.iter().map(|section| section.plain).max().unwrap_or_default(),
        );
        writeln!(
            f,
            "middle one of {} sections from {smallest} to {largest} bytes; {} connections, best of two rounds of {} s",
            self.sections.len(),
            self.connections,
            self.seconds
        )?;
        for measured in &self.measured {
            writeln!(
                f,
                "\n{:<22}{:>11}{:>9}{:>9}{:>12}{:>10}{:>8}",
                measured.name, "requests/s", "p50 ms", "p99 ms", "server µs", "load µs", "others"
            )?;
            for (name, side) in
                [("  static actix page", &measured.standing), ("  section page", &measured.section)]
            {
                let cost = |cpu: Option<Duration>| {
                    cpu.map_or("–".to_owned(), |cpu| format!("{:.1}", micros(cpu)))
                };
                writeln!(
                    f,
                    "{name:<22}{:>11.0}{:>9.2}{:>9.2}{:>12}{:>10}{:>8}",
                    side.per_second,
                    micros(side.p50) / 1e3,
                    micros(side.p99) / 1e3,
                    cost(side.cpu),
                    cost(side.load_cpu),
                    side.others.map_or("–".to_owned(), |cores| format!("{cores:.2}")),
                )?;
            }
            writeln!(f, "{:<22}{:>11.2}   (limit 0.40, aim 0.60)", "  ratio", measured.ratio())?;
        }
        writeln!(f, "\nA browser with an empty cache, from the link to the receipt:")?;
        for cold in &self.cold {
            writeln!(
                f,
                "  {:<5} {} pages, {} requests, at most {} for a page (limit 6, aim 4)",
                cold.coding, cold.pages, cold.requests, cold.most_requests
            )?;
            writeln!(
                f,
                "        {} bytes, {} with headers (limit 100 KB, aim 60 KB)",
                cold.bytes, cold.wire
            )?;
            writeln!(
                f,
                "        heaviest section with its style and script {} bytes (limit 60 KB)",
                cold.heaviest_section
            )?;
        }
        Ok(())
    }
}
