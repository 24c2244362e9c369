//! The numbers for a person and for a program.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

use crate::costs::Cost;
use crate::load::Round;
use crate::storage;

/// What a comparable program was once measured at on two cores: replies a second.
pub const LIMESURVEY: f64 = 8.8;

/// All sides, each by its better round.
pub struct Measured {
    /// A bare form as short as can be.
    pub shortest: Round,
    /// A bare form with the requests of ours, and pages as large.
    pub same_way: Round,
    pub ours: Round,
}

/// Everything that was found.
pub struct Report {
    pub connections: usize,
    pub seconds: f64,
    /// On each database; none if there was no server.
    pub submissions: Vec<(&'static str, Option<Measured>)>,
    pub costs: Vec<Cost>,
    pub sealing: Duration,
    pub saving: storage::Round,
    pub casting: storage::Round,
    pub commits: storage::Round,
    pub envelopes: usize,
    pub closing: Duration,
    /// Most memory while closing, in kilobytes.
    pub memory: u64,
}

impl Measured {
    fn ratio(&self, bare: &Round) -> f64 {
        self.ours.per_second / bare.per_second
    }

    fn times_limesurvey(&self) -> f64 {
        self.ours.per_second / LIMESURVEY
    }
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn millis(time: Duration) -> f64 {
    round(time.as_secs_f64() * 1e3, 2)
}

fn round(value: f64, places: i32) -> f64 {
    let by = 10_f64.powi(places);
    (value * by).round() / by
}

fn shown(value: Option<f64>, places: usize) -> String {
    value.map_or("–".to_owned(), |value| format!("{value:.places$}"))
}

impl Report {
    fn storage_ratio(&self) -> f64 {
        self.casting.per_second / self.commits.per_second
    }

    /// What the same way costs a bare server, and saving and casting when nothing else is
    /// done: the rest of a submission is looking up who asks, and pages.
    fn least(&self, measured: &Measured) -> Option<Duration> {
        Some(measured.same_way.cpu? + self.saving.cpu? + self.casting.cpu?)
    }

    /// The report as JSON.
    pub fn json(&self) -> Value {
        let side = |it: &Round| {
            json!({
                "submissions_per_second": round(it.per_second, 1),
                "send_p50_ms": millis(it.send.0), "send_p99_ms": millis(it.send.1),
                "any_p50_ms": millis(it.any.0), "any_p99_ms": millis(it.any.1),
                "server_cpu_us": it.cpu.map(|cpu| round(micros(cpu), 1)),
                "load_cpu_us": it.load_cpu.map(|cpu| round(micros(cpu), 1)),
                "cores_busy_with_others": it.others.map(|cores| round(cores, 2)),
                "fsyncs": it.syncs.map(|syncs| round(syncs, 3)),
            })
        };
        let submissions = self.submissions.iter().map(|(name, it)| {
            let found = it.as_ref().map(|it| {
                json!({
                    "ours": side(&it.ours),
                    "bare_form_same_way": side(&it.same_way),
                    "bare_form_shortest": side(&it.shortest),
                    "ratio_to_same_way": round(it.ratio(&it.same_way), 3),
                    "ratio_to_shortest": round(it.ratio(&it.shortest), 3),
                    "times_limesurvey": round(it.times_limesurvey(), 0),
                })
            });
            ((*name).to_owned(), found.unwrap_or_else(|| json!("not measured")))
        });
        let alone = |it: &storage::Round| {
            json!({
                "per_second": round(it.per_second, 1),
                "p50_ms": millis(it.each.0), "p99_ms": millis(it.each.1),
                "cpu_us": it.cpu.map(|cpu| round(micros(cpu), 1)),
                "fsyncs": it.syncs.map(|syncs| round(syncs, 3)),
            })
        };
        let costs = self.costs.iter().map(
            |cost| json!({ "step": cost.name, "us": cost.each.map(|each| round(micros(each), 1)) }),
        );
        json!({
            "connections": self.connections,
            "seconds_per_round": self.seconds,
            "submissions": submissions.collect::<serde_json::Map<_, _>>(),
            "storage_alone": {
                "writers": storage::WRITERS,
                "casting": alone(&self.casting), "one_row_commits": alone(&self.commits),
                "saving_a_section": alone(&self.saving),
                "ratio": round(self.storage_ratio(), 3),
            },
            "cost_of_a_submission": {
                "reading": costs.collect::<Value>(),
                "sealing_us": round(micros(self.sealing), 1),
                "least_us": self.submissions.first().and_then(|(_, measured)| {
                    Some(round(micros(self.least(measured.as_ref()?)?), 1))
                }),
            },
            "closing": {
                "envelopes": self.envelopes, "seconds": round(self.closing.as_secs_f64(), 2),
                "memory_kilobytes": self.memory,
            },
        })
    }

    fn submissions(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "Submissions of 30 answers, {} connections, best of two rounds of {} s",
            self.connections, self.seconds
        )?;
        for (name, measured) in &self.submissions {
            let Some(measured) = measured else {
                writeln!(f, "\n{name}: not measured (set SOUNDINGS_BENCH_POSTGRES_URL)")?;
                continue;
            };
            writeln!(
                f,
                "\n{name:<18}{:>9}{:>17}{:>17}{:>11}{:>9}{:>8}{:>8}",
                "a second",
                "send p50/p99 ms",
                "any p50/p99 ms",
                "server µs",
                "load µs",
                "others",
                "fsyncs"
            )?;
            for (side, it) in [
                ("  bare, shortest", &measured.shortest),
                ("  bare, same way", &measured.same_way),
                ("  complete", &measured.ours),
            ] {
                let pair = |(middle, end)| format!("{:.2} / {:.2}", millis(middle), millis(end));
                writeln!(
                    f,
                    "{side:<18}{:>9.0}{:>17}{:>17}{:>11}{:>9}{:>8}{:>8}",
                    it.per_second,
                    pair(it.send),
                    pair(it.any),
                    shown(it.cpu.map(micros), 0),
                    shown(it.load_cpu.map(micros), 0),
                    shown(it.others, 2),
                    shown(it.syncs, 2),
                )?;
            }
            writeln!(
                f,
                "{:<18}{:>9.2}   of the same way, {:.2} of the shortest (limit 0.20, aim 0.40 of a bare form); {:.0} times LimeSurvey's {LIMESURVEY} a second (limit 300); p99 limit 50 ms, aim 15 ms",
                "  ratio",
                measured.ratio(&measured.same_way),
                measured.ratio(&measured.shortest),
                measured.times_limesurvey()
            )?;
        }
        Ok(())
    }

    fn storage(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\n{:<34}{:>9}{:>17}{:>9}{:>8}",
            "Storage alone, SQLite", "a second", "p50/p99 ms", "cpu µs", "fsyncs"
        )?;
        let writers = storage::WRITERS;
        for (name, it) in [
            ("  one row a commit, 1 writer".to_owned(), &self.commits),
            (format!("  saving a section, {writers} writers"), &self.saving),
            (format!("  casting, {writers} writers"), &self.casting),
        ] {
            let pair = format!("{:.2} / {:.2}", millis(it.each.0), millis(it.each.1));
            writeln!(
                f,
                "{name:<34}{:>9.0}{pair:>17}{:>9}{:>8}",
                it.per_second,
                shown(it.cpu.map(micros), 0),
                shown(it.syncs, 3),
            )?;
        }
        writeln!(f, "{:<34}{:>9.2}   (limit 1.0, aim 3.0)", "  ratio", self.storage_ratio())
    }

    /// What is known of a submission's processor time; the rest is what is left.
    fn costs(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((_, Some(measured))) = self.submissions.first() else { return Ok(()) };
        let whole = measured.ours.cpu.unwrap_or_default();
        writeln!(f, "\nWhere the service's {:.0} µs of a submission go (SQLite)", micros(whole))?;
        let reading = self.costs.iter().map(|cost| (cost.name, cost.each.unwrap_or_default()));
        let casting = self.casting.cpu.unwrap_or_default();
        let writing = [
            ("saving the section: storage", self.saving.cpu.unwrap_or_default()),
            ("casting: sealing", self.sealing),
            ("casting: storage", casting.saturating_sub(self.sealing)),
        ];
        let mut known = Duration::ZERO;
        for (name, each) in reading.chain(writing) {
            known += each;
            writeln!(f, "  {name:<32}{:>6.0}", micros(each))?;
        }
        let rest = whole.saturating_sub(known);
        writeln!(f, "  {:<32}{:>6.0}", "the rest: HTTP of the two POSTs", micros(rest))?;
        writeln!(
            f,
            "  Bare HTTP of the same way, saving and casting alone take {} of it",
            shown(self.least(measured).map(micros), 0)
        )
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.submissions(f)?;
        self.storage(f)?;
        self.costs(f)?;
        writeln!(
            f,
            "\nClosing {} envelopes: {:.1} s with {} MB (limit 60 s for 20,000)",
            self.envelopes,
            self.closing.as_secs_f64(),
            self.memory / 1024
        )
    }
}
