//! One size for everything sealed, so that a length never tells how much a
//! person wrote.

/// The size to which contents are padded that belong together, in bytes: all
/// replies of one survey, however long each is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(usize);

/// No size is smaller.
const SMALLEST: usize = 1024;

/// Padding that does not end as padding must.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the padding is broken")]
pub struct BrokenPadding;

impl Size {
    /// A size for contents of which the longest has so many bytes.
    #[must_use]
    pub fn for_longest(bytes: usize) -> Self {
        Self((bytes + 1).next_power_of_two().max(SMALLEST))
    }
}

/// The content, a marker byte, and zeroes up to the size; should the content be
/// longer than the longest was thought to be, up to the next multiple of it.
///
/// Source: ISO/IEC 7816-4 padding.
#[must_use]
pub fn pad(content: &[u8], size: Size) -> Vec<u8> {
    let length = (content.len() + 1).next_multiple_of(size.0);
    let mut out = Vec::with_capacity(length);
    out.extend_from_slice(content);
    out.push(0x80);
    out.resize(length, 0);
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
    fn every_content_up_to_the_longest_has_one_size() {
        for (longest, wanted) in [(0, 1024), (1023, 1024), (1024, 2048), (15_000, 16_384)] {
            let size = Size::for_longest(longest);
            let most = vec![7; longest];
            for content in [&most[..], &b""[..], b"x", b"ends in zero\0", &[0x80; 3][..]] {
                if content.len() > longest {
                    continue;
                }
                let padded = pad(content, size);
                assert_eq!(padded.len(), wanted);
                assert_eq!(unpad(&padded), Ok(content));
            }
        }
    }

    #[test]
    fn a_longer_content_is_not_cut() {
        let content = [7; 1024];
        let padded = pad(&content, Size::for_longest(1000));
        assert_eq!((padded.len(), unpad(&padded)), (2048, Ok(&content[..])));
    }

    #[test]
    fn bytes_without_the_marker_are_refused() {
        assert_eq!(unpad(&[0; 32]), Err(BrokenPadding));
        assert_eq!(unpad(&[1; 32]), Err(BrokenPadding));
    }
}
