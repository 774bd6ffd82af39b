//! The event log: what mattered, newest first, each line with what led to it.

use std::sync::Arc;

use highwater::engine::{Micros, NodeId};
use highwater::events::{EventId, TraceEvent};
use highwater::history::Run;
use web_sys::HtmlElement;
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

/// Lines that are shown.
const LINES: usize = 60;

/// Newer lines above the one that was asked for.
const NEWER: usize = 3;

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
        <Lines session={props.session.clone()} {newest} shown={page.shown_event}
            text={page.text.clone()} act={page.act.clone()} />
    }
}

/// What the lines need: they are written anew only when one has come.
#[derive(Clone, PartialEq, Properties)]
struct LinesProps {
    session: SessionHandle,
    newest: Option<(EventId, Micros)>,
    /// The event that was asked for, and how often one was.
    shown: Option<(EventId, u64)>,
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
    let wanted = use_node_ref();
    use_effect_with(props.shown, {
        let wanted = wanted.clone();
        move |_| {
            // The focus brings it into view, too.
            if let Some(line) = wanted.cast::<HtmlElement>() {
                line.focus().ok();
            }
        }
    });
    let shown = props.shown.and_then(|(id, _)| run.log().get(id));
    let line = |event: &TraceEvent| {
        let is_shown = shown.is_some_and(|shown| shown.id == event.id);
        let wanted = if is_shown { wanted.clone() } else { NodeRef::default() };
        let is_open = *open == Some(event.id);
        let chain = if is_open { chain(run, text, event.id) } else { Vec::new() };
        html! {
            <Line key={event.id.0} line={Told::of(run, text, event)} cause={cause(run, text, event)}
                {is_open} {is_shown} {wanted} {chain} text={text.clone()} toggle={toggle.clone()} select={select.clone()} />
        }
    };
    let newest = props.act.reform(|_: MouseEvent| Action::ShowEvent(None));
    html! {
        <div class="events" tabindex="0" role="group" aria-label={text.get("tab-events")}>
            if shown.is_some() {
                <button type="button" class="text-link" onclick={newest}>{ text.get("events-newest") }</button>
            }
            <ol>{ for lines(run, shown).map(line) }</ol>
        </div>
    }
}

/// The lines, newest first: all the newest, or those around the event that was asked for, which
/// need not be a notable one.
fn lines<'r>(run: &'r Run, shown: Option<&'r TraceEvent>) -> impl Iterator<Item = &'r TraceEvent> {
    let id = shown.map(|event| event.id);
    let is_newer = move |event: &&TraceEvent| id.is_some_and(|id| event.id > id);
    let newer = run.log().iter().rev().take_while(is_newer).count();
    let above = run.log().iter().rev().skip(newer.saturating_sub(NEWER)).take(newer.min(NEWER));
    let below = run.log().iter().rev().skip(newer).filter(move |event| Some(event.id) != id);
    above.chain(shown).chain(below).take(LINES)
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
    is_shown: bool,
    wanted: NodeRef,
    chain: Vec<Told>,
    text: Text,
    toggle: Callback<EventId>,
    select: Callback<NodeId>,
}

#[component]
fn Line(props: &LineProps) -> Html {
    let LineProps { line, cause, is_open, is_shown, wanted, chain, text, toggle, select } = props;
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
        <li class={classes!("event", is_shown.then_some("shown"))} aria-current={is_shown.then_some("true")}>
            <span class="event-time">{ line.time.clone() }</span>
            <button type="button" class={classes!("event-words", line.tone.class())} ref={wanted} onclick={select_this}>
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
