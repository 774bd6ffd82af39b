//! The controllers: where heartbeats of brokers end and metadata begins.

use highwater::cluster::Command;
use highwater::view::{ControllerView, ProcessState};
use yew::prelude::*;

use super::card;
use super::names::Names;
use crate::context::Page;
use crate::panels::icons::Icon;
use crate::panels::order::order_icon;
use crate::session::Selection;

/// The controller's card, or one for each of a quorum.
pub fn controller_card(page: &Page) -> Html {
    let controllers = &page.view.controllers;
    let is_led = controllers.iter().any(|controller| controller.is_active);
    let cards = html! {
        { for (1..).zip(controllers).map(|(number, controller)| card(page, number, controller)) }
    };
    let title = page.say("kind-controller");
    html! {
        <>
            if !is_led {
                <span class="controller-live" role="status">{ page.say("controller-none") }</span>
            }
            if controllers.len() == 1 {
                { cards }
            } else {
                // A line of its own: their name once, and each by its number.
                <div class="quorum" role="group" aria-label={title.clone()}>
                    <span aria-hidden="true">{ title }</span>
                    { cards }
                </div>
            }
        </>
    }
}

fn card(page: &Page, number: u16, controller: &ControllerView) -> Html {
    let view = &page.view;
    let id = controller.id;
    let live = view.brokers.iter().filter(|broker| !broker.fenced).count();
    let args = [("live", live.to_string()), ("all", view.brokers.len().to_string())];
    let runs = matches!(controller.process, ProcessState::Running | ProcessState::Stopping);
    let is_single = view.controllers.len() == 1;
    let name = Names::of(view).node(id);
    let name = if is_single { page.say("controller-name") } else { name };
    let selected = page.selection == Some(Selection::Node(id));
    let state = card::state(page, id, controller.process);
    let lamp = match (runs, &state) {
        (false, _) => "lamp off",
        (true, Some(_)) => "lamp warn",
        (true, None) => "lamp",
    };
    let live = controller.is_active.then(|| page.text.with("controller-live", &args));
    html! {
        <div class={classes!("card-controller", selected.then_some("selected"))} title={name.clone()} data-slot="card" data-node={id.to_string()}>
            <span class={lamp}></span>
            <h3 class="card-name">
                <button type="button" class="card-select" onclick={page.select(Selection::Node(id))}>
                    if is_single {
                        { name.clone() }
                    } else {
                        <span class="hidden">{ "controller " }</span>
                        { number }
                    }
                </button>
            </h3>
            if let Some(words) = state.or(live) {
                <span class="controller-live">{ words }</span>
            }
            if !is_single {
                { action(page, number, &name, runs) }
            }
        </div>
    }
}

/// Kills or starts a controller.
fn action(page: &Page, number: u16, name: &str, runs: bool) -> Html {
    let (icon, message, command) = match runs {
        true => (Icon::Kill, "act-kill", Command::KillController(number)),
        false => (Icon::Start, "act-start", Command::StartController(number)),
    };
    let label = page.text.with(message, &[("node", name.to_owned())]);
    order_icon(page, icon, label, command)
}
