//! The controller: where heartbeats of brokers end and metadata begins.

use highwater::engine::NodeId;
use highwater::view::ProcessState;
use yew::prelude::*;

use super::card;
use crate::context::use_page;
use crate::session::Selection;

/// The controller's card.
#[component]
pub fn ControllerCard() -> Html {
    let page = use_page();
    let live = page.view.brokers.iter().filter(|broker| !broker.fenced).count();
    let args = [("live", live.to_string()), ("all", page.view.brokers.len().to_string())];
    let id = NodeId(0);
    let selected = page.selection == Some(Selection::Node(id));
    let state = card::state(&page, id, ProcessState::Running);
    html! {
        <div class={classes!("card-controller", selected.then_some("selected"))} data-slot="card" data-node="0">
            <span class={if state.is_some() { "lamp warn" } else { "lamp" }}></span>
            <h3 class="card-name">
                <button type="button" class="card-select" onclick={page.select(Selection::Node(id))}>
                    { page.say("controller-name") }
                </button>
            </h3>
            <span class="controller-live">
                { state.unwrap_or_else(|| page.text.with("controller-live", &args)) }
            </span>
        </div>
    }
}
