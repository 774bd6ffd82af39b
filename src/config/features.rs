//! Features of a cluster, at the levels it was formatted with (KIP-584, `kafka-features.sh`).

use super::Properties;

const ELIGIBLE_LEADER_REPLICAS: &str = "eligible.leader.replicas.version";

/// Feature levels that the model acts on.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Features {
    /// eligible.leader.replicas.version: 0 or 1 (KIP-966). New clusters have 1 since Kafka 4.1.
    pub eligible_leader_replicas: bool,
}

impl Default for Features {
    fn default() -> Self {
        Self { eligible_leader_replicas: true }
    }
}

impl Features {
    /// The features of new clusters, but for what `levels` says.
    ///
    /// # Errors
    /// For a feature or a level that does not exist.
    pub fn from_properties(levels: &Properties) -> Result<Self, String> {
        let mut features = Self::default();
        for (name, level) in levels.iter() {
            let message = match (name, level) {
                (ELIGIBLE_LEADER_REPLICAS, "0" | "1") => {
                    features.eligible_leader_replicas = level == "1";
                    continue;
                }
                (ELIGIBLE_LEADER_REPLICAS, _) => format!(
                    "feature {name} has no level {level}; 0 switches it off, 1 is its only other \
                     level"
                ),
                _ => format!("unknown feature {name}; it is {ELIGIBLE_LEADER_REPLICAS} or none"),
            };
            return Err(message);
        }
        Ok(features)
    }

    /// What is not as in a new cluster.
    pub fn to_properties(self) -> Properties {
        let mut levels = Properties::default();
        if !self.eligible_leader_replicas {
            levels.set(ELIGIBLE_LEADER_REPLICAS, "0");
        }
        levels
    }
}
