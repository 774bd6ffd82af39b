//! A form to send one record by hand.

use std::sync::Arc;

use highwater::cluster::Command;
use highwater::producer::ManualRecord;
use highwater::record::Bytes;
use yew::prelude::*;

use super::knob::value_of;
use crate::context::use_page;
use crate::panels::order::Order;
use crate::session::Action;

/// What the form needs.
#[derive(Clone, PartialEq, Properties)]
pub struct Props {
    /// The producer that sends.
    pub producer: Arc<str>,
    /// How many partitions its topic has.
    pub partitions: u64,
}

/// What was typed.
#[derive(Clone, Default, PartialEq)]
struct Typed {
    key: String,
    value: String,
    partition: String,
}

/// The form, closed until it is asked for.
#[component]
pub fn SendRecord(props: &Props) -> Html {
    let page = use_page();
    let is_open = use_state(|| false);
    let typed = use_state(Typed::default);
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let example =
        Command::SendRecord { producer: props.producer.clone(), record: ManualRecord::default() };
    let Order { onclick, locked, why } = Order::new(&page, example);
    let onclick = if locked.is_some() { onclick } else { toggle };
    let partition = typed.partition.trim();
    let chosen = partition.parse::<u16>().ok().filter(|p| u64::from(*p) < props.partitions);
    let is_wrong = !partition.is_empty() && chosen.is_none();
    let onsubmit = {
        let (act, typed, producer) = (page.act.clone(), typed.clone(), props.producer.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !is_wrong {
                let record = ManualRecord {
                    partition: chosen,
                    key: bytes(&typed.key),
                    value: bytes(&typed.value),
                    headers: Vec::new(),
                };
                let producer = producer.clone();
                act.emit(Action::Command(Command::SendRecord { producer, record }));
            }
        })
    };
    let field = |id: &'static str, value: &str, hint: String, set: fn(&mut Typed, String)| {
        let typed = typed.clone();
        let oninput = Callback::from(move |event: InputEvent| {
            let mut now = (*typed).clone();
            set(&mut now, value_of(&event));
            typed.set(now);
        });
        html! {
            <label>
                <span>{ page.say(id) }</span>
                <input type="text" value={value.to_owned()} {oninput} placeholder={hint}
                    autocomplete="off" spellcheck="false" />
            </label>
        }
    };
    html! {
        <>
            <p class="buttons">
                <button type="button" class="button" {onclick} aria-disabled={locked} title={why}
                    aria-expanded={is_open.to_string()}>
                    { page.say("action-send") }
                </button>
            </p>
            if *is_open && locked.is_none() {
                <form class="send-form" {onsubmit}>
                    { field("send-key", &typed.key, page.say("send-null"), |typed, key| typed.key = key) }
                    { field("send-value", &typed.value, page.say("send-null"), |typed, value| typed.value = value) }
                    { field("send-partition", &typed.partition, page.say("send-partition-auto"), |typed, partition| typed.partition = partition) }
                    if is_wrong {
                        <p class="knob-error" role="alert">{ page.say("send-invalid-partition") }</p>
                    }
                    <button type="submit" class="button primary">{ page.say("send-send") }</button>
                </form>
            }
        </>
    }
}

fn bytes(typed: &str) -> Option<Bytes> {
    (!typed.is_empty()).then(|| Bytes::from(typed.as_bytes()))
}
