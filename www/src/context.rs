//! What every component can reach: the snapshot, the way to act, the language, the shell.

use std::ops::Deref;

use yew::prelude::*;

use crate::session::{Action, Selection, Snapshot};
use crate::text::Text;
use crate::theme::Theme;

/// What a phone shows below the stage, where there is room for one thing.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Pane {
    /// The lesson.
    Lesson,
    /// The selected thing.
    Side,
    /// Event log, verdict, metrics.
    Bottom,
}

impl Pane {
    /// All of them, in the order of the tabs.
    pub const ALL: [Self; 3] = [Self::Lesson, Self::Side, Self::Bottom];

    /// Its name in ids of texts and in the style sheet.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lesson => "lesson",
            Self::Side => "side",
            Self::Bottom => "bottom",
        }
    }
}

/// How the page is arranged.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Shell {
    /// The lesson stands beside the stage.
    pub lesson_open: bool,
    /// What a phone shows below the stage.
    pub pane: Pane,
    /// Light or dark.
    pub theme: Theme,
}

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
    /// How the page is arranged.
    pub shell: Shell,
    /// Arranges it anew.
    pub set_shell: Callback<Shell>,
}

impl Page {
    /// A handler that says what a person wants, whatever the event.
    pub fn on<E>(&self, action: Action) -> Callback<E> {
        let act = self.act.clone();
        Callback::from(move |_| act.emit(action.clone()))
    }

    /// A handler that selects something.
    pub fn select<E>(&self, selection: Selection) -> Callback<E> {
        self.on(Action::Select(Some(selection)))
    }

    /// The text with this id.
    pub fn say(&self, id: &str) -> String {
        self.text.get(id)
    }
}

impl Deref for Page {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        &self.snapshot
    }
}

/// The page's context.
#[hook]
pub fn use_page() -> Page {
    use_context::<Page>().expect("components live inside the app")
}
