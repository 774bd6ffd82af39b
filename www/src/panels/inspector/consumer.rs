//! A selected consumer.

use highwater::cluster::Command;
use highwater::consumer::CommitStrategy;
use highwater::history::Run;
use highwater::view::{ConsumerView, ProcessState};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::dial::Dial;
use super::facts::{Facts, partitions};
use super::knobs::Knobs;
use super::locks::Locks;
use super::owner::Owner;
use super::{client, faults, handler, heading, library};
use crate::context::Page;
use crate::session::Action;
use crate::stage::state;

/// What matters first.
const FIRST: &[&str] = &[
    "auto.commit.interval.ms",
    "auto.offset.reset",
    "max.poll.records",
    "max.poll.interval.ms",
    "session.timeout.ms",
    "heartbeat.interval.ms",
];

const STRATEGIES: [CommitStrategy; 6] = [
    CommitStrategy::Auto,
    CommitStrategy::BeforeSync,
    CommitStrategy::BeforeAsync,
    CommitStrategy::AfterSync,
    CommitStrategy::AfterAsync,
    CommitStrategy::Never,
];

/// The consumer.
pub fn show(page: &Page, run: &Run, consumer: &ConsumerView) -> Html {
    let text = &page.text;
    let topics: Vec<&str> = consumer.topics.iter().map(|topic| &**topic).collect();
    let generation = match consumer.generation {
        -1 => page.say("inspector-none"),
        generation => generation.to_string(),
    };
    let facts = Facts::default()
        .add(page.say("inspector-group"), &*consumer.group)
        .add(page.say("inspector-topics"), topics.join(", "))
        .add(page.say("inspector-member-state"), consumer.state)
        .add(page.say("inspector-generation"), generation)
        .add(page.say("inspector-buffered"), text.number(consumer.buffered.into()))
        .add_html(
            page.say("inspector-assignment"),
            partitions(page, consumer.assignment.iter().map(|assigned| assigned.tp)),
        );
    let facts = match &consumer.handler {
        Some(it) => handler::facts(page, facts, it),
        None => facts,
    };
    html! {
        <>
            { heading(page.say("kind-consumer"), consumer.name.to_string(), state(page, consumer.id, consumer.process)) }
            { facts.draw() }
            <section class="knobs">
                <h3>{ page.say("knobs-application") }</h3>
                { commit(page, consumer) }
                { processing(page, consumer) }
                { library::show(page, &consumer.name, consumer.client) }
                { handler::knobs(page, run, consumer) }
            </section>
            <Knobs
                key={&*consumer.name}
                owner={Owner::Consumer(consumer.name.clone())}
                title={page.say("knobs-label")}
                configs={consumer.config.clone()}
                first={FIRST}
                locks={Locks::of(page)}
                text={page.text.clone()}
                act={page.act.clone()}
            />
            { faults::show(page, consumer.id, consumer.process == ProcessState::Running) }
            { client::actions(page, &consumer.name, consumer.process) }
        </>
    }
}

fn commit(page: &Page, consumer: &ConsumerView) -> Html {
    let (act, name) = (page.act.clone(), consumer.name.clone());
    let onchange = Callback::from(move |event: Event| {
        let select = event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
        let chosen = select.map(|select| select.value()).unwrap_or_default();
        if let Some(commit) = STRATEGIES.into_iter().find(|strategy| strategy.name() == chosen) {
            act.emit(Action::Command(Command::SetCommit { consumer: name.clone(), commit }));
        }
    });
    let option = |strategy: CommitStrategy| {
        let name = strategy.name();
        html! {
            <option value={name} selected={name == consumer.commit}>
                { page.say(&format!("commit-{name}")) }
            </option>
        }
    };
    let id = format!("dial-commit-{}", consumer.name);
    let about = format!("{id}-about");
    html! {
        <div class="knob knob-wide" data-knob="commit">
            <div class="knob-line">
                <label for={id.clone()} class="knob-plain">{ page.say("knob-commit") }</label>
                <select {id} {onchange} disabled={Locks::of(page).locks("commit")} aria-describedby={about.clone()}>
                    { for STRATEGIES.map(option) }
                </select>
            </div>
            <p class="knob-about" id={about}>{ page.say("knob-commit-meaning") }</p>
        </div>
    }
}

fn processing(page: &Page, consumer: &ConsumerView) -> Html {
    let (act, name) = (page.act.clone(), consumer.name.clone());
    let take = Callback::from(move |value: String| {
        let Some(processing_us) = value.parse::<u64>().ok().and_then(|ms| ms.checked_mul(1000))
        else {
            return false;
        };
        let consumer = name.clone();
        act.emit(Action::Command(Command::SetProcessing { consumer, processing_us }));
        true
    });
    html! {
        <Dial
            key={format!("{}-processing", consumer.name)}
            id={format!("dial-processing-{}", consumer.name)}
            name={page.say("knob-processing")}
            meaning={page.say("knob-processing-meaning")}
            unit={page.say("unit-milliseconds")}
            value={(consumer.processing_us / 1000).to_string()}
            complaint={page.say("knob-processing-invalid")}
            locked={Locks::of(page).locks("processing")}
            {take}
        />
    }
}
