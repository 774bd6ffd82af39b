//! The group coordinator: membership, generations, committed offsets.
//!
//! A group lives on the broker that leads its partition of `__consumer_offsets`. [`GroupCoordinator`]
//! takes the requests; `classic_group` knows a group's members and state, `join`, `rebalance` and `sync`
//! lead it from one generation to the next, `sessions` ends what is silent too long, `offsets`
//! keeps commits until they are too old (`expiry`), `load` brings everything back from the log.

mod answer;
mod assignor;
mod classic_group;
mod consumer;
mod coordinator;
mod deleted_topics;
mod expiry;
mod java_hash;
mod join;
mod load;
mod member;
mod offsets;
mod pending;
mod rebalance;
mod records;
mod sessions;
mod snapshot;
mod sync;
#[cfg(test)]
mod tests;
mod transactional;

pub use super::internal_topic::{AppendToken, InternalLog, partition_for};
pub use assignor::{GroupSpec, MemberSpec, ServerAssignor, SubscriptionType, TopicSpec};
pub use consumer::{ConsumerMemberState, ConsumerRecord};
pub use coordinator::GroupCoordinator;
pub use records::{CommittedOffset, GroupMetadata, GroupRecord, MemberMetadata};
pub use snapshot::{
    ClassicGroupSnapshot, ClassicMemberSnapshot, ConsumerGroupSnapshot, ConsumerMemberSnapshot,
    GroupTimer,
};
