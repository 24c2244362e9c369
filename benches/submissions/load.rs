//! The load: over each connection one visitor after the other fills in a form, as a
//! browser without script does. One thread, so that it takes as little as it can of
//! the cores that it shares.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Outcome;
use crate::http::{request, span};
use crate::process::{Process, busy, cpu};
use crate::syncs::Count;
use crate::visitor::Visitor;

/// A connection that stays open.
pub struct Connection {
    stream: TcpStream,
    pub address: SocketAddr,
    bytes: Vec<u8>,
    /// How long each answer took.
    taken: Vec<Duration>,
    /// The same of what sends a reply.
    sends: Vec<Duration>,
    /// How large each page was.
    pub pages: Vec<usize>,
}

/// An answer.
pub struct Answer {
    pub head: String,
    pub body: String,
}

/// What a request is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Anything.
    Step,
    /// Sending the reply.
    Send,
}

impl Connection {
    /// Opens it.
    pub async fn to(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let bytes = vec![0; 256 * 1024];
        let [taken, sends] = [Vec::new(), Vec::new()];
        Ok(Self { stream, address, bytes, taken, sends, pages: Vec::new() })
    }

    /// Asks, and stops the benchmark if the answer has another status.
    pub async fn ask(&mut self, what: What, request: &str, status: u16) -> Outcome<Answer> {
        let asked = Instant::now();
        self.stream.write_all(request.as_bytes()).await?;
        let mut filled = 0;
        let span = loop {
            let read = self.stream.read(&mut self.bytes[filled..]).await?;
            filled += read;
            match span(&self.bytes[..filled])? {
                Some(span) => break span,
                None if read == 0 => return Err("a connection ended".into()),
                None => {}
            }
        };
        let took = asked.elapsed();
        self.taken.push(took);
        if what == What::Send {
            self.sends.push(took);
        }
        let body = span.body(&self.bytes)?;
        if span.status == 200 {
            self.pages.push(body.len());
        }
        if span.status != status || span.end != filled {
            let first = request.lines().next().unwrap_or_default();
            let way = first.split('/').next().unwrap_or_default();
            return Err(format!("a {way}request was answered with {}", span.status).into());
        }
        let head = String::from_utf8(self.bytes[..span.head].to_vec())?;
        Ok(Answer { head, body: String::from_utf8(body)? })
    }

    /// Asks for a page, with a cookie if there is one.
    pub async fn get(&mut self, path: &str, cookie: &str, status: u16) -> Outcome<Answer> {
        let request = request("GET", path, self.address, cookie, "");
        self.ask(What::Step, &request, status).await
    }
}

/// A server that is loaded.
pub struct Side<'s> {
    pub process: &'s Process,
    pub address: SocketAddr,
    pub syncs: Option<&'s Count>,
}

/// What one round showed.
#[derive(Clone, Copy)]
pub struct Round {
    /// Replies a second.
    pub per_second: f64,
    /// Of sending the reply.
    pub send: (Duration, Duration),
    /// Of any request.
    pub any: (Duration, Duration),
    /// Processor time of the server for one reply, if the system says.
    pub cpu: Option<Duration>,
    /// The same of the load itself.
    pub load_cpu: Option<Duration>,
    /// Cores that other processes kept busy.
    pub others: Option<f64>,
    /// Waits for the disk for one reply.
    pub syncs: Option<f64>,
}

impl Round {
    /// Sends visitors over so many connections for so long, or until none is left.
    pub fn run<V: Visitor>(
        side: &Side<'_>,
        visitors: &[V],
        connections: usize,
        length: Duration,
    ) -> Outcome<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let visitors: Arc<[V]> = visitors.into();
        let next = Arc::new(AtomicUsize::new(0));
        let syncs = || side.syncs.and_then(Count::now);
        let before = (cpu(side.process.id()), cpu(std::process::id()), busy(), syncs());
        let begun = Instant::now();
        let until = begun + length;
        let done = runtime.block_on(async {
            let running: Vec<_> = (0..connections)
                .map(|_| tokio::spawn(keep_on(side.address, visitors.clone(), next.clone(), until)))
                .collect();
            let mut done = Vec::new();
            for one in running {
                done.push(one.await??);
            }
            Outcome::Ok(done)
        })?;
        let lasted = begun.elapsed();
        let after = (cpu(side.process.id()), cpu(std::process::id()), busy(), syncs());
        let replies = done.iter().map(|connection| connection.sends.len()).sum::<usize>();
        let replies = u32::try_from(replies)?.max(1);
        let spent = |before: Option<Duration>, after: Option<Duration>| {
            Some(after?.saturating_sub(before?))
        };
        let (served, loaded) = (spent(before.0, after.0), spent(before.1, after.1));
        let others = spent(before.2, after.2).map(|all| {
            let ours = served.unwrap_or_default() + loaded.unwrap_or_default();
            all.saturating_sub(ours).as_secs_f64() / lasted.as_secs_f64()
        });
        let syncs = before.3.zip(after.3).and_then(|(before, after)| {
            Some(f64::from(u32::try_from(after - before).ok()?) / f64::from(replies))
        });
        let of = |times: fn(&Connection) -> &Vec<Duration>| {
            middle_and_end(done.iter().flat_map(|connection| times(connection).clone()).collect())
        };
        Ok(Self {
            per_second: f64::from(replies) / lasted.as_secs_f64(),
            send: of(|connection| &connection.sends),
            any: of(|connection| &connection.taken),
            cpu: served.map(|spent| spent / replies),
            load_cpu: loaded.map(|spent| spent / replies),
            others,
            syncs,
        })
    }

    /// The better of two rounds.
    pub fn better(self, other: Self) -> Self {
        if other.per_second > self.per_second { other } else { self }
    }
}

/// The median and the 99th percentile.
pub fn middle_and_end(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    (at(50), at(99))
}

async fn keep_on<V: Visitor>(
    address: SocketAddr,
    visitors: Arc<[V]>,
    next: Arc<AtomicUsize>,
    until: Instant,
) -> Outcome<Connection> {
    let mut connection = Connection::to(address).await?;
    while Instant::now() < until {
        let place = next.fetch_add(1, Ordering::Relaxed);
        let place = if V::AGAIN { place % visitors.len() } else { place };
        let Some(visitor) = visitors.get(place) else { break };
        visitor.visit(&mut connection).await?;
    }
    Ok(connection)
}
