//! The group coordinator of one broker: requests in, answers out.

use std::sync::Arc;

use super::answer::{error_to, wire_bytes};
use super::classic_group::ClassicGroup;
use super::consumer::ConsumerGroupLimits;
use super::expiry::Shard;
use super::pending::PendingAppend;
use crate::broker::RequestToken;
use crate::broker::internal_topic::{self, InternalLog};
use crate::config::BrokerConfig;
use crate::engine::{NodeId, SortedMap};
use crate::metadata::MetadataImage;
use crate::node::{BrokerTimer, Ctx};
use crate::protocol::{
    CONSUMER_OFFSETS, ErrorCode, FindCoordinatorResponse, Request, Response, TopicPartition,
    TxnOffsetCommitRequest,
};
use crate::view::GroupView;

/// Place of a group in the coordinator; timers name groups by it.
pub(super) type Slot = u32;

/// The broker configs a coordinator goes by.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    pub min_session_timeout_ms: i64,
    pub max_session_timeout_ms: i64,
    pub initial_rebalance_delay_ms: i64,
    pub max_size: usize,
    pub commit_timeout_ms: i64,
    pub offsets_retention_ms: i64,
    pub retention_check_interval_ms: i64,
    pub consumer: ConsumerGroupLimits,
}

impl Limits {
    fn of(config: &BrokerConfig) -> Self {
        Self {
            min_session_timeout_ms: config.group_min_session_timeout_ms,
            max_session_timeout_ms: config.group_max_session_timeout_ms,
            initial_rebalance_delay_ms: config.group_initial_rebalance_delay_ms,
            max_size: config.group_max_size.max(1) as usize,
            commit_timeout_ms: config.offsets_commit_timeout_ms,
            offsets_retention_ms: i64::from(config.offsets_retention_minutes) * 60_000,
            retention_check_interval_ms: config.offsets_retention_check_interval_ms,
            consumer: ConsumerGroupLimits::of(config),
        }
    }
}

/// The groups whose partition of `__consumer_offsets` this broker leads.
#[derive(Clone, Debug)]
pub struct GroupCoordinator {
    broker: NodeId,
    pub(super) limits: Limits,
    names: SortedMap<Arc<str>, Slot>,
    groups: Vec<Option<ClassicGroup>>,
    /// Partitions of `__consumer_offsets` that are led here and loaded.
    pub(super) loaded: SortedMap<TopicPartition, Shard>,
    pub(super) pending: Vec<PendingAppend>,
    pub(super) next_token: u32,
    replies: Vec<(RequestToken, Response, u32)>,
    wants_offsets_topic: bool,
}

impl GroupCoordinator {
    /// The coordinator of `broker`; it leads nothing yet.
    pub fn new(broker: NodeId, config: &BrokerConfig) -> Self {
        Self {
            broker,
            limits: Limits::of(config),
            names: SortedMap::new(),
            groups: Vec::new(),
            loaded: SortedMap::new(),
            pending: Vec::new(),
            next_token: 0,
            replies: Vec::new(),
            wants_offsets_topic: false,
        }
    }

    /// Goes by other configs from now on.
    pub fn configure(&mut self, config: &BrokerConfig) {
        self.limits = Limits::of(config);
    }

    /// The process starts: memory is gone. Tokens go on counting, so that an old append is not
    /// taken for a new one.
    pub fn reset(&mut self) {
        self.names.clear();
        self.groups.clear();
        self.loaded.clear();
        self.pending.clear();
        self.replies.clear();
        self.wants_offsets_topic = false;
    }

    /// Takes a request. Its answer comes with [`Self::take_replies`], now or later.
    pub fn handle(
        &mut self,
        ctx: &mut Ctx<'_>,
        token: RequestToken,
        request: Request,
        image: &MetadataImage,
        log: &mut impl InternalLog,
    ) {
        let group = match &request {
            Request::FindCoordinator(find) => {
                let coordinator =
                    internal_topic::coordinator_of(CONSUMER_OFFSETS, &find.key, image);
                self.wants_offsets_topic |= image.topic_id(CONSUMER_OFFSETS).is_none();
                let response = FindCoordinatorResponse { coordinator };
                return self.reply(token, Response::FindCoordinator(response));
            }
            Request::JoinGroup(join) => &join.group,
            Request::SyncGroup(sync) => &sync.group,
            Request::Heartbeat(member) | Request::LeaveGroup(member) => &member.group,
            Request::ConsumerGroupHeartbeat(member) => &member.group,
            Request::OffsetCommit(commit) => &commit.member.group,
            Request::TxnOffsetCommit(commit) => &commit.commit.member.group,
            Request::OffsetFetch(fetch) => &fetch.group,
            _ => return,
        };
        let tp = match self.partition_of(group, image) {
            Ok(tp) => tp,
            Err(error) => return self.refuse(token, &request, error),
        };
        match request {
            Request::JoinGroup(join) => self.join(ctx, token, &join, tp, image, log),
            Request::SyncGroup(sync) => self.sync(ctx, token, *sync, image, log),
            Request::Heartbeat(member) => {
                let error = self.heartbeat(ctx, &member).err();
                self.reply(token, Response::Heartbeat(error));
            }
            Request::LeaveGroup(member) => {
                let error = self.leave(ctx, &member, log).err();
                self.reply(token, Response::LeaveGroup(error));
            }
            Request::ConsumerGroupHeartbeat(member) => {
                self.consumer_heartbeat(ctx, token, &member, tp, image, log);
            }
            Request::OffsetCommit(commit) => {
                self.commit(ctx, token, (&commit, None), tp, image, log)
            }
            Request::TxnOffsetCommit(request) => {
                let TxnOffsetCommitRequest { producer, commit } = &*request;
                self.commit(ctx, token, (commit, Some(producer)), tp, image, log);
            }
            Request::OffsetFetch(fetch) => {
                let response = self.fetch_offsets(&fetch);
                self.reply(token, Response::OffsetFetch(Box::new(response)));
            }
            _ => {}
        }
        self.arm_expiry_timer(ctx, tp);
    }

    /// Answers a request with an error.
    pub fn refuse(&mut self, token: RequestToken, request: &Request, error: ErrorCode) {
        if let Some(response) = error_to(request, error) {
            self.reply(token, response);
        }
    }

    /// A timer of this coordinator fired; others are none of its business.
    pub fn on_timer(
        &mut self,
        ctx: &mut Ctx<'_>,
        timer: BrokerTimer,
        image: &MetadataImage,
        log: &mut impl InternalLog,
    ) {
        match timer {
            BrokerTimer::GroupRebalance(slot) if self.is_live(slot) => {
                self.on_rebalance_timer(ctx, slot, log);
            }
            BrokerTimer::GroupSessions(slot) if self.is_live(slot) => {
                if self.group(slot).consumer.is_some() {
                    self.on_consumer_timer(ctx, slot, image, log);
                } else {
                    self.on_session_timer(ctx, slot, log);
                }
            }
            BrokerTimer::OffsetCommitTimeout(token) => self.on_append_timeout(ctx, token),
            BrokerTimer::ExpireOffsets(partition) => {
                self.on_expiry_timer(ctx, partition, image, log);
            }
            _ => {}
        }
    }

    /// Whether answers are due.
    pub fn has_replies(&self) -> bool {
        !self.replies.is_empty()
    }

    /// Answers that are due, each with its size on the wire.
    pub fn take_replies(&mut self) -> Vec<(RequestToken, Response, u32)> {
        std::mem::take(&mut self.replies)
    }

    /// Whether somebody looked for a coordinator while there was no `__consumer_offsets`, since
    /// this was last asked: the broker then has the topic created.
    pub fn wants_offsets_topic(&mut self) -> bool {
        std::mem::take(&mut self.wants_offsets_topic)
    }

    /// The groups, by name.
    pub fn views(&self) -> Vec<GroupView> {
        self.names.values().map(|&slot| self.view(self.group(slot))).collect()
    }

    /// Whether that is a group of the consumer protocol.
    pub fn is_consumer_group(&self, group: &str) -> bool {
        self.names.get(group).is_some_and(|&slot| self.group(slot).consumer.is_some())
    }

    fn view(&self, group: &ClassicGroup) -> GroupView {
        let (state, generation, protocol, members) = match &group.consumer {
            Some(consumer) => {
                let assignor = consumer.assignor(&self.limits.consumer).name();
                (consumer.state(), consumer.epoch, Some(assignor.into()), consumer.assignment())
            }
            None => {
                let members = group.members.iter();
                let members = members.map(|m| (m.client_id.clone(), m.assignment.clone()));
                let protocol = group.protocol.clone();
                (group.state.name(), group.generation, protocol, members.collect())
            }
        };
        GroupView {
            group: group.id.clone(),
            coordinator: self.broker,
            state,
            generation,
            protocol,
            members,
            committed: group.committed.iter().map(|(&tp, at)| (tp, at.position.offset)).collect(),
        }
    }

    /// The partition of `__consumer_offsets` that `group` belongs to, when it is led here.
    fn partition_of(
        &self,
        group: &str,
        image: &MetadataImage,
    ) -> Result<TopicPartition, ErrorCode> {
        let is_loaded = |tp| self.loaded.contains_key(&tp);
        internal_topic::led_partition(CONSUMER_OFFSETS, group, image, self.broker, is_loaded)
    }

    pub(super) fn reply(&mut self, token: RequestToken, response: Response) {
        let bytes = wire_bytes(&response);
        self.replies.push((token, response, bytes));
    }

    pub(super) fn slot_of(&self, group: &str) -> Option<Slot> {
        self.names.get(group).copied()
    }

    pub(super) fn slot_or_create(&mut self, group: &Arc<str>, log: TopicPartition) -> Slot {
        if let Some(slot) = self.slot_of(group) {
            return slot;
        }
        let free = self.groups.iter().position(Option::is_none);
        let index = free.unwrap_or_else(|| {
            self.groups.push(None);
            self.groups.len() - 1
        });
        self.groups[index] = Some(ClassicGroup::new(group.clone(), log));
        self.names.insert(group.clone(), index as Slot);
        index as Slot
    }

    pub(super) fn drop_group(&mut self, slot: Slot) -> Option<ClassicGroup> {
        let group = self.groups.get_mut(slot as usize)?.take()?;
        self.names.remove(&group.id);
        Some(group)
    }

    fn is_live(&self, slot: Slot) -> bool {
        self.groups.get(slot as usize).is_some_and(Option::is_some)
    }

    /// The group in a slot; slots come from `names` and from timers of live groups only.
    pub(super) fn group(&self, slot: Slot) -> &ClassicGroup {
        self.groups[slot as usize].as_ref().expect("a live group")
    }

    pub(super) fn group_mut(&mut self, slot: Slot) -> &mut ClassicGroup {
        self.groups[slot as usize].as_mut().expect("a live group")
    }

    pub(super) fn groups_of(&self, tp: TopicPartition) -> Vec<Slot> {
        self.names.values().copied().filter(|&slot| self.group(slot).log == tp).collect()
    }
}
