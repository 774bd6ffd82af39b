//! The page: compiled, bound to JavaScript, made small and laid out in `dist/`.
//!
//! Scripts, styles and the module get names with a fingerprint of their content, so that a host
//! may let browsers keep them for ever; whoever names them is rewritten. All addresses are
//! relative, so `dist/` works from any folder of any host.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::proc::{self, step};
use crate::{glue, late, lessons, npm, paths, split, toolchain, tools};

/// How much care the module gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// As the compiler left it, with names for stack traces: to play.
    Quick,
    /// Run through wasm-opt and split: to publish.
    Small,
}

/// Names that tell what a generic function was made for.
const NAMES: &str = "target.wasm32-unknown-unknown.rustflags=['-Csymbol-mangling-version=v0']";

/// The module, or its first half.
const MODULE: &str = "highwater_bg.wasm";

/// What ties it to JavaScript.
const SCRIPT: &str = "highwater.js";

/// The module's second half (see [`crate::split`]).
const REST: &str = "highwater_rest.wasm";

const WASM_OPT: [&str; 15] = [
    "-Oz",
    "--converge",
    // What a function does reads the same in many places, compressed, unless it is mixed into the
    // one that calls it.
    "--one-caller-inline-max-function-size=20",
    // Nothing lies below the stack's last kilobyte.
    "--low-memory-unused",
    // Zeros between data cost less, compressed, than the two thousand addresses that skip them.
    "--skip-pass=memory-packing",
    "--strip-producers",
    "--strip-target-features",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    // The split goes by names.
    "--debuginfo",
    // Functions made from one generic stand side by side, where brotli sees what they share.
    "--reorder-functions-by-name",
];

/// Builds the page and gives back where it is.
pub fn build(finish: Finish) -> Result<PathBuf> {
    if finish == Finish::Small {
        npm::ensure()?;
    }
    let bound = bind()?;
    if finish == Finish::Small {
        let module = bound.join(MODULE);
        shrink(&module)?;
        let halves = split::split(&fs::read(&module)?, late::is_late)?;
        fs::write(&module, halves.first)?;
        fs::write(bound.join(REST), halves.rest)?;
        let script = bound.join(SCRIPT);
        glue::shrink(&script, &module)?;
        glue::attach_rest(&script)?;
    }
    let dist = paths::dist();
    let fresh = paths::wasm_target().join("dist");
    tools::remove(&fresh)?;
    assemble(&paths::root(), &bound, &fresh)?;
    tools::remove(&dist)?;
    fs::rename(&fresh, &dist).with_context(|| format!("moving the page to {}", dist.display()))?;
    Ok(dist)
}

/// Builds a page that keeps which functions it has called, and gives back its module as it was
/// before that, with names, and where the page is.
pub fn build_counting() -> Result<(PathBuf, PathBuf)> {
    npm::ensure()?;
    let bound = bind()?;
    let module = bound.join(MODULE);
    shrink(&module)?;
    let named = paths::wasm_target().join("named.wasm");
    fs::copy(&module, &named)?;
    fs::write(&module, split::count(&fs::read(&module)?)?)?;
    glue::attach_counter(&bound.join(SCRIPT))?;
    let site = paths::wasm_target().join("counting");
    tools::remove(&site)?;
    assemble(&paths::root(), &bound, &site)?;
    Ok((named, site))
}

/// Compiles the page's crate and binds it to JavaScript; gives back the folder of both.
fn bind() -> Result<PathBuf> {
    let toolchain = toolchain::ensure()?;
    let bindgen = tools::bindgen()?;
    step("building the page (2 to 3 min the first time)");
    let mut cargo = toolchain.cargo("build");
    cargo.args(["--config", NAMES, "--profile", "wasm-release", "-p", "highwater-www"]);
    proc::run(&mut cargo)?;
    let target = paths::wasm_target();
    let compiled = target.join(toolchain::TARGET).join("wasm-release/highwater_www.wasm");
    let bound = target.join("page");
    tools::remove(&bound)?;
    proc::run(
        proc::command(&bindgen.cli)
            .args(["--target", "web", "--no-typescript", "--out-name", "highwater"])
            .arg("--out-dir")
            .arg(&bound)
            .arg(&compiled),
    )?;
    Ok(bound)
}

/// Runs wasm-opt over a module, or takes the result it had for the same module and options before.
fn shrink(module: &Path) -> Result<()> {
    let mut key = fs::read(module)?;
    key.extend(WASM_OPT.concat().bytes());
    let print = tools::fingerprint(&key);
    let kept = paths::wasm_target().join("wasm-opt");
    let small = kept.join(format!("{print}.wasm"));
    if !small.exists() {
        step("making the module small with wasm-opt (up to 2 min)");
        tools::remove(&kept)?;
        fs::create_dir_all(&kept)?;
        let part = kept.join("part");
        proc::run(
            proc::command("node")
                .arg(npm::wasm_opt())
                .args(WASM_OPT)
                .arg(module)
                .arg("-o")
                .arg(&part),
        )?;
        fs::rename(&part, &small)?;
    }
    fs::copy(&small, module)?;
    Ok(())
}

/// Lays out a page: `root` has index.html and www/, `bound` what wasm-bindgen made.
fn assemble(root: &Path, bound: &Path, dist: &Path) -> Result<()> {
    let mut renamed = Renamed::default();
    // Whoever names another file comes after it.
    renamed.put(&bound.join(MODULE), dist, "pkg")?;
    if bound.join(REST).exists() {
        renamed.put(&bound.join(REST), dist, "pkg")?;
    }
    renamed.put(&bound.join(SCRIPT), dist, "pkg")?;
    if bound.join("snippets").is_dir() {
        copy_tree(&bound.join("snippets"), &dist.join("pkg/snippets"))?;
    }
    let boot = Path::new("boot.js");
    let hashed = [("text", &["ftl", "properties"][..]), ("css", &["css"]), ("static", &["js"])];
    for (folder, hashed) in hashed {
        let mut files = list(&root.join("www").join(folder))?;
        files.sort_by_key(|path| (path.ends_with(boot), path.clone()));
        for path in files {
            if path.is_dir() {
                let name = path.file_name().context("a folder has a name")?;
                copy_tree(&path, &dist.join(folder).join(name))?;
            } else if path.extension().is_some_and(|end| hashed.iter().any(|it| end == *it)) {
                renamed.put(&path, dist, folder)?;
            } else {
                copy(&path, &dist.join(folder))?;
            }
        }
    }
    lessons::lay(&root.join("lessons"), &dist.join("lessons"))?;
    let index = fs::read_to_string(root.join("index.html")).context("reading index.html")?;
    fs::write(dist.join("index.html"), renamed.rewrite(&index))?;
    Ok(())
}

/// Files that got new names, and what they were called.
#[derive(Default)]
struct Renamed(Vec<(String, String)>);

impl Renamed {
    /// Writes a file under a name with its fingerprint, with the names in it brought up to date.
    fn put(&mut self, path: &Path, dist: &Path, folder: &str) -> Result<()> {
        let mut content = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        let name = path.file_name().and_then(|name| name.to_str()).context("a file has a name")?;
        let (stem, end) = name.rsplit_once('.').context("a file has an extension")?;
        if end != "wasm" {
            let text = String::from_utf8(content).with_context(|| format!("{name} is no text"))?;
            content = self.rewrite(&text).into_bytes();
        }
        let fresh = format!("{stem}-{}.{end}", tools::fingerprint(&content));
        let dir = dist.join(folder);
        fs::create_dir_all(&dir)?;
        fs::write(dir.join(&fresh), content)?;
        self.0.push((name.to_owned(), fresh));
        Ok(())
    }

    /// Replaces old names by new ones, where they stand as whole file names.
    fn rewrite(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (old, new) in &self.0 {
            let mut out = String::with_capacity(text.len());
            let mut rest = text.as_str();
            while let Some(at) = rest.find(old.as_str()) {
                let (before, found) = rest.split_at(at);
                let after = &found[old.len()..];
                let starts = before.ends_with(['/', '"', '\'', '(']);
                let ends = after.starts_with(['"', '\'', ')', '?', '#']);
                out.push_str(before);
                out.push_str(if starts && ends { new } else { old });
                rest = after;
            }
            out.push_str(rest);
            text = out;
        }
        text
    }
}

/// A folder's entries, sorted; none when it is not there.
fn list(dir: &Path) -> Result<Vec<PathBuf>> {
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir).with_context(|| format!("reading {}", dir.display()))? {
        paths.push(entry?.path());
    }
    paths.sort();
    Ok(paths)
}

fn copy(path: &Path, into: &Path) -> Result<()> {
    let name = path.file_name().context("a file has a name")?;
    fs::create_dir_all(into)?;
    fs::copy(path, into.join(name)).with_context(|| format!("copying {}", path.display()))?;
    Ok(())
}

fn copy_tree(from: &Path, into: &Path) -> Result<()> {
    for path in list(from)? {
        match path.file_name() {
            Some(name) if path.is_dir() => copy_tree(&path, &into.join(name))?,
            _ => copy(&path, into)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_names_are_rewritten() {
        let renamed = Renamed(vec![("app.css".into(), "app-1.css".into())]);
        assert_eq!(
            renamed.rewrite(r#"<link href="css/app.css"> my-app.css, "app.css.map" url(app.css)"#),
            r#"<link href="css/app-1.css"> my-app.css, "app.css.map" url(app-1.css)"#
        );
    }

    #[test]
    fn a_change_deep_down_changes_every_name_above() -> Result<()> {
        let base = std::env::temp_dir().join(format!("highwater-page-{}", std::process::id()));
        let lay = |wasm: &str| -> Result<(String, String)> {
            tools::remove(&base)?;
            let (bound, root, dist) = (base.join("b"), base.join("r"), base.join("d"));
            fs::create_dir_all(&bound)?;
            fs::create_dir_all(root.join("www/static/img"))?;
            fs::write(bound.join("highwater_bg.wasm"), wasm)?;
            fs::write(bound.join("highwater.js"), "new URL('highwater_bg.wasm')")?;
            fs::write(root.join("www/static/boot.js"), "import '../pkg/highwater.js'")?;
            fs::write(root.join("www/static/img/a.svg"), "<svg/>")?;
            fs::write(root.join("index.html"), "<script src=\"static/boot.js\">")?;
            assemble(&root, &bound, &dist)?;
            assert!(dist.join("static/img/a.svg").exists());
            let index = fs::read_to_string(dist.join("index.html"))?;
            let boot = index.split('"').nth(1).unwrap_or_default();
            Ok((boot.to_owned(), fs::read_to_string(dist.join(boot))?))
        };
        let (one, text) = lay("1")?;
        assert_ne!(one, lay("2")?.0);
        assert_eq!((one, text), lay("1")?);
        tools::remove(&base)
    }
}
