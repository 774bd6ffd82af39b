//! Right of the stage: what is selected, and its knobs.

use yew::prelude::*;

use super::inspector::Inspector;
use crate::app::SessionHandle;

/// What the side needs.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The session, for what no snapshot carries.
    pub session: SessionHandle,
}

/// The right pane.
#[component]
pub fn Side(props: &Props) -> Html {
    html! { <Inspector session={props.session.clone()} /> }
}
