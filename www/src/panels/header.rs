//! The top bar: name, language, theme.

use yew::prelude::*;

/// The header.
#[component]
pub fn Header() -> Html {
    html! { <header class="top"><h1 class="top-name">{ "Highwater" }</h1></header> }
}
