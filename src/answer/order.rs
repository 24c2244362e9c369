//! The order in which one respondent sees the rows of a shuffled grid.

use sha2::{Digest, Sha256};

/// The numbers `0..rows` in an order that depends on the seed alone, so that a
/// respondent who comes back finds the rows where they were.
///
/// Source: Durstenfeld's form of the Fisher–Yates shuffle (Communications of
/// the ACM 7, 1964, 420), fed from SHA-256 in counter mode.
#[must_use]
pub fn row_order(rows: usize, seed: &[u8; 32]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rows).collect();
    let mut stream = Stream { seed, counter: 0 };
    for last in (1..rows).rev() {
        order.swap(last, stream.below(last as u64 + 1));
    }
    order
}

struct Stream<'a> {
    seed: &'a [u8; 32],
    counter: u64,
}

impl Stream<'_> {
    fn next(&mut self) -> u64 {
        let digest = Sha256::new()
            .chain_update(b"soundings row order 1")
            .chain_update(self.seed)
            .chain_update(self.counter.to_be_bytes())
            .finalize();
        self.counter += 1;
        digest.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
    }

    /// Uniform in `0..bound`: draws from the incomplete last stretch are thrown away.
    fn below(&mut self, bound: u64) -> usize {
        let whole = u64::MAX - u64::MAX % bound;
        loop {
            let draw = self.next();
            if draw < whole {
                return usize::try_from(draw % bound).unwrap_or(0);
            }
        }
    }
}
