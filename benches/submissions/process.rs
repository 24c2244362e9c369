//! Processes, and what the system says of them.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::Outcome;

/// A process that ends with this value.
pub struct Process(Child);

impl Process {
    /// Starts a server and waits until it listens.
    pub fn listening(command: &mut Command, address: SocketAddr) -> Outcome<Self> {
        let mut process = Self(command.stdin(Stdio::null()).spawn()?);
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            if begun.elapsed() > Duration::from_secs(30) || process.0.try_wait()?.is_some() {
                return Err(format!("{command:?} does not listen on {address}").into());
            }
            sleep(Duration::from_millis(20));
        }
        Ok(process)
    }

    /// Runs a program to its end: how long it took, and the most memory that it was
    /// seen to hold, in kilobytes.
    pub fn run(command: &mut Command) -> Outcome<(Duration, u64)> {
        let begun = Instant::now();
        let mut process = Self(command.stdin(Stdio::null()).spawn()?);
        let mut most = 0;
        loop {
            most = most.max(most_memory(process.id()));
            if let Some(status) = process.0.try_wait()? {
                let lasted = begun.elapsed();
                return match status.success() {
                    true => Ok((lasted, most)),
                    false => Err(format!("{command:?} failed").into()),
                };
            }
            sleep(Duration::from_millis(5));
        }
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// An address that nobody listens on yet.
pub fn free_address() -> Outcome<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// Linux counts processor time for others in hundredths of a second.
fn ticks(count: u64) -> Duration {
    Duration::from_millis(count * 10)
}

/// Processor time of a process so far.
pub fn cpu(process: u32) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in brackets, may hold anything; user and system time are fields 14 and 15.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<u64>().ok();
    Some(ticks(next()? + next()?))
}

/// Processor time of everything on this machine so far.
pub fn busy() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/stat").ok()?;
    let fields = stat.lines().next()?.split_whitespace().skip(1);
    let counts: Vec<u64> = fields.map_while(|count| count.parse().ok()).collect();
    // user, nice, system, then idle and waiting, then interrupts.
    Some(ticks(counts.iter().take(8).sum::<u64>() - counts.get(3)? - counts.get(4)?))
}

/// Most memory that a process has held, in kilobytes; 0 if the system does not say.
fn most_memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
