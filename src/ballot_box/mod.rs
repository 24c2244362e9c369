//! Sealed envelopes, their opening and shuffling, and the ballots that come
//! out. Must never know who holds which invitation: an envelope is bound to a
//! [`Place`] and to nothing else, and a ballot carries nothing but its unit and
//! its marks. Who may put an envelope in is decided before the border, see
//! [`Admission`].

mod count;
mod envelope;
mod place;
mod receipt;
mod record;

pub use count::{Ballot, Comment, Counted, LooseNumber, count};
pub use envelope::{BoxKey, Envelope, PublicKey, SpoiledEnvelope, rehearse};
pub use place::{Admission, Place};
pub use receipt::{LEAST_DIGITS, Receipt, ReceiptError, TypedReceipt};
pub use record::{Cleaned, ClosingRecord, KeyEnd, UnitCount, by_unit, digest_of_ballots};
