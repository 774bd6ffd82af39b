//! The stage as a table: the same cluster for those who do not see the canvas, or want numbers.

use highwater::engine::sort_by_key;
use highwater::view::{BrokerView, ReplicaView, View};
use yew::prelude::*;

use super::names::{self, Names};
use crate::context::Page;

/// The table.
pub fn twin(page: &Page) -> Html {
    html! {
        <div class="twin" id="twin" tabindex="0" role="region" aria-label={page.say("twin-title")}>
            <ul>{ for troubles(page, &page.view).into_iter().map(|words| html! { <li>{ words }</li> }) }</ul>
            { table(page, &page.view) }
        </div>
    }
}

fn table(page: &Page, view: &View) -> Html {
    let names = Names::of(view);
    let replicas = view
        .brokers
        .iter()
        .flat_map(|broker| broker.replicas.iter().map(move |replica| (broker, replica)));
    let mut rows: Vec<_> = replicas
        .filter(|(_, replica)| page.display.internal_topics || !names.is_internal(replica.tp))
        .collect();
    sort_by_key(&mut rows, |(broker, replica)| (replica.tp, !names::leads(broker, replica)));
    let head = ["partition", "broker", "role", "isr", "epoch", "start", "hw", "leo", "committed"];
    html! {
        <table class="twin-table">
            <thead>
                <tr>{ for head.map(|id| html! { <th scope="col">{ page.say(&format!("twin-{id}")) }</th> }) }</tr>
            </thead>
            <tbody>
                { for rows.into_iter().map(|(broker, replica)| row(page, names, broker, replica)) }
            </tbody>
        </table>
    }
}

fn row(page: &Page, names: Names, broker: &BrokerView, replica: &ReplicaView) -> Html {
    let leads = names::leads(broker, replica);
    let role = if leads { "role-leader" } else { "role-follower" };
    let moves = names.partition_view(replica.tp).and_then(|it| names::move_state(it, broker.id));
    let moves = moves.map(|id| format!(", {}", page.say(id)));
    let isr = if replica.in_isr { "twin-in" } else { "twin-out" };
    let committed = if leads { committed(page, replica) } else { String::new() };
    html! {
        <tr>
            <th scope="row">{ names.partition(replica.tp) }</th>
            <td>{ names.node(broker.id) }</td>
            <td>{ page.say(role) }{ for moves }</td>
            <td>{ page.say(isr) }</td>
            <td class="number">{ replica.leader_epoch }</td>
            <td class="number">{ replica.log_start_offset }</td>
            <td class="number">{ replica.high_watermark }</td>
            <td class="number">{ replica.log_end_offset }</td>
            <td>{ committed }</td>
        </tr>
    }
}

fn committed(page: &Page, replica: &ReplicaView) -> String {
    let of_group = page.view.groups.iter().filter_map(|group| {
        let found = group.committed.iter().find(|(tp, _)| *tp == replica.tp)?;
        Some(format!("{} {}", group.group, found.1))
    });
    of_group.collect::<Vec<_>>().join(", ")
}

/// What is broken between the nodes, in words.
fn troubles(page: &Page, view: &View) -> Vec<String> {
    let names = Names::of(view);
    let say = |id: &str, from, to, count: u32| {
        let ends =
            [("from", names.node(from)), ("to", names.node(to)), ("count", count.to_string())];
        page.text.with(id, &ends)
    };
    let cut = view.cut_links.iter().map(|&(from, to)| say("twin-cut", from, to, 0));
    let slow = view.slow_links.iter().map(|&(from, to, _)| say("twin-slow", from, to, 0));
    let waiting = view.waiting.iter().map(|it| say("twin-waiting", it.from, it.to, it.messages));
    cut.chain(slow).chain(waiting).collect()
}
