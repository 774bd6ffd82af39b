//! The browser for the tests, and the driver that goes with it.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::{debian, paths};

const MAC_CHROME: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// Finds Chromium or Chrome, or installs it on Debian.
pub fn chromium() -> Result<PathBuf> {
    find_or_install("Chromium or Chrome", || {
        let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
        named("CHROME")
            .or_else(|| names.into_iter().find_map(paths::which))
            .or_else(|| Some(PathBuf::from(MAC_CHROME)).filter(|path| path.is_file()))
    })
}

/// Finds the chromedriver that goes with it, or installs it on Debian.
pub fn driver() -> Result<PathBuf> {
    find_or_install("chromedriver, of the same version as the browser,", || {
        let names = ["chromedriver", "chromium.chromedriver"];
        named("CHROMEDRIVER").or_else(|| names.into_iter().find_map(paths::which))
    })
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file())
}

fn find_or_install(what: &str, find: impl Fn() -> Option<PathBuf>) -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    if debian::possible() {
        // Together, for their versions must agree.
        debian::install(&["chromium", "chromium-driver"], "about 1 min")?;
        if let Some(found) = find() {
            return Ok(found);
        }
    }
    bail!(
        "the tests want {what} and there is none. Install it, then run this command again:\n\
         \n    Debian: sudo apt-get install chromium chromium-driver\
         \n    Fedora: sudo dnf install chromium chromedriver\
         \n    macOS:  brew install --cask google-chrome chromedriver\n\
         \nElsewhere, name them: CHROME=/path/to/chrome CHROMEDRIVER=/path/to/chromedriver"
    )
}
