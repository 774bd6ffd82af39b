//! What wasm-bindgen wrote to tie the module to JavaScript, without what only people read, and with
//! what loads the module's second half.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Digits of the fingerprints that wasm-bindgen ends names with.
const DIGITS: usize = 16;

/// Takes comments and indents from the script, and the fingerprints from the names by which script
/// and module know each other: no compression makes anything of those.
pub fn shrink(script: &Path, module: &Path) -> Result<()> {
    let text = fs::read_to_string(script).context("reading the script of wasm-bindgen")?;
    let text = bare(&text);
    let prints = fingerprints(&text);
    let mut code = fs::read(module).context("reading the module")?;
    for (number, print) in prints.iter().enumerate() {
        replace(&mut code, print.as_bytes(), plain(number).as_bytes());
    }
    let named = prints
        .iter()
        .enumerate()
        .fold(text.clone(), |text, (number, print)| text.replace(print.as_str(), &plain(number)));
    fs::write(module, code)?;
    fs::write(script, named)?;
    Ok(())
}

/// Teaches the script to load the rest of a module that was split (see [`crate::split`]).
pub fn attach_rest(script: &Path) -> Result<()> {
    import(script, "rest: { load: loadRestNow },", &bare(include_str!("rest.js")))
}

/// Makes the script keep which functions of a counting module were called (see [`crate::opening`]).
pub fn attach_counter(script: &Path) -> Result<()> {
    import(script, "opening: { called: (index) => called.add(index) },", COUNTER)
}

// Its second half never comes: what the panels call is late.
const COUNTER: &str =
    "globalThis.called = new Set();\nexport const loadRest = () => new Promise(() => {});\n";

/// Gives the module one more import, with the code behind it.
fn import(script: &Path, import: &str, code: &str) -> Result<()> {
    let text = fs::read_to_string(script).context("reading the script of wasm-bindgen")?;
    let imports = "\"./highwater_bg.js\": import0,";
    let (before, after) = text.split_once(imports).context("the script gives imports elsewhere")?;
    fs::write(script, format!("{before}{imports}\n{import}{after}{code}"))?;
    Ok(())
}

/// The lines of a script without indents, empty ones, and those that are comments.
fn bare(script: &str) -> String {
    let mut in_comment = false;
    let mut bare = String::with_capacity(script.len());
    for line in script.lines().map(str::trim) {
        in_comment |= line.starts_with("/*");
        if !in_comment && !line.is_empty() && !line.starts_with("//") {
            bare.extend([line, "\n"]);
        }
        in_comment &= !line.ends_with("*/");
    }
    bare
}

/// The fingerprints at the end of names, each once.
fn fingerprints(script: &str) -> Vec<String> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut prints: Vec<String> = Vec::new();
    for word in script.split(|c| !is_word(c)).filter(|word| word.starts_with("__w")) {
        let Some((_, print)) = word.rsplit_once('_') else { continue };
        let is_print = print.len() == DIGITS && print.chars().all(|c| c.is_ascii_hexdigit());
        if is_print && !prints.iter().any(|known| known == print) {
            prints.push(print.to_owned());
        }
    }
    prints
}

/// What stands for a fingerprint: as long, so that nothing moves in the module.
fn plain(number: usize) -> String {
    format!("{number:0DIGITS$}")
}

fn replace(code: &mut [u8], old: &[u8], new: &[u8]) {
    let mut at = 0;
    while let Some(found) = code[at..].windows(old.len()).position(|window| window == old) {
        at += found;
        code[at..at + old.len()].copy_from_slice(new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_code_stays() {
        let script = "/**\n * It adds.\n */\nexport function add(a) {\n\n    // Why.\n    return a; /* here */\n}\n";
        assert_eq!(bare(script), "export function add(a) {\nreturn a; /* here */\n}\n");
    }

    #[test]
    fn names_agree_in_script_and_module() -> Result<()> {
        let base = std::env::temp_dir().join(format!("highwater-glue-{}", std::process::id()));
        fs::create_dir_all(&base)?;
        let (script, module) = (base.join("a.js"), base.join("a.wasm"));
        let names = ["__wbg_now_0123456789abcdef", "__wbg_log_fedcba9876543210"];
        fs::write(&script, format!("{}(), {}, not_0123456789abcdee", names[0], names[1]))?;
        fs::write(&module, format!("\0{}\x01{}{}", names[1], names[0], names[1]))?;
        shrink(&script, &module)?;
        let [now, log] = ["__wbg_now_0000000000000000", "__wbg_log_0000000000000001"];
        let text = fs::read_to_string(&script)?;
        assert_eq!(text, format!("{now}(), {log}, not_0123456789abcdee\n"));
        assert_eq!(fs::read_to_string(&module)?, format!("\0{log}\x01{now}{log}"));
        fs::remove_dir_all(&base)?;
        Ok(())
    }
}
