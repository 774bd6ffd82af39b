//! The broker's disk when it is not well: slow, or full.
//!
//! A slow disk takes its time for each write, one after the other, and whoever wants to write waits
//! in a line: produce requests, commits, and what was fetched from leaders. Reads come from the page
//! cache and do not wait.

use std::collections::VecDeque;

use super::Broker;
use super::connections::Admitted;
use crate::engine::Micros;
use crate::events::Event;
use crate::node::{BrokerTimer, Ctx, NodeTimer};
use crate::protocol::{Body, Channel, Envelope, Request, Response};

/// Work that writes.
#[derive(Clone, Debug)]
pub(super) enum Write {
    /// A client's request.
    Request(Admitted),
    /// What a leader sent.
    Fetched(Envelope),
}

/// What slows the disk down. It outlives the process.
#[derive(Clone, Debug, Default)]
pub(super) struct Ailment {
    /// What each write takes, in µs.
    extra_us: Micros,
    /// Who waits; the first is at work.
    line: VecDeque<Write>,
}

impl Ailment {
    /// The process starts again: nobody waits.
    pub(super) fn restart(&mut self) {
        self.line.clear();
    }

    fn delays(&self) -> bool {
        self.extra_us > 0 || !self.line.is_empty()
    }
}

impl Broker {
    /// Each write takes so much longer from now on.
    pub fn slow_disk(&mut self, extra_us: Micros) {
        self.ailment.extra_us = extra_us;
    }

    /// What each write takes longer, in µs.
    pub fn slow_disk_us(&self) -> Micros {
        self.ailment.extra_us
    }

    /// Whether the disk is full.
    pub fn is_disk_full(&self) -> bool {
        self.replicas.is_disk_full()
    }

    /// The disk is full, or has room again. `is_running`: its process will notice.
    pub fn fill_disk(&mut self, ctx: &mut Ctx<'_>, is_full: bool, is_running: bool) {
        self.replicas.set_disk_full(is_full);
        if is_running {
            self.expect_failed_checkpoint(ctx);
        }
    }

    /// An idle broker finds out that its disk is full when it writes its high watermarks.
    pub(super) fn expect_failed_checkpoint(&mut self, ctx: &mut Ctx<'_>) {
        if self.replicas.is_disk_full() {
            let at_us = self.replicas.next_checkpoint_us(ctx.now);
            ctx.set_timer_at(at_us, NodeTimer::Broker(BrokerTimer::Checkpoint));
        }
    }

    pub(super) fn on_checkpoint(&mut self) {
        self.replicas.fails_to_write();
    }

    /// Without a log directory that works there is nothing to do but halt (Kafka's
    /// `ReplicaManager.handleLogDirFailure`).
    pub(super) fn halt_without_log_dir(&mut self, ctx: &mut Ctx<'_>) {
        if self.replicas.take_log_dir_failure() {
            ctx.emit(Event::LogDirFailed);
            ctx.halt();
        }
    }

    /// Lets a request that writes wait for a slow disk, or gives it back.
    pub(super) fn request_waits(
        &mut self,
        ctx: &mut Ctx<'_>,
        admitted: Admitted,
    ) -> Option<Admitted> {
        let writes = matches!(
            admitted.request,
            Request::Produce(_)
                | Request::OffsetCommit(_)
                | Request::TxnOffsetCommit(_)
                | Request::WriteTxnMarkers(_)
        );
        if writes && self.ailment.delays() {
            self.queue_up(ctx, Write::Request(admitted));
            return None;
        }
        Some(admitted)
    }

    /// Lets what a leader sent wait for a slow disk, or gives it back.
    pub(super) fn fetched_waits(
        &mut self,
        ctx: &mut Ctx<'_>,
        envelope: Envelope,
    ) -> Option<Envelope> {
        let writes = match &envelope.body {
            Body::Response(_, Response::Fetch(fetch)) if envelope.channel == Channel::Replica => {
                fetch.partitions.iter().any(|partition| !partition.batches.is_empty())
            }
            _ => false,
        };
        if writes && self.ailment.delays() {
            self.queue_up(ctx, Write::Fetched(envelope));
            return None;
        }
        Some(envelope)
    }

    fn queue_up(&mut self, ctx: &mut Ctx<'_>, write: Write) {
        self.ailment.line.push_back(write);
        if self.ailment.line.len() == 1 {
            self.begin_write(ctx);
        }
    }

    fn begin_write(&mut self, ctx: &mut Ctx<'_>) {
        ctx.set_timer(self.ailment.extra_us, NodeTimer::Broker(BrokerTimer::Written));
    }

    /// The disk is done with the first in line.
    pub(super) fn on_written(&mut self, ctx: &mut Ctx<'_>) {
        let Some(write) = self.ailment.line.pop_front() else { return };
        if !self.ailment.line.is_empty() {
            self.begin_write(ctx);
        }
        match write {
            Write::Request(admitted) => self.carry_out(ctx, admitted),
            Write::Fetched(envelope) => {
                ctx.cause = envelope.cause;
                self.on_response(ctx, envelope);
            }
        }
    }
}
