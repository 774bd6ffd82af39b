//! A selected broker.

use std::sync::Arc;

use highwater::cluster::Command;
use highwater::engine::NodeId;
use highwater::history::Run;
use highwater::view::{BrokerView, ProcessState};
use yew::prelude::*;

use super::facts::{Facts, partitions};
use super::knobs::Knobs;
use super::owner::Owner;
use super::{client, heading, process};
use crate::context::Page;
use crate::session::Action;
use crate::stage::Names;

/// What matters first.
const FIRST: &[&str] = &[
    "replica.lag.time.max.ms",
    "broker.session.timeout.ms",
    "min.insync.replicas",
    "unclean.leader.election.enable",
];

/// The broker.
pub fn show(page: &Page, run: &Run, broker: &BrokerView) -> Html {
    let view = &page.snapshot.view;
    let names = Names::of(view);
    let fenced = (broker.fenced && broker.process == ProcessState::Running)
        .then(|| page.say("state-fenced"));
    let own = |leads: bool| {
        let replicas = broker.replicas.iter().filter(move |replica| replica.is_leader == leads);
        replicas.map(|replica| replica.tp).filter(|tp| !names.is_internal(*tp)).collect::<Vec<_>>()
    };
    let mut facts = Facts::default()
        .add_html(page.say("inspector-partitions-led"), partitions(page, own(true).into_iter()))
        .add_html(
            page.say("inspector-partitions-followed"),
            partitions(page, own(false).into_iter()),
        );
    if let Some(ends_us) = broker.session_ends_us {
        let left = page.text.span(ends_us.saturating_sub(view.at_us));
        facts = facts.add(
            page.say("inspector-session"),
            page.text.with("inspector-session-left", &[("span", left)]),
        );
    }
    html! {
        <>
            { heading(page.say("kind-broker"), names.node(broker.id), process(page, broker.process).or(fenced)) }
            { facts.draw() }
            <section>
                <h3>{ page.say("inspector-actions") }</h3>
                { actions(page, broker) }
            </section>
            <section>
                <h3>{ page.say("knob-links") }</h3>
                { client::slow(page, broker.id) }
                { links(page, broker.id) }
            </section>
            <Knobs
                owner={Owner::Brokers}
                title={page.say("knob-brokers")}
                configs={configs(run)}
                first={FIRST}
                text={page.text.clone()}
                act={page.act.clone()}
            />
        </>
    }
}

/// What was set for all brokers, by the scenario and since.
fn configs(run: &Run) -> Vec<(String, String)> {
    let mut configs = run.scenario().setup.broker_config.clone();
    for (_, command) in run.commands() {
        if let Command::SetBrokerConfig { key, value } = command {
            match value {
                Some(value) => configs.set(&**key, &**value),
                None => {
                    configs.remove(key);
                }
            }
        }
    }
    configs.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

fn actions(page: &Page, broker: &BrokerView) -> Html {
    let button = |id: &str, command: Command| {
        html! { <button type="button" class="button" onclick={page.on(Action::Command(command))}>{ page.say(id) }</button> }
    };
    let runs = matches!(broker.process, ProcessState::Running | ProcessState::Stopping);
    html! {
        <p class="buttons">
            if runs {
                { button("action-kill", Command::KillBroker(broker.id)) }
                { button("action-stop", Command::StopBroker(broker.id)) }
            } else {
                { button("action-start", Command::StartBroker(broker.id)) }
            }
        </p>
    }
}

/// The connections to controller and other brokers, each to be cut and healed.
fn links(page: &Page, id: NodeId) -> Html {
    let view = &page.snapshot.view;
    let names = Names::of(view);
    let own: Arc<str> = names.node(id).into();
    let others = view.brokers.iter().map(|broker| broker.id).filter(|other| *other != id);
    let row = |other: NodeId| {
        let is_cut = view.cut_links.contains(&(id, other)) || view.cut_links.contains(&(other, id));
        let (from, to): (Arc<str>, Arc<str>) = (own.clone(), names.node(other).into());
        let name = names.node(other);
        let (command, say) = if is_cut {
            (Command::HealLink { from, to }, page.say("action-heal"))
        } else {
            (Command::CutLink { from, to, both: true }, page.say("action-cut"))
        };
        let label = format!("{say}: {name}");
        html! {
            <li class={classes!("link", is_cut.then_some("link-cut"))}>
                <span>{ name }</span>
                <button type="button" class="button" aria-label={label} onclick={page.on(Action::Command(command))}>
                    { say }
                </button>
            </li>
        }
    };
    html! { <ul class="links">{ for std::iter::once(NodeId(0)).chain(others).map(row) }</ul> }
}
