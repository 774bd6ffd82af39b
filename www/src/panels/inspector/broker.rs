//! A selected broker.

use highwater::cluster::Command;
use highwater::history::Run;
use highwater::view::{BrokerView, ProcessState};
use yew::prelude::*;

use super::facts::{Facts, partitions};
use super::knobs::Knobs;
use super::locks::Locks;
use super::owner::Owner;
use super::{faults, heading};
use crate::context::Page;
use crate::panels::order::{grave_button, order_button};
use crate::stage::{Names, state};

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
    let runs = matches!(broker.process, ProcessState::Running | ProcessState::Stopping);
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
            { heading(page.say("kind-broker"), names.node(broker.id), state(page, broker.id, broker.process)) }
            { facts.draw() }
            { faults::show(page, broker.id, runs) }
            { actions(page, broker, runs) }
            <Knobs
                owner={Owner::Brokers}
                title={page.say("knob-brokers")}
                configs={configs(run)}
                first={FIRST}
                locks={Locks::of(page)}
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

fn actions(page: &Page, broker: &BrokerView, runs: bool) -> Html {
    let buttons = html! {
        if runs {
            { order_button(page, "action-stop", Command::StopBroker(broker.id)) }
            { grave_button(page, "action-kill", Command::KillBroker(broker.id)) }
            { grave_button(page, "action-power-off", Command::PowerOffBroker(broker.id)) }
        } else {
            { order_button(page, "action-start", Command::StartBroker(broker.id)) }
        }
    };
    super::actions(page, buttons)
}
