//! One size for everything sealed, so that a length never tells how much a
//! person wrote.

/// Sealed contents fill whole steps of this many bytes.
pub const STEP: usize = 16 * 1024;

/// Padding that does not end as padding must.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the padding is broken")]
pub struct BrokenPadding;

/// The content, a marker byte, and zeroes up to the next whole step.
///
/// Source: ISO/IEC 7816-4 padding.
#[must_use]
pub fn pad(content: &[u8]) -> Vec<u8> {
    let size = (content.len() + 1).next_multiple_of(STEP);
    let mut out = Vec::with_capacity(size);
    out.extend_from_slice(content);
    out.push(0x80);
    out.resize(size, 0);
    out
}

/// The content again.
///
/// # Errors
/// If the bytes were not made by [`pad`].
pub fn unpad(padded: &[u8]) -> Result<&[u8], BrokenPadding> {
    // Most of it is zeroes: they are passed over in blocks, not byte by byte.
    let blocks = padded.rchunks_exact(64).take_while(|block| **block == [0; 64]).count();
    let rest = padded.get(..padded.len() - 64 * blocks).unwrap_or_default();
    let end = rest.iter().rposition(|&byte| byte != 0).ok_or(BrokenPadding)?;
    match padded.split_at_checked(end) {
        Some((content, [0x80, ..])) => Ok(content),
        _ => Err(BrokenPadding),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_short_content_has_one_size() {
        for content in [&b""[..], b"x", b"ends in zero\0", &[0x80; 3][..], &[7; STEP - 1][..]] {
            let padded = pad(content);
            assert_eq!(padded.len(), STEP);
            assert_eq!(unpad(&padded), Ok(content));
        }
        assert_eq!(pad(&[7; STEP]).len(), 2 * STEP);
    }

    #[test]
    fn bytes_without_the_marker_are_refused() {
        assert_eq!(unpad(&[0; 32]), Err(BrokenPadding));
        assert_eq!(unpad(&[1; 32]), Err(BrokenPadding));
    }
}
