//! Sealed envelopes, their opening and shuffling, and the ballots that come
//! out. Must never know who holds which invitation: an envelope carries the
//! invitation's random id only as the thing it is bound to, and a ballot
//! carries nothing but its unit and its marks.

mod count;
mod envelope;

pub use count::{Ballot, Comment, Counted, LooseNumber, count};
pub use envelope::{BoxKey, Envelope, PublicKey, SpoiledEnvelope, rehearse};
