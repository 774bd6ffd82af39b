//! One replica of one partition: leader or follower, ISR, high watermark (Kafka's `Partition`).

mod disk;
mod eligible;
mod high_watermark;
mod isr;
mod leadership;
mod partition;
mod remote_replica;
mod topic_settings;

pub use disk::{Disk, FlushClock, FlushRules};
pub use eligible::EligibleBrokers;
pub use high_watermark::{CheckpointClock, HighWatermark};
pub use isr::Isr;
pub use leadership::{AlterReaction, Leadership};
pub use partition::{Partition, Transition};
pub use remote_replica::RemoteReplica;
pub use topic_settings::TopicSettings;

/// replica.lag.time.max.ms, and who may join ISRs: what ISR decisions hang on beside the replicas.
#[derive(Copy, Clone)]
pub struct IsrRules<'a> {
    /// replica.lag.time.max.ms, in µs.
    pub lag_max_us: crate::engine::Micros,
    /// Brokers that may join an ISR.
    pub eligible: &'a EligibleBrokers,
}
