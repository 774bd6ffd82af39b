//! A selected producer.

use highwater::cluster::Command;
use highwater::config::parse_decimal;
use highwater::producer::Pace;
use highwater::view::{ProcessState, ProducerView};
use yew::prelude::*;

use super::dial::Dial;
use super::facts::Facts;
use super::knobs::Knobs;
use super::locks::Locks;
use super::owner::Owner;
use super::send::SendRecord;
use super::{client, faults, heading, library};
use crate::context::Page;
use crate::session::Action;
use crate::stage::state;

/// What matters first.
const FIRST: &[&str] = &[
    "acks",
    "linger.ms",
    "batch.size",
    "enable.idempotence",
    "max.in.flight.requests.per.connection",
    "delivery.timeout.ms",
    "retries",
];

/// Most records a second that the application may send.
const MAX_RATE: f64 = 100_000.0;

/// The producer.
pub fn show(page: &Page, producer: &ProducerView) -> Html {
    let text = &page.text;
    let facts = Facts::default()
        .add(page.say("inspector-topic"), &*producer.topic)
        .add(page.say("inspector-in-flight"), text.number(producer.in_flight.into()))
        .add(
            page.say("inspector-buffer"),
            format!("{}\u{a0}{}", text.number(producer.buffer_used), page.say("unit-bytes")),
        );
    let facts = match &producer.transaction {
        Some(transaction) => {
            let args = [
                ("state", transaction.state.to_owned()),
                ("records", transaction.records.to_string()),
            ];
            facts.add(page.say("inspector-transaction"), text.with("transaction-state", &args))
        }
        None => facts,
    };
    let is_set = producer.config.iter().any(|(name, _)| name == "enable.idempotence");
    let mut notes = Vec::new();
    if !producer.idempotent && !is_set {
        notes.push(("enable.idempotence", page.say("knob-idempotence-off").into()));
    }
    let topic = page.snapshot.view.topics.iter().find(|topic| topic.name == producer.topic);
    let partitions = topic.map_or(0, |topic| topic.partitions.len());
    html! {
        <>
            { heading(page.say("kind-producer"), producer.name.to_string(), state(page, producer.id, producer.process)) }
            { facts.draw() }
            <Knobs
                key={&*producer.name}
                owner={Owner::Producer(producer.name.clone())}
                title={page.say("knobs-label")}
                configs={producer.config.clone()}
                first={FIRST}
                {notes}
                locks={Locks::of(page)}
                text={page.text.clone()}
                act={page.act.clone()}
            />
            <section class="knobs">
                <h3>{ page.say("knobs-application") }</h3>
                { rate(page, producer) }
                { library::show(page, &producer.name, producer.client) }
                <SendRecord key={&*producer.name} producer={producer.name.clone()}
                    partitions={partitions as u64} />
            </section>
            { faults::show(page, producer.id, producer.process == ProcessState::Running) }
            { client::actions(page, &producer.name, producer.process) }
        </>
    }
}

fn rate(page: &Page, producer: &ProducerView) -> Html {
    let (act, name) = (page.act.clone(), producer.name.clone());
    let take = Callback::from(move |value: String| {
        let rate = parse_decimal(&value.replace(',', "."));
        let Some(rate) = rate.filter(|rate| (0.0..=MAX_RATE).contains(rate)) else {
            return false;
        };
        // Slower than one record a month is not at all.
        let interval_us = (rate > 1e-6).then(|| (1e6 / rate).round().max(1.0) as u64);
        let pace = interval_us.map_or(Pace::Manual, Pace::Every);
        act.emit(Action::Command(Command::SetPace { producer: name.clone(), pace }));
        true
    });
    let value = producer.interval_us.map_or("0".to_owned(), |interval_us| {
        // To three decimals, above ten to two, without zeros at the end: whole µs between records
        // make 60 a second 60.002.
        let mut thousandths = (1_000_000_000 + interval_us / 2) / interval_us.max(1);
        if thousandths > 10_000 {
            thousandths = (thousandths + 5) / 10 * 10;
        }
        format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000)
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned()
    });
    html! {
        <Dial
            key={format!("{}-rate", producer.name)}
            id={format!("dial-rate-{}", producer.name)}
            name={page.say("knob-rate")}
            meaning={page.say("knob-rate-meaning")}
            unit={page.say("unit-per-second")}
            {value}
            complaint={page.say("knob-rate-invalid")}
            locked={Locks::of(page).locks("rate")}
            {take}
        />
    }
}
