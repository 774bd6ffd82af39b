//! Server-side assignors (group.consumer.assignors): who shall have what, as the coordinator of a
//! group of the consumer protocol computes it (KIP-848).

mod balancer;
mod heterogeneous;
mod homogeneous;
mod range;

use std::sync::Arc;

use crate::engine::SortedSet;
use crate::protocol::{MemberId, TopicId, TopicPartition};

/// A server-side assignor.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ServerAssignor {
    /// `uniform`: as many partitions for everyone as can be, moving few.
    Uniform,
    /// `range`: consecutive partitions of each topic, regardless of what was.
    Range,
}

/// Whether all members subscribe to the same topics (Kafka's `SubscriptionType`). Topics that do
/// not exist count.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum SubscriptionType {
    /// All members name the same topics.
    #[default]
    Homogeneous,
    /// Some member names others.
    Heterogeneous,
}

/// A topic that somebody subscribes to.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct TopicSpec {
    /// The topic.
    pub id: TopicId,
    /// How many partitions it has.
    pub partitions: u16,
}

/// A member, as assignors see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberSpec {
    /// Member id.
    pub id: MemberId,
    /// group.instance.id
    pub instance_id: Option<Arc<str>>,
    /// Topics it subscribes to, of those that exist.
    pub topics: SortedSet<TopicId>,
    /// What the last target assignment gave it.
    pub target: SortedSet<TopicPartition>,
}

/// What an assignor goes by (Kafka's `GroupSpec`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupSpec {
    /// In the order of the coordinator's hash map of members: it decides ties.
    pub members: Vec<MemberSpec>,
    /// Subscribed topics, in the order of the hash set of their ids.
    pub topics: Vec<TopicSpec>,
    /// Whether the subscriptions are equal.
    pub subscription_type: SubscriptionType,
}

impl ServerAssignor {
    /// All that a broker knows.
    pub const ALL: [Self; 2] = [Self::Uniform, Self::Range];

    /// Name in group.consumer.assignors and group.remote.assignor.
    pub fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Range => "range",
        }
    }

    /// The assignor with this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|assignor| assignor.name() == name)
    }

    /// What each member shall have, in the order of `spec.members`.
    pub fn assign(self, spec: &GroupSpec) -> Vec<SortedSet<TopicPartition>> {
        match (self, spec.subscription_type) {
            (Self::Range, _) => range::assign(spec),
            (Self::Uniform, SubscriptionType::Homogeneous) => homogeneous::assign(spec),
            (Self::Uniform, SubscriptionType::Heterogeneous) => heterogeneous::assign(spec),
        }
    }
}
