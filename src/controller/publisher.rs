//! Brings the metadata log to the brokers.
//!
//! Kafka's brokers fetch the log; here the controller sends it to them as it grows, which gives the
//! same delays with nothing to do while it does not grow. What was lost on the way is sent again
//! when a heartbeat shows that it is missing.

use std::sync::Arc;

use crate::engine::{Micros, NodeId, SortedMap};
use crate::node::Ctx;
use crate::protocol::{Body, Channel, MetadataRecord, MetadataUpdate, Request};

use super::metadata_log::MetadataLog;

/// A message younger than this may still be under way (controller.quorum.fetch's longest wait).
const UNDER_WAY_US: Micros = 500_000;
const UPDATE_BYTES: u32 = 60;
const RECORD_BYTES: u32 = 90;

/// A broker that listens.
#[derive(Clone, Debug)]
struct Subscriber {
    /// Its connection to the controller: the log travels back on it.
    connection: u32,
    /// End of what was sent to it.
    sent_offset: i64,
    sent_us: Micros,
}

/// Who has been sent how much of the log.
#[derive(Clone, Debug, Default)]
pub struct Publisher {
    subscribers: SortedMap<NodeId, Subscriber>,
}

impl Publisher {
    /// A new process of a broker has the log up to `applied_offset`.
    pub fn subscribe(&mut self, broker: NodeId, connection: u32, applied_offset: i64) {
        let subscriber = Subscriber { connection, sent_offset: applied_offset, sent_us: 0 };
        self.subscribers.insert(broker, subscriber);
    }

    /// A heartbeat says that the broker has applied the log up to `applied_offset`.
    pub fn on_heartbeat(
        &mut self,
        now: Micros,
        broker: NodeId,
        connection: u32,
        applied_offset: i64,
    ) {
        let subscriber = self.subscribers.entry(broker).or_insert(Subscriber {
            connection,
            sent_offset: applied_offset,
            sent_us: 0,
        });
        subscriber.connection = connection;
        if applied_offset < subscriber.sent_offset && subscriber.sent_us + UNDER_WAY_US <= now {
            subscriber.sent_offset = applied_offset;
        }
    }

    /// The broker cannot be reached: its session is over.
    pub fn unsubscribe(&mut self, broker: NodeId) {
        self.subscribers.remove(&broker);
    }

    /// Sends what each broker has not been sent.
    pub fn publish(&mut self, ctx: &mut Ctx<'_>, log: &MetadataLog) {
        let end_offset = log.end_offset();
        let mut shared: Option<(i64, Arc<[MetadataRecord]>)> = None;
        for (&broker, subscriber) in &mut self.subscribers {
            let from_offset = subscriber.sent_offset;
            if from_offset >= end_offset {
                continue;
            }
            let records = match &shared {
                Some((offset, records)) if *offset == from_offset => records.clone(),
                _ => log.since(from_offset).into(),
            };
            shared = Some((from_offset, records.clone()));
            subscriber.sent_offset = end_offset;
            subscriber.sent_us = ctx.now;
            let bytes = UPDATE_BYTES + RECORD_BYTES * records.len() as u32;
            let update = Box::new(MetadataUpdate { from_offset, records });
            let body = Body::Request(0, Request::MetadataUpdate(update));
            ctx.send(broker, Channel::Control, subscriber.connection, bytes, body);
        }
    }
}
