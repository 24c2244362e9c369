//! The random stream behind simulated ranks: the same values for the same
//! words, on every machine and for ever.

/// Standard normal values that follow from a seed.
///
/// Source: methods.md 5; the generator is SplitMix64 (Steele, Lea & Flood 2014),
/// the normal values come by Box & Muller 1958 from two of its values each.
/// Logarithm and cosine are libm's, which does not differ between systems.
#[derive(Debug, Clone)]
pub struct Stream {
    state: u64,
}

/// The values between two numbers of the generator and 1: 2^53.
const STEPS: f64 = 9_007_199_254_740_992.0;

impl Stream {
    /// The stream of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The stream of a measure in a wave.
    #[must_use]
    pub fn of_measure(wave: &str, measure: &str) -> Self {
        Self::new(fnv_1a(format!("{wave}|{measure}").as_bytes()))
    }

    /// The next 64 bits.
    pub fn next_bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The next value between 0 and 1, never either of them.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    pub fn next_share(&mut self) -> f64 {
        ((self.next_bits() >> 11) as f64 + 0.5) / STEPS
    }

    /// The next standard normal value.
    pub fn next_normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(self.next_share())).sqrt();
        radius * libm::cos(2.0 * std::f64::consts::PI * self.next_share())
    }
}

/// The seed that words stand for.
///
/// Source: Fowler, Noll & Vo, FNV-1a with 64 bits.
#[must_use]
pub fn fnv_1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
