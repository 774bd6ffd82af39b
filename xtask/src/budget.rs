//! How much a visitor loads before the page comes to life.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The limit for the first load, in bytes of brotli.
const LIMIT_BYTES: usize = 400_000;

/// Prints what the first load weighs; with `enforce`, fails when it is over the limit.
pub fn report(dist: &Path, enforce: bool) -> Result<()> {
    let mut files = Vec::new();
    collect(dist, &mut files)?;
    files.sort();
    let (mut total, mut texts, mut later) = (0, 0, 0);
    println!("\n{:>10} {:>10}  first load", "bytes", "brotli");
    for path in files {
        let plain = fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
        let packed = packed_len(&plain)?;
        if path.file_name().is_some_and(|name| name.to_string_lossy().contains("_rest-")) {
            // The page is alive before it asks for this.
            later += packed;
        } else if path.extension().is_some_and(|end| end == "ftl") {
            // A visitor loads one language.
            total += packed.saturating_sub(texts);
            texts = texts.max(packed);
        } else {
            total += packed;
        }
        let name = path.strip_prefix(dist).unwrap_or(&path);
        println!("{:>10} {packed:>10}  {}", plain.len(), name.display());
    }
    println!("{:>10} {later:>10}  after the page has come to life", "");
    println!("{:>10} {total:>10}  before that, with one language, of {LIMIT_BYTES} allowed", "");
    if enforce && total > LIMIT_BYTES {
        bail!("the first load is {total} bytes as brotli, over the {LIMIT_BYTES} allowed");
    }
    Ok(())
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(dir).with_context(|| format!("reading {}", dir.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|end| ["html", "css", "js", "wasm", "ftl"].iter().any(|e| end == *e))
        {
            files.push(path);
        }
    }
    Ok(())
}

/// The length of some content as brotli at its strongest, as a static host would keep it.
fn packed_len(plain: &[u8]) -> Result<usize> {
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &plain[..], &mut packed, &params)?;
    Ok(packed.len())
}
