//! Sizes of a consumer's requests on the wire.

use std::sync::Arc;

use crate::protocol::{Request, Subscription, UserData};

/// Length, api key, api version, correlation id, length of client.id, tagged fields.
const HEADER: usize = 4 + 2 + 2 + 4 + 2 + 1;
/// replica, max wait, min and max bytes, isolation level, session id and epoch, rack, counts.
const FETCH: usize = 4 + 4 + 4 + 4 + 1 + 4 + 4 + 1 + 2;
/// Topic id, index, leader epoch, offset, last fetched epoch, log start offset, max bytes.
const FETCH_PARTITION: usize = 16 + 4 + 4 + 8 + 4 + 8 + 4;

/// Size of `request` with its header, in bytes.
pub(super) fn request_bytes(request: &Request, client_id: &str) -> u32 {
    let body = match request {
        Request::Fetch(fetch) => {
            let changes = fetch.changes.as_ref().map_or(0, |changes| {
                changes.partitions.len() * FETCH_PARTITION + changes.forgotten.len() * 20
            });
            FETCH + fetch.rack.as_ref().map_or(0, |rack| rack.len()) + changes
        }
        Request::FindCoordinator(find) => 4 + find.key.len(),
        Request::JoinGroup(join) => {
            let protocol_bytes = |(name, subscription): &(Arc<str>, Subscription)| {
                let topics = subscription.topics.iter().map(|topic| topic.len() + 2);
                let rack = subscription.rack.as_ref().map_or(0, |rack| rack.len());
                let owned = subscription.owned.len() * 4;
                let user_data = match &subscription.user_data {
                    Some(UserData::Previous { partitions, .. }) => 8 + partitions.len() * 4,
                    Some(UserData::Generation(_)) => 4,
                    None => 0,
                };
                name.len() + 20 + rack + topics.sum::<usize>() + owned + user_data
            };
            let id = join.member_id.as_ref().map_or(0, |id| id.len());
            30 + join.group.len() + id + join.protocols.iter().map(protocol_bytes).sum::<usize>()
        }
        Request::SyncGroup(sync) => {
            let assignments =
                sync.assignments.iter().map(|(id, tps)| id.len() + 12 + tps.len() * 4);
            30 + sync.group.len() + sync.member_id.len() + assignments.sum::<usize>()
        }
        Request::Heartbeat(member) | Request::LeaveGroup(member) => {
            10 + member.group.len() + member.member_id.len()
        }
        Request::ConsumerGroupHeartbeat(member) => {
            let topics = member.topics.iter().flatten().map(|topic| topic.len() + 1);
            let owned = member.owned.as_ref().map_or(0, |owned| owned.len() * 4);
            24 + member.group.len() + member.member_id.len() + owned + topics.sum::<usize>()
        }
        Request::OffsetCommit(commit) => {
            let member = &commit.member;
            14 + member.group.len() + member.member_id.len() + commit.offsets.len() * 18
        }
        Request::OffsetFetch(fetch) => 10 + fetch.group.len() + fetch.partitions.len() * 4,
        Request::ListOffsets(list) => 8 + list.partitions.len() * 16,
        Request::OffsetForLeaderEpoch(ends) => 8 + ends.partitions.len() * 12,
        _ => 8,
    };
    (HEADER + client_id.len() + body) as u32
}
