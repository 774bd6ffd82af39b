//! What clients have in common: closing, crashing, starting, removing; and what all nodes have: a
//! network that can be slow.

use std::sync::Arc;

use highwater::cluster::Command;
use highwater::engine::NodeId;
use highwater::view::ProcessState;
use yew::prelude::*;

use crate::context::Page;
use crate::session::Action;
use crate::stage::Names;

/// What a slow network adds to each packet, in µs: enough to be seen, and less than any timeout.
const SLOW_US: u64 = 200_000;

/// The network of a node: slow, or normal again.
pub fn slow(page: &Page, id: NodeId) -> Html {
    let view = &page.snapshot.view;
    let node: Arc<str> = Names::of(view).node(id).into();
    let slow = view.slow_nodes.iter().find(|(slow, _)| *slow == id);
    let (extra_us, say) = match slow {
        Some(_) => (0, "action-normal"),
        None => (SLOW_US, "action-slow"),
    };
    let state = slow.map_or_else(
        || page.say("network-normal"),
        |(_, us)| page.text.with("network-slow", &[("span", page.text.span(*us))]),
    );
    html! {
        <p class={classes!("link", slow.map(|_| "link-slow"))}>
            <span>{ state }</span>
            <button type="button" class="button"
                onclick={page.on(Action::Command(Command::SlowNode { node, extra_us }))}>
                { page.say(say) }
            </button>
        </p>
    }
}

/// The buttons of a client.
pub fn actions(page: &Page, id: NodeId, name: &Arc<str>, process: ProcessState) -> Html {
    let button = |id: &str, command: Command| {
        html! { <button type="button" class="button" onclick={page.on(Action::Command(command))}>{ page.say(id) }</button> }
    };
    let runs = process == ProcessState::Running;
    html! {
        <>
        <p class="buttons">
            if runs {
                { button("action-crash", Command::CrashClient(name.clone())) }
                { button("action-close", Command::CloseClient(name.clone())) }
            } else {
                { button("action-start", Command::StartClient(name.clone())) }
            }
            { button("action-remove", Command::RemoveClient(name.clone())) }
        </p>
        { slow(page, id) }
        </>
    }
}
