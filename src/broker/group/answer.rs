//! Answers of the coordinator: errors in the shape each request expects, and sizes on the wire.

use std::sync::Arc;

use super::consumer::heartbeat_error;
use crate::protocol::{
    ErrorCode, FindCoordinatorResponse, JoinGroupResponse, OffsetCommitResponse,
    OffsetFetchResponse, Request, Response, SyncGroupResponse,
};

/// `error` as the answer to `request`; `None` when the coordinator does not take such requests.
pub(super) fn error_to(request: &Request, error: ErrorCode) -> Option<Response> {
    Some(match request {
        Request::FindCoordinator(_) => {
            Response::FindCoordinator(FindCoordinatorResponse { coordinator: Err(error) })
        }
        Request::JoinGroup(join) => join_error(error, join.member_id.clone()),
        Request::SyncGroup(_) => sync_error(error),
        Request::Heartbeat(_) => Response::Heartbeat(Some(error)),
        Request::LeaveGroup(_) => Response::LeaveGroup(Some(error)),
        Request::ConsumerGroupHeartbeat(_) => heartbeat_error(error),
        Request::OffsetCommit(commit) => Response::OffsetCommit(Box::new(OffsetCommitResponse {
            partitions: commit.offsets.iter().map(|&(tp, _)| (tp, Some(error))).collect(),
        })),
        Request::TxnOffsetCommit(request) => {
            let offsets = request.commit.offsets.iter();
            let partitions = offsets.map(|&(tp, _)| (tp, Some(error))).collect();
            Response::TxnOffsetCommit(Box::new(OffsetCommitResponse { partitions }))
        }
        Request::OffsetFetch(_) => Response::OffsetFetch(Box::new(OffsetFetchResponse {
            error: Some(error),
            partitions: Vec::new(),
        })),
        _ => return None,
    })
}

pub(super) fn join_error(error: ErrorCode, member_id: Option<Arc<str>>) -> Response {
    Response::JoinGroup(Box::new(JoinGroupResponse {
        error: Some(error),
        generation: -1,
        protocol: "".into(),
        leader: "".into(),
        skip_assignment: false,
        member_id: member_id.unwrap_or_else(|| "".into()),
        members: Vec::new(),
    }))
}

pub(super) fn sync_error(error: ErrorCode) -> Response {
    Response::SyncGroup(Box::new(SyncGroupResponse {
        error: Some(error),
        protocol: None,
        assignment: Vec::new(),
    }))
}

/// Length, correlation id, tagged fields, throttle time.
const HEADER: usize = 4 + 4 + 1 + 4;
/// A partition inside an answer: index, error, offset, epoch, empty metadata.
const PARTITION: usize = 4 + 2 + 8 + 4 + 2;

/// Size of an answer on the wire, in bytes.
pub(super) fn wire_bytes(response: &Response) -> u32 {
    let body = match response {
        Response::FindCoordinator(_) => 40,
        Response::JoinGroup(join) => {
            let members = join.members.iter().map(|member| {
                let topics = member.subscription.topics.iter().map(|topic| topic.len() + 2);
                member.member_id.len() + 18 + topics.sum::<usize>()
            });
            let ids = join.protocol.len() + join.leader.len() + join.member_id.len();
            28 + ids + members.sum::<usize>()
        }
        Response::SyncGroup(sync) => 24 + sync.assignment.len() * 4,
        Response::ConsumerGroupHeartbeat(member) => {
            let assigned = member.assignment.as_ref().map_or(0, |tps| tps.len() * 4);
            18 + member.member_id.len() + assigned
        }
        Response::OffsetCommit(commit) | Response::TxnOffsetCommit(commit) => {
            8 + commit.partitions.len() * 6
        }
        Response::OffsetFetch(fetch) => 8 + fetch.partitions.len() * PARTITION,
        _ => 2,
    };
    (HEADER + body) as u32
}
