//! What can be broken at a node, and mended again: the same control does both. What is broken at
//! the node itself is a switch, each of its links a choice.

use std::sync::Arc;

use highwater::cluster::Command;
use highwater::engine::NodeId;
use highwater::view::View;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::locks::Locks;
use crate::context::Page;
use crate::panels::order::Order;
use crate::session::Action;
use crate::stage::Names;

/// What a slow network adds to each packet, in µs: enough to be seen, and less than any timeout.
const SLOW_US: u64 = 200_000;

/// What a slow disk adds to each write, in µs.
const SLOW_DISK_US: u64 = 30_000;

/// How long a process stands still unless it is let go, in µs: longer than the sessions of brokers
/// and consumers.
const PAUSE_US: u64 = 60_000_000;

/// How a link is, in the order of the choice.
const LINKS: [&str; 5] = ["whole", "slow", "cut", "cut-to", "cut-from"];

/// The faults of a node. One that does not run cannot be paused.
pub fn show(page: &Page, id: NodeId, runs: bool) -> Html {
    let view = &page.snapshot.view;
    let node: Arc<str> = Names::of(view).node(id).into();
    let plus = |id: &str, span_us| page.text.with(id, &[("span", page.text.span(span_us))]);
    let paused = view.paused.iter().any(|(paused, _)| *paused == id);
    let slow = view.slow_nodes.iter().any(|(slow, _)| *slow == id);
    let pause = Command::Pause { node: node.clone(), for_us: if paused { 0 } else { PAUSE_US } };
    let network = Command::SlowNode { node, extra_us: if slow { 0 } else { SLOW_US } };
    html! {
        <>
            <section>
                <h3>{ page.say("faults-links") }</h3>
                <ul class="links">{ for peers(view, id).into_iter().map(|peer| link(page, id, peer)) }</ul>
            </section>
            <section>
                <h3>{ page.say("faults-title") }</h3>
                <ul class="faults">
                    if runs {
                        { switch(page, paused, "fault-pause", plus("fault-pause-how", PAUSE_US), pause) }
                    }
                    { switch(page, slow, "fault-network", plus("fault-network-how", SLOW_US), network) }
                    { disk(page, id) }
                </ul>
            </section>
        </>
    }
}

fn disk(page: &Page, broker: NodeId) -> Html {
    let view = &page.snapshot.view;
    let Some(found) = view.brokers.iter().find(|other| other.id == broker) else {
        return html! {};
    };
    let (slow, full) = (found.slow_disk_us > 0, found.disk_full);
    let extra_us = if slow { 0 } else { SLOW_DISK_US };
    let fill = if full { Command::FreeDisk } else { Command::FillDisk };
    let how = page.text.with("fault-disk-how", &[("span", page.text.span(SLOW_DISK_US))]);
    html! {
        <>
            { switch(page, slow, "fault-disk", how, Command::SlowDisk { broker, extra_us }) }
            { switch(page, full, "fault-full", page.say("fault-full-how"), fill(broker)) }
        </>
    }
}

pub fn switch(page: &Page, on: bool, id: &str, how: String, command: Command) -> Html {
    let Order { onclick, locked, why } = Order::new(page, command);
    html! {
        <li>
            <button type="button" class="switch fault" aria-pressed={on.to_string()}
                aria-disabled={locked} {onclick}>
                <span class="switch-sign"></span>
                { page.say(id) }
                <span class="quiet">{ why.unwrap_or(how) }</span>
            </button>
        </li>
    }
}

/// Whom a node talks to: one end of every connection is a broker, or both are controllers.
fn peers(view: &View, id: NodeId) -> Vec<NodeId> {
    let controllers = || view.controllers.iter().map(|controller| controller.id);
    let mut peers: Vec<NodeId> = view.brokers.iter().map(|broker| broker.id).collect();
    if peers.contains(&id) {
        peers.retain(|peer| *peer != id);
        peers.splice(0..0, controllers());
        peers.extend(view.producers.iter().map(|producer| producer.id));
        peers.extend(view.consumers.iter().map(|consumer| consumer.id));
    } else if controllers().any(|controller| controller == id) {
        peers.splice(0..0, controllers().filter(|&other| other != id));
    }
    peers
}

/// How the link to a peer is, and how it shall be.
fn link(page: &Page, id: NodeId, peer: NodeId) -> Html {
    let view = &page.snapshot.view;
    let names = Names::of(view);
    let is_cut = |from, to| view.cut_links.contains(&(from, to));
    let is_slow = |from, to| view.slow_links.iter().any(|(a, b, _)| (*a, *b) == (from, to));
    let now = match (is_cut(id, peer), is_cut(peer, id)) {
        (true, true) => "cut",
        (true, false) => "cut-to",
        (false, true) => "cut-from",
        _ if is_slow(id, peer) || is_slow(peer, id) => "slow",
        _ => "whole",
    };
    let waiting = view.waiting.iter().filter(|waiting| {
        [(id, peer), (peer, id)].contains(&(waiting.from, waiting.to)) && !waiting.arrived
    });
    let waiting: u32 = waiting.map(|waiting| waiting.messages).sum();
    let name = names.node(peer);
    let args = [("node", name.clone()), ("span", page.text.span(SLOW_US))];
    let locks = Locks::of(page);
    let is_locked = |how: &str| match how {
        "whole" => false,
        "slow" => locks.locks("slow-link"),
        _ => locks.locks("cut"),
    };
    // What is broken can be mended.
    let all_locked = now == "whole" && LINKS.iter().all(|how| *how == now || is_locked(how));
    let why = all_locked.then(|| page.say("knob-locked"));
    let option = |how: &'static str| {
        html! {
            <option value={how} selected={how == now} disabled={is_locked(how)}>
                { page.text.with(&format!("link-{how}"), &args) }
            </option>
        }
    };
    let (own, other): (Arc<str>, Arc<str>) = (names.node(id).into(), name.as_str().into());
    let act = page.act.clone();
    let onchange = Callback::from(move |event: Event| {
        let select = event.target().and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
        let wanted = select.map(|select| select.value()).unwrap_or_default();
        let (a, b) = (own.clone(), other.clone());
        let slow =
            |extra_us| Command::SlowLink { from: a.clone(), to: b.clone(), extra_us, both: true };
        let cut = |from: &Arc<str>, to: &Arc<str>, both| Command::CutLink {
            from: from.clone(),
            to: to.clone(),
            both,
        };
        let mend = match now {
            "whole" => None,
            "slow" => Some(slow(0)),
            _ => Some(Command::HealLink { from: a.clone(), to: b.clone() }),
        };
        let fault = match wanted.as_str() {
            "slow" => Some(slow(SLOW_US)),
            "cut" => Some(cut(&a, &b, true)),
            "cut-to" => Some(cut(&a, &b, false)),
            "cut-from" => Some(cut(&b, &a, false)),
            _ => None,
        };
        mend.into_iter().chain(fault).for_each(|command| act.emit(Action::Command(command)));
    });
    let control = format!("link-{id}-{peer}");
    html! {
        <li class={classes!("link", (now != "whole").then_some("link-broken"))} key={control.clone()}>
            <label for={control.clone()}>{ name }</label>
            if waiting > 0 {
                <span class="quiet">{ page.text.count("link-waiting", waiting.into()) }</span>
            }
            <select id={control} {onchange} disabled={all_locked} title={why}>{ for LINKS.map(option) }</select>
        </li>
    }
}
