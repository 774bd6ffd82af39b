//! The browser for the tests, and the driver that goes with it.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::{debian, paths};

/// A headless browser.
#[derive(Debug)]
pub struct Browser {
    /// Chromium or Chrome.
    pub chromium: PathBuf,
    /// The chromedriver of the same version.
    pub driver: PathBuf,
}

const MAC_CHROME: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// Finds a browser and its driver, or installs them on Debian.
pub fn ensure() -> Result<Browser> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    if debian::possible() {
        debian::install(&["chromium", "chromium-driver"], "about 1 min")?;
        if let Some(browser) = find() {
            return Ok(browser);
        }
    }
    bail!(
        "the tests want Chromium or Chrome, and chromedriver of the same version. Install them, \
         then run this command again:\n\
         \n    Debian, Ubuntu: sudo apt-get install chromium chromium-driver\
         \n    Fedora:         sudo dnf install chromium chromedriver\
         \n    macOS:          brew install --cask google-chrome chromedriver\n\
         \nElsewhere, name them: CHROME=/path/to/chrome CHROMEDRIVER=/path/to/chromedriver"
    )
}

fn find() -> Option<Browser> {
    let named = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_file());
    let chromium = named("CHROME")
        .or_else(|| {
            ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
                .into_iter()
                .find_map(paths::which)
        })
        .or_else(|| Some(PathBuf::from(MAC_CHROME)).filter(|path| Path::exists(path)))?;
    let driver = named("CHROMEDRIVER")
        .or_else(|| paths::which("chromedriver"))
        .or_else(|| paths::which("chromium.chromedriver"))?;
    Some(Browser { chromium, driver })
}
