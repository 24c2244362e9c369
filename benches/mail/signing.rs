//! Mails put together and signed on all cores.

use std::process::{Command, Stdio};
use std::thread::{available_parallelism, scope};
use std::time::{Duration, Instant};

use soundings::mail::{DkimSigner, Sender, SenderSettings};

use crate::{Outcome, sending};

/// A sender with a key of 2048 bits, and how long it is watched.
pub struct Signing {
    sender: Sender,
    time: Duration,
    cores: usize,
}

impl Signing {
    pub fn prepare(time: Duration) -> Outcome<Self> {
        let key = openssl::rsa::Rsa::generate(2048)?;
        let pem = openssl::pkey::PKey::from_rsa(key)?.private_key_to_pem_pkcs8()?;
        let sender = Sender::new(SenderSettings {
            from: "Survey office <survey@example.org>".to_owned(),
            contact: None,
            bounce: None,
            dkim: vec![DkimSigner::new("bench", &pem)?],
        })?;
        Ok(Self { sender, time, cores: available_parallelism()?.get() })
    }

    pub fn cores(&self) -> usize {
        self.cores
    }

    /// How many mails a second are put together and signed.
    pub fn ours(&self) -> Outcome<f64> {
        scope(|scope| {
            let workers: Vec<_> = (0..self.cores)
                .map(|_| {
                    scope.spawn(|| {
                        let begun = Instant::now();
                        let mut signed = 0.0;
                        while begun.elapsed() < self.time {
                            sending::mail(&self.sender)?;
                            signed += 1.0;
                        }
                        Outcome::Ok(signed / begun.elapsed().as_secs_f64())
                    })
                })
                .collect();
            workers.into_iter().map(|worker| worker.join().map_err(|_| "a worker fell")?).sum()
        })
    }

    /// What OpenSSL says of one core, times the cores.
    #[expect(clippy::cast_precision_loss, reason = "no machine has so many cores")]
    pub fn theirs(&self) -> Outcome<f64> {
        let seconds = self.time.as_secs().to_string();
        let output = Command::new("openssl")
            // By the clock on the wall, as ours is measured.
            .args(["speed", "-elapsed", "-seconds", &seconds, "rsa2048"])
            .stderr(Stdio::null())
            .output()
            .map_err(|error| format!("openssl is missing: {error}"))?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        // rsa 2048 bits 0.000258s 0.000015s   3878.8  65102.3
        let line = said.lines().find(|line| line.starts_with("rsa 2048 bits"));
        let rate = line.and_then(|line| line.split_whitespace().nth(5));
        let rate: f64 = rate.ok_or("openssl speed did not say how fast it is")?.parse()?;
        Ok(rate * self.cores as f64)
    }
}
