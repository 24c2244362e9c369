//! Randomness as an argument: the operating system's for the service, a seeded
//! stream for tests and demonstrations. The only file that names either.

use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use rand::seq::SliceRandom;
use rand::{CryptoRng, Rng, RngCore, SeedableRng, TryRngCore};
use rand_chacha::ChaCha20Rng;
use zeroize::Zeroizing;

/// A source of random bits that can be cloned and shared between threads.
#[derive(Clone)]
pub struct Chance(Source);

#[derive(Clone)]
enum Source {
    OperatingSystem,
    Seeded(Arc<Mutex<ChaCha20Rng>>),
}

impl Chance {
    /// The operating system's generator: the only one for real answers and keys.
    #[must_use]
    pub fn operating_system() -> Self {
        Self(Source::OperatingSystem)
    }

    /// A repeatable stream for tests and synthetic data.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Source::Seeded(Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))))
    }

    /// `N` random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        self.rng().fill_bytes(&mut out);
        out
    }

    /// A new secret, made in the place where it is overwritten later.
    #[must_use]
    pub fn secret(&self) -> Zeroizing<[u8; 32]> {
        let mut out = Zeroizing::new([0; 32]);
        self.rng().fill_bytes(&mut *out);
        out
    }

    /// Puts a slice into a uniformly random order.
    pub fn shuffle<T>(&self, slice: &mut [T]) {
        slice.shuffle(&mut self.rng());
    }

    /// A number drawn uniformly from `0.0..1.0`.
    #[must_use]
    pub fn fraction(&self) -> f64 {
        self.rng().random()
    }

    /// A whole number drawn uniformly from `0..below` (0 if `below` is 0).
    #[must_use]
    pub fn below(&self, below: usize) -> usize {
        if below == 0 { 0 } else { self.rng().random_range(0..below) }
    }

    /// The generator itself, for libraries that take one.
    #[must_use]
    pub fn rng(&self) -> ChanceRng {
        ChanceRng(self.0.clone())
    }
}

impl fmt::Debug for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Source::OperatingSystem => "Chance(operating system)",
            Source::Seeded(_) => "Chance(seeded)",
        })
    }
}

/// A [`Chance`] in the shape of `rand`'s generators.
pub struct ChanceRng(Source);

impl RngCore for ChanceRng {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    #[expect(
        clippy::expect_used,
        reason = "a machine that cannot give random bits must not issue keys: stopping is the safe answer"
    )]
    #[expect(
        clippy::disallowed_types,
        reason = "the one place where the system's generator is used"
    )]
    fn fill_bytes(&mut self, out: &mut [u8]) {
        match &self.0 {
            Source::OperatingSystem => {
                let mut system: rand::rngs::OsRng = rand::rngs::OsRng;
                system.try_fill_bytes(out).expect("the operating system gives random bits");
            }
            Source::Seeded(stream) => {
                stream.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(out);
            }
        }
    }
}

impl CryptoRng for ChanceRng {}

// The same for libraries of the next generation of these traits.
impl rand_core::TryRng for ChanceRng {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(RngCore::next_u32(self))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(RngCore::next_u64(self))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        RngCore::fill_bytes(self, out);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for ChanceRng {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_its_stream_and_clones_share_it() {
        let (a, b) = (Chance::seeded(1), Chance::seeded(1));
        assert_eq!(a.bytes::<16>(), b.bytes::<16>());
        let shared = a.clone();
        assert_ne!(a.bytes::<16>(), shared.bytes::<16>());
    }

    #[test]
    fn the_system_stream_does_not_repeat() {
        let chance = Chance::operating_system();
        assert_ne!(chance.bytes::<32>(), chance.bytes::<32>());
    }
}
