//! A batch in the producer's hands (Kafka's `ProducerBatch`): first it grows, then it is closed
//! and sent, as often as need be.

use std::sync::Arc;

use crate::engine::Micros;
use crate::events::EventId;
use crate::record::{Attributes, Batch, BatchId, Record, increment_sequence};

use super::BatchCompression;

/// Who wrote the batch and where its sequence begins.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProducerState {
    /// Producer id.
    pub producer_id: i64,
    /// Producer epoch.
    pub producer_epoch: i16,
    /// Sequence of the first record.
    pub base_sequence: i32,
}

const NO_PRODUCER: ProducerState =
    ProducerState { producer_id: -1, producer_epoch: -1, base_sequence: -1 };

#[derive(Clone, Debug)]
enum Content {
    Open(Vec<Record>),
    Encoded(Arc<Batch>),
}

/// A batch from its first record to its last answer.
#[derive(Clone, Debug)]
pub struct ProducerBatch {
    id: BatchId,
    content: Content,
    compression: BatchCompression,
    records_bytes: u32,
    limit_bytes: u32,
    max_record_bytes: u32,
    is_closed: bool,
    is_split: bool,
    created_us: Micros,
    last_attempt_us: Micros,
    attempts: u32,
    backoff_us: Micros,
    leader_epoch: Option<i32>,
    attempts_at_leader_change: Option<u32>,
    state: Option<ProducerState>,
    sequence_was_reset: bool,
    was_sent: bool,
    is_done: bool,
    /// Part of a transaction.
    pub is_transactional: bool,
    /// The event that made it what it is: its sending follows from it.
    pub cause: Option<EventId>,
}

impl ProducerBatch {
    /// An empty batch of at most `limit_bytes`, with room for `expected` records.
    pub fn new(
        id: BatchId,
        now: Micros,
        compression: BatchCompression,
        limit_bytes: u32,
        expected: usize,
    ) -> Self {
        Self {
            id,
            content: Content::Open(Vec::with_capacity(expected)),
            compression,
            records_bytes: 0,
            limit_bytes,
            max_record_bytes: 0,
            is_closed: false,
            is_split: false,
            created_us: now,
            last_attempt_us: now,
            attempts: 0,
            backoff_us: 0,
            leader_epoch: None,
            attempts_at_leader_change: None,
            state: None,
            sequence_was_reset: false,
            was_sent: false,
            is_done: false,
            is_transactional: false,
            cause: None,
        }
    }

    /// Appends the record, or gives it back and closes when there is no room; the record counts
    /// uncompressed. The first record always fits.
    pub fn try_append(&mut self, record: Record) -> Result<(), Record> {
        if self.is_full() {
            self.is_closed = true;
            return Err(record);
        }
        let written_bytes = self.size_bytes();
        let Content::Open(records) = &mut self.content else { return Err(record) };
        let timestamp_delta = records.first().map_or(0, |r| record.timestamp_ms - r.timestamp_ms);
        let bytes = record.size_bytes(records.len() as i32, timestamp_delta);
        if !records.is_empty() && self.limit_bytes < written_bytes + bytes {
            self.is_closed = true;
            return Err(record);
        }
        self.records_bytes += bytes;
        self.max_record_bytes = self.max_record_bytes.max(record.batch_size_upper_bound());
        records.push(record);
        Ok(())
    }

    /// Its identity.
    pub fn id(&self) -> BatchId {
        self.id
    }

    /// Number of records.
    pub fn record_count(&self) -> usize {
        match &self.content {
            Content::Open(records) => records.len(),
            Content::Encoded(batch) => batch.records.len(),
        }
    }

    /// Its size: an estimate while it is open and compressed (`estimatedSizeInBytes`).
    pub fn size_bytes(&self) -> u32 {
        match &self.content {
            Content::Open(_) => self.compression.estimated_bytes(self.records_bytes),
            Content::Encoded(batch) => batch.size_bytes,
        }
    }

    /// What compression leaves of its records once it is closed.
    pub fn compression_ratio(&self) -> f32 {
        self.compression.observed(self.records_bytes)
    }

    /// Size of the buffer it was given.
    pub fn limit_bytes(&self) -> u32 {
        self.limit_bytes
    }

    /// Memory of the pool it holds: pieces of a split batch hold none.
    pub fn pooled_bytes(&self) -> u32 {
        if self.is_split { 0 } else { self.limit_bytes }
    }

    /// Full or closed: nothing more goes in.
    pub fn is_full(&self) -> bool {
        self.is_closed || (self.record_count() > 0 && self.size_bytes() >= self.limit_bytes)
    }

    /// Nothing more goes in.
    pub fn close_for_appends(&mut self) {
        self.is_closed = true;
    }

    /// When its first record came, in virtual µs.
    pub fn created_us(&self) -> Micros {
        self.created_us
    }

    /// Time since it was created or put back.
    pub fn waited_us(&self, now: Micros) -> Micros {
        now.saturating_sub(self.last_attempt_us)
    }

    /// Failed attempts so far.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Back-off before the next attempt.
    pub fn backoff_us(&self) -> Micros {
        self.backoff_us
    }

    /// It was put back at least once.
    pub fn in_retry(&self) -> bool {
        self.attempts > 0
    }

    /// delivery.timeout.ms is over.
    pub fn has_reached_delivery_timeout(&self, timeout_us: Micros, now: Micros) -> bool {
        timeout_us <= now.saturating_sub(self.created_us)
    }

    /// An attempt failed; the next one waits for `backoff_us`.
    pub fn reenqueued(&mut self, now: Micros, backoff_us: Micros) {
        self.attempts += 1;
        self.last_attempt_us = now;
        self.backoff_us = backoff_us;
    }

    /// Takes note of the leader epoch the client knows (KIP-951).
    pub fn maybe_update_leader_epoch(&mut self, latest: Option<i32>) {
        if latest.is_some() && self.leader_epoch < latest {
            self.leader_epoch = latest;
            self.attempts_at_leader_change = Some(self.attempts);
        }
    }

    /// It waits for its back-off; a new leader makes waiting pointless.
    pub fn is_backing_off(&self, now: Micros) -> bool {
        let leader_changed = self.attempts_at_leader_change == Some(self.attempts);
        self.attempts > 0 && !leader_changed && self.waited_us(now) < self.backoff_us
    }

    /// Who wrote it; `None` before it is first drained, and without idempotence.
    pub fn state(&self) -> Option<ProducerState> {
        self.state
    }

    /// Sequence of its last record.
    pub fn last_sequence(&self) -> Option<i32> {
        let last = self.record_count() as i32 - 1;
        self.state.map(|state| increment_sequence(state.base_sequence, last))
    }

    /// Gives it its place in the sequence.
    pub fn set_state(&mut self, state: ProducerState) {
        debug_assert!(self.state.is_none());
        self.state = Some(state);
    }

    /// Gives it another place in the sequence after an epoch bump.
    pub fn reset_state(&mut self, state: ProducerState) {
        self.state = Some(state);
        self.sequence_was_reset = true;
    }

    /// Its sequence was changed since it was last sent.
    pub fn sequence_was_reset(&self) -> bool {
        self.sequence_was_reset
    }

    /// It left for a broker at least once.
    pub fn was_sent(&self) -> bool {
        self.was_sent
    }

    /// It leaves for a broker.
    pub fn mark_sent(&mut self) {
        self.was_sent = true;
    }

    /// The application has its answer; a response may still come.
    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// The application has its answer.
    pub fn mark_done(&mut self) {
        self.is_done = true;
    }

    /// The batch as it goes on the wire, with its present place in the sequence. Closes it.
    pub fn encode(&mut self) -> Arc<Batch> {
        self.as_sent();
        let state = self.state.unwrap_or(NO_PRODUCER);
        let Content::Encoded(batch) = &mut self.content else { unreachable!("encoded above") };
        if std::mem::take(&mut self.sequence_was_reset) {
            let batch = Arc::make_mut(batch);
            batch.producer_id = state.producer_id;
            batch.producer_epoch = state.producer_epoch;
            batch.base_sequence = state.base_sequence;
        }
        batch.clone()
    }

    /// The batch as it was last sent. Closes it.
    pub fn as_sent(&mut self) -> Arc<Batch> {
        self.is_closed = true;
        if let Content::Open(records) = &mut self.content {
            let state = self.state.unwrap_or(NO_PRODUCER);
            self.content = Content::Encoded(Arc::new(Batch {
                id: self.id,
                producer_id: state.producer_id,
                producer_epoch: state.producer_epoch,
                base_sequence: state.base_sequence,
                attributes: Attributes {
                    compression: self.compression.codec(),
                    is_transactional: self.is_transactional,
                    ..Attributes::default()
                },
                ratios: self.compression.ratios(),
                records: std::mem::take(records),
                gaps: None,
                size_bytes: self.compression.encoded_bytes(self.records_bytes),
            }));
        }
        let Content::Encoded(batch) = &self.content else { unreachable!("encoded above") };
        batch.clone()
    }

    /// Cuts it into batches of at most batch.size; a piece is halved. The pieces keep its age and
    /// its place in the sequence, but count as never tried.
    pub fn split(
        self,
        batch_size: u32,
        compression: BatchCompression,
        mut next_id: impl FnMut() -> BatchId,
    ) -> Vec<Self> {
        let target_bytes = match self.is_split {
            true => self.max_record_bytes.max(self.size_bytes() / 2),
            false => batch_size,
        };
        let records = match self.content {
            Content::Open(records) => records,
            Content::Encoded(batch) => {
                Arc::try_unwrap(batch).map_or_else(|shared| shared.records.clone(), |b| b.records)
            }
        };
        let mut pieces: Vec<Self> = Vec::new();
        for record in records {
            let rest = match pieces.last_mut() {
                Some(piece) => piece.try_append(record),
                None => Err(record),
            };
            let Err(record) = rest else { continue };
            let limit_bytes = target_bytes.max(record.batch_size_upper_bound());
            let mut piece = Self::new(next_id(), self.created_us, compression, limit_bytes, 0);
            piece.is_split = true;
            piece.is_transactional = self.is_transactional;
            piece.cause = self.cause;
            let appended = piece.try_append(record);
            debug_assert!(appended.is_ok(), "the first record always fits");
            pieces.push(piece);
        }
        let mut state = self.state;
        for piece in &mut pieces {
            piece.is_closed = true;
            piece.state = state;
            if let Some(state) = &mut state {
                state.base_sequence =
                    increment_sequence(state.base_sequence, piece.record_count() as i32);
            }
        }
        pieces
    }
}
