//! What is in a record: found in the log of any broker that has it, dead ones too.

use highwater::history::Run;
use highwater::protocol::TopicPartition;
use highwater::record::{LoggedBatch, Record};
use highwater::trace::{Fate, StepKind};
use highwater::view::View;
use yew::prelude::*;

use super::facts::Facts;
use crate::context::Page;

/// Most letters of a value that are shown.
const SHOWN: usize = 60;

/// The facts of a record's content; none when no log has it, as before it is sent.
pub fn add(facts: Facts, page: &Page, run: &Run, fate: &Fate) -> Facts {
    let Some((record, logged)) = find(run, &page.snapshot.view, fate) else { return facts };
    let text = &page.text;
    let headers = record.headers.as_deref().unwrap_or_default();
    let timestamp_ms = logged.batch.timestamp_of(record);
    let time = js_sys::Date::new(&(timestamp_ms as f64).into()).to_iso_string();
    let bytes = [
        ("records", logged.batch.count().to_string()),
        ("bytes", text.number(logged.batch.size_bytes.into())),
    ];
    let mut facts = facts
        .add_html(text.get("record-value"), bytes_html(record.value.as_deref()))
        .add(text.get("record-timestamp"), String::from(time))
        .add(text.get("record-batch"), text.with("record-batch-of", &bytes));
    for header in headers {
        let name = format!("{}: {}", text.get("record-header"), header.key);
        facts = facts.add_html(name, bytes_html(header.value.as_deref()));
    }
    facts
}

fn find<'r>(run: &'r Run, view: &View, fate: &Fate) -> Option<(&'r Record, &'r LoggedBatch)> {
    let topic = view.topics.iter().find(|topic| topic.name == fate.topic)?;
    let tp = TopicPartition::new(topic.id, fate.partition?);
    let appended = fate.steps.iter().filter_map(|step| match step.kind {
        StepKind::Appended { offset, .. } => Some(offset),
        _ => None,
    });
    let offsets: Vec<i64> = appended.collect();
    let cluster = run.cluster();
    let replicas = cluster.broker_ids().filter_map(|id| cluster.broker(id)?.replica(tp));
    replicas.flat_map(|replica| offsets.iter().map(move |&offset| (replica, offset))).find_map(
        |(replica, offset)| {
            let batches = replica.log().batches();
            let index = batches.partition_point(|batch| batch.next_offset() <= offset);
            let logged = batches.get(index)?;
            let place = logged.batch.index_at(offset - logged.base_offset);
            let record = logged.batch.records.get(place)?;
            (record.id == fate.record).then_some((record, logged))
        },
    )
}

/// Bytes as text where they are text, else in hexadecimal; not more than can be read.
fn bytes_html(bytes: Option<&[u8]>) -> Html {
    let Some(bytes) = bytes else { return html! { <code>{ "null" }</code> } };
    let all = match std::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(char::is_control) => text.to_owned(),
        _ => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    let mut shown: String = all.chars().take(SHOWN).collect();
    if shown.len() < all.len() {
        shown.push('…');
    }
    html! { <code>{ shown }</code> }
}
