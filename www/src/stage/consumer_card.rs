//! A consumer: its partitions, its work, and the clocks it lives by.

use highwater::view::{ConsumerView, ProcessState};
use yew::prelude::*;

use super::card::{self, Card, card};
use super::names::Names;
use crate::context::Page;
use crate::session::Selection;

/// A consumer's card.
pub fn consumer_card(page: &Page, consumer: &ConsumerView) -> Html {
    let process = card::state(page, consumer.id, consumer.process);
    let joining = match consumer.state {
        "unjoined" | "unsubscribed" | "joining" | "fenced" | "stale" => Some("member-unjoined"),
        "preparing" | "completing" | "reconciling" => Some("member-rebalancing"),
        _ => None,
    };
    let state = process.or(joining.map(|id| page.say(id)));
    let summary = if consumer.generation >= 0 && state.is_none() {
        page.text.with(
            "consumer-summary",
            &[
                ("group", consumer.group.to_string()),
                ("generation", consumer.generation.to_string()),
            ],
        )
    } else {
        page.text.with("consumer-summary-out", &[("group", consumer.group.to_string())])
    };
    let rest = html! {
        <>
            if consumer.process != ProcessState::Crashed && consumer.process != ProcessState::Stopped {
                { chips(page, consumer) }
                { work(page, consumer) }
                { rings(page, consumer) }
            }
        </>
    };
    let (id, name, process) = (consumer.id, consumer.name.to_string(), consumer.process);
    let actions = card::client_actions(page, &consumer.name, process);
    card(page, Card { id, kind: "consumer", name, summary, process, state, actions, rest })
}

fn chips(page: &Page, consumer: &ConsumerView) -> Html {
    let names = Names::of(&page.view);
    let one_topic = consumer.topics.len() <= 1;
    if consumer.assignment.is_empty() {
        return html! { <p class="owned-none">{ page.say("consumer-idle") }</p> };
    }
    let chip = |tp: highwater::protocol::TopicPartition| {
        let full = names.partition(tp);
        let short = if one_topic { format!("p{}", tp.partition) } else { full.clone() };
        html! {
            <li>
                <button
                    type="button"
                    class={classes!("owned", format!("hue-{}", names.hue(tp)))}
                    title={full}
                    onclick={page.select(Selection::Partition(tp))}
                >
                    { short }
                </button>
            </li>
        }
    };
    html! {
        <ul class="owned-list">{ for consumer.assignment.iter().map(|assigned| chip(assigned.tp)) }</ul>
    }
}

fn work(page: &Page, consumer: &ConsumerView) -> Html {
    let waiting =
        [("waiting", consumer.to_process.to_string()), ("buffered", consumer.buffered.to_string())];
    html! {
        <div class="work">
            <span class="work-room" data-slot="work" data-node={consumer.id.to_string()}></span>
            <span class="work-text">{ page.text.with("consumer-work", &waiting) }</span>
        </div>
    }
}

fn rings(page: &Page, consumer: &ConsumerView) -> Html {
    let ring = |slot: &'static str, due: Option<u64>| {
        html! {
            if due.is_some() {
                <li class="ring" title={page.say(&format!("ring-{slot}-why"))}>
                    <span class="ring-room" data-slot={slot} data-node={consumer.id.to_string()}></span>
                    <span>{ page.say(&format!("ring-{slot}")) }</span>
                </li>
            }
        }
    };
    html! {
        <ul class="rings">
            { ring("poll", consumer.poll_deadline_us) }
            { ring("session", consumer.session_deadline_us) }
            { ring("commit", consumer.auto_commit_due_us) }
        </ul>
    }
}
