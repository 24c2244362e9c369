//! Many ballots at once, and counting them on several cores.

use std::sync::Mutex;

use super::block::MOST;
use super::counter::Desk;
use super::{Tally, TallyError};

/// Ballots that wait to be counted: marks, one ballot after the other, and per
/// ballot the place of its leaf among the tally's.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    leaves: Vec<usize>,
    marks: Vec<u8>,
}

impl Batch {
    /// Room for so many ballots of so many marks.
    #[must_use]
    pub fn with_capacity(ballots: usize, marks: usize) -> Self {
        Self { leaves: Vec::with_capacity(ballots), marks: Vec::with_capacity(ballots * marks) }
    }

    /// Adds a ballot; `leaf` is its place as [`Tally::place`] tells it.
    pub fn push(&mut self, leaf: usize, marks: &[u8]) {
        self.leaves.push(leaf);
        self.marks.extend_from_slice(marks);
    }

    /// How many ballots wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.leaves.len()
    }

    /// Whether no ballot waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.leaves.is_empty()
    }

    /// The ballots, each with the place of its leaf and so many marks.
    pub fn ballots(&self, marks: usize) -> impl Iterator<Item = (usize, &[u8])> {
        self.leaves.iter().copied().zip(self.marks.chunks_exact(marks.max(1)))
    }

    /// Takes all ballots away; the room stays.
    pub fn clear(&mut self) {
        self.leaves.clear();
        self.marks.clear();
    }
}

impl Tally {
    /// Counts a batch. All its ballots fit the survey, or none is counted.
    ///
    /// # Errors
    /// A leaf is unknown, or marks do not fit the survey.
    pub fn count(&mut self, batch: &Batch) -> Result<(), TallyError> {
        let columns = self.shape.options.len();
        if batch.marks.len() != columns * batch.len() {
            return Err(TallyError::Batch {
                marks: batch.marks.len(),
                ballots: batch.len(),
                columns,
            });
        }
        let mut by_leaf: Vec<Vec<&[u8]>> = vec![Vec::new(); self.leaves.len()];
        // A survey without columns has ballots without marks.
        let rows = batch.marks.chunks_exact(columns.max(1));
        for (leaf, row) in batch.leaves.iter().zip(rows.chain(std::iter::repeat(&[][..]))) {
            self.check(row)?;
            by_leaf.get_mut(*leaf).ok_or(TallyError::NoPlace(*leaf))?.push(row);
        }
        let mut desk = Desk::default();
        for ((_, counts), rows) in self.leaves.iter_mut().zip(by_leaf) {
            for block in rows.chunks(MOST) {
                counts.count(&self.shape, &mut self.whole, &mut desk, block);
            }
        }
        Ok(())
    }

    /// Counts all batches on so many threads. The outcome is the same, bit for
    /// bit, on any number of threads and in any order of batches; memory holds
    /// one batch and one tally for each thread.
    ///
    /// # Errors
    /// As [`Tally::count`]; nothing is counted then.
    pub fn count_all<B, I>(&mut self, batches: I, threads: usize) -> Result<(), TallyError>
    where
        B: AsRef<Batch>,
        I: IntoIterator<Item = B, IntoIter: Send>,
    {
        let waiting = Mutex::new(batches.into_iter());
        let next = || waiting.lock().ok().and_then(|mut batches| batches.next());
        let nought = Self::nought(&self.shape, self.leaves.keys().cloned());
        let count = || {
            let mut own = nought.clone();
            while let Some(batch) = next() {
                own.count(batch.as_ref())?;
            }
            Ok::<_, TallyError>(own)
        };
        let counted: Vec<Result<Self, TallyError>> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(count)).collect();
            workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or(Err(TallyError::BrokenOff)))
                .collect()
        });
        // A thread that was faster with good batches counts no more than the others.
        let parts = counted.into_iter().collect::<Result<Vec<_>, _>>()?;
        parts.iter().try_for_each(|part| self.merge(part))
    }
}

impl AsRef<Batch> for Batch {
    fn as_ref(&self) -> &Batch {
        self
    }
}
