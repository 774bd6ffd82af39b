//! A selected partition: who leads, who follows how far, who has read how far, and the topic's
//! knobs.

use highwater::engine::NodeId;
use highwater::protocol::TopicPartition;
use highwater::view::{PartitionView, ReplicaView};
use yew::prelude::*;

use super::admin;
use super::facts::{Facts, numbers};
use super::heading;
use super::knobs::Knobs;
use super::locks::Locks;
use super::owner::Owner;
use crate::context::Page;
use crate::session::Selection;
use crate::stage::{Names, move_state};

/// What matters first.
const FIRST: &[&str] = &["min.insync.replicas", "unclean.leader.election.enable"];

/// The partition; `None` if there is no such one.
pub fn show(page: &Page, tp: TopicPartition) -> Option<Html> {
    let view = &page.snapshot.view;
    let names = Names::of(view);
    let topic = names.topic(tp)?;
    let partition = topic.partitions.get(usize::from(tp.partition))?;
    let leader = match partition.leader {
        Some(leader) => names.node(leader),
        None => page.say("partition-no-leader"),
    };
    let mut facts = Facts::default()
        .add(page.say("partition-leader"), leader)
        .add(page.say("partition-epoch"), partition.leader_epoch.to_string())
        .add(page.say("partition-isr"), numbers(&partition.isr));
    let more = [
        ("partition-elr", &partition.elr),
        ("partition-adding", &partition.adding),
        ("partition-removing", &partition.removing),
    ];
    for (name, ids) in more.into_iter().filter(|(_, ids)| !ids.is_empty()) {
        facts = facts.add(page.say(name), numbers(ids));
    }
    let configs = topic.config.iter().map(|(key, value)| (key.to_string(), value.to_string()));
    let title = page.text.with("knob-topic", &[("topic", topic.name.to_string())]);
    Some(html! {
        <>
            { heading(page.say("kind-partition"), names.partition(tp), None) }
            { facts.draw() }
            { replicas(page, tp, partition) }
            { groups(page, tp, partition) }
            { admin::partition(page, tp, partition, topic) }
            { admin::topic(page, topic) }
            <Knobs
                key={&*topic.name}
                owner={Owner::Topic(topic.name.clone())}
                {title}
                configs={configs.collect::<Vec<_>>()}
                first={FIRST}
                locks={Locks::of(page)}
                text={page.text.clone()}
                act={page.act.clone()}
            />
        </>
    })
}

fn replica(page: &Page, tp: TopicPartition, broker: NodeId) -> Option<&ReplicaView> {
    let broker = page.snapshot.view.brokers.iter().find(|other| other.id == broker)?;
    broker.replicas.iter().find(|replica| replica.tp == tp)
}

fn replicas(page: &Page, tp: TopicPartition, partition: &PartitionView) -> Html {
    let row = |id: &NodeId| {
        let is_leader = partition.leader == Some(*id);
        let role = if is_leader { "partition-role-leader" } else { "partition-role-follower" };
        let in_isr = partition.isr.contains(id);
        let isr = match in_isr {
            true => "partition-in-isr",
            false if partition.elr.contains(id) => "partition-in-elr",
            false => "partition-out-of-isr",
        };
        let replica = replica(page, tp, *id);
        let offset = |of: fn(&ReplicaView) -> i64| {
            replica.map_or_else(|| "?".to_owned(), |replica| of(replica).to_string())
        };
        let moves = move_state(partition, *id).map(|id| format!(", {}", page.say(id)));
        html! {
            <tr class={(!in_isr).then_some("out-of-isr")}>
                <th scope="row">
                    <button type="button" class="text-link" onclick={page.select(Selection::Node(*id))}>
                        { id.to_string() }
                    </button>
                </th>
                <td>{ page.say(role) }{ ", " }{ page.say(isr) }{ for moves }</td>
                <td class="number">{ offset(|replica| replica.log_end_offset) }</td>
                <td class="number">{ offset(|replica| replica.high_watermark) }</td>
                <td class="number">{ offset(|replica| replica.last_stable_offset) }</td>
            </tr>
        }
    };
    html! {
        <table class="small-table">
            <caption>{ page.say("partition-replicas") }</caption>
            <thead>
                <tr>
                    <th scope="col">{ page.say("partition-replica") }</th>
                    <th scope="col">{ page.say("partition-role") }</th>
                    <th scope="col" class="number">{ page.say("partition-leo") }</th>
                    <th scope="col" class="number">{ page.say("partition-hw") }</th>
                    <th scope="col" class="number">{ page.say("partition-lso") }</th>
                </tr>
            </thead>
            <tbody>{ for partition.replicas.iter().map(row) }</tbody>
        </table>
    }
}

fn groups(page: &Page, tp: TopicPartition, partition: &PartitionView) -> Html {
    let leader = partition.leader.and_then(|leader| replica(page, tp, leader));
    let high_watermark = leader.map(|leader| leader.high_watermark);
    let groups = page.snapshot.view.groups.iter();
    let committed = groups.filter_map(|group| {
        let (_, offset) = group.committed.iter().find(|(committed, _)| *committed == tp)?;
        Some((group, *offset))
    });
    let rows: Vec<Html> = committed
        .map(|(group, offset)| {
            let lag = high_watermark.map(|high_watermark| (high_watermark - offset).max(0));
            html! {
                <tr>
                    <th scope="row">{ &*group.group }</th>
                    <td class="number">{ offset }</td>
                    <td class="number">{ lag.map_or_else(|| "?".to_owned(), |lag| lag.to_string()) }</td>
                </tr>
            }
        })
        .collect();
    if rows.is_empty() {
        return html! {};
    }
    html! {
        <table class="small-table">
            <caption>{ page.say("partition-groups") }</caption>
            <thead>
                <tr>
                    <th scope="col">{ page.say("inspector-group") }</th>
                    <th scope="col" class="number">{ page.say("partition-committed") }</th>
                    <th scope="col" class="number">{ page.say("partition-lag") }</th>
                </tr>
            </thead>
            <tbody>{ for rows.into_iter() }</tbody>
        </table>
    }
}
