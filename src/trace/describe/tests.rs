//! Every kind of event has words, and every argument of a message is there.

use super::*;
use crate::events::{CommitMode, Event, EventId, PositionReason};
use crate::protocol::ErrorCode;
use crate::trace::script::{B1, B2, PRODUCER, Script, TP};

struct Fixed;

impl Names for Fixed {
    fn node_name(&self, node: NodeId) -> Arc<str> {
        match node.0 {
            0 => "controller".into(),
            1..100 => format!("broker {node}").into(),
            _ => "checkout".into(),
        }
    }

    fn topic_name(&self, _topic: TopicId) -> Arc<str> {
        "orders".into()
    }
}

fn event(node: NodeId, event: Event) -> TraceEvent {
    TraceEvent { id: EventId(0), at_us: 12_409_000, node, cause: None, event }
}

#[test]
fn a_line_has_time_node_and_reason() {
    let fenced = event(NodeId(0), Event::BrokerFenced { broker: B1 });
    assert_eq!(
        line(&fenced, &Fixed),
        "12.409 s broker 1 fenced: no heartbeat for broker.session.timeout.ms"
    );
    assert_eq!(seconds(500), "0.000500 s");
    for (extra_us, said) in [
        (50_000, "the disk of broker 2 takes 0.050 s longer for each write"),
        (0, "the disk of broker 2 is slow no more"),
    ] {
        assert_eq!(describe(&event(B2, Event::DiskSlowed { extra_us }), &Fixed).text(), said);
    }
    let cut = event(B2, Event::LogTruncated { tp: TP, from: 9, to: 7 });
    let description = describe(&cut, &Fixed);
    assert_eq!(description.text(), "broker 2 cut its log of orders-0 from 9 back to 7");
    assert_eq!(description.severity, Severity::Warning);
    assert_eq!((description.cause, description.tp), (Some("leader-epoch"), Some(TP)));
}

#[test]
fn all_events_of_a_script_have_words() {
    let mut script = Script::new();
    let batch = script.produce(&["a"]);
    script.written(0, &batch);
    script.elected(B2, 1, true);
    script.elected(B2, 2, false);
    let error = ErrorCode::NotEnoughReplicas;
    let backoff_us = 100_000;
    script.push(PRODUCER, Event::BatchRetried { tp: TP, batch, error, attempts: 1, backoff_us });
    let offsets: Arc<[_]> = [(TP, 3)].into();
    script.push(PRODUCER, Event::CommitSent { mode: CommitMode::Auto, offsets });
    for reason in [PositionReason::Committed, PositionReason::ResetEarliest] {
        script.push(PRODUCER, Event::PositionSet { tp: TP, offset: 0, reason });
    }
    for event in &script.events {
        let description = describe(event, &Fixed);
        assert_ne!(description.message, "unknown");
        assert!(!description.text().contains(['{', '?']), "{}", description.text());
    }
    let retry = script.events.iter().find(|e| matches!(e.event, Event::BatchRetried { .. }));
    assert_eq!(
        describe(retry.expect("pushed"), &Fixed).text(),
        "checkout will send 1 record of orders-0 again in 100 ms, attempts so far 1: \
         NOT_ENOUGH_REPLICAS"
    );
}
