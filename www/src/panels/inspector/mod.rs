//! What is selected: what it is, how it does, its knobs, and what can be done to it.

mod admin;
mod ask;
mod broker;
mod client;
mod consumer;
mod content;
mod dial;
mod facts;
mod faults;
mod handler;
mod knob;
mod knobs;
mod library;
mod locks;
mod message;
mod owner;
mod partition;
mod producer;
mod record;
mod send;

use highwater::engine::NodeId;
use highwater::history::Run;
use highwater::view::{ControllerView, ProcessState};
use yew::prelude::*;

use crate::app::SessionHandle;
use crate::context::Page;
use crate::session::Selection;
use crate::stage::{Names, state};

/// The inspector; the session is for what no snapshot carries.
pub fn inspector(page: &Page, session: &SessionHandle) -> Html {
    let view = &page.snapshot.view;
    let first = view.producers.first().map(|producer| Selection::Node(producer.id));
    let Some(selection) = page.snapshot.selection.clone().or(first) else {
        return html! { <p class="quiet">{ page.say("inspector-empty") }</p> };
    };
    let session = session.0.borrow();
    let found = match &selection {
        Selection::Node(id) => node(page, session.run(), *id),
        Selection::Partition(tp) => partition::show(page, *tp),
        Selection::Record(id) => Some(record::show(page, session.run(), *id)),
        Selection::Offset(tp, offset) => Some(record::show_at(page, session.run(), *tp, *offset)),
        Selection::Message(flight) => Some(message::show(page, &flight.0)),
    };
    let gone = || html! { <p class="quiet">{ page.say("inspector-gone") }</p> };
    html! { <div class="inspector">{ found.unwrap_or_else(gone) }</div> }
}

fn node(page: &Page, run: &Run, id: NodeId) -> Option<Html> {
    let view = &page.snapshot.view;
    let producer = view.producers.iter().find(|producer| producer.id == id);
    let consumer = view.consumers.iter().find(|consumer| consumer.id == id);
    let broker = view.brokers.iter().find(|broker| broker.id == id);
    producer
        .map(|producer| producer::show(page, producer))
        .or_else(|| consumer.map(|consumer| consumer::show(page, run, consumer)))
        .or_else(|| broker.map(|broker| broker::show(page, run, broker)))
        .or_else(|| {
            let controller = view.controllers.iter().find(|controller| controller.id == id);
            controller.map(|shown| self::controller(page, shown))
        })
}

/// A controller.
fn controller(page: &Page, controller: &ControllerView) -> Html {
    let id = controller.id;
    let runs = matches!(controller.process, ProcessState::Running | ProcessState::Stopping);
    let name = Names::of(&page.snapshot.view).node(id);
    html! {
        <>
            { heading(page.say("kind-controller"), name, state(page, id, controller.process)) }
            { admin::topics(page) }
            { faults::show(page, id, runs) }
        </>
    }
}

/// Kind and name of what is shown.
fn heading(kind: String, name: String, state: Option<String>) -> Html {
    html! {
        <header class="inspector-head">
            <p class="inspector-kind">{ kind }</p>
            <h2>{ name }</h2>
            if let Some(state) = state {
                <p class="inspector-state">{ state }</p>
            }
        </header>
    }
}

/// What ends or begins a node, apart from all that is turned and taken back.
fn actions(page: &Page, buttons: Html) -> Html {
    html! {
        <section class="actions">
            <h3>{ page.say("inspector-actions") }</h3>
            <p class="buttons">{ buttons }</p>
        </section>
    }
}
