use super::*;
use crate::protocol::TopicId;

const ID: i64 = 1_000;
const NEXT: i64 = 1_001;

fn tp(partition: u16) -> TopicPartition {
    TopicPartition::new(TopicId(7), partition)
}

fn producer(epoch: i16) -> TransactionalProducer {
    TransactionalProducer { transactional_id: "pay".into(), producer_id: ID, producer_epoch: epoch }
}

fn empty(epoch: i16) -> TransactionMetadata {
    TransactionMetadata { producer_epoch: epoch, ..TransactionMetadata::new(ID, 60_000, 0) }
}

fn ongoing(epoch: i16) -> TransactionMetadata {
    empty(epoch).add(&producer(epoch), &[tp(0)], 10).unwrap().unwrap()
}

fn end(metadata: &TransactionMetadata, epoch: i16, committed: bool) -> Result<End, ErrorCode> {
    metadata.end(&producer(epoch), committed, 20, || NEXT)
}

/// Of an open transaction with epoch 5: epoch 6 from here on.
fn prepared(committed: bool) -> TransactionMetadata {
    match end(&ongoing(5), 5, committed) {
        Ok(End::To(next)) => next,
        other => panic!("{other:?}"),
    }
}

#[test]
fn partitions_come_one_by_one_and_the_first_one_sets_the_clock() {
    let first = ongoing(0);
    assert_eq!((first.state, first.start_ms), (TransactionState::Ongoing, 10));
    assert_eq!(first.add(&producer(0), &[tp(0)], 30), Ok(None), "it is there already");
    let second = first.add(&producer(0), &[tp(1)], 30).unwrap().unwrap();
    assert_eq!((second.partitions.len(), second.start_ms), (2, 10));
    assert_eq!(first.add(&producer(1), &[tp(1)], 30), Err(ErrorCode::ProducerFenced));
    let other = TransactionalProducer { producer_id: 9, ..producer(0) };
    let mapping = Err(ErrorCode::InvalidProducerIdMapping);
    assert_eq!(first.add(&other, &[tp(1)], 30), mapping);
    let concurrent = Err(ErrorCode::ConcurrentTransactions);
    assert_eq!(prepared(true).add(&producer(6), &[tp(1)], 30), concurrent);
}

#[test]
fn every_end_bumps_the_epoch() {
    for (committed, complete) in
        [(true, TransactionState::CompleteCommit), (false, TransactionState::CompleteAbort)]
    {
        let prepared = prepared(committed);
        assert_eq!((prepared.producer_epoch, prepared.state.decision()), (6, Some(committed)));
        assert_eq!(prepared.partitions.len(), 1, "they need their markers");
        let done = prepared.completed(30).unwrap();
        assert_eq!((done.state, done.producer_epoch), (complete, 6));
        assert!(done.partitions.is_empty());
        assert_eq!(done.completed(40), None);
    }
}

/// The table in the comment of `TransactionCoordinator.endTransaction`.
#[test]
fn what_an_end_leads_to_outside_of_a_transaction() {
    let fenced = || Err(ErrorCode::ProducerFenced);
    let wrong = || Err(ErrorCode::InvalidTxnState);
    let completed = |committed| prepared(committed).completed(30).unwrap();
    let (commit, abort) = (completed(true), completed(false));
    let bumps = |result: Result<End, ErrorCode>, epoch| match result {
        Ok(End::To(next)) => {
            assert_eq!(next.state, TransactionState::PrepareAbort);
            assert_eq!(next.producer_epoch, epoch);
        }
        other => panic!("{other:?}"),
    };
    // Retry: one less than the epoch.
    assert_eq!(end(&empty(6), 5, false), fenced());
    assert_eq!(end(&empty(6), 5, true), fenced());
    assert_eq!(end(&abort, 5, false), Ok(End::Done(ID, 6)));
    assert_eq!(end(&abort, 5, true), wrong());
    assert_eq!(end(&commit, 5, false), wrong());
    assert_eq!(end(&commit, 5, true), Ok(End::Done(ID, 6)));
    // The current epoch.
    bumps(end(&empty(6), 6, false), 7);
    bumps(end(&abort, 6, false), 7);
    bumps(end(&commit, 6, false), 7);
    for metadata in [&empty(6), &abort, &commit] {
        assert_eq!(end(metadata, 6, true), wrong());
        assert_eq!(end(metadata, 4, true), fenced());
    }
    // Markers are on their way.
    assert_eq!(end(&prepared(true), 5, true), Err(ErrorCode::ConcurrentTransactions));
    assert_eq!(end(&prepared(true), 5, false), wrong());
    assert_eq!(end(&prepared(true), 6, true), fenced());
}

#[test]
fn another_producer_fences_the_one_before() {
    let next = empty(3).init(1_000, 50, || NEXT).unwrap();
    assert_eq!((next.producer_id, next.producer_epoch, next.timeout_ms), (ID, 4, 1_000));
    let aborting = ongoing(3).init(1_000, 50, || NEXT).unwrap();
    assert_eq!((aborting.state, aborting.producer_epoch), (TransactionState::PrepareAbort, 4));
    let concurrent = Err(ErrorCode::ConcurrentTransactions);
    assert_eq!(aborting.init(1_000, 60, || NEXT), concurrent);
    let again = aborting.completed(70).unwrap().init(1_000, 80, || NEXT).unwrap();
    assert_eq!(again.producer_epoch, 5, "two more in all");
    assert_eq!(end(&again, 3, true), Err(ErrorCode::ProducerFenced));
}

#[test]
fn an_id_whose_epochs_are_used_up_gets_a_successor() {
    let last = i16::MAX - 1;
    let Ok(End::To(prepared)) = end(&ongoing(last), last, true) else { panic!("it commits") };
    assert_eq!((prepared.producer_id, prepared.producer_epoch), (ID, i16::MAX));
    assert_eq!(prepared.successor(), (NEXT, 0));
    let done = prepared.completed(30).unwrap();
    assert_eq!((done.producer_id, done.producer_epoch, done.previous_producer_id), (NEXT, 0, ID));
    assert_eq!(end(&done, last, true), Ok(End::Done(NEXT, 0)), "it came again");
    let rotated = empty(last).init(1_000, 50, || NEXT).unwrap();
    assert_eq!((rotated.producer_id, rotated.producer_epoch), (NEXT, 0));
}

#[test]
fn only_what_is_open_for_too_long_times_out() {
    assert_eq!(ongoing(0).timed_out(60_010, || NEXT), None);
    let aborted = ongoing(0).timed_out(60_011, || NEXT).unwrap();
    assert_eq!((aborted.state, aborted.producer_epoch), (TransactionState::PrepareAbort, 1));
    assert_eq!(empty(0).timed_out(i64::MAX, || NEXT), None);
    assert_eq!(prepared(true).timed_out(i64::MAX, || NEXT), None);
}
