//! Offsets committed in a transaction.

use super::*;
use crate::record::format::{ControlRecordType, EndTransactionMarker};
use crate::record::{Attributes, RecordId};

const PRODUCER: i64 = 1_000;

fn producer(epoch: i16) -> TransactionalProducer {
    let transactional_id = "pay".into();
    TransactionalProducer { transactional_id, producer_id: PRODUCER, producer_epoch: epoch }
}

/// The end of the transaction before `epoch`.
fn marker(epoch: i16, committed: bool) -> TxnMarker {
    TxnMarker {
        producer_id: PRODUCER,
        producer_epoch: epoch,
        committed,
        coordinator_epoch: 0,
        partitions: vec![World::log_partition()],
    }
}

impl World {
    fn commit_in_transaction(
        &mut self,
        epoch: i16,
        member: MemberIdentity,
        offset: i64,
    ) -> Option<ErrorCode> {
        let position = OffsetAndEpoch { offset, leader_epoch: 4 };
        let commit = OffsetCommitRequest { member, offsets: vec![(orders(0), position)] };
        let request = TxnOffsetCommitRequest { producer: producer(epoch), commit };
        match self.ask(102, Request::TxnOffsetCommit(Box::new(request))) {
            Some(Response::TxnOffsetCommit(answer)) => answer.partitions[0].1,
            other => panic!("{other:?}"),
        }
    }

    fn end_transaction(&mut self, marker: &TxnMarker) {
        let coordinator = &mut self.coordinator;
        self.recorder.turn(self.now, NodeId(1), &mut self.rng, |ctx| {
            coordinator.on_transaction_end(ctx, Self::log_partition(), marker, NodeId(1));
        });
        let kind = match marker.committed {
            true => ControlRecordType::Commit,
            false => ControlRecordType::Abort,
        };
        let record = EndTransactionMarker { kind, coordinator_epoch: 0 };
        let mut batch =
            Batch::plain(crate::record::BatchId(9_999), vec![record.to_record(RecordId(0), 0)]);
        (batch.producer_id, batch.producer_epoch) = (marker.producer_id, marker.producer_epoch);
        batch.attributes =
            Attributes { is_transactional: true, is_control: true, ..Attributes::default() };
        let base_offset = self.log.batches.last().map_or(0, LoggedBatch::next_offset);
        let batch = Arc::new(batch);
        self.log.batches.push(LoggedBatch { base_offset, leader_epoch: 0, batch });
    }

    fn stable_error(&mut self) -> Option<ErrorCode> {
        let (group, partitions) = (GROUP.into(), vec![orders(0)]);
        let request = OffsetFetchRequest { group, partitions, require_stable: true };
        match self.ask(199, Request::OffsetFetch(Box::new(request))) {
            Some(Response::OffsetFetch(answer)) => answer.error,
            other => panic!("{other:?}"),
        }
    }

    fn elect_anew(&mut self) {
        let config = BrokerConfig::from_properties(&Properties::new()).unwrap();
        self.coordinator = GroupCoordinator::new(NodeId(1), &config);
        self.elect();
    }
}

#[test]
fn offsets_of_a_transaction_count_once_it_is_committed() {
    let (mut world, id) = World::stable();
    world.commit(101, identity(&id, 1), 3);
    assert_eq!(world.commit_in_transaction(0, identity(&id, 1), 7), None);
    assert_eq!(world.committed(), Some(3), "not yet");
    assert_eq!(world.stable_error(), Some(ErrorCode::UnstableOffsetCommit));
    world.end_transaction(&marker(1, true));
    assert_eq!((world.committed(), world.stable_error()), (Some(7), None));
    world.commit_in_transaction(1, identity(&id, 1), 9);
    world.end_transaction(&marker(1, true));
    assert_eq!(world.committed(), Some(7), "that marker has ended another one");
    world.end_transaction(&marker(2, false));
    assert_eq!((world.committed(), world.stable_error()), (Some(7), None), "aborted");
}

#[test]
fn a_new_coordinator_knows_what_waits_for_its_transaction() {
    let (mut world, id) = World::stable();
    world.commit_in_transaction(0, identity(&id, 1), 7);
    world.elect_anew();
    assert_eq!(world.stable_error(), Some(ErrorCode::UnstableOffsetCommit));
    world.end_transaction(&marker(1, true));
    world.commit_in_transaction(1, identity(&id, 1), 9);
    world.end_transaction(&marker(2, false));
    world.elect_anew();
    assert_eq!((world.committed(), world.stable_error()), (Some(7), None));
}

#[test]
fn a_zombie_of_an_older_generation_cannot_commit() {
    let (mut world, id) = World::stable();
    let stale = ErrorCode::IllegalGeneration;
    assert_eq!(world.commit_in_transaction(0, identity(&id, 0), 7), Some(stale));
    let stranger = identity(&"nobody".into(), 1);
    assert_eq!(world.commit_in_transaction(0, stranger, 7), Some(ErrorCode::UnknownMemberId));
    assert_eq!(world.stable_error(), None);
}
