//! A selected record: what it is, and its fate so far, step by step.

use highwater::engine::sort_by_key;
use highwater::events::{Event, EventId, TraceEvent};
use highwater::history::Run;
use highwater::protocol::TopicPartition;
use highwater::record::RecordId;
use highwater::trace::{Fate, GroupFate, Outcome, Step, StepKind};
use yew::prelude::*;

use super::facts::Facts;
use super::{content, heading};
use crate::context::{Page, Pane, Shell};
use crate::session::{Action, Selection};
use crate::stage::Names;

/// The record at an offset.
pub fn show_at(page: &Page, run: &Run, tp: TopicPartition, offset: i64) -> Html {
    match run.ledger().record_at(tp, offset) {
        Some(record) => show(page, run, record),
        None => {
            let place =
                format!("{}, offset {offset}", Names::of(&page.snapshot.view).partition(tp));
            html! {
                <>
                    { heading(page.say("kind-record"), place, None) }
                    <p class="quiet">{ page.say("record-no-record") }</p>
                </>
            }
        }
    }
}

/// The record.
pub fn show(page: &Page, run: &Run, record: RecordId) -> Html {
    let title = page.text.with("record-title", &[("id", record.0.to_string())]);
    let Some(fate) = run.ledger().fate(record) else {
        return html! {
            <>
                { heading(page.say("kind-record"), title, None) }
                <p class="quiet">{ page.say("record-unknown") }</p>
            </>
        };
    };
    let text = &page.text;
    let names = Names::of(&page.snapshot.view);
    let place = match (fate.partition, fate.offset) {
        (Some(partition), Some(offset)) => format!("{}-{partition}, offset {offset}", fate.topic),
        (Some(partition), None) => format!("{}-{partition}", fate.topic),
        (None, _) => page.say("record-place-none"),
    };
    let key = fate.key.clone().unwrap_or_else(|| "null".to_owned());
    let facts = Facts::default().add_html(page.say("record-key"), html! { <code>{ key }</code> });
    let facts = content::add(facts, page, run, &fate)
        .add(page.say("record-place"), place)
        .add(page.say("record-producer"), names.node(fate.producer));
    let (outcome, class) = outcome(&fate);
    let mut told = page.say(outcome);
    if let Some(cause) = fate.lost {
        told = format!("{told}: {}", page.say(&format!("cause-{}", cause.name())));
    }
    html! {
        <>
            { heading(page.say("kind-record"), title, None) }
            <p class={class}>{ told }</p>
            { facts.draw() }
            <section>
                <h3>{ page.say("record-fate") }</h3>
                <ol class="fate">{ for steps(&fate).into_iter().map(|taken| step(page, run, &fate, taken)) }</ol>
            </section>
            if !fate.groups.is_empty() {
                <section>
                    <h3>{ page.say("record-groups") }</h3>
                    <ul class="fate-groups">{ for fate.groups.iter().map(|fate| group(page, fate)) }</ul>
                </section>
            }
            if let Some(cause) = fate.duplicated {
                <p class="bad">{ text.get("verdict-duplicated") }{ ": " }{ page.say(&format!("cause-{}", cause.name())) }</p>
            }
            if fate.is_reordered {
                <p class="bad">{ text.get("verdict-reordered") }</p>
            }
        </>
    }
}

fn outcome(fate: &Fate) -> (&'static str, &'static str) {
    match fate.outcome {
        Outcome::InFlight => ("outcome-in-flight", "outcome"),
        Outcome::Acknowledged => ("outcome-acknowledged", "outcome good"),
        Outcome::Lost => ("outcome-lost", "outcome bad"),
        Outcome::Removed => ("outcome-removed", "outcome"),
        Outcome::Aborted => ("outcome-aborted", "outcome warn"),
        Outcome::Failed => ("outcome-failed", "outcome warn"),
        Outcome::FailedButWritten => ("outcome-failed-but-written", "outcome warn"),
    }
}

/// In order of time; of what happens in one moment, send() comes first.
fn steps(fate: &Fate) -> Vec<&Step> {
    let mut steps: Vec<&Step> = fate.steps.iter().collect();
    sort_by_key(&mut steps, |step| (step.at_us, !matches!(step.kind, StepKind::Produced)));
    steps
}

/// The event behind a step, as long as the event log knows it.
fn event(run: &Run, fate: &Fate, step: &Step) -> Option<EventId> {
    let is_it = |event: &&TraceEvent| match (&event.event, &step.kind) {
        (Event::RecordBatched { record, .. }, StepKind::Batched { .. })
        | (Event::RecordFailed { record, .. }, StepKind::Failed { .. }) => *record == fate.record,
        _ => false,
    };
    match step.event {
        Some(id) => run.log().get(id).map(|event| event.id),
        None => run.log().recent_at(step.at_us).find(is_it).map(|event| event.id),
    }
}

/// Shows an event in the event log, wherever that stands.
fn show_event(page: &Page, event: EventId) -> Callback<MouseEvent> {
    let (act, set_shell, shell) = (page.act.clone(), page.set_shell.clone(), page.shell);
    Callback::from(move |_| {
        set_shell.emit(Shell { pane: Pane::Bottom, ..shell });
        act.emit(Action::ShowEvent(Some(event)));
    })
}

fn step(page: &Page, run: &Run, fate: &Fate, step: &Step) -> Html {
    let node = Names::of(&page.snapshot.view).node(step.node);
    let is_loss = matches!(step.kind, StepKind::Lost { .. } | StepKind::Failed { .. });
    html! {
        <li class={is_loss.then_some("bad")}>
            <span class="fate-time">{ page.text.moment(step.at_us) }</span>
            <span>
                if let Some(event) = event(run, fate, step) {
                    <button type="button" class="text-link fate-event" onclick={show_event(page, event)}>
                        { words(page, step) }
                    </button>
                } else {
                    { words(page, step) }
                }
                { " · " }
                <button type="button" class="text-link" onclick={page.select(Selection::Node(step.node))}>
                    { node }
                </button>
            </span>
        </li>
    }
}

fn words(page: &Page, step: &Step) -> String {
    let text = &page.text;
    match &step.kind {
        StepKind::Produced => text.get("step-produced"),
        StepKind::Batched { partition } => {
            text.with("step-batched", &[("partition", partition.to_string())])
        }
        StepKind::Sent { attempts } => {
            text.with("step-sent", &[("attempts", attempts.to_string())])
        }
        StepKind::Refused { error } => {
            text.with("step-refused", &[("error", error.name().to_owned())])
        }
        StepKind::Appended { offset, leader_epoch, counts, copies } => {
            let id = if *counts { "step-appended" } else { "step-appended-in-vain" };
            let place = [("offset", offset.to_string()), ("epoch", leader_epoch.to_string())];
            let told = text.with(id, &place);
            if *counts && *copies > 0 {
                format!("{told}, {}", text.count("record-copies", u64::from(*copies)))
            } else {
                told
            }
        }
        StepKind::Visible { .. } => text.get("step-visible"),
        StepKind::Acknowledged { acks } => {
            text.with("step-acknowledged", &[("acks", (*acks).to_owned())])
        }
        StepKind::Failed { reason } => {
            let reason = cause(page, reason);
            text.with("step-failed", &[("reason", reason)])
        }
        StepKind::Lost { cause: why } => {
            text.with("step-lost", &[("cause", cause(page, why.name()))])
        }
        StepKind::Aborted { cause: why } => {
            text.with("step-aborted", &[("cause", cause(page, why.name()))])
        }
        StepKind::Removed { cause: why } => {
            text.with("step-removed", &[("cause", cause(page, why.name()))])
        }
        StepKind::Processed => {
            let group = step.group.as_deref().unwrap_or_default().to_owned();
            text.with("step-processed", &[("group", group)])
        }
        StepKind::SetAside { how, copy } => {
            let copy = copy.map(|copy| copy.0.to_string()).unwrap_or_default();
            text.with(&format!("step-{how}"), &[("copy", copy)])
        }
    }
}

/// A cause in words; Kafka's error names stay as they are.
fn cause(page: &Page, name: &str) -> String {
    let id = format!("cause-{name}");
    if page.text.has(&id) { page.text.get(&id) } else { name.to_owned() }
}

fn group(page: &Page, fate: &GroupFate) -> Html {
    let text = &page.text;
    let times = |id: &str, count: u16| {
        let count = text.count("group-fate-times", count.into());
        format!("{} {count}", text.get(id))
    };
    html! {
        <li>
            <strong>{ &*fate.group }</strong>{ ": " }
            { times("group-fate-delivered", fate.delivered) }{ ", " }
            { times("group-fate-processed", fate.processed) }
            if fate.skipped {
                { ", " }<span class="bad">{ text.get("group-fate-skipped") }</span>
            }
        </li>
    }
}
