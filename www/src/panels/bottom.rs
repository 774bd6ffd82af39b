//! Below the stage: event log, verdict, metrics.

use yew::prelude::*;

use crate::app::SessionHandle;

/// What the bottom needs.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The session, for the event log.
    pub session: SessionHandle,
}

/// The bottom tabs.
#[component]
pub fn Bottom(_props: &Props) -> Html {
    html! {}
}
