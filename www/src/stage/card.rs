//! What all cards have in common: a title that selects, a state in words, actions.

use highwater::cluster::Command;
use highwater::engine::NodeId;
use highwater::protocol::TopicPartition;
use highwater::view::ProcessState;
use yew::prelude::*;

use crate::context::Page;
use crate::panels::icons::Icon;
use crate::panels::order::order_icon;
use crate::session::Selection;

/// What is on a card.
pub struct Card {
    /// The node.
    pub id: NodeId,
    /// `broker`, `producer`, `consumer`: a class.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// One line below the name.
    pub summary: String,
    /// Its process.
    pub process: ProcessState,
    /// State in words, when there is more to say than that it runs.
    pub state: Option<String>,
    /// What can be done with it.
    pub actions: Html,
    /// The rest.
    pub rest: Html,
}

/// A card.
pub fn card(page: &Page, card: Card) -> Html {
    let Card { id, kind, name, summary, process, state, actions, rest } = card;
    let selected = page.selection == Some(Selection::Node(id));
    let down = matches!(process, ProcessState::Stopped | ProcessState::Crashed);
    let class = classes!(
        "card",
        format!("card-{kind}"),
        selected.then_some("selected"),
        down.then_some("down"),
    );
    let lamp = match (down, &state) {
        (true, _) => "lamp off",
        (false, Some(_)) => "lamp warn",
        (false, None) => "lamp",
    };
    html! {
        <article {class} data-slot="card" data-node={id.to_string()}>
            <div class="card-head">
                <span class={lamp}></span>
                <h3 class="card-name">
                    <button
                        type="button"
                        class="card-select"
                        aria-pressed={selected.to_string()}
                        onclick={page.select(Selection::Node(id))}
                    >
                        { name }
                    </button>
                </h3>
                if let (Some(state), "broker") = (&state, kind) {
                    <span class="card-state">{ state.clone() }</span>
                }
                <div class="card-actions">{ actions }</div>
            </div>
            if !summary.is_empty() {
                <p class="card-summary">
                    if let Some(state) = state {
                        <span class="card-state">{ state }</span>{ " · " }
                    }
                    { summary }
                </p>
            }
            { rest }
        </article>
    }
}

/// An action of a card.
pub fn action(page: &Page, icon: Icon, id: &str, name: &str, command: Command) -> Html {
    let label = page.text.with(id, &[("node", name.to_owned())]);
    order_icon(page, icon, label, command)
}

/// What is to be said of a node, in words; `None` while it runs and nothing ails it.
pub fn state(page: &Page, id: NodeId, process: ProcessState) -> Option<String> {
    let view = &page.snapshot.view;
    let broker = view.brokers.iter().find(|broker| broker.id == id);
    let paused = view.paused.iter().find(|(paused, _)| *paused == id).map(|(_, until_us)| {
        let left_s = until_us.saturating_sub(view.at_us).div_ceil(1_000_000);
        page.text.with("state-paused", &[("span", page.text.span(left_s * 1_000_000))])
    });
    let process = match process {
        ProcessState::Running => None,
        ProcessState::Stopping => Some("state-stopping"),
        ProcessState::Stopped => Some("state-stopped"),
        ProcessState::Crashed if broker.is_some_and(|it| !it.has_power) => Some("state-no-power"),
        ProcessState::Crashed => Some("state-crashed"),
    };
    let slow_network = view.slow_nodes.iter().any(|(slow, _)| *slow == id);
    let ailments = [
        (broker.is_some_and(|broker| broker.fenced), "state-fenced"),
        (broker.is_some_and(|broker| broker.disk_full), "state-disk-full"),
        (broker.is_some_and(|broker| broker.slow_disk_us > 0), "state-slow-disk"),
        (slow_network, "state-slow-network"),
    ];
    let ailments = ailments.into_iter().filter(|(ails, _)| *ails).map(|(_, id)| page.say(id));
    let words: Vec<_> =
        process.map(|id| page.say(id)).into_iter().chain(paused).chain(ailments).collect();
    (!words.is_empty()).then(|| words.join(" · "))
}

/// A partition as a slot's attribute: `topic-partition`, by number.
pub fn slot_key(tp: TopicPartition) -> String {
    format!("{}-{}", tp.topic.0, tp.partition)
}

/// The actions of a client.
pub fn client_actions(page: &Page, name: &std::sync::Arc<str>, process: ProcessState) -> Html {
    let act = |icon, id, command| action(page, icon, id, name, command);
    html! {
        <>
            if process == ProcessState::Running {
                { act(Icon::Stop, "act-close", Command::CloseClient(name.clone())) }
                { act(Icon::Kill, "act-crash", Command::CrashClient(name.clone())) }
            } else {
                { act(Icon::Start, "act-start", Command::StartClient(name.clone())) }
            }
            { act(Icon::Remove, "act-remove", Command::RemoveClient(name.clone())) }
        </>
    }
}
