//! What every component can reach: the snapshot, the way to act, the language.

use yew::prelude::*;

use crate::session::{Action, Snapshot};
use crate::text::Text;

/// Handed down from the app by Yew's context.
#[derive(Clone, PartialEq)]
pub struct Page {
    /// What the cluster looks like.
    pub snapshot: Snapshot,
    /// Says what a person wants.
    pub act: Callback<Action>,
    /// The texts in the chosen language.
    pub text: Text,
    /// Chooses a language by its code, `en` or `ru`.
    pub set_language: Callback<&'static str>,
}

/// The page's context.
#[hook]
pub fn use_page() -> Page {
    use_context::<Page>().expect("components live inside the app")
}
