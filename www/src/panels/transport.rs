//! Time: play, pause, step, speed, the virtual clock and a timeline of what mattered.

use yew::prelude::*;

/// The transport bar.
#[component]
pub fn Transport() -> Html {
    html! { <section class="transport"></section> }
}
