//! The handler of a consumer's application: what it fails at, and what it does then.

use std::sync::Arc;

use highwater::cluster::Command;
use highwater::config::Properties;
use highwater::consumer::{HandlerSpec, OnError, Pattern};
use highwater::history::Run;
use highwater::view::{ConsumerView, FailingView, HandlerView};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::dial::Dial;
use super::facts::{Facts, partitions};
use super::faults::switch;
use super::locks::Locks;
use crate::context::Page;
use crate::session::Action;
use crate::stage::Names;

/// How long a service stays away unless it comes back before, in µs.
const OUTAGE_US: u64 = 3_600_000_000;

/// The word under `unlocked` of lessons.
const KEY: &str = "set-handler";

/// What it fails at, and what waits for that.
pub fn facts(page: &Page, mut facts: Facts, handler: &HandlerView) -> Facts {
    let names = Names::of(&page.snapshot.view);
    let failing = |it: &FailingView| {
        let args = [
            ("partition", names.partition(it.tp)),
            ("offset", it.offset.to_string()),
            ("attempts", it.attempts.to_string()),
            ("since", page.text.moment(it.since_us)),
        ];
        page.text.with("handler-failing", &args)
    };
    for it in &handler.failing {
        facts = facts.add(page.say("inspector-failing"), failing(it));
    }
    if !handler.redirected.is_empty() {
        facts = facts.add(page.say("inspector-redirected"), handler.redirected.join(", "));
    }
    if !handler.waiting.is_empty() {
        let waiting = handler.waiting.iter().map(|&(tp, _)| tp);
        facts = facts.add_html(page.say("inspector-retry-waits"), partitions(page, waiting));
    }
    facts
}

/// What can be changed of it.
pub fn knobs(page: &Page, run: &Run, consumer: &ConsumerView) -> Html {
    let spec = run.cluster().handler(consumer.id);
    let handler = spec.as_deref().cloned().unwrap_or_default();
    html! {
        <>
            { on_error(page, consumer, spec.as_deref()) }
            { fail_keys(page, consumer, &handler) }
            <ul class="faults">{ outage(page, consumer, handler) }</ul>
        </>
    }
}

fn set(consumer: &ConsumerView, handler: HandlerSpec) -> Command {
    Command::SetHandler { consumer: consumer.name.clone(), handler: Some(Arc::new(handler)) }
}

/// Topics that are not there yet are created like the one that the consumer reads.
fn on_error(page: &Page, consumer: &ConsumerView, spec: Option<&HandlerSpec>) -> Html {
    let (page_then, consumer_then) = (page.clone(), consumer.clone());
    let before = spec.cloned().unwrap_or_default();
    let onchange = Callback::from(move |event: Event| {
        let select = event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
        let chosen = select.map(|select| select.value()).unwrap_or_default();
        let on_error = OnError::ALL.into_iter().find(|on_error| on_error.name() == chosen);
        let topic = consumer_then.topics.first().cloned().unwrap_or_default();
        let handler = on_error.map(|on_error| before.answering(on_error, &topic));
        let commands = handler.iter().flat_map(|handler| missing(&page_then, &topic, handler));
        for command in commands.collect::<Vec<_>>() {
            page_then.act.emit(Action::Command(command));
        }
        let handler = handler.map(Arc::new);
        let command = Command::SetHandler { consumer: consumer_then.name.clone(), handler };
        page_then.act.emit(Action::Command(command));
    });
    let now = spec.map_or("none", |spec| spec.on_error.name());
    let option = |name: &'static str| {
        html! {
            <option value={name} selected={name == now}>{ page.say(&format!("on-error-{name}")) }</option>
        }
    };
    let id = format!("dial-on-error-{}", consumer.name);
    let about = format!("{id}-about");
    html! {
        <div class="knob knob-wide" data-knob="on-error">
            <div class="knob-line">
                <label for={id.clone()} class="knob-plain">{ page.say("knob-on-error") }</label>
                <select {id} {onchange} disabled={Locks::of(page).locks(KEY)} aria-describedby={about.clone()}>
                    { option("none") }
                    { for OnError::ALL.into_iter().map(|it| option(it.name())) }
                </select>
            </div>
            <p class="knob-about" id={about}>{ page.say("knob-on-error-meaning") }</p>
        </div>
    }
}

/// Commands for the topics that a handler writes to and that are not there.
fn missing(page: &Page, topic: &str, handler: &HandlerSpec) -> Vec<Command> {
    let topics = &page.snapshot.view.topics;
    let like = topics.iter().find(|it| *it.name == *topic).map(|it| &it.partitions);
    let (partitions, first) = (like.map_or(1, Vec::len), like.and_then(|it| it.first()));
    let create = |name: &Arc<str>| {
        let mut config = Properties::new();
        if handler.redirect_topic.as_ref() == Some(name) {
            config.set("cleanup.policy", "compact");
        }
        Command::CreateTopic {
            name: name.clone(),
            partitions: partitions as i32,
            replication_factor: first.map_or(1, |it| it.replicas.len() as i16),
            config,
        }
    };
    let is_missing = |name: &&Arc<str>| topics.iter().all(|it| it.name != **name);
    handler.outputs().filter(is_missing).map(create).collect()
}

fn fail_keys(page: &Page, consumer: &ConsumerView, handler: &HandlerSpec) -> Html {
    let (act, consumer_then, before) = (page.act.clone(), consumer.clone(), handler.clone());
    let take = Callback::from(move |value: String| {
        let mut handler = before.clone();
        handler.faults.keys = (!value.is_empty()).then(|| Pattern(value.into()));
        act.emit(Action::Command(set(&consumer_then, handler)));
        true
    });
    let value = handler.faults.keys.as_ref().map(|keys| keys.0.to_string()).unwrap_or_default();
    html! {
        <Dial
            key={format!("{}-fail-keys", consumer.name)}
            id={format!("dial-fail-keys-{}", consumer.name)}
            name={page.say("knob-fail-keys")}
            meaning={page.say("knob-fail-keys-meaning")}
            {value}
            complaint=""
            locked={Locks::of(page).locks(KEY)}
            {take}
        />
    }
}

fn outage(page: &Page, consumer: &ConsumerView, mut handler: HandlerSpec) -> Html {
    let now = page.snapshot.view.at_us;
    let is_on = handler.faults.outage_us.is_some_and(|(from, until)| (from..until).contains(&now));
    handler.faults.outage_us = (!is_on).then_some((now, now + OUTAGE_US));
    let how = page.say("fault-service-how");
    switch(page, is_on, "fault-service", how, set(consumer, handler))
}
