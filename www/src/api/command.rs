//! Commands from JavaScript: TOML text, or an object in the same words.

use highwater::cluster::Command;
use highwater::scenario::parse_command;
use js_sys::{Array, JSON, Object};
use wasm_bindgen::{JsCast, JsValue};

/// Reads a command.
///
/// # Errors
/// What is wrong with it, in words.
pub fn read(command: &JsValue) -> Result<Command, String> {
    if let Some(text) = command.as_string() {
        return parse_command(&text).map_err(|errors| lines(&errors));
    }
    let text = table(command)?;
    let reasons = |errors: Vec<highwater::scenario::ScenarioError>| {
        errors.into_iter().map(|error| error.message).collect::<Vec<_>>().join("\n")
    };
    parse_command(&text).map_err(reasons)
}

/// Mistakes, one a line.
pub fn lines(errors: &[highwater::scenario::ScenarioError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// An object as the lines of a TOML table.
fn table(object: &JsValue) -> Result<String, String> {
    let Some(object) = object.dyn_ref::<Object>() else {
        return Err("a command is an object such as { \"kill-broker\": 1 }, or TOML text".into());
    };
    let entries = entries(object)?;
    Ok(entries.into_iter().map(|(key, value)| format!("{key} = {value}\n")).collect())
}

fn entries(object: &Object) -> Result<Vec<(String, String)>, String> {
    let mut entries = Vec::new();
    for entry in Object::entries(object).iter() {
        let entry: Array = entry.unchecked_into();
        let (key, value) = (entry.get(0), entry.get(1));
        // What JavaScript leaves out is not there.
        if !value.is_undefined() && !value.is_null() {
            entries.push((json(&key), inline(&value)?));
        }
    }
    Ok(entries)
}

/// A value as TOML writes it within a line.
fn inline(value: &JsValue) -> Result<String, String> {
    if value.is_string() || value.as_bool().is_some() || value.as_f64().is_some() {
        return Ok(json(value));
    }
    if let Some(list) = value.dyn_ref::<Array>() {
        let items: Result<Vec<_>, _> = list.iter().map(|item| inline(&item)).collect();
        return Ok(format!("[{}]", items?.join(", ")));
    }
    if let Some(object) = value.dyn_ref::<Object>() {
        let entries = entries(object)?;
        let entries: Vec<_> =
            entries.into_iter().map(|(key, value)| format!("{key} = {value}")).collect();
        return Ok(format!("{{ {} }}", entries.join(", ")));
    }
    Err("commands hold texts, numbers, true and false, lists and objects only".into())
}

/// A text, number or truth value as JSON writes it, and TOML, too.
fn json(value: &JsValue) -> String {
    JSON::stringify(value).map(String::from).unwrap_or_default()
}
