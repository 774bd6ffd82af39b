//! What handlers of applications promise, held to the scenarios of this folder.

use std::collections::BTreeMap;

use highwater::cluster::Command;
use highwater::consumer::{Faults, HandlerSpec, OnError};
use highwater::engine::NodeId;
use highwater::events::{Event, SetAside, TraceEvent};
use highwater::history::{Run, Scenario, play_checked};
use highwater::protocol::TopicPartition;
use highwater::record::RecordId;
use highwater::scenario::parse_command;
use highwater::trace::{GroupVerdict, HandlerVerdict, Ledger};

use super::folders;

const UNTIL_US: u64 = 60_000_000;

fn scenario(name: &str) -> Scenario {
    let folder = folders().into_iter().find(|folder| folder.ends_with(name));
    let file = folder.expect("a folder of this test").join("scenario.toml");
    let text = std::fs::read_to_string(file).expect("every folder has its scenario.toml");
    Scenario::parse(&text).expect("it makes sense")
}

fn verdict(name: &str) -> (GroupVerdict, HandlerVerdict) {
    let mut ledger = Ledger::new();
    let see = |_: &_, events: &[TraceEvent]| events.iter().for_each(|event| ledger.observe(event));
    play_checked(&scenario(name), UNTIL_US, see).expect("promises hold");
    let group = ledger.verdict().groups.swap_remove(0);
    let handler = group.handler.clone().expect("it has a handler");
    (group, handler)
}

/// Copies that are not acknowledged yet, and the place of each original.
#[derive(Default)]
struct Copies {
    open: BTreeMap<RecordId, (NodeId, TopicPartition, i64)>,
    seen: usize,
}

impl Copies {
    fn see(&mut self, event: &TraceEvent) {
        match &event.event {
            Event::RecordSetAside { tp, offset, how, .. } => {
                if let Some(copy) = how.copy() {
                    self.open.insert(copy, (event.node, *tp, *offset));
                    self.seen += 1;
                }
                assert!(!matches!(how, SetAside::Skipped), "nobody skips here");
            }
            Event::BatchAcknowledged { batch, .. } => {
                for record in &batch.records {
                    self.open.remove(&record.id);
                }
            }
            Event::NodeKilled | Event::NodeStopped => {
                self.open.retain(|_, (node, ..)| *node != event.node);
            }
            Event::CommitSent { offsets, .. } => {
                for (tp, next_offset) in offsets.iter() {
                    let mut early = self
                        .open
                        .values()
                        .filter(|(_, of, offset)| of == tp && offset < next_offset);
                    assert_eq!(early.next(), None, "committed before the copy is there");
                }
            }
            _ => {}
        }
    }
}

#[test]
fn a_record_is_done_with_when_its_copy_is_acknowledged() {
    let names = [
        "handler-dead-letter",
        "handler-dead-letter-refused",
        "handler-retry-topics",
        "handler-retry-in-order",
        "handler-retry-in-order-crash",
    ];
    for name in names {
        let mut copies = Copies::default();
        let see = |_: &_, events: &[TraceEvent]| events.iter().for_each(|event| copies.see(event));
        play_checked(&scenario(name), UNTIL_US, see).expect("promises hold");
        assert!(copies.seen > 3, "{name}");
    }
}

#[test]
fn retry_topics_lose_the_order_and_redirected_keys_keep_it() {
    let (_, out_of_order) = verdict("handler-retry-topics");
    assert!(out_of_order.out_of_order.of("retried") > 5);
    for name in ["handler-retry-in-order", "handler-retry-in-order-crash"] {
        let (_, in_order) = verdict(name);
        assert!(in_order.retried > 20, "{name}");
        assert_eq!(in_order.out_of_order.total(), 0, "{name}");
        assert_eq!(in_order.missing.total() + in_order.twice.total(), 0, "{name}");
    }
}

#[test]
fn repeats_have_a_second_effect_unless_they_are_recognised() {
    let (group, double) = verdict("handler-double-effects");
    assert!(double.twice.total() > 5 && double.actual > double.expected + 100);
    assert_eq!(group.repeated.total(), double.twice.total());
    let (group, once) = verdict("handler-idempotent");
    assert_eq!((once.twice.total(), once.actual), (0, once.expected));
    assert_eq!(once.recognised, group.repeated.total());
    let (_, detached) = verdict("handler-detached");
    assert!(detached.missing.of("committed-before-processing") > 100);
    assert!(detached.actual < detached.expected);
}

#[test]
fn a_handler_changes_with_its_program_or_under_it() {
    let mut run = Run::new(scenario("handler-stop"));
    run.run_until(2_000_000, u64::MAX);
    let before = run.cluster().handler(run.cluster().client("billing-1").expect("it is there"));
    let before = before.expect("it has one");
    let set = |handler: HandlerSpec| Command::SetHandler {
        consumer: "billing-1".into(),
        handler: Some(handler.into()),
    };
    let dead_letter = before.answering(OnError::DeadLetter, "orders");
    let refused = run.apply(set(dead_letter.clone())).expect_err("there is no such topic");
    assert!(refused.contains("there is no topic orders-dead-letter"), "{refused}");
    let topic = "create-topic = { name = \"orders-dead-letter\" }";
    run.apply(parse_command(topic).expect("a command")).expect("it makes sense");
    run.apply(set(dead_letter.clone())).expect("the topic is on its way");
    run.run_until(40_000_000, u64::MAX);
    let handled = |run: &Run| run.ledger().verdict().groups[0].handler.clone().expect("it has one");
    let at_first = handled(&run);
    assert!(at_first.dead_lettered > 3 && at_first.effects > 50);
    // What fails is not the program's doing: mended, it goes on without a restart.
    let mended = HandlerSpec { faults: Faults::default(), ..dead_letter };
    run.apply(set(mended)).expect("it makes sense");
    run.run_until(41_000_000, u64::MAX);
    assert!(handled(&run).effects > at_first.effects, "a restart would take seconds");
    run.run_until(60_000_000, u64::MAX);
    assert_eq!(handled(&run).dead_lettered, at_first.dead_lettered);
}
