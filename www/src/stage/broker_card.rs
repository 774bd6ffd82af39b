//! A broker: one strip for each of its replicas.

use highwater::cluster::Command;
use highwater::view::{BrokerView, ProcessState, ReplicaView};
use yew::prelude::*;

use super::card::{self, Card, card};
use super::names::{self, Names};
use crate::context::Page;
use crate::panels::icons::Icon;
use crate::session::Selection;

/// More strips than this, and they get lower.
const ROOMY_STRIPS: usize = 4;

/// Not more strips than this, and they get higher.
const FEW_STRIPS: usize = 2;

/// A broker's card.
pub fn broker_card(page: &Page, broker: &BrokerView) -> Html {
    let names = Names::of(&page.view);
    let shown =
        |replica: &&ReplicaView| page.display.internal_topics || !names.is_internal(replica.tp);
    let replicas: Vec<_> = broker.replicas.iter().filter(shown).collect();
    let leads = replicas.iter().filter(|it| names::leads(broker, it)).count();
    let name = names.node(broker.id);
    let state = card::state(page, broker.id, broker.process);
    let counts = if state.is_some() || replicas.is_empty() {
        String::new()
    } else {
        page.text.with(
            "broker-leads",
            &[("leads", leads.to_string()), ("replicas", replicas.len().to_string())],
        )
    };
    let rows = classes!(
        "strips",
        (replicas.len() > ROOMY_STRIPS).then_some("dense"),
        (replicas.len() <= FEW_STRIPS).then_some("few"),
    );
    let rest = html! {
        <>
            if !counts.is_empty() {
                <p class="broker-leads">{ counts }</p>
            }
            if replicas.is_empty() {
                <p class="card-empty">{ page.say("broker-empty") }</p>
            } else {
                <ul class={rows}>
                    { for replicas.into_iter().map(|replica| strip(page, names, broker, replica)) }
                </ul>
            }
        </>
    };
    let (id, process, actions) = (broker.id, broker.process, actions(page, broker, &name));
    let (kind, summary) = ("broker", String::new());
    card(page, Card { id, kind, name, summary, process, state, actions, rest })
}

fn actions(page: &Page, broker: &BrokerView, name: &str) -> Html {
    let act = |icon, id, command| card::action(page, icon, id, name, command);
    match broker.process {
        ProcessState::Running | ProcessState::Stopping => html! {
            <>
                { act(Icon::Stop, "act-stop", Command::StopBroker(broker.id)) }
                { act(Icon::Kill, "act-kill", Command::KillBroker(broker.id)) }
            </>
        },
        ProcessState::Stopped | ProcessState::Crashed => {
            act(Icon::Start, "act-start", Command::StartBroker(broker.id))
        }
    }
}

fn strip(page: &Page, names: Names, broker: &BrokerView, replica: &ReplicaView) -> Html {
    let tp = replica.tp;
    let leads = names::leads(broker, replica);
    let (role, role_id) =
        if leads { ("leader", "role-leader") } else { ("follower", "role-follower") };
    let selected = page.selection == Some(Selection::Partition(tp));
    let moves = names.partition_view(tp).and_then(|it| names::move_state(it, broker.id));
    let class = classes!(
        "strip",
        role,
        format!("hue-{}", names.hue(tp)),
        (!replica.in_isr).then_some("outside"),
        selected.then_some("selected"),
    );
    // What the picture says, for those who do not see it.
    let before = if replica.in_isr { "strip-before" } else { "strip-before-outside" };
    let before = page.text.with(before, &[("role", page.say(role_id))]);
    let after = page.text.with("strip-after", &[("hw", replica.high_watermark.to_string())]);
    html! {
        <li {class} key={card::slot_key(tp)}>
            <button
                type="button"
                class="strip-select"
                aria-pressed={selected.to_string()}
                onclick={page.select(Selection::Partition(tp))}
            >
                <svg class="strip-role" viewBox="0 0 18 16" aria-hidden="true">
                    if leads {
                        <path d="M1 2.5a1.5 1.5 0 0 1 1.5-1.5h9L17 8l-5.5 7h-9A1.5 1.5 0 0 1 1 13.5z" />
                        <text x="7.5" y="11.8" text-anchor="middle">{ "L" }</text>
                    } else {
                        <circle cx="8" cy="8" r="6" />
                    }
                </svg>
                <span class="strip-name">{ names.short_partition(tp) }</span>
                <span class="hidden">{ before }{ "\u{a0}" }</span>
                <span class="strip-room" data-slot="strip" data-node={broker.id.to_string()} data-tp={card::slot_key(tp)}></span>
                <span class="strip-end">
                    if let Some(moves) = moves {
                        <span class={moves}>{ page.say(moves) }</span>
                    } else if replica.in_isr {
                        <span class="number">{ replica.log_end_offset }</span>
                    } else {
                        <span class="strip-outside">{ page.say("strip-outside") }</span>
                    }
                </span>
                <span class="hidden">{ after }</span>
            </button>
        </li>
    }
}
