//! The side of a broker that leads partitions of a transaction: before the first append it has the
//! coordinator add them (Kafka's `AddPartitionsToTxnManager`), and at the end it writes markers.

use std::sync::Arc;

use crate::broker::RequestToken;
use crate::client::NetworkClient;
use crate::config::BrokerConfig;
use crate::engine::NodeId;
use crate::events::EventId;
use crate::node::{BrokerTimer, NodeTimer};
use crate::protocol::{ErrorCode, Request, TopicPartition, TxnMarker};

/// What a request to another broker was for.
#[derive(Clone, Debug)]
pub enum PeerTag {
    /// The leader of partitions asks the coordinator: number of the question.
    AddPartitions(u32),
    /// The coordinator asks the leader of these partitions, in a producer epoch.
    Markers(Arc<str>, i16, Vec<TopicPartition>),
}

/// What became of the markers somebody wanted.
pub type MarkerAnswer = (MarkerCaller, Vec<(TopicPartition, Option<ErrorCode>)>);

/// Who wants markers written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarkerCaller {
    /// A coordinator elsewhere.
    Peer(RequestToken),
    /// The coordinator of this broker, for a transactional id in a producer epoch.
    Local(Arc<str>, i16),
}

/// A Produce or TxnOffsetCommit whose partitions are being added to its transaction.
#[derive(Clone, Debug)]
pub struct Adding {
    number: u32,
    /// Whom to answer.
    pub token: RequestToken,
    /// The request.
    pub request: Request,
    /// Its partitions that are not in the transaction yet.
    pub partitions: Vec<TopicPartition>,
    /// What led to it.
    pub cause: Option<EventId>,
}

/// Markers on their way to the high watermark.
#[derive(Clone, Debug)]
struct MarkerWrite {
    caller: MarkerCaller,
    marker: TxnMarker,
    results: Vec<(TopicPartition, Option<ErrorCode>)>,
    /// Appends that are awaited, each with its place in `results`.
    awaited: Vec<(u32, usize)>,
}

/// A broker as the leader of partitions in transactions, and its connections to others for their
/// sake.
#[derive(Clone, Debug)]
pub struct Participant {
    /// To coordinators, and to the leaders of partitions.
    pub client: NetworkClient<PeerTag>,
    adding: Vec<Adding>,
    writes: Vec<MarkerWrite>,
    next_number: u32,
}

fn timer(peer: NodeId, channel: crate::protocol::Channel) -> NodeTimer {
    NodeTimer::Broker(BrokerTimer::RequestTimeout(peer, channel))
}

/// Kafka's brokers wait reconnect.backoff.ms, which cannot be configured for them.
const RECONNECT_BACKOFF_MS: i64 = 50;

impl Participant {
    /// Of a broker that leads nothing yet.
    pub fn new(config: &BrokerConfig) -> Self {
        let (timeout_ms, backoff_ms) = (config.request_timeout_ms, RECONNECT_BACKOFF_MS);
        Self {
            client: NetworkClient::new(timeout_ms, backoff_ms, backoff_ms, timer),
            adding: Vec::new(),
            writes: Vec::new(),
            next_number: 0,
        }
    }

    /// The process starts: whoever waited is gone.
    pub fn restart(&mut self, config: &BrokerConfig) {
        let backoff_ms = RECONNECT_BACKOFF_MS;
        self.client.restart(config.request_timeout_ms, backoff_ms, backoff_ms);
        self.adding.clear();
        self.writes.clear();
    }

    /// A number that was not given before.
    pub fn number(&mut self) -> u32 {
        self.next_number = self.next_number.wrapping_add(1);
        self.next_number
    }

    /// Keeps a request until its partitions are added; the number of the question.
    pub fn hold(
        &mut self,
        token: RequestToken,
        request: Request,
        partitions: Vec<TopicPartition>,
        cause: Option<EventId>,
    ) -> u32 {
        let number = self.number();
        self.adding.push(Adding { number, token, request, partitions, cause });
        number
    }

    /// The coordinator has answered the question.
    pub fn release(&mut self, number: u32) -> Option<Adding> {
        let index = self.adding.iter().position(|adding| adding.number == number)?;
        Some(self.adding.remove(index))
    }

    /// Markers are in the logs or refused; `appends` are those that are awaited. The answer, if
    /// there is nothing to wait for.
    pub fn wait_for(
        &mut self,
        caller: MarkerCaller,
        marker: &TxnMarker,
        results: Vec<(TopicPartition, Option<ErrorCode>)>,
        awaited: Vec<(u32, usize)>,
    ) -> Option<MarkerAnswer> {
        if awaited.is_empty() {
            return Some((caller, results));
        }
        let marker = marker.clone();
        self.writes.push(MarkerWrite { caller, marker, results, awaited });
        None
    }

    /// The partition and the marker of an append.
    pub fn marker(&self, number: u32) -> Option<(TopicPartition, &TxnMarker)> {
        self.writes.iter().find_map(|write| {
            let (_, place) = write.awaited.iter().find(|&&(awaited, _)| awaited == number)?;
            Some((write.results[*place].0, &write.marker))
        })
    }

    /// A marker is below the high watermark, or lost. The answer, if it was the last one.
    pub fn on_append_done(
        &mut self,
        number: u32,
        result: Result<(), ErrorCode>,
    ) -> Option<MarkerAnswer> {
        let mut writes = self.writes.iter_mut().enumerate();
        let (index, place) = writes.find_map(|(index, write)| {
            let at = write.awaited.iter().position(|&(awaited, _)| awaited == number)?;
            Some((index, write.awaited.remove(at).1))
        })?;
        let write = &mut self.writes[index];
        write.results[place].1 = result.err();
        if !write.awaited.is_empty() {
            return None;
        }
        let MarkerWrite { caller, results, .. } = self.writes.remove(index);
        Some((caller, results))
    }
}

/// An error of the coordinator, as the producer hears it in place of an offset commit
/// (`GroupCoordinatorService.commitTransactionalOffsets`).
pub fn commit_refusal(error: ErrorCode) -> ErrorCode {
    match error {
        ErrorCode::NetworkException => ErrorCode::CoordinatorLoadInProgress,
        ErrorCode::CoordinatorLoadInProgress
        | ErrorCode::CoordinatorNotAvailable
        | ErrorCode::NotCoordinator => ErrorCode::CoordinatorNotAvailable,
        error => error,
    }
}

/// An error of the coordinator, as the producer hears it in place of an append
/// (`ReplicaManager.handleProduceAppend`): it shall try again when the coordinator is not there.
pub fn refusal(error: ErrorCode) -> ErrorCode {
    match error {
        ErrorCode::ProducerFenced => ErrorCode::InvalidProducerEpoch,
        ErrorCode::CoordinatorLoadInProgress
        | ErrorCode::CoordinatorNotAvailable
        | ErrorCode::NotCoordinator
        | ErrorCode::NetworkException => ErrorCode::NotEnoughReplicas,
        error => error,
    }
}
