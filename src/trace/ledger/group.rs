//! What a consumer group did: deliveries, processing, commits, and who had which partition.

use std::sync::Arc;

use crate::engine::NodeId;
use crate::events::{PositionReason, SetAside, TraceEvent};
use crate::record::RecordId;
use crate::trace::cause::{RepeatCause, SkipCause};
use crate::trace::moment::Moment;
use crate::trace::verdict::Tallies;

use super::backlog::Backlog;
use super::handling::{Handling, Origin};

/// What a group did with a record.
#[derive(Copy, Clone, Debug)]
pub(super) struct Touch {
    /// First time processed.
    pub(super) processed_first: Moment,
    pub(super) by: NodeId,
    pub(super) delivered: u16,
    pub(super) processed: u16,
    aside: Aside,
}

/// What became of a record that was not processed where it lay.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Aside {
    No,
    /// The application went on without it.
    GivenUp,
    /// There is a copy of it, or it is one that was processed.
    Settled,
}

impl Touch {
    pub(super) const NONE: Self = Self {
        processed_first: Moment::NEVER,
        by: NodeId(0),
        delivered: 0,
        processed: 0,
        aside: Aside::No,
    };
}

/// Records poll() returned and the application has still to process.
#[derive(Copy, Clone, Debug)]
struct Hand {
    node: NodeId,
    from: i64,
    to: i64,
}

/// A partition as the group knows it.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    owner: Option<NodeId>,
    hand: Option<Hand>,
    /// How the last owner lost it.
    handover: RepeatCause,
    /// Why the position is where it is.
    rewind: Option<RepeatCause>,
    pub(super) committed: Option<i64>,
    /// Below this, commits have been compared with what was processed.
    pub(super) audited: i64,
    /// auto.offset.reset=latest or seek() skipped everything below.
    pub(super) reset_to: i64,
    reset_by: SkipCause,
    /// The log began here when the position was found to lie before.
    overtaken_below: i64,
    /// An unclean election changed what lies from here on.
    pub(super) diverged_from: i64,
    /// ... and why it went back to there.
    diverged_by: SkipCause,
    /// Highest offset processed; -1: none.
    highest_processed: i64,
    /// Committed past and not processed.
    pub(super) backlog: Backlog,
}

impl Claim {
    fn new() -> Self {
        Self {
            owner: None,
            hand: None,
            handover: RepeatCause::Rebalance,
            rewind: None,
            committed: None,
            audited: 0,
            reset_to: 0,
            reset_by: SkipCause::ResetToLatest,
            overtaken_below: 0,
            diverged_from: i64::MAX,
            diverged_by: SkipCause::UncleanElection,
            highest_processed: -1,
            backlog: Backlog::default(),
        }
    }

    fn lose(&mut self, node: NodeId, how: RepeatCause) {
        if self.owner == Some(node) {
            self.owner = None;
            self.handover = how;
        }
        if self.hand.is_some_and(|hand| hand.node == node) {
            self.hand = None;
        }
    }

    /// Offsets that a living owner holds and may still process.
    pub(super) fn in_hand(&self) -> std::ops::Range<i64> {
        self.hand.map_or(0..0, |hand| hand.from..hand.to)
    }

    /// Whether the offset was committed past, is not processed, and never will be.
    pub(super) fn is_skipped(&self, offset: i64) -> bool {
        self.backlog.contains(offset) && !self.in_hand().contains(&offset)
    }
}

/// A group.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) name: Arc<str>,
    pub(super) delivered: u64,
    pub(super) processed: u64,
    pub(super) repeated: Tallies,
    /// Records of aborted transactions that were delivered.
    pub(super) aborted_reads: u64,
    /// What the handlers of its applications did, if they have any.
    pub(super) handling: Option<Box<Handling>>,
    /// By record id.
    touches: Vec<Touch>,
    /// By partition index of the ledger.
    claims: Vec<Option<Claim>>,
}

impl Group {
    pub(super) fn new(name: Arc<str>) -> Self {
        Self {
            name,
            delivered: 0,
            processed: 0,
            repeated: Tallies::default(),
            aborted_reads: 0,
            handling: None,
            touches: Vec::new(),
            claims: Vec::new(),
        }
    }

    pub(super) fn touch(&self, record: RecordId) -> Touch {
        self.touches.get(record.0 as usize).copied().unwrap_or(Touch::NONE)
    }

    fn touch_mut(&mut self, record: RecordId) -> &mut Touch {
        let index = record.0 as usize;
        if index >= self.touches.len() {
            self.touches.resize(index + 1, Touch::NONE);
        }
        &mut self.touches[index]
    }

    pub(super) fn claim(&self, partition: usize) -> Option<&Claim> {
        self.claims.get(partition)?.as_ref()
    }

    pub(super) fn claim_mut(&mut self, partition: usize) -> &mut Claim {
        if partition >= self.claims.len() {
            self.claims.resize_with(partition + 1, || None);
        }
        self.claims[partition].get_or_insert_with(Claim::new)
    }

    /// Partitions the group has dealt with, with their index.
    pub(super) fn claims(&self) -> impl Iterator<Item = (usize, &Claim)> {
        self.claims.iter().enumerate().filter_map(|(index, claim)| Some((index, claim.as_ref()?)))
    }

    /// What lies from `offset` on was replaced by other records.
    pub(super) fn diverge(&mut self, partition: usize, offset: i64, cause: SkipCause) {
        if let Some(Some(claim)) = self.claims.get_mut(partition) {
            claim.backlog.truncate(offset);
            claim.audited = claim.audited.min(offset);
            claim.diverged_by = cause;
            claim.diverged_from = claim.diverged_from.min(offset);
        }
    }

    pub(super) fn assign(&mut self, node: NodeId, partition: usize) {
        self.claim_mut(partition).owner = Some(node);
    }

    /// Gives a partition back. Who was thrown out before keeps the reason of that.
    pub(super) fn release(&mut self, node: NodeId, partition: usize) {
        self.claim_mut(partition).lose(node, RepeatCause::Rebalance);
    }

    /// A member is gone, whatever it had.
    pub(super) fn remove_member(&mut self, node: NodeId, how: RepeatCause) {
        for claim in self.claims.iter_mut().flatten() {
            claim.lose(node, how);
        }
    }

    /// The coordinator gave a member up that may not know it yet and works on.
    pub(super) fn expire_member(&mut self, node: NodeId, how: RepeatCause) {
        for claim in self.claims.iter_mut().flatten().filter(|c| c.owner == Some(node)) {
            claim.owner = None;
            claim.handover = how;
        }
    }

    pub(super) fn set_position(&mut self, partition: usize, offset: i64, reason: PositionReason) {
        let claim = self.claim_mut(partition);
        claim.rewind = Some(match reason {
            PositionReason::Committed => claim.handover,
            PositionReason::ResetEarliest
            | PositionReason::ResetLatest
            | PositionReason::ResetByDuration
            | PositionReason::Truncated => RepeatCause::OffsetReset,
            PositionReason::Sought => RepeatCause::Seek,
        });
        let is_new = claim.committed.is_none() && claim.highest_processed < 0;
        let was_overtaken = claim.overtaken_below > claim.audited;
        if reason == PositionReason::ResetEarliest {
            if is_new && !was_overtaken {
                // What was gone before the group came was never its.
                claim.audited = claim.audited.max(offset);
            } else {
                claim.overtaken_below = claim.overtaken_below.max(offset);
            }
        }
        let skips = match reason {
            PositionReason::ResetLatest | PositionReason::ResetByDuration => {
                SkipCause::ResetToLatest
            }
            PositionReason::Sought => SkipCause::Seek,
            _ => return,
        };
        if offset > claim.audited {
            claim.reset_to = offset;
            claim.reset_by = skips;
        }
    }

    /// The position was not in the log any more, which begins at `log_start`.
    pub(super) fn overtake(&mut self, partition: usize, position: i64, log_start: i64) {
        let claim = self.claim_mut(partition);
        if position < log_start {
            claim.overtaken_below = claim.overtaken_below.max(log_start);
        }
    }

    pub(super) fn deliver(
        &mut self,
        node: NodeId,
        partition: usize,
        offsets: std::ops::Range<i64>,
        records: impl Iterator<Item = RecordId>,
    ) {
        for record in records {
            let touch = self.touch_mut(record);
            touch.delivered = touch.delivered.saturating_add(1);
            self.delivered += 1;
        }
        let claim = self.claim_mut(partition);
        let from = match claim.hand {
            // Compaction leaves gaps.
            Some(hand) if hand.node == node && hand.to <= offsets.start => hand.from,
            _ => offsets.start,
        };
        claim.hand = Some(Hand { node, from, to: offsets.end });
    }

    pub(super) fn process(
        &mut self,
        event: &TraceEvent,
        partition: usize,
        offset: i64,
        record: RecordId,
        origin: Origin,
    ) -> u16 {
        self.pass(event.node, partition, offset);
        let claim = self.claim_mut(partition);
        claim.backlog.remove(offset);
        let is_new_offset = offset > claim.highest_processed;
        claim.highest_processed = claim.highest_processed.max(offset);
        let cause = match is_new_offset {
            true => RepeatCause::WrittenTwice,
            false => claim.rewind.unwrap_or(claim.handover),
        };
        if origin.record != record {
            self.touch_mut(record).aside = Aside::Settled;
        }
        let record = origin.record;
        let touch = self.touch_mut(record);
        touch.processed = touch.processed.saturating_add(1);
        match touch.processed {
            1 => {
                touch.processed_first = Moment::of(event);
                touch.by = event.node;
                self.processed += 1;
            }
            2 => self.repeated.add(cause.name(), std::iter::once(record)),
            _ => {}
        }
        self.touch(record).processed
    }

    /// A member is through with the record at this offset.
    fn pass(&mut self, node: NodeId, partition: usize, offset: i64) {
        if let Some(hand) = &mut self.claim_mut(partition).hand
            && hand.node == node
        {
            hand.from = offset + 1;
        }
    }

    /// A member is through with a record that it has not processed.
    pub(super) fn set_aside(
        &mut self,
        node: NodeId,
        partition: usize,
        offset: i64,
        record: RecordId,
        how: &SetAside,
    ) {
        self.pass(node, partition, offset);
        if *how == SetAside::Skipped {
            self.touch_mut(record).aside = Aside::GivenUp;
        } else {
            self.touch_mut(record).aside = Aside::Settled;
            self.claim_mut(partition).backlog.remove(offset);
        }
    }

    /// What its applications' handlers did.
    pub(super) fn handling_mut(&mut self) -> &mut Handling {
        self.handling.get_or_insert_default()
    }

    /// Partitions and offsets of what was committed past and never will be processed.
    pub(super) fn skipped_offsets(&self) -> impl Iterator<Item = (usize, i64)> {
        self.claims().flat_map(|(partition, claim)| {
            let in_hand = claim.in_hand();
            let offsets = claim.backlog.iter().flat_map(|(offsets, _)| offsets);
            let offsets = offsets.filter(move |offset| !in_hand.contains(offset));
            offsets.map(move |offset| (partition, offset))
        })
    }

    /// What was committed past and never will be processed, by cause.
    pub(super) fn skipped(&self, record_at: impl Fn(usize, i64) -> Option<RecordId>) -> Tallies {
        let mut skipped = Tallies::default();
        for (partition, claim) in self.claims() {
            let in_hand = claim.in_hand();
            for (offsets, cause) in claim.backlog.iter() {
                let held = offsets.end.min(in_hand.end) - offsets.start.max(in_hand.start);
                let count = offsets.end - offsets.start - held.max(0);
                let records = offsets
                    .filter(|offset| !in_hand.contains(offset))
                    .filter_map(|offset| record_at(partition, offset));
                skipped.add_many(cause.name(), count as u64, records);
            }
        }
        skipped
    }

    /// A commit of `next_offset`: what lies below it and was not processed goes to the backlog.
    /// `records` are the records from where the last audit ended, and `lost_marker` says why the
    /// marker of a record's transaction may be gone.
    pub(super) fn commit(
        &mut self,
        partition: usize,
        next_offset: i64,
        records: impl Iterator<Item = (i64, RecordId)>,
        lost_marker: impl Fn(&RecordId) -> Option<SkipCause>,
    ) {
        let mut claim = std::mem::replace(self.claim_mut(partition), Claim::new());
        claim.committed = Some(next_offset);
        if next_offset < claim.audited {
            claim.backlog.truncate(next_offset);
            claim.audited = next_offset;
        }
        for (offset, record) in records {
            let touch = self.touch(record);
            if touch.processed == 0 && touch.aside != Aside::Settled {
                let cause = match () {
                    () if touch.aside == Aside::GivenUp => SkipCause::GivenUp,
                    () if touch.delivered == 0 && offset < claim.overtaken_below => {
                        SkipCause::RemovedBeforeReading
                    }
                    () if offset < claim.reset_to => claim.reset_by,
                    () if touch.delivered > 0 => SkipCause::CommittedBeforeProcessing,
                    () if offset >= claim.diverged_from => claim.diverged_by,
                    () => lost_marker(&record).unwrap_or(SkipCause::Unexplained),
                };
                claim.backlog.push(offset, cause);
            }
            claim.audited = offset + 1;
        }
        *self.claim_mut(partition) = claim;
    }
}
