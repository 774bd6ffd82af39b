//! The event log: what mattered, newest first, each line with what led to it.

use std::sync::Arc;

use highwater::engine::NodeId;
use highwater::events::{EventId, TraceEvent};
use highwater::history::Run;
use yew::prelude::*;

use super::event_words::{self, Tone};
use crate::app::SessionHandle;
use crate::context::use_page;
use crate::session::{Action, Selection};
use crate::text::Text;

/// What the log needs.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The session, for its log.
    pub session: SessionHandle,
}

/// Lines that are shown; the rest is counted.
const LINES: usize = 60;

/// The event log.
#[component]
pub fn EventLogPanel(props: &Props) -> Html {
    let page = use_page();
    let open = use_state(|| None::<EventId>);
    let session = props.session.0.borrow();
    let run = session.run();
    let log = run.log();
    if log.is_empty() {
        return html! { <p class="quiet">{ page.say("events-empty") }</p> };
    }
    let toggle = {
        let open = open.clone();
        Callback::from(move |id: EventId| open.set((*open != Some(id)).then_some(id)))
    };
    let select = {
        let act = page.act.clone();
        Callback::from(move |node: NodeId| act.emit(Action::Select(Some(Selection::Node(node)))))
    };
    let line = |event: &TraceEvent| {
        let is_open = *open == Some(event.id);
        let chain = if is_open { chain(run, &page.text, event.id) } else { Vec::new() };
        html! {
            <Line key={event.id.0} line={Told::of(run, &page.text, event)} cause={cause(run, &page.text, event)}
                {is_open} {chain} text={page.text.clone()} toggle={toggle.clone()} select={select.clone()} />
        }
    };
    let older = log.len().saturating_sub(LINES);
    html! {
        <div class="events" tabindex="0" role="group" aria-label={page.say("tab-events")}>
            <ol>{ for log.iter().rev().take(LINES).map(line) }</ol>
            if older > 0 {
                <p class="quiet">{ page.text.count("events-older", older as u64) }</p>
            }
        </div>
    }
}

/// An event, told.
#[derive(Clone, PartialEq)]
struct Told {
    id: EventId,
    node: NodeId,
    time: String,
    words: String,
    tone: Tone,
}

impl Told {
    fn of(run: &Run, text: &Text, event: &TraceEvent) -> Self {
        let event_words::Told { words, tone } = event_words::tell(run, text, event);
        Self { id: event.id, node: event.node, time: text.moment(event.at_us), words, tone }
    }
}

/// The nearest notable event that led to this one, told.
fn cause(run: &Run, text: &Text, event: &TraceEvent) -> Option<Arc<str>> {
    let cause = *run.log().causes(event.id).first()?;
    Some(event_words::name(run, text, cause).into())
}

/// All that led to an event, nearest first.
fn chain(run: &Run, text: &Text, id: EventId) -> Vec<Told> {
    run.log().causes(id).into_iter().map(|event| Told::of(run, text, event)).collect()
}

/// What a line needs.
#[derive(Clone, PartialEq, Properties)]
struct LineProps {
    line: Told,
    cause: Option<Arc<str>>,
    is_open: bool,
    chain: Vec<Told>,
    text: Text,
    toggle: Callback<EventId>,
    select: Callback<NodeId>,
}

#[component]
fn Line(props: &LineProps) -> Html {
    let LineProps { line, cause, is_open, chain, text, toggle, select } = props;
    let (id, node) = (line.id, line.node);
    let toggle = toggle.reform(move |_: MouseEvent| id);
    let select_this = select.reform(move |_: MouseEvent| node);
    let chained = |told: &Told| {
        let node = told.node;
        let select = select.reform(move |_: MouseEvent| node);
        html! {
            <li>
                <span class="event-time">{ told.time.clone() }</span>
                <button type="button" class={classes!("event-words", told.tone.class())} onclick={select}>
                    { told.words.clone() }
                </button>
            </li>
        }
    };
    html! {
        <li class="event">
            <span class="event-time">{ line.time.clone() }</span>
            <button type="button" class={classes!("event-words", line.tone.class())} onclick={select_this}>
                { line.words.clone() }
            </button>
            if let Some(cause) = cause {
                <button type="button" class="cause-chip" onclick={toggle}
                    aria-expanded={is_open.to_string()}
                    aria-label={format!("{}: {cause}", text.get("events-show-cause"))}>
                    { &**cause }
                </button>
            }
            if *is_open {
                <ol class="event-chain" aria-label={text.get("events-chain")}>
                    { for chain.iter().map(chained) }
                </ol>
            }
        </li>
    }
}
