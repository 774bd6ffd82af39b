//! The cluster as a picture: cards in the DOM, everything that moves on a canvas above them.

mod painter;

pub use painter::Painter;

use yew::prelude::*;

/// The stage.
#[component]
pub fn Stage() -> Html {
    html! { <section class="stage"></section> }
}
