//! The controller: where heartbeats of brokers end and metadata begins.

use yew::prelude::*;

use crate::context::use_page;

/// The controller's card.
#[component]
pub fn ControllerCard() -> Html {
    let page = use_page();
    let live = page.view.brokers.iter().filter(|broker| !broker.fenced).count();
    let args = [("live", live.to_string()), ("all", page.view.brokers.len().to_string())];
    html! {
        <div class="card-controller" data-slot="card" data-node="0">
            <span class="lamp"></span>
            <h3 class="card-name">{ page.say("controller-name") }</h3>
            <span class="controller-live">{ page.text.with("controller-live", &args) }</span>
        </div>
    }
}
