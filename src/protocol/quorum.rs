//! What the controllers of a quorum say to each other (KRaft: KIP-595, pre-votes: KIP-996).

use super::MetadataRecord;
use crate::engine::NodeId;

/// A controller asks another.
#[derive(Clone, Debug)]
pub enum QuorumRequest {
    /// Vote
    Vote {
        /// The candidate's epoch; of a pre-vote, the one before.
        epoch: i32,
        /// Leader epoch of the last record of its log.
        last_epoch: i32,
        /// End of its log.
        end_offset: i64,
        /// Only whether it would get the vote.
        is_pre_vote: bool,
    },
    /// BeginQuorumEpoch: the sender leads.
    BeginQuorumEpoch {
        /// In this epoch.
        epoch: i32,
    },
    /// Fetch of the metadata log; parked until there is news.
    Fetch {
        /// Epoch of the follower.
        epoch: i32,
        /// End of its log.
        offset: i64,
        /// Leader epoch of its last record.
        last_epoch: i32,
        /// The high watermark it knows (KIP-1166).
        high_watermark: i64,
    },
}

impl QuorumRequest {
    /// The sender's epoch.
    pub fn epoch(&self) -> i32 {
        match *self {
            Self::Vote { epoch, .. }
            | Self::BeginQuorumEpoch { epoch }
            | Self::Fetch { epoch, .. } => epoch,
        }
    }
}

/// News of the metadata log.
#[derive(Clone, Debug)]
pub struct FetchedMetadata {
    /// Everything below it is committed.
    pub high_watermark: i64,
    /// Where the logs part, as (epoch, end offset); then there are no records.
    pub diverging_epoch: Option<(i32, i64)>,
    /// Records from the fetch offset on, each with its leader epoch.
    pub records: Vec<(i32, MetadataRecord)>,
}

/// What a controller answers.
#[derive(Clone, Debug)]
pub enum QuorumAnswer {
    /// The vote, given or not.
    Vote(bool),
    /// It follows now.
    BeginQuorumEpoch,
    /// Records, a high watermark, or where the logs part.
    Fetch(FetchedMetadata),
    /// Wrong epoch, or not the leader.
    Refused,
}

/// An answer, with what the sender knows of the quorum.
#[derive(Clone, Debug)]
pub struct QuorumResponse {
    /// Its epoch.
    pub epoch: i32,
    /// The leader in that epoch, if it knows one.
    pub leader: Option<NodeId>,
    /// The answer.
    pub answer: QuorumAnswer,
}
