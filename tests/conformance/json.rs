//! Reading vectors.

use serde_json::Value as Json;

pub fn list(json: &Json) -> &[Json] {
    json.as_array().map_or(&[], Vec::as_slice)
}

pub fn number(json: &Json) -> i64 {
    json.as_i64().unwrap_or_default()
}

pub fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_default()
}

/// Bytes written in hex; `None` is null.
pub fn bytes(hex: &Json) -> Option<Vec<u8>> {
    let digits = hex.as_str()?.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    Some(digits.map(|pair| byte(pair).expect("two hex digits")).collect())
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What differs, if anything does.
pub fn differs(what: &str, ours: Json, theirs: &Json) -> Vec<String> {
    if ours == *theirs { Vec::new() } else { vec![format!("{what}: {ours} not {theirs}")] }
}
