//! The event log: what mattered, newest first, each line with what led to it.

use std::sync::Arc;

use highwater::engine::{Micros, NodeId};
use highwater::events::{EventId, TraceEvent};
use highwater::history::Run;
use highwater::protocol::TopicId;
use yew::prelude::*;

use super::event_words::{self, Tone};
use crate::app::SessionHandle;
use crate::context::{Page, use_page};
use crate::session::{Action, Selection};
use crate::text::Text;

/// What the log needs.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The session, for its log.
    pub session: SessionHandle,
}

/// Lines that are shown.
const LINES: usize = 60;

/// The event log.
#[component]
pub fn EventLogPanel(props: &Props) -> Html {
    let page = use_page();
    let newest = {
        let session = props.session.0.borrow();
        session.run().log().iter().next_back().map(|event| (event.id, event.at_us))
    };
    if newest.is_none() {
        return html! { <p class="quiet">{ page.say("events-empty") }</p> };
    }
    html! {
        <Lines session={props.session.clone()} {newest} internal={internal(&page)}
            text={page.text.clone()} act={page.act.clone()} />
    }
}

/// The internal topics, as long as the stage does not show them either: what happens to one broker
/// happens to fifty partitions of __consumer_offsets.
fn internal(page: &Page) -> Vec<TopicId> {
    if page.snapshot.display.internal_topics {
        return Vec::new();
    }
    let topics = page.snapshot.view.topics.iter();
    topics.filter(|topic| topic.internal).map(|topic| topic.id).collect()
}

/// What the lines need: they are written anew only when one has come.
#[derive(Clone, PartialEq, Properties)]
struct LinesProps {
    session: SessionHandle,
    newest: Option<(EventId, Micros)>,
    /// Topics whose partitions are left out.
    internal: Vec<TopicId>,
    text: Text,
    act: Callback<Action>,
}

#[component]
fn Lines(props: &LinesProps) -> Html {
    let text = &props.text;
    let open = use_state(|| None::<EventId>);
    let session = props.session.0.borrow();
    let run = session.run();
    let toggle = {
        let open = open.clone();
        Callback::from(move |id: EventId| open.set((*open != Some(id)).then_some(id)))
    };
    let select = props.act.reform(|node: NodeId| Action::Select(Some(Selection::Node(node))));
    let line = |event: &TraceEvent| {
        let is_open = *open == Some(event.id);
        let chain = if is_open { chain(run, text, event.id) } else { Vec::new() };
        html! {
            <Line key={event.id.0} line={Told::of(run, text, event)} cause={cause(run, text, event)}
                {is_open} {chain} text={text.clone()} toggle={toggle.clone()} select={select.clone()} />
        }
    };
    let is_shown = |event: &&TraceEvent| {
        event_words::partition(&event.event).is_none_or(|tp| !props.internal.contains(&tp.topic))
    };
    html! {
        <div class="events" tabindex="0" role="group" aria-label={text.get("tab-events")}>
            <ol>{ for run.log().iter().rev().filter(is_shown).take(LINES).map(line) }</ol>
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
