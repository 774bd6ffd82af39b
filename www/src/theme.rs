//! Light or dark: as the system says until a person chooses, remembered from then on.

use crate::storage;

const KEY: &str = "highwater.theme";

/// What a person chose.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Its name in ids of texts, in storage and in the style sheet.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The one that the switch comes to next.
    pub fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    /// What was chosen in an earlier visit.
    pub fn remembered() -> Self {
        match storage::kept(KEY).as_deref() {
            Some("light") => Self::Light,
            Some("dark") => Self::Dark,
            _ => Self::System,
        }
    }

    /// Puts it on, and remembers it. A browser that keeps nothing forgets it with the visit.
    pub fn put_on(self) {
        self.apply();
        storage::keep(KEY, self.name());
    }

    /// Puts it on.
    pub fn apply(self) {
        let document = web_sys::window().and_then(|window| window.document());
        if let Some(root) = document.and_then(|document| document.document_element()) {
            root.set_attribute("data-theme", self.name()).ok();
        }
    }
}
