//! Replicas of broker 1, with everybody else played by the test.

mod assignment;
mod fetch;
mod isr;
mod produce;
mod read_replica;
mod reference;
mod retention;

use std::sync::Arc;

use super::{ProduceOutcome, Reassigned, ReplicaManager};
use crate::broker::RequestToken;
use crate::broker::log::tests::idempotent;
use crate::config::{Acks, BrokerConfig, Properties};
use crate::engine::{Micros, NodeId, Rng};
use crate::events::Event;
use crate::metadata::MetadataImage;
use crate::node::recorder::Recorder;
use crate::node::{Ctx, NodeTimer};
use crate::protocol::{
    BrokerRegistration, Channel, FetchChanges, FetchPartition, FetchRequest, FetchResponse,
    MetadataRecord, PartitionRegistration, ProducePartitionResponse, ProduceRequest, ReplicaState,
    Response, TopicId, TopicPartition,
};
use crate::record::{Batch, LoggedBatch};

pub const ME: NodeId = NodeId(1);
pub const PRODUCER: NodeId = NodeId(101);
pub const CONSUMER: NodeId = NodeId(102);
/// broker.rack of brokers 1 to 3.
const RACKS: [&str; 3] = ["a", "b", "b"];
const TOPIC: TopicId = TopicId(0);

pub fn tp(partition: u16) -> TopicPartition {
    TopicPartition::new(TOPIC, partition)
}

/// A batch that may be appended now.
pub fn batch(count: usize) -> Arc<Batch> {
    sequenced(count, -1, -1)
}

/// A batch of an idempotent producer.
pub fn sequenced(count: usize, producer_id: i64, sequence: i32) -> Arc<Batch> {
    let epoch = if producer_id < 0 { -1 } else { 0 };
    let mut batch = Arc::unwrap_or_clone(idempotent(count, producer_id, epoch, sequence));
    batch.records.iter_mut().for_each(|r| r.timestamp_ms = crate::protocol::EPOCH_MS);
    Arc::new(batch)
}

pub struct World {
    pub image: MetadataImage,
    pub replicas: ReplicaManager,
    pub recorder: Recorder,
    pub now: Micros,
    rng: Rng,
    requests: u64,
}

impl World {
    /// Brokers 1 to 3 are active; a topic with these configs and so many partitions on all of them,
    /// led by broker 1 with everybody in sync.
    pub fn new(partitions: u16, configs: &[(&str, &str)]) -> Self {
        Self::with(&[], partitions, configs)
    }

    /// The same with brokers of this config.
    pub fn with(broker: &[(&str, &str)], partitions: u16, configs: &[(&str, &str)]) -> Self {
        let properties: Properties = broker.iter().copied().collect();
        let config = BrokerConfig::from_properties(&properties).expect("a valid config");
        let mut world = Self {
            image: MetadataImage::default(),
            replicas: ReplicaManager::new(ME, config),
            recorder: Recorder::default(),
            now: 1_000_000,
            rng: Rng::stream(1, 1),
            requests: 0,
        };
        world.replicas.restart(world.now, 0);
        for id in 1..=3 {
            world.register(id, false);
        }
        world.image.apply(&MetadataRecord::Topic { topic: TOPIC, name: "orders".into() });
        for &(key, value) in configs {
            let (key, value) = (Arc::from(key), Some(Arc::from(value)));
            world.image.apply(&MetadataRecord::TopicConfig { topic: TOPIC, key, value });
        }
        world.replicas.on_metadata(&world.image, true);
        for partition in 0..partitions {
            world.assign(partition, 1, &[1, 2, 3], 0, 0);
        }
        world
    }

    /// Broker `id` has epoch `10 * id`.
    pub fn register(&mut self, id: u16, fenced: bool) {
        let registration = BrokerRegistration {
            rack: Some(RACKS[usize::from(id) - 1].into()),
            broker_epoch: i64::from(id) * 10,
            fenced,
            in_controlled_shutdown: false,
        };
        self.image.apply(&MetadataRecord::Broker { broker: NodeId(id), registration });
        self.replicas.on_metadata(&self.image, false);
    }

    pub fn assign(
        &mut self,
        partition: u16,
        leader: u16,
        isr: &[u16],
        leader_epoch: i32,
        partition_epoch: i32,
    ) -> Reassigned {
        let registration = registration(leader, isr, leader_epoch, partition_epoch);
        self.image.apply(&MetadataRecord::Partition { tp: tp(partition), registration });
        self.turn(|world, ctx| world.replicas.assign(ctx, &world.image, tp(partition)))
    }

    /// One turn of the broker: whatever it brings about is settled.
    pub fn turn<R>(&mut self, turn: impl FnOnce(&mut Self, &mut Ctx<'_>) -> R) -> R {
        let mut recorder = std::mem::take(&mut self.recorder);
        let mut rng = self.rng.clone();
        let result = recorder.turn(self.now, ME, &mut rng, |ctx| {
            let result = turn(self, ctx);
            self.replicas.settle(ctx, &self.image);
            result
        });
        (self.recorder, self.rng) = (recorder, rng);
        result
    }

    pub fn token(&mut self, client: NodeId, channel: Channel) -> RequestToken {
        self.requests += 1;
        RequestToken { client, channel, number: self.requests }
    }

    pub fn produce(&mut self, acks: Acks, batches: &[(u16, Arc<Batch>)]) -> ProduceOutcome {
        let token = self.token(PRODUCER, Channel::Data);
        let batches = batches.iter().map(|(p, batch)| (tp(*p), batch.clone())).collect();
        let request = ProduceRequest { transactional_id: None, acks, timeout_ms: 30_000, batches };
        self.turn(|world, ctx| world.replicas.produce(ctx, &world.image, token, &request, &[]))
    }

    pub fn fetch(&mut self, client: NodeId, request: FetchRequest) {
        let is_follower = request.replica.is_some();
        let channel = if is_follower { Channel::Replica } else { Channel::Data };
        let token = self.token(client, channel);
        self.turn(|world, ctx| world.replicas.fetch(ctx, &world.image, token, request));
    }

    /// A follower fetches from these positions, in a new session; epoch of its records is 0.
    pub fn follower_fetches(&mut self, id: u16, positions: &[(u16, i64)]) {
        let partitions = positions.iter().map(|&(p, offset)| wanted(p, offset, 0)).collect();
        let changes = FetchChanges { partitions, forgotten: Vec::new() };
        let mut request = fetch_request(0, Some(changes));
        request.replica = Some(follower(id));
        self.fetch(NodeId(id), request);
    }

    /// Answers since the last call.
    pub fn answers(&mut self) -> Vec<(NodeId, Response)> {
        std::iter::from_fn(|| self.replicas.next_answer())
            .map(|answer| (answer.token.client, answer.response))
            .collect()
    }

    /// The only answer since the last call, to a produce.
    pub fn produced(&mut self) -> Vec<ProducePartitionResponse> {
        match self.answers().pop() {
            Some((PRODUCER, Response::Produce(response))) => response.partitions,
            other => panic!("not an answer to a produce: {other:?}"),
        }
    }

    /// The only answer since the last call, to a fetch of `client`.
    pub fn fetched(&mut self, client: NodeId) -> FetchResponse {
        let mut answers = self.answers();
        assert!(answers.len() <= 1, "{answers:?}");
        match answers.pop() {
            Some((to, Response::Fetch(response))) if to == client => response,
            other => panic!("not an answer to a fetch of {client:?}: {other:?}"),
        }
    }

    /// Lets time pass until the next timer that is set, and returns it.
    pub fn next_timer(&mut self) -> Option<NodeTimer> {
        let (index, at) = self
            .recorder
            .timers
            .iter()
            .enumerate()
            .filter_map(|(index, (_, at, timer))| timer.map(|_| (index, *at)))
            .min_by_key(|&(_, at)| at)?;
        self.now = at;
        self.recorder.timers[index].2.take()
    }

    pub fn events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.recorder.events).into_iter().map(|(_, event)| event).collect()
    }

    pub fn high_watermark(&self, partition: u16) -> i64 {
        self.replicas.replica(tp(partition)).expect("hosted").high_watermark()
    }

    pub fn leo(&self, partition: u16) -> i64 {
        self.replicas.replica(tp(partition)).expect("hosted").leo()
    }
}

pub fn registration(
    leader: u16,
    isr: &[u16],
    leader_epoch: i32,
    partition_epoch: i32,
) -> PartitionRegistration {
    PartitionRegistration {
        replicas: vec![NodeId(1), NodeId(2), NodeId(3)],
        isr: isr.iter().map(|&id| NodeId(id)).collect(),
        leader: (leader > 0).then_some(NodeId(leader)),
        leader_epoch,
        partition_epoch,
        ..PartitionRegistration::default()
    }
}

pub fn follower(id: u16) -> ReplicaState {
    ReplicaState { replica: NodeId(id), broker_epoch: i64::from(id) * 10 }
}

pub fn wanted(partition: u16, fetch_offset: i64, current_leader_epoch: i32) -> FetchPartition {
    FetchPartition {
        tp: tp(partition),
        fetch_offset,
        last_fetched_epoch: -1,
        log_start_offset: 0,
        current_leader_epoch,
        max_bytes: 1_048_576,
    }
}

pub fn fetch_request(session_epoch: u32, changes: Option<FetchChanges>) -> FetchRequest {
    FetchRequest {
        replica: None,
        rack: None,
        session_epoch,
        max_wait_ms: 500,
        min_bytes: 1,
        max_bytes: 10_485_760,
        read_committed: false,
        changes: changes.map(Box::new),
    }
}

/// Changes that add or move these partitions in leader epoch 0.
pub fn positions(positions: &[(u16, i64)]) -> Option<FetchChanges> {
    let partitions = positions.iter().map(|&(p, offset)| wanted(p, offset, 0)).collect();
    Some(FetchChanges { partitions, forgotten: Vec::new() })
}
