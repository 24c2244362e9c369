//! An address as a picture that telephones read.

use std::fmt::Write;

use qrcode::{EcLevel, QrCode};
use zeroize::Zeroizing;

/// Light squares around the picture, without which it is not found.
const QUIET: usize = 4;

/// The picture as an SVG element that holds no style; nothing if the text is too long.
pub(super) fn svg(text: &str) -> Option<Zeroizing<String>> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut dark = String::new();
    for (at, colour) in code.to_colors().into_iter().enumerate() {
        if colour == qrcode::Color::Dark {
            let (x, y) = (at % width + QUIET, at / width + QUIET);
            // A text takes whatever is written to it.
            let _ = write!(dark, "M{x} {y}h1v1h-1z");
        }
    }
    let side = width + 2 * QUIET;
    Some(Zeroizing::new(format!(
        "<svg class=\"so-qr\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
         role=\"img\" aria-label=\"The secret as a picture for the app\" \
         shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/>\
         <path d=\"{dark}\" fill=\"#000\"/></svg>"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_a_light_border_and_no_style() {
        let picture = svg("otpauth://totp/x?secret=ABC").expect("a picture");
        assert!(picture.contains("M4 4h1v1h-1z") && !picture.contains("style"));
        assert!(!picture.contains("M3 4h"));
        assert!(svg(&"x".repeat(5000)).is_none());
    }
}
