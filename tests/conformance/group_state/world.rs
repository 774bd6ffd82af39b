//! A group coordinator alone in the world: a log that commits at once, a clock that the script
//! moves, timers that fire in order.

use std::sync::Arc;

use highwater::broker::RequestToken;
use highwater::broker::group::{
    AppendToken, GroupCoordinator, GroupRecord, InternalLog, partition_for,
};
use highwater::config::{BrokerConfig, Properties};
use highwater::engine::{EventQueue, Micros, NodeId, Rng, Timer};
use highwater::events::{Event, EventId};
use highwater::metadata::MetadataImage;
use highwater::node::{BrokerTimer, Ctx, NodeTimer, Outside};
use highwater::protocol::{
    BrokerRegistration, CONSUMER_OFFSETS, Channel, Envelope, ErrorCode, MetadataRecord,
    PartitionRegistration, Request, Response, TopicId, TopicPartition, partitions_of,
};
use highwater::record::{Batch, BatchId, RecordId};

/// The broker under test.
const BROKER: NodeId = NodeId(1);
/// The group of all scripts.
pub const GROUP: &str = "g";

/// What the coordinator does to the world.
#[derive(Default)]
struct Hands {
    queue: EventQueue<NodeTimer>,
    events: u64,
    batches: u64,
}

impl Outside for Hands {
    fn send(&mut self, _envelope: Envelope, _rng: &mut Rng) {}

    fn set_timer(
        &mut self,
        _node: NodeId,
        at_us: Micros,
        _cause: Option<EventId>,
        timer: NodeTimer,
    ) -> Timer {
        self.queue.schedule(at_us, timer)
    }

    fn cancel_timer(&mut self, timer: Timer) {
        self.queue.cancel(timer);
    }

    fn emit(&mut self, _: Micros, _: NodeId, _: Option<EventId>, _: Event) -> EventId {
        self.events += 1;
        EventId(self.events)
    }

    fn next_record_id(&mut self) -> RecordId {
        RecordId(0)
    }

    fn next_batch_id(&mut self) -> BatchId {
        self.batches += 1;
        BatchId(self.batches)
    }

    fn exit(&mut self, _node: NodeId) {}
}

/// Keeps what was written since somebody looked.
#[derive(Default)]
struct Log {
    open: Vec<u32>,
    written: Vec<GroupRecord>,
}

impl InternalLog for Log {
    fn append(
        &mut self,
        _ctx: &mut Ctx<'_>,
        _tp: TopicPartition,
        batch: Arc<Batch>,
        token: AppendToken,
    ) -> Result<(), ErrorCode> {
        let AppendToken::Group(token) = token else { unreachable!("a group's") };
        self.open.push(token);
        self.written.extend(batch.records.iter().filter_map(GroupRecord::decode));
        Ok(())
    }
}

/// An answer, and to which request of whom.
pub struct Answer {
    pub request: u64,
    pub at_us: Micros,
    pub response: Response,
}

pub struct World {
    pub coordinator: GroupCoordinator,
    image: MetadataImage,
    hands: Hands,
    log: Log,
    rng: Rng,
    now: Micros,
    requests: u64,
    answers: Vec<Answer>,
}

impl World {
    /// A coordinator with these configs; `seed` decides what ids it gives.
    pub fn new(config: &Properties, seed: u64) -> Self {
        let config = BrokerConfig::from_properties(config).expect("configs of a broker");
        let mut world = Self {
            coordinator: GroupCoordinator::new(BROKER, &config),
            image: MetadataImage::default(),
            hands: Hands::default(),
            log: Log::default(),
            rng: Rng::stream(seed, 1),
            now: 0,
            requests: 0,
            answers: Vec::new(),
        };
        world.forget_topics();
        let tp = TopicPartition::new(TopicId(0), partition_for(GROUP, 50));
        world.turn(|coordinator, ctx, image, _| coordinator.on_elected(ctx, tp, &[], image));
        world
    }

    /// The cluster has no topics but `__consumer_offsets`.
    pub fn forget_topics(&mut self) {
        self.image = MetadataImage::default();
        let registration = BrokerRegistration {
            rack: None,
            broker_epoch: 0,
            fenced: false,
            in_controlled_shutdown: false,
        };
        self.image.apply(&MetadataRecord::Broker { broker: BROKER, registration });
        self.create_topic(TopicId(0), CONSUMER_OFFSETS, 50);
    }

    pub fn create_topic(&mut self, topic: TopicId, name: &str, partitions: u16) {
        self.image.apply(&MetadataRecord::Topic { topic, name: name.into() });
        for tp in partitions_of(topic, partitions) {
            let registration = PartitionRegistration {
                replicas: vec![BROKER],
                isr: vec![BROKER],
                leader: Some(BROKER),
                leader_epoch: 0,
                partition_epoch: 0,
                ..PartitionRegistration::default()
            };
            self.image.apply(&MetadataRecord::Partition { tp, registration });
        }
    }

    /// Lets `client` ask; the number of the request.
    pub fn ask(&mut self, client: NodeId, request: Request) -> u64 {
        self.requests += 1;
        let token = RequestToken { client, channel: Channel::Coordinator, number: self.requests };
        self.turn(|coordinator, ctx, image, log| {
            coordinator.handle(ctx, token, request, image, log);
        });
        self.requests
    }

    /// Fires the next timer that is due by then, after `before` has seen it.
    pub fn fire_next(&mut self, until_ms: i64, before: impl FnOnce(&Self, BrokerTimer)) -> bool {
        let Some((at_us, timer)) = self.hands.queue.pop_until(until_ms as u64 * 1000) else {
            self.now = until_ms as u64 * 1000;
            return false;
        };
        self.now = at_us;
        if let NodeTimer::Broker(timer) = timer {
            before(self, timer);
            self.turn(|coordinator, ctx, image, log| coordinator.on_timer(ctx, timer, image, log));
        }
        true
    }

    /// A turn of the coordinator; all that it appends is committed at once.
    fn turn(
        &mut self,
        turn: impl FnOnce(&mut GroupCoordinator, &mut Ctx<'_>, &MetadataImage, &mut Log),
    ) {
        let Self { coordinator, image, hands, log, rng, now, answers, .. } = self;
        let mut ctx = Ctx::new(*now, BROKER, rng, None, hands);
        turn(coordinator, &mut ctx, image, log);
        loop {
            for token in std::mem::take(&mut log.open) {
                coordinator.on_append_done(&mut ctx, token, Ok(()));
            }
            let replies = coordinator.take_replies().into_iter();
            answers.extend(replies.map(|(token, response, _)| Answer {
                request: token.number,
                at_us: *now,
                response,
            }));
            if log.open.is_empty() {
                break;
            }
        }
    }

    pub fn now_ms(&self) -> i64 {
        (self.now / 1000) as i64
    }

    pub fn take_answers(&mut self) -> Vec<Answer> {
        std::mem::take(&mut self.answers)
    }

    pub fn take_written(&mut self) -> Vec<GroupRecord> {
        std::mem::take(&mut self.log.written)
    }
}
