//! Fetch requests: sessions, answers, and the purgatory for those who wait.

use super::read::SessionRead;
use super::{Answer, ReplicaManager};
use crate::broker::RequestToken;
use crate::broker::fetch::{Limits, ParkedFetch};
use crate::engine::NodeId;
use crate::metadata::MetadataImage;
use crate::node::{BrokerTimer, Ctx, NodeTimer};
use crate::protocol::{Channel, ErrorCode, FetchChanges, FetchRequest, FetchResponse, Response};

impl ReplicaManager {
    /// Answers a fetch, or parks it until there is something to say.
    pub fn fetch(
        &mut self,
        ctx: &mut Ctx<'_>,
        image: &MetadataImage,
        token: RequestToken,
        request: FetchRequest,
    ) {
        let number = match self.enter_session(ctx, token, &request) {
            Ok(number) => number,
            Err(error) => {
                let response = FetchResponse { error: Some(error), partitions: Vec::new() };
                let response = Response::Fetch(response);
                return self.answers.push_back(Answer { token, response, cause: ctx.cause });
            }
        };
        if let Some(changes) = request.changes {
            self.change_session(number, &changes);
        }
        let session = self.sessions.get_mut(number);
        session.last_fetch_us = ctx.now;
        session.rack = request.rack;
        session.read_committed = request.read_committed;
        let max_bytes = request.max_bytes.min(self.config.fetch_max_bytes.max(0) as u32);
        let limits = Limits {
            max_wait_ms: request.max_wait_ms,
            min_bytes: request.min_bytes.min(max_bytes),
            max_bytes,
        };
        let is_empty = session.is_empty();
        let read = self.read_session(ctx, image, number, limits, request.replica.is_some());
        let enough = read.bytes >= u64::from(limits.min_bytes);
        if limits.max_wait_ms == 0 || is_empty || enough || read.is_urgent {
            self.answer_fetch(ctx, token, number, read);
        } else if self.is_fetch_complete(self.sessions.get(number), limits.min_bytes) {
            let read = self.read_session(ctx, image, number, limits, false);
            self.answer_fetch(ctx, token, number, read);
        } else {
            self.put_to_rest(number, &read);
            let after_us = u64::from(limits.max_wait_ms) * 1000;
            // Should the wait end by itself, then nothing that happened before has ended it.
            ctx.cause = None;
            let timer = NodeTimer::Broker(BrokerTimer::FetchExpired(number));
            let timer = ctx.set_timer(after_us, timer);
            self.sessions.get_mut(number).parked = Some(ParkedFetch { token, timer, limits });
        }
    }

    fn enter_session(
        &mut self,
        ctx: &mut Ctx<'_>,
        token: RequestToken,
        request: &FetchRequest,
    ) -> Result<u32, ErrorCode> {
        let number = if request.session_epoch == 0 {
            self.leave_session(ctx, token.client, token.channel);
            let number = self.sessions.open(token.client, token.channel);
            self.sessions.get_mut(number).replica = request.replica;
            number
        } else {
            let found = self.sessions.find(token.client, token.channel);
            found.ok_or(ErrorCode::FetchSessionIdNotFound)?
        };
        let session = self.sessions.get_mut(number);
        if request.session_epoch != 0 && session.next_epoch == 0 {
            return Err(ErrorCode::FetchSessionIdNotFound);
        }
        if request.session_epoch != session.next_epoch {
            return Err(ErrorCode::InvalidFetchSessionEpoch);
        }
        debug_assert!(session.parked.is_none(), "one request at a time");
        session.next_epoch = request.session_epoch.checked_add(1).unwrap_or(1);
        Ok(number)
    }

    /// Ends the client's session: its fetches are over, and what is parked is not answered.
    pub(super) fn leave_session(&mut self, ctx: &mut Ctx<'_>, client: NodeId, channel: Channel) {
        let Some(number) = self.sessions.find(client, channel) else { return };
        if let Some(parked) = self.sessions.get_mut(number).parked.take() {
            ctx.cancel_timer(parked.timer);
        }
        let forgotten = self.sessions.get(number).all().collect();
        self.change_session(number, &FetchChanges { partitions: Vec::new(), forgotten });
        self.sessions.get_mut(number).next_epoch = 0;
    }

    fn change_session(&mut self, number: u32, changes: &FetchChanges) {
        for &tp in &changes.forgotten {
            let session = self.sessions.get_mut(number);
            let Some(place) = session.place_of(tp) else { continue };
            self.end_rest(number, place);
            if let Some((place, slot)) = self.sessions.get_mut(number).forget(tp) {
                self.unwatch(slot, number, place);
            }
        }
        for &wanted in &changes.partitions {
            if let Some(place) = self.sessions.get(number).place_of(wanted.tp) {
                self.end_rest(number, place);
            }
            self.sessions.get_mut(number).want(wanted);
        }
    }

    /// Marks a partition dirty; a follower that was at rest had all there was until its last fetch.
    fn end_rest(&mut self, number: u32, place: u32) {
        let session = self.sessions.get_mut(number);
        if session.mark_dirty(place)
            && let (Some(follower), Some(partition)) = (session.replica, session.partition(place))
            && let Some(slot) = partition.slot
        {
            let replica = &mut self.slots[slot as usize].partition;
            replica.follower_idled_until(session.last_fetch_us, follower.replica);
        }
    }

    fn answer_fetch(
        &mut self,
        ctx: &Ctx<'_>,
        token: RequestToken,
        number: u32,
        mut read: SessionRead,
    ) {
        let session = self.sessions.get_mut(number);
        read.partitions.retain(|(place, said)| {
            let is_news = session.is_news(*place, said);
            if is_news {
                session.tell(*place, said);
            }
            is_news
        });
        self.put_to_rest(number, &read);
        let partitions = read.partitions.into_iter().map(|(_, said)| said).collect();
        let response = Response::Fetch(FetchResponse { error: None, partitions });
        self.answers.push_back(Answer { token, response, cause: ctx.cause });
    }

    /// A parked fetch may have its data: looks, and answers with what is there at this moment.
    pub(super) fn try_complete_fetch(
        &mut self,
        ctx: &mut Ctx<'_>,
        image: &MetadataImage,
        number: u32,
    ) {
        let session = self.sessions.get_mut(number);
        session.is_woken = false;
        let Some(parked) = session.parked else { return };
        if self.is_fetch_complete(self.sessions.get(number), parked.limits.min_bytes) {
            ctx.cancel_timer(parked.timer);
            self.complete_fetch(ctx, image, number, parked);
        }
    }

    /// A parked fetch has waited for max_wait.
    pub fn on_fetch_expired(&mut self, ctx: &mut Ctx<'_>, image: &MetadataImage, number: u32) {
        if let Some(parked) = self.sessions.get(number).parked {
            self.complete_fetch(ctx, image, number, parked);
        }
    }

    fn complete_fetch(
        &mut self,
        ctx: &mut Ctx<'_>,
        image: &MetadataImage,
        number: u32,
        parked: ParkedFetch,
    ) {
        self.sessions.get_mut(number).parked = None;
        let read = self.read_session(ctx, image, number, parked.limits, false);
        self.answer_fetch(ctx, parked.token, number, read);
    }
}
