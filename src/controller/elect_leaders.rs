//! ElectLeaders: administrators ask for leaders (KIP-183, KIP-460).

use crate::events::ShrinkReason;
use crate::node::Ctx;
use crate::protocol::{ElectionType, ErrorCode, TopicPartition};

use super::Controller;
use super::admin::AdminError;
use super::partition_change::Election;
use super::replication::has_preferred_leader;

impl Controller {
    /// For one partition.
    pub(super) fn elect_leader(
        &mut self,
        ctx: &mut Ctx<'_>,
        topic: &str,
        partition: u16,
        election: ElectionType,
    ) -> Result<(), AdminError> {
        let tp = self.find_partition(topic, partition)?;
        self.elect(ctx, tp, election)
    }

    /// The preferred leader of every partition. Succeeds unless some partition cannot have it; the
    /// others get theirs all the same.
    pub(super) fn elect_preferred_leaders(&mut self, ctx: &mut Ctx<'_>) -> Result<(), AdminError> {
        let all: Vec<_> = self.image().partitions().map(|(tp, _)| tp).collect();
        let is_impossible = |&tp: &TopicPartition| {
            let elected = self.elect(ctx, tp, ElectionType::Preferred);
            elected.is_err_and(|(error, _)| error != ErrorCode::ElectionNotNeeded)
        };
        let impossible: Vec<_> = all.into_iter().filter(is_impossible).collect();
        if impossible.is_empty() {
            return Ok(());
        }
        let names: Vec<_> = impossible.into_iter().map(|tp| self.name_of(tp)).collect();
        let message = format!("The preferred leader was not available: {}", names.join(", "));
        Err((ErrorCode::PreferredLeaderNotAvailable, message))
    }

    fn elect(
        &mut self,
        ctx: &mut Ctx<'_>,
        tp: TopicPartition,
        wanted: ElectionType,
    ) -> Result<(), AdminError> {
        let image = self.log.image();
        let Some(before) = image.partition(tp) else { return Ok(()) };
        let (is_needed, election) = match wanted {
            ElectionType::Preferred => (!has_preferred_leader(before), Election::Preferred),
            ElectionType::Unclean => (before.leader.is_none(), Election::Unclean),
        };
        if !is_needed {
            let leader = before.leader.map_or(0, |leader| leader.0);
            let message = format!(
                "Leader election not needed for topic partition {}: broker {leader} leads it.",
                self.name_of(tp)
            );
            return Err((ErrorCode::ElectionNotNeeded, message));
        }
        let change = self.changing(tp, before).election(election);
        let Some(change) = change.build(|r| image.is_active(r)) else {
            let name = self.name_of(tp);
            return Err(match wanted {
                ElectionType::Preferred => (
                    ErrorCode::PreferredLeaderNotAvailable,
                    format!(
                        "The preferred leader was not available: the first replica of {name} has \
                         to be alive and in the ISR."
                    ),
                ),
                ElectionType::Unclean => (
                    ErrorCode::EligibleLeadersNotAvailable,
                    format!(
                        "Eligible topic partition leaders are not available: no replica of {name} \
                         is alive. Start one."
                    ),
                ),
            });
        };
        self.change(ctx, tp, change, ShrinkReason::UncleanElection);
        Ok(())
    }

    fn name_of(&self, tp: TopicPartition) -> String {
        let topic = self.image().topic(tp.topic).map_or("", |topic| &*topic.name);
        format!("{topic}-{}", tp.partition)
    }
}
