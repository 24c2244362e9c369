//! A release as `release.json`: its canonical bytes, as they are stored.

use crate::release::Release;

/// The whole release, canonical, with its digest.
#[must_use]
pub fn release_json(release: &Release) -> Vec<u8> {
    release.to_bytes()
}
