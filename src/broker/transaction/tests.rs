//! The coordinator with a log that commits on demand; the leaders of partitions are played.

use super::record;
use super::*;
use crate::broker::RequestToken;
use crate::broker::internal_topic::partition_of;
use crate::broker::internal_topic::test_log::TestLog;
use crate::broker::producer_ids::ProducerIds;
use crate::config::{BrokerConfig, Properties};
use crate::engine::{Micros, NodeId, Rng};
use crate::events::{Event, TransactionEnd};
use crate::metadata::MetadataImage;
use crate::node::recorder::Recorder;
use crate::node::{BrokerTimer, Ctx, NodeTimer};
use crate::protocol::*;

const ID: &str = "pay";
const ME: NodeId = NodeId(1);
const OTHER: NodeId = NodeId(2);
const ORDERS: TopicId = TopicId(1);

struct World {
    coordinator: TransactionCoordinator,
    image: MetadataImage,
    log: TestLog,
    ids: ProducerIds,
    recorder: Recorder,
    rng: Rng,
    now: Micros,
    requests: u64,
}

impl World {
    fn new() -> Self {
        let config = BrokerConfig::from_properties(&Properties::new()).unwrap();
        let mut image = MetadataImage::default();
        for broker in [ME, OTHER] {
            let registration = BrokerRegistration {
                rack: None,
                broker_epoch: 0,
                fenced: false,
                in_controlled_shutdown: false,
            };
            image.apply(&MetadataRecord::Broker { broker, registration });
        }
        let topics = [(TopicId(0), TRANSACTION_STATE, ME, 50), (ORDERS, "orders", OTHER, 2)];
        for (topic, name, leader, partitions) in topics {
            image.apply(&MetadataRecord::Topic { topic, name: name.into() });
            for tp in partitions_of(topic, partitions) {
                let registration = PartitionRegistration {
                    replicas: vec![leader],
                    isr: vec![leader],
                    leader: Some(leader),
                    ..PartitionRegistration::default()
                };
                image.apply(&MetadataRecord::Partition { tp, registration });
            }
        }
        let mut world = Self {
            coordinator: TransactionCoordinator::new(ME, &config),
            image,
            log: TestLog::default(),
            ids: ProducerIds::new(ME),
            recorder: Recorder::default(),
            rng: Rng::stream(1, 1),
            now: 0,
            requests: 0,
        };
        world.elect(3);
        world
    }

    fn partition(&self) -> TopicPartition {
        partition_of(TRANSACTION_STATE, ID, &self.image).unwrap()
    }

    fn turn<R>(
        &mut self,
        turn: impl FnOnce(
            &mut TransactionCoordinator,
            &mut Ctx<'_>,
            &MetadataImage,
            &mut TestLog,
            &mut ProducerIds,
        ) -> R,
    ) -> R {
        let Self { coordinator, image, log, ids, .. } = self;
        self.recorder
            .turn(self.now, ME, &mut self.rng, |ctx| turn(coordinator, ctx, image, log, ids))
    }

    fn elect(&mut self, epoch: i32) {
        let (tp, batches) = (self.partition(), self.log.batches.clone());
        self.turn(|coordinator, ctx, image, log, _| {
            coordinator.on_elected(ctx, tp, epoch, &batches, image, log);
        });
    }

    /// Everything appended is committed, or lost.
    fn commit_log(&mut self, result: Result<(), ErrorCode>) {
        while !self.log.open.is_empty() {
            let token = self.log.open.remove(0);
            self.turn(|coordinator, ctx, image, log, _| {
                coordinator.on_append_done(ctx, token, result, image, log);
            });
        }
    }

    fn ask_only(&mut self, request: Request) {
        self.requests += 1;
        let (client, channel) = (NodeId(101), Channel::Data);
        let caller = Caller::Client(RequestToken { client, channel, number: self.requests });
        self.turn(|coordinator, ctx, image, log, ids| {
            coordinator.handle(ctx, caller, request, image, log, ids);
        });
    }

    fn answer(&mut self) -> Option<Response> {
        self.coordinator.next_reply().map(|(_, response)| response)
    }

    fn ask(&mut self, request: Request) -> Option<Response> {
        self.ask_only(request);
        self.commit_log(Ok(()));
        self.answer()
    }

    fn init(&mut self) -> Result<(i64, i16), ErrorCode> {
        let request =
            InitProducerIdRequest { transactional_id: ID.into(), transaction_timeout_ms: 60_000 };
        match self.ask(Request::InitProducerId(Some(Box::new(request)))) {
            Some(Response::InitProducerId(answer)) => result_of(&answer),
            other => panic!("{other:?}"),
        }
    }

    fn add(&mut self, who: (i64, i16), partition: u16) -> Option<ErrorCode> {
        let request = AddPartitionsToTxnRequest {
            producer: producer(who),
            partitions: vec![TopicPartition::new(ORDERS, partition)],
        };
        match self.ask(Request::AddPartitionsToTxn(Box::new(request))) {
            Some(Response::AddPartitionsToTxn(error)) => error,
            other => panic!("{other:?}"),
        }
    }

    fn end(&mut self, who: (i64, i16), committed: bool) -> Result<(i64, i16), ErrorCode> {
        let request = EndTxnRequest { producer: producer(who), committed };
        match self.ask(Request::EndTxn(Box::new(request))) {
            Some(Response::EndTxn(answer)) => result_of(&answer),
            other => panic!("{other:?}"),
        }
    }

    /// The leaders write what they are asked for, or answer with an error.
    fn answer_markers(&mut self, error: Option<ErrorCode>) -> Vec<TxnMarker> {
        let mut markers = Vec::new();
        while let Some((_, id, marker)) = self.coordinator.next_markers() {
            let results: Vec<_> = marker.partitions.iter().map(|&tp| (tp, error)).collect();
            self.turn(|coordinator, ctx, image, log, _| {
                coordinator.on_markers(ctx, &id, marker.producer_epoch, &results, image, log);
            });
            markers.push(marker);
        }
        self.commit_log(Ok(()));
        markers
    }

    fn state(&self) -> TransactionState {
        self.coordinator.transaction(ID).expect("it is known").state
    }

    fn has_timer(&self, timer: BrokerTimer) -> bool {
        self.recorder.pending().iter().any(|&(_, t)| t == NodeTimer::Broker(timer))
    }
}

fn producer((producer_id, producer_epoch): (i64, i16)) -> TransactionalProducer {
    TransactionalProducer { transactional_id: ID.into(), producer_id, producer_epoch }
}

fn result_of(answer: &InitProducerIdResponse) -> Result<(i64, i16), ErrorCode> {
    answer.error.map_or(Ok((answer.producer_id, answer.producer_epoch)), Err)
}

#[test]
fn a_transaction_is_decided_marked_and_complete() {
    let mut world = World::new();
    let who = world.init().unwrap();
    assert_eq!(who.1, 0);
    assert!(!world.has_timer(BrokerTimer::AbortTimedOutTransactions), "nothing is open");
    assert_eq!(world.add(who, 0), None);
    assert_eq!(world.add(who, 1), None);
    assert_eq!(world.end(who, true), Ok((who.0, 1)), "answered with the decision");
    assert_eq!(world.state(), TransactionState::PrepareCommit);
    assert_eq!(world.add((who.0, 1), 0), Some(ErrorCode::ConcurrentTransactions));
    let markers = world.answer_markers(None);
    let expected = TxnMarker {
        producer_id: who.0,
        producer_epoch: 1,
        committed: true,
        coordinator_epoch: 3,
        partitions: vec![TopicPartition::new(ORDERS, 0), TopicPartition::new(ORDERS, 1)],
    };
    assert_eq!(markers, [expected]);
    assert_eq!(world.state(), TransactionState::CompleteCommit);
    assert_eq!(world.end(who, true), Ok((who.0, 1)), "it came again");
    assert_eq!(world.add((who.0, 1), 0), None);
}

#[test]
fn no_state_holds_before_it_is_in_the_log() {
    let mut world = World::new();
    let who = world.init().unwrap();
    world.add(who, 0);
    let end = EndTxnRequest { producer: producer(who), committed: true };
    world.ask_only(Request::EndTxn(Box::new(end.clone())));
    assert_eq!(world.state(), TransactionState::Ongoing);
    assert!(world.answer().is_none() && world.coordinator.next_markers().is_none());
    world.ask_only(Request::EndTxn(Box::new(end)));
    let Some(Response::EndTxn(again)) = world.answer() else { panic!("refused at once") };
    assert_eq!(again.error, Some(ErrorCode::ConcurrentTransactions));
    world.commit_log(Err(ErrorCode::NotLeaderOrFollower));
    let Some(Response::EndTxn(lost)) = world.answer() else { panic!("answered") };
    assert_eq!(lost.error, Some(ErrorCode::NotCoordinator));
    assert_eq!(world.state(), TransactionState::Ongoing);
    world.log.refuses = Some(ErrorCode::NotEnoughReplicas);
    assert_eq!(world.end(who, true), Err(ErrorCode::CoordinatorNotAvailable));
}

#[test]
fn markers_are_asked_for_until_they_are_written() {
    let mut world = World::new();
    let who = world.init().unwrap();
    world.add(who, 0);
    world.end(who, false).unwrap();
    for _ in 0..3 {
        assert_eq!(world.answer_markers(Some(ErrorCode::NotLeaderOrFollower)).len(), 1);
        assert_eq!(world.state(), TransactionState::PrepareAbort);
        assert!(world.has_timer(BrokerTimer::RetryTransactionMarkers));
        world.turn(|coordinator, ctx, image, log, _| coordinator.retry_markers(ctx, image, log));
    }
    world.image.apply(&MetadataRecord::RemoveTopic { topic: ORDERS, at_ms: 0 });
    world.answer_markers(Some(ErrorCode::UnknownTopicOrPartition));
    world.turn(|coordinator, ctx, image, log, _| coordinator.retry_markers(ctx, image, log));
    world.commit_log(Ok(()));
    assert_eq!(world.state(), TransactionState::CompleteAbort, "a deleted topic needs none");
}

#[test]
fn another_producer_aborts_the_open_transaction_and_fences() {
    let mut world = World::new();
    let who = world.init().unwrap();
    world.add(who, 0);
    assert_eq!(world.init(), Err(ErrorCode::ConcurrentTransactions));
    assert_eq!(world.state(), TransactionState::PrepareAbort);
    assert_eq!(world.init(), Err(ErrorCode::ConcurrentTransactions), "markers are on their way");
    assert!(!world.answer_markers(None)[0].committed);
    assert_eq!(world.init(), Ok((who.0, 2)));
    assert_eq!(world.add(who, 0), Some(ErrorCode::ProducerFenced));
    assert_eq!(world.end(who, true), Err(ErrorCode::ProducerFenced));
    let fenced = |(_, event): &(Micros, Event)| {
        matches!(event, Event::TransactionChanged { end: TransactionEnd::Fenced, .. })
    };
    assert_eq!(world.recorder.events.iter().filter(|event| fenced(event)).count(), 1);
}

#[test]
fn what_is_open_for_too_long_is_aborted_at_the_next_look() {
    let mut world = World::new();
    let who = world.init().unwrap();
    world.now = 12_000_000;
    world.add(who, 0);
    let timer = NodeTimer::Broker(BrokerTimer::AbortTimedOutTransactions);
    assert!(world.recorder.pending().contains(&(20_000_000, timer)), "every ten seconds");
    for (at_us, state) in [
        (70_000_000, TransactionState::Ongoing),
        (72_000_000, TransactionState::Ongoing),
        (80_000_000, TransactionState::PrepareAbort),
    ] {
        world.now = at_us;
        world.turn(|coordinator, ctx, image, log, ids| {
            coordinator.abort_timed_out(ctx, image, log, ids);
        });
        world.commit_log(Ok(()));
        assert_eq!(world.state(), state, "{at_us}");
    }
    world.answer_markers(None);
    assert_eq!(world.add(who, 0), Some(ErrorCode::ProducerFenced));
    assert_eq!(world.end(who, true), Err(ErrorCode::InvalidTxnState));
    assert_eq!(world.end(who, false), Ok((who.0, 1)), "its abort is the one that was made");
}

#[test]
fn a_new_coordinator_goes_on_where_the_log_ends() {
    let mut world = World::new();
    let who = world.init().unwrap();
    world.add(who, 0);
    world.end(who, true).unwrap();
    let before = world.coordinator.transaction(ID).cloned();
    let config = BrokerConfig::from_properties(&Properties::new()).unwrap();
    world.coordinator = TransactionCoordinator::new(ME, &config);
    assert_eq!(world.init(), Err(ErrorCode::CoordinatorLoadInProgress));
    world.elect(4);
    assert_eq!(world.coordinator.transaction(ID).cloned(), before);
    let markers = world.answer_markers(None);
    assert_eq!((markers.len(), markers[0].coordinator_epoch), (1, 4));
    assert_eq!(world.state(), TransactionState::CompleteCommit);
    assert_eq!(world.end(who, true), Ok((who.0, 1)), "the answer had been lost");
}

#[test]
fn who_resigns_sends_everybody_away() {
    let mut world = World::new();
    let who = world.init().unwrap();
    world.add(who, 0);
    let end = EndTxnRequest { producer: producer(who), committed: true };
    world.ask_only(Request::EndTxn(Box::new(end)));
    let tp = world.partition();
    world.turn(|coordinator, ctx, _, _, _| coordinator.on_resigned(ctx, tp));
    let Some(Response::EndTxn(answer)) = world.answer() else { panic!("answered") };
    assert_eq!(answer.error, Some(ErrorCode::NotCoordinator));
    assert!(world.coordinator.transaction(ID).is_none());
}

#[test]
fn a_timeout_beyond_transaction_max_timeout_ms_is_refused() {
    let mut world = World::new();
    for transaction_timeout_ms in [0, 900_001] {
        let request = InitProducerIdRequest { transactional_id: ID.into(), transaction_timeout_ms };
        let answer = world.ask(Request::InitProducerId(Some(Box::new(request))));
        let Some(Response::InitProducerId(answer)) = answer else { panic!("{answer:?}") };
        assert_eq!(answer.error, Some(ErrorCode::InvalidTransactionTimeout));
    }
}

#[test]
fn records_are_kafkas_bytes() {
    let mut world = World::new();
    let who = world.init().unwrap();
    world.add(who, 1);
    let record = &world.log.batches[1].batch.records[0];
    assert_eq!(record.key.as_deref().unwrap(), b"\0\0\0\x03pay");
    let value = record.value.as_deref().unwrap();
    let head = [&[0, 1][..], &who.0.to_be_bytes(), &[0, 0, 0, 0, 0xea, 0x60, 1]].concat();
    assert_eq!(value[..head.len()], head, "version, id, epoch, timeout, Ongoing");
    let partitions = b"\x02\x07orders\x02\0\0\0\x01\0";
    assert_eq!(value[head.len()..][..partitions.len()], partitions[..]);
    assert_eq!(value[value.len() - 5..], [1, 2, 2, 0, 2], "client transaction version");
    let (id, read) = record::decode(record, &world.image).unwrap();
    assert_eq!((&*id, read.as_ref()), (ID, world.coordinator.transaction(ID)));
}
