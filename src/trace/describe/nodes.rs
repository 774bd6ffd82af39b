//! Commands, processes, the network, the controller.

use super::{Description, Severity, Words};
use crate::events::{Event, ShrinkReason};

/// Label of the reason for which a replica left the ISR.
fn shrink_cause(reason: ShrinkReason) -> &'static str {
    match reason {
        ShrinkReason::Lag => "replica-lag",
        ShrinkReason::Fenced => "fenced",
        ShrinkReason::ControlledShutdown => "controlled-shutdown",
        ShrinkReason::UncleanElection => "unclean-election",
        ShrinkReason::Reassignment => "reassignment",
    }
}

pub(super) fn describe(words: &Words<'_>) -> Option<Description> {
    use Severity::{Loss, Notice, Warning};
    Some(match &words.event.event {
        Event::CommandApplied(command) => {
            words.say("command", "command: {command}").with("command", command).graded(Notice)
        }
        Event::CommandRefused { command, reason } => words
            .say("command-refused", "refused: {command}: {reason}")
            .with("command", command)
            .with("reason", reason)
            .graded(Warning),
        Event::NodeStarted { .. } => words.say("node-started", "{node} started").graded(Notice),
        Event::NodeKilled => words
            .say("node-killed", "{node} killed: what it held in memory is gone")
            .graded(Warning),
        Event::PowerLost => words
            .say(
                "power-lost",
                "{node} lost power: what it had not flushed is gone, and nobody is told",
            )
            .graded(Warning),
        Event::NodePaused { for_us } => words
            .say(
                "node-paused",
                "{node} is paused for {time}: it hears nothing, and its timers wait",
            )
            .with("time", words.names.time(*for_us))
            .graded(Warning),
        Event::NodeResumed => {
            words.say("node-resumed", "{node} goes on, with all that came meanwhile").graded(Notice)
        }
        Event::LinkSlowed { from, to, extra_us: 0 } => words
            .say("link-slow-no-more", "the network from {from} to {to} is slow no more")
            .with("from", words.node(*from))
            .with("to", words.node(*to))
            .graded(Notice),
        Event::LinkSlowed { from, to, extra_us } => words
            .say("link-slowed", "the network from {from} to {to} takes {time} longer")
            .with("from", words.node(*from))
            .with("to", words.node(*to))
            .with("time", words.names.time(*extra_us))
            .graded(Warning),
        Event::NodeSlowed { extra_us: 0 } => {
            words.say("node-slow-no-more", "the network of {node} is slow no more").graded(Notice)
        }
        Event::NodeSlowed { extra_us } => words
            .say("node-slowed", "the network of {node} takes {time} longer")
            .with("time", words.names.time(*extra_us))
            .graded(Warning),
        Event::NodeStopped => words.say("node-stopped", "{node} stopped").graded(Notice),
        Event::LinkCut { from, to } => words
            .say("link-cut", "the network from {from} to {to} is cut")
            .with("from", words.node(*from))
            .with("to", words.node(*to))
            .graded(Warning),
        Event::LinkHealed { from, to } => words
            .say("link-healed", "the network from {from} to {to} is healed")
            .with("from", words.node(*from))
            .with("to", words.node(*to))
            .graded(Notice),
        Event::ConfigChanged { scope, key, value: Some(value) } => words
            .say("config-changed", "{scope}: {key}={value}")
            .with("scope", scope)
            .with("key", key)
            .with("value", value)
            .graded(Notice),
        Event::ConfigChanged { scope, key, value: None } => words
            .say("config-reset", "{scope}: {key} back to its default")
            .with("scope", scope)
            .with("key", key)
            .graded(Notice),
        Event::ControllerElected { epoch } => words
            .say("controller-elected", "{node} is the active controller, in epoch {epoch}")
            .with("epoch", epoch)
            .graded(Notice),
        Event::ControllerResigned { epoch } => words
            .say(
                "controller-resigned",
                "{node} is the active controller no longer; it was so in epoch {epoch}",
            )
            .with("epoch", epoch)
            .graded(Warning),
        Event::BrokerRegistered { broker, broker_epoch } => words
            .say("broker-registered", "{broker} registered with broker epoch {epoch}")
            .with("broker", words.node(*broker))
            .with("epoch", broker_epoch),
        Event::BrokerFenced { broker } => words
            .say("broker-fenced", "{broker} fenced: no heartbeat for broker.session.timeout.ms")
            .with("broker", words.node(*broker))
            .because("session-timeout")
            .graded(Warning),
        Event::BrokerUnfenced { broker } => words
            .say("broker-unfenced", "{broker} unfenced: it may lead and follow")
            .with("broker", words.node(*broker))
            .graded(Notice),
        Event::ControlledShutdownStarted { broker } => words
            .say("controlled-shutdown", "{broker} shuts down: its partitions get other leaders")
            .with("broker", words.node(*broker))
            .graded(Notice),
        Event::TopicCreated { name, partitions, .. } => words
            .say("topic-created", "topic {topic} created with {partitions} partitions")
            .with("topic", name)
            .with("partitions", partitions.len())
            .graded(Notice),
        Event::PartitionsAdded { topic, partitions, .. } => words
            .say("partitions-added", "topic {topic} got {partitions} more partitions: keys move")
            .with("topic", words.names.topic_name(*topic))
            .with("partitions", partitions.len())
            .graded(Notice),
        Event::TopicDeleted { name, .. } => words
            .say("topic-deleted", "topic {topic} deleted, with all its records")
            .with("topic", name)
            .graded(Warning),
        Event::ReassignmentStarted { tp, adding, removing } => words
            .say_of(
                *tp,
                "reassignment-started",
                "{partition} moves: {adding} copy it, {removing} give it up then",
            )
            .with("adding", words.nodes(adding))
            .with("removing", words.nodes(removing))
            .graded(Notice),
        Event::ReassignmentEnded { tp, replicas } => words
            .say_of(*tp, "reassignment-ended", "{partition} lies on {replicas} now")
            .with("replicas", words.nodes(replicas))
            .graded(Notice),
        Event::LeaderElected { tp, leader: None, .. } => words
            .say_of(
                *tp,
                "no-leader",
                "{partition} has no leader: nobody is alive who has all that was committed",
            )
            .because("no-replica-in-sync")
            .graded(Warning),
        Event::LeaderElected { tp, leader, leader_epoch, isr, unclean: true } => words
            .say_of(
                *tp,
                "leader-elected-uncleanly",
                "{partition}: {leader} leads in epoch {epoch} from outside the ISR: committed \
                 records may be gone; ISR {isr}",
            )
            .with("leader", words.leader(*leader))
            .with("epoch", leader_epoch)
            .with("isr", words.nodes(isr))
            .because("unclean-election")
            .graded(Loss),
        Event::LeaderElected { tp, leader, leader_epoch, isr, unclean: false } => words
            .say_of(
                *tp,
                "leader-elected",
                "{partition}: {leader} leads in epoch {epoch}; ISR {isr}",
            )
            .with("leader", words.leader(*leader))
            .with("epoch", leader_epoch)
            .with("isr", words.nodes(isr))
            .graded(Notice),
        Event::IsrShrunk { tp, removed, isr, reason } => words
            .say_of(*tp, "isr-shrunk", "{partition}: {removed} left the ISR ({cause}); ISR {isr}")
            .with("removed", words.nodes(removed))
            .with("isr", words.nodes(isr))
            .because(shrink_cause(*reason))
            .graded(Warning),
        Event::ElrChanged { tp, elr, last_known_leader: Some(leader) } => words
            .say_of(
                *tp,
                "elr-changed-leaderless",
                "{partition}: eligible leader replicas (ELR) {elr}; {leader} led last",
            )
            .with("elr", words.nodes(elr))
            .with("leader", words.node(*leader)),
        Event::ElrChanged { tp, elr, last_known_leader: None } => words
            .say_of(*tp, "elr-changed", "{partition}: eligible leader replicas (ELR) {elr}")
            .with("elr", words.nodes(elr)),
        Event::IsrExpanded { tp, added, isr } => words
            .say_of(*tp, "isr-expanded", "{partition}: {added} is in the ISR again; ISR {isr}")
            .with("added", words.nodes(added))
            .with("isr", words.nodes(isr))
            .graded(Notice),
        _ => return None,
    })
}
