//! The load: each connection asks again as soon as it was answered. One thread,
//! so that it takes as little as it can of the cores that it shares.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Outcome;
use crate::http::{ask, request, span};
use crate::lead::Lead;
use crate::server::Process;

/// What one connection asks for, and what must come.
#[derive(Clone)]
pub struct Aim {
    address: SocketAddr,
    request: String,
    body: Vec<u8>,
}

impl Aim {
    /// A page that is known.
    pub fn at(address: SocketAddr, path: &str, body: &[u8]) -> Self {
        Self::of(address, request("GET", path, address, "", ""), body)
    }

    /// An answer that is known to a request as it is.
    pub fn of(address: SocketAddr, request: String, body: &[u8]) -> Self {
        Self { address, request, body: body.to_vec() }
    }

    /// A section of a lead, which must bring back what the lead answered.
    pub fn at_answers(lead: &Lead, path: &str, more: &str) -> Outcome<Self> {
        if !lead.get(path)?.text()?.contains(" checked>") {
            return Err(format!("{path} does not bring back an answer").into());
        }
        let request = lead.request("GET", path, more, "");
        let first = ask(lead.address, &request)?;
        Ok(Self::of(lead.address, request, &first.body))
    }
}

/// What one round showed.
#[derive(Clone, Copy)]
pub struct Round {
    pub per_second: f64,
    pub p50: Duration,
    pub p99: Duration,
    /// Processor time of the server for one request, if the system says.
    pub cpu: Option<Duration>,
    /// The same of the load itself.
    pub load_cpu: Option<Duration>,
    /// Cores that other processes kept busy.
    pub others: Option<f64>,
}

impl Round {
    /// Loads a server for so long.
    pub fn run(server: &Process, aims: &[Aim], length: Duration) -> Outcome<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let before = (cpu(server.id()), cpu(std::process::id()), busy());
        let begun = Instant::now();
        let until = begun + length;
        let mut taken = runtime.block_on(async {
            let running: Vec<_> =
                aims.iter().cloned().map(|aim| tokio::spawn(keep_asking(aim, until))).collect();
            let mut taken = Vec::new();
            for one in running {
                taken.extend(one.await??);
            }
            Outcome::Ok(taken)
        })?;
        let lasted = begun.elapsed();
        let after = (cpu(server.id()), cpu(std::process::id()), busy());
        taken.sort_unstable();
        let at = |share: usize| taken.get(taken.len() * share / 100).copied().unwrap_or_default();
        let requests = u32::try_from(taken.len())?.max(1);
        let (served, loaded) = (spent(before.0, after.0), spent(before.1, after.1));
        let others = spent(before.2, after.2).map(|all| {
            let ours = served.unwrap_or_default() + loaded.unwrap_or_default();
            all.saturating_sub(ours).as_secs_f64() / lasted.as_secs_f64()
        });
        Ok(Self {
            per_second: f64::from(requests) / lasted.as_secs_f64(),
            p50: at(50),
            p99: at(99),
            cpu: served.map(|spent| spent / requests),
            load_cpu: loaded.map(|spent| spent / requests),
            others,
        })
    }

    /// The better of two rounds.
    pub fn better(self, other: Self) -> Self {
        if other.per_second > self.per_second { other } else { self }
    }
}

async fn keep_asking(aim: Aim, until: Instant) -> Outcome<Vec<Duration>> {
    let mut stream = TcpStream::connect(aim.address).await?;
    stream.set_nodelay(true)?;
    let mut taken = Vec::new();
    let mut bytes = vec![0; 256 * 1024];
    while Instant::now() < until {
        let asked = Instant::now();
        stream.write_all(aim.request.as_bytes()).await?;
        let mut filled = 0;
        let span = loop {
            let read = stream.read(&mut bytes[filled..]).await?;
            filled += read;
            match span(&bytes[..filled])? {
                Some(span) => break span,
                None if read == 0 => return Err("a connection ended".into()),
                None => {}
            }
        };
        taken.push(asked.elapsed());
        let same = span.status == 200 && span.has_body(&bytes[..filled], &aim.body)?;
        if !same || span.end != filled {
            return Err(format!("an answer was not the page ({})", span.status).into());
        }
    }
    Ok(taken)
}

fn spent(before: Option<Duration>, after: Option<Duration>) -> Option<Duration> {
    Some(after?.saturating_sub(before?))
}

/// Linux counts processor time for others in hundredths of a second.
fn ticks(count: u64) -> Duration {
    Duration::from_millis(count * 10)
}

/// Processor time of a process so far.
fn cpu(process: u32) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in brackets, may hold anything; user and system time are fields 14 and 15.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(ticks(next()? + next()?))
}

/// Processor time of everything on this machine so far.
fn busy() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/stat").ok()?;
    let fields = stat.lines().next()?.split_whitespace().skip(1);
    let counts: Vec<u64> = fields.map_while(|count| count.parse().ok()).collect();
    // user, nice, system, then idle and waiting, then interrupts.
    Some(ticks(counts.iter().take(8).sum::<u64>() - counts.get(3)? - counts.get(4)?))
}
