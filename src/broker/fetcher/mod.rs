//! Following: a loop of fetches for each leader this broker follows (Kafka's
//! `AbstractFetcherThread` and `ReplicaFetcherThread`, one fetcher a leader).

mod session;
#[cfg(test)]
mod tests;
mod truncation;

use session::{FetchedPartition, FetcherSession};
use truncation::truncation_offset;

use super::replica_manager::ReplicaManager;
use super::wire;
use crate::client::NetworkClient;
use crate::config::BrokerConfig;
use crate::engine::{Micros, NodeId, SortedMap, Timer};
use crate::node::{BrokerTimer, Ctx, NodeTimer};
use crate::protocol::{
    Channel, ErrorCode, FetchPartitionResponse, FetchRequest, FetchResponse, ListOffsetsRequest,
    ListOffsetsResponse, OffsetSpec, ReplicaState, Request, Response, TopicPartition,
};

/// The loop for one leader.
#[derive(Clone, Debug, Default)]
struct Fetcher {
    session: FetcherSession,
    /// A request is on its way: the loop goes on with its answer.
    is_waiting: bool,
    /// Partitions whose offsets have to be asked before they are fetched again.
    out_of_range: Vec<TopicPartition>,
    wake: Option<Timer>,
}

/// All fetchers of a broker.
#[derive(Clone, Debug)]
pub struct Fetchers {
    me: NodeId,
    client: NetworkClient<()>,
    fetchers: SortedMap<NodeId, Fetcher>,
    backoff_us: Micros,
    max_wait_ms: u32,
    min_bytes: u32,
    max_bytes: u32,
    partition_max_bytes: u32,
    broker_epoch: i64,
}

impl Fetchers {
    /// A broker that follows nobody.
    pub fn new(me: NodeId, config: &BrokerConfig) -> Self {
        let timer = |peer, channel| NodeTimer::Broker(BrokerTimer::RequestTimeout(peer, channel));
        let bytes = |n: i32| n.max(0) as u32;
        Self {
            me,
            // Fetchers reconnect at once; replica.fetch.backoff.ms is their only pause.
            client: NetworkClient::new(config.replica_socket_timeout_ms, 0, 0, timer),
            fetchers: SortedMap::new(),
            backoff_us: config.replica_fetch_backoff_ms.max(0) as u64 * 1000,
            max_wait_ms: config.replica_fetch_wait_max_ms.max(0) as u32,
            min_bytes: bytes(config.replica_fetch_min_bytes),
            max_bytes: bytes(config.replica_fetch_response_max_bytes),
            partition_max_bytes: bytes(config.replica_fetch_max_bytes),
            broker_epoch: -1,
        }
    }

    /// The process starts again and follows nobody. Connections go on counting.
    pub fn restart(&mut self, ctx: &mut Ctx<'_>) {
        self.client.close_all(ctx);
        self.fetchers.clear();
    }

    /// The epoch to fetch under.
    pub fn set_broker_epoch(&mut self, broker_epoch: i64) {
        self.broker_epoch = broker_epoch;
    }

    /// Follows `leader` for `tp` from now on, in the leader epoch of its replica, with any delay
    /// forgotten.
    pub fn follow(&mut self, replicas: &ReplicaManager, tp: TopicPartition, leader: NodeId) {
        for (&other, fetcher) in &mut self.fetchers {
            if other != leader {
                fetcher.session.remove(tp);
            }
        }
        let Some(slot) = replicas.slot(tp) else { return };
        let session = &mut self.fetchers.entry(leader).or_default().session;
        session.add(replicas.partition(slot), slot, self.partition_max_bytes);
    }

    /// Follows nobody for `tp`.
    pub fn stop(&mut self, tp: TopicPartition) {
        self.fetchers.values_mut().for_each(|fetcher| fetcher.session.remove(tp));
    }

    /// Sends whatever fetches can be sent now.
    pub fn run_all(&mut self, ctx: &mut Ctx<'_>) {
        let leaders = self.fetchers.keys().copied().collect::<Vec<_>>();
        leaders.into_iter().for_each(|leader| self.run(ctx, leader));
    }

    /// [`BrokerTimer::FetchFrom`]: partitions of this leader were delayed until now.
    pub fn on_timer(&mut self, ctx: &mut Ctx<'_>, leader: NodeId) {
        if let Some(fetcher) = self.fetchers.get_mut(&leader) {
            fetcher.wake = None;
        }
        self.run(ctx, leader);
    }

    fn run(&mut self, ctx: &mut Ctx<'_>, leader: NodeId) {
        let Some(fetcher) = self.fetchers.get_mut(&leader).filter(|fetcher| !fetcher.is_waiting)
        else {
            return;
        };
        if let Some(timer) = fetcher.wake.take() {
            ctx.cancel_timer(timer);
        }
        let (bytes, request) = if fetcher.out_of_range.is_empty() {
            fetcher.session.end_delays(ctx.now);
            if !fetcher.session.has_ready() {
                if let Some(at_us) = fetcher.session.next_ready_us() {
                    let timer = NodeTimer::Broker(BrokerTimer::FetchFrom(leader));
                    fetcher.wake = Some(ctx.set_timer_at(at_us, timer));
                }
                return;
            }
            let (session_epoch, changes) = fetcher.session.next_request();
            let request = FetchRequest {
                replica: Some(ReplicaState { replica: self.me, broker_epoch: self.broker_epoch }),
                rack: None,
                session_epoch,
                max_wait_ms: self.max_wait_ms,
                min_bytes: self.min_bytes,
                max_bytes: self.max_bytes,
                read_committed: false,
                changes,
            };
            (wire::fetch_request(&request), Request::Fetch(request))
        } else {
            let ends = |&tp| [(tp, OffsetSpec::Latest), (tp, OffsetSpec::Earliest)];
            let partitions = fetcher.out_of_range.iter().flat_map(ends).collect::<Vec<_>>();
            let bytes = wire::partitions_request(partitions.len());
            let request = ListOffsetsRequest { partitions, read_committed: false };
            (bytes, Request::ListOffsets(Box::new(request)))
        };
        fetcher.is_waiting = true;
        self.client.send(ctx, leader, Channel::Replica, bytes, request, ());
    }

    /// An answer from a leader.
    pub fn on_response(
        &mut self,
        ctx: &mut Ctx<'_>,
        replicas: &mut ReplicaManager,
        leader: NodeId,
        correlation: u32,
        response: Response,
    ) {
        if self.client.on_response(leader, Channel::Replica, correlation).is_none() {
            return;
        }
        let Some(fetcher) = self.fetchers.get_mut(&leader) else { return };
        fetcher.is_waiting = false;
        match response {
            Response::Fetch(fetched) => self.on_fetched(ctx, replicas, leader, fetched),
            Response::ListOffsets(offsets) => self.on_offsets(ctx, replicas, leader, &offsets),
            _ => debug_assert!(false, "not an answer to what was asked"),
        }
        self.run(ctx, leader);
    }

    fn on_fetched(
        &mut self,
        ctx: &mut Ctx<'_>,
        replicas: &mut ReplicaManager,
        leader: NodeId,
        response: FetchResponse,
    ) {
        let retry_at_us = ctx.now + self.backoff_us;
        let Some(fetcher) = self.fetchers.get_mut(&leader) else { return };
        if response.error.is_some() {
            return fetcher.session.reset();
        }
        let cause = ctx.cause;
        for fetched in response.partitions {
            ctx.cause = cause;
            let tp = fetched.tp;
            // An answer to a position that has been left since is no news.
            let Some((partition, epoch)) = fetcher.session.awaiting(tp) else { continue };
            match fetched.error {
                None => {
                    take(ctx, replicas, partition, fetched, epoch);
                    fetcher.session.moved(tp);
                }
                Some(ErrorCode::OffsetOutOfRange) => fetcher.out_of_range.push(tp),
                // Fenced in the epoch it knows: only metadata can help.
                Some(ErrorCode::FencedLeaderEpoch) if epoch == partition.leader_epoch() => {
                    fetcher.session.remove(tp);
                }
                Some(_) => fetcher.session.delay(tp, retry_at_us),
            }
        }
    }

    /// The ends of the leader's logs, for partitions whose fetch offset was not within them.
    fn on_offsets(
        &mut self,
        ctx: &mut Ctx<'_>,
        replicas: &mut ReplicaManager,
        leader: NodeId,
        offsets: &ListOffsetsResponse,
    ) {
        let retry_at_us = ctx.now + self.backoff_us;
        let Some(fetcher) = self.fetchers.get_mut(&leader) else { return };
        fetcher.out_of_range.clear();
        for ends in offsets.partitions.chunks_exact(2) {
            let tp = ends[0].0;
            let Some(partition) = fetcher.session.get_mut(tp) else { continue };
            let (Ok(leader_end), Ok(leader_start)) = (ends[0].1, ends[1].1) else {
                fetcher.session.delay(tp, retry_at_us);
                continue;
            };
            let own_end = replicas.partition(partition.slot).leo();
            if leader_end < own_end {
                replicas.truncate(ctx, partition.slot, leader_end);
            } else if leader_start > own_end {
                replicas.start_over(ctx, partition.slot, leader_start);
            }
            partition.continue_from(replicas.partition(partition.slot));
            fetcher.session.moved(tp);
        }
    }

    /// The leader's end of the connection is gone.
    pub fn on_disconnect(&mut self, ctx: &mut Ctx<'_>, leader: NodeId, number: u32) {
        let lost = self.client.on_disconnect(ctx, leader, Channel::Replica, number);
        self.on_lost(ctx, leader, !lost.is_empty());
    }

    /// The oldest request to the leader may have waited too long.
    pub fn on_request_timeout(&mut self, ctx: &mut Ctx<'_>, leader: NodeId) {
        let lost = self.client.on_timeout(ctx, leader, Channel::Replica);
        self.on_lost(ctx, leader, !lost.is_empty());
    }

    /// A failed request delays all its partitions.
    fn on_lost(&mut self, ctx: &mut Ctx<'_>, leader: NodeId, lost: bool) {
        let retry_at_us = ctx.now + self.backoff_us;
        let Some(fetcher) = self.fetchers.get_mut(&leader).filter(|_| lost) else { return };
        fetcher.is_waiting = false;
        fetcher.out_of_range.clear();
        fetcher.session.delay_requested(retry_at_us);
        self.run(ctx, leader);
    }
}

/// Takes over what the leader sent for one partition.
fn take(
    ctx: &mut Ctx<'_>,
    replicas: &mut ReplicaManager,
    partition: &mut FetchedPartition,
    fetched: FetchPartitionResponse,
    epoch: i32,
) {
    let slot = partition.slot;
    match fetched.diverging_epoch {
        Some((leader_epoch, leader_end)) => {
            let offset =
                truncation_offset(replicas.partition(slot).log(), leader_epoch, leader_end);
            replicas.truncate(ctx, slot, offset);
        }
        None => replicas.append_as_follower(ctx, slot, fetched, epoch),
    }
    partition.continue_from(replicas.partition(slot));
}
