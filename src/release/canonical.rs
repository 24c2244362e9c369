//! The one way in which a release is written down: the same release, the same
//! bytes, on every machine.
//!
//! JSON in UTF-8 without spaces; keys sorted by their bytes; whole numbers as
//! they are; every other number with exactly six decimals, halves away from
//! zero. `digest` is the SHA-256 of the same text without the key `digest`.

use serde_json::{Map, Number, Value};
use sha2::{Digest, Sha256};

/// The key of the digest.
pub(super) const DIGEST: &str = "digest";

/// The canonical text of a value.
pub(super) fn text(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

/// The digest of a release without its digest.
pub(super) fn digest(rest: &Value) -> String {
    hex::encode(Sha256::digest(text(rest).as_bytes()))
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => write_object(map, out),
        Value::Array(list) => {
            out.push('[');
            for (place, item) in list.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Number(number) => out.push_str(&number_text(number)),
        Value::Null | Value::Bool(_) | Value::String(_) => out.push_str(&value.to_string()),
    }
}

/// Whole numbers as they are, others with six decimals.
fn number_text(number: &Number) -> String {
    match number.as_f64().filter(|_| number.is_f64()) {
        Some(decimal) => format!("{decimal:.6}"),
        None => number.to_string(),
    }
}

fn write_object(map: &Map<String, Value>, out: &mut String) {
    // Sorted here, because the order of the map depends on how another crate
    // was built.
    let mut keys: Vec<(&String, &Value)> = map.iter().collect();
    keys.sort_by_key(|(key, _)| key.as_str());
    out.push('{');
    for (place, (key, value)) in keys.into_iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        out.push_str(&Value::from(key.as_str()).to_string());
        out.push(':');
        write(value, out);
    }
    out.push('}');
}
