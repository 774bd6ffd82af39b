//! The lesson beside the stage.

use yew::prelude::*;

use crate::app::SessionHandle;

/// What the lesson needs.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The session, to judge goals by.
    pub session: SessionHandle,
}

/// The lesson pane.
#[component]
pub fn LessonPane(_props: &Props) -> Html {
    html! {}
}
