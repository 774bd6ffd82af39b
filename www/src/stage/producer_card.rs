//! A producer: what waits in its accumulator, and how long it may wait.

use highwater::view::{ProcessState, ProducerView};
use yew::prelude::*;

use super::card::{self, Card, card};
use super::names::Names;
use super::settings;
use crate::context::Page;

/// More queues than this, and they get lower.
const ROOMY_QUEUES: usize = 4;

/// A producer's card.
pub fn producer_card(page: &Page, producer: &ProducerView) -> Html {
    let linger_us = settings::time_us(&producer.config, "linger.ms", settings::LINGER_MS);
    let summary = page.text.with(
        "producer-summary",
        &[
            ("acks", settings::acks(&producer.config).to_owned()),
            ("linger", (linger_us / 1000).to_string()),
        ],
    );
    let state = card::state(page, producer.id, producer.process);
    let rest = html! {
        if producer.process != ProcessState::Crashed {
            { queues(page, producer) }
        }
    };
    let (id, name, process) = (producer.id, producer.name.to_string(), producer.process);
    let actions = card::client_actions(page, &producer.name, process);
    card(page, Card { id, kind: "producer", name, summary, process, state, actions, rest })
}

fn queues(page: &Page, producer: &ProducerView) -> Html {
    let names = Names::of(&page.view);
    let topic = page.view.topics.iter().find(|topic| topic.name == producer.topic);
    let Some(topic) = topic else {
        return html! { <p class="card-empty">{ page.say("producer-no-topic") }</p> };
    };
    let node = producer.id.to_string();
    let row = |partition: usize| {
        let tp = highwater::protocol::TopicPartition::new(topic.id, partition as u16);
        let queue = producer.queues.iter().find(|queue| queue.tp == tp);
        let records = queue.map_or(0, |queue| queue.records);
        let key = card::slot_key(tp);
        html! {
            <li class={classes!("queue", format!("hue-{}", names.hue(tp)))} key={key.clone()}>
                <span class="queue-name">{ format!("p{partition}") }</span>
                <span class="queue-room" data-slot="queue" data-node={node.clone()} data-tp={key.clone()}></span>
                <span class="ring-room" data-slot="linger" data-node={node.clone()} data-tp={key}></span>
                <span class="hidden">{ page.text.with("queue-records", &[("records", records.to_string())]) }</span>
            </li>
        }
    };
    let count = topic.partitions.len();
    let class = classes!("queues", (count > ROOMY_QUEUES).then_some("dense"));
    html! { <ul {class}>{ for (0..count).map(row) }</ul> }
}
