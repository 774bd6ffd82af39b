//! Leaders and ISRs as brokers go and come back, and what the trace says of it.

use crate::config::Features;
use crate::controller::testbed::{Bed, SECOND};
use crate::events::{Event, EventId, ShrinkReason};
use crate::protocol::{AdminRequest, ElectionType, ErrorCode};

/// Brokers 1, 2 and 3; those in `dead` have been fenced.
fn after_death_of(dead: &[u16], prepare: impl FnOnce(&mut Bed)) -> Bed {
    let mut bed = Bed::with_brokers(&[1, 2, 3]);
    prepare(&mut bed);
    let alive: Vec<_> = [1, 2, 3].into_iter().filter(|b| !dead.contains(b)).collect();
    bed.run_until(14 * SECOND, &alive);
    assert!(dead.iter().all(|&b| bed.fenced_at_us(b).is_some()));
    bed
}

#[test]
fn fencing_is_the_cause_of_every_election_it_brings() {
    let bed = after_death_of(&[1], |bed| {
        bed.partition(&[1, 2, 3], &[1, 2, 3], 1);
        bed.partition(&[2, 1, 3], &[3, 2, 1], 2);
        bed.partition(&[1], &[1], 1);
        bed.partition(&[3, 2], &[3, 2], 3);
    });
    let events = &bed.world.events;
    let is_fencing = |(_, event): &(u64, Event)| matches!(event, Event::BrokerFenced { .. });
    let fencing = events.iter().position(is_fencing).unwrap();
    let told: Vec<_> = events[fencing + 1..].iter().map(|(_, e)| format!("{e:?}")).collect();
    assert_eq!(told.len(), 6, "{told:#?}");
    for (event, what) in told.iter().zip([
        "LeaderElected { tp: TopicPartition { topic: TopicId(0), partition: 0 }, leader: Some(NodeId(2)), leader_epoch: 1",
        "IsrShrunk { tp: TopicPartition { topic: TopicId(0)",
        "IsrShrunk { tp: TopicPartition { topic: TopicId(1)",
        "LeaderElected { tp: TopicPartition { topic: TopicId(2), partition: 0 }, leader: None, leader_epoch: 1",
        "IsrShrunk { tp: TopicPartition { topic: TopicId(2)",
        "ElrChanged { tp: TopicPartition { topic: TopicId(2), partition: 0 }, elr: [NodeId(1)], last_known_leader: Some(NodeId(1)) }",
    ]) {
        assert!(event.starts_with(what), "{event} is not {what}");
    }
    let causes = &bed.world.causes[fencing..];
    assert_eq!(causes[0], None);
    assert!(causes[1..].iter().all(|&cause| cause == Some(EventId(fencing as u64))));
    let updates = bed.world.sent.iter().filter(|m| m.cause == Some(EventId(fencing as u64)));
    assert_eq!(updates.count(), 2, "brokers 2 and 3 are told, with the same cause");
}

#[test]
fn without_elr_the_last_member_stays_in_the_isr_and_leads_again_when_it_is_back() {
    let features = Features { eligible_leader_replicas: false };
    let mut bed = Bed::with_features(&[], 0, features);
    bed.join(&[1, 2, 3]);
    let tp = bed.partition(&[1, 2], &[1], 1);
    bed.run_until(14 * SECOND, &[2, 3]);
    assert_eq!(bed.state(tp), (0, vec![1], 1, 1));
    bed.register_after(1, 77, -1).unwrap();
    assert_eq!(bed.state(tp), (0, vec![1], 1, 1), "registered, but fenced");
    bed.heartbeat(1);
    assert_eq!(bed.state(tp), (1, vec![1], 2, 2));
}

#[test]
fn who_was_only_cut_off_or_stopped_cleanly_leads_again_from_the_elr() {
    let mut tp = None;
    let bed = after_death_of(&[1], |bed| tp = Some(bed.partition(&[1, 2], &[1], 1)));
    let tp = tp.unwrap();
    assert_eq!((bed.state(tp), bed.elr(tp)), ((0, vec![], 1, 1), (vec![1], vec![1])));
    let is_unclean = |bed: &Bed| {
        bed.world.events.iter().rev().find_map(|(_, event)| match event {
            Event::LeaderElected { unclean, .. } => Some(*unclean),
            _ => None,
        })
    };

    let mut cut_off = bed.fork();
    cut_off.heartbeat(1);
    assert_eq!(cut_off.state(tp), (1, vec![1], 2, 2));
    assert_eq!((cut_off.elr(tp), is_unclean(&cut_off)), ((vec![], vec![]), Some(false)));

    let mut stopped = bed.fork();
    stopped.register(1, 77).unwrap();
    assert_eq!(stopped.elr(tp).0, [1], "registered, but fenced");
    stopped.heartbeat(1);
    assert_eq!((stopped.state(tp), is_unclean(&stopped)), ((1, vec![1], 2, 2), Some(false)));

    let mut crashed = bed.fork();
    crashed.register_after(1, 77, -1).unwrap();
    assert_eq!(crashed.elr(tp), (vec![], vec![1]), "it may have lost the end of its log");
    crashed.heartbeat(1);
    assert_eq!((crashed.state(tp), is_unclean(&crashed)), ((1, vec![1], 2, 3), Some(true)));
}

#[test]
fn min_insync_replicas_is_never_more_than_there_are_replicas() {
    let mut bed = Bed::new(&[("min.insync.replicas", "2")], 0);
    bed.join(&[1, 2, 3]);
    let (two, one) = (bed.partition(&[1, 2], &[1, 2], 2), bed.partition(&[2], &[2], 2));
    bed.run_until(14 * SECOND, &[2, 3]);
    assert_eq!((bed.state(two).1, bed.elr(two).0), (vec![2], vec![1]));
    assert_eq!((bed.state(one).1, bed.elr(one).0), (vec![2], vec![]));
}

#[test]
fn unclean_election_takes_a_live_replica_at_once() {
    let mut tp = None;
    let mut bed = after_death_of(&[1], |bed| {
        tp = Some(bed.partition(&[1, 3, 2], &[1], 1));
        bed.set_unclean(tp.unwrap());
    });
    let tp = tp.unwrap();
    assert_eq!(bed.state(tp), (3, vec![3], 1, 1));
    let shrinks: Vec<_> = bed
        .world
        .events
        .iter()
        .filter_map(|(_, event)| match event {
            Event::IsrShrunk { removed, reason, .. } => Some((removed.to_vec(), *reason)),
            Event::IsrExpanded { .. } => panic!("no expansion"),
            _ => None,
        })
        .collect();
    assert_eq!(shrinks, [(vec![crate::engine::NodeId(1)], ShrinkReason::UncleanElection)]);
    bed.register(1, 77).unwrap();
    bed.heartbeat(1);
    assert_eq!(bed.state(tp).0, 3, "the old leader has to follow");
}

#[test]
fn switching_unclean_election_on_waits_for_the_task_or_an_unfence() {
    let mut tp = None;
    let mut bed = after_death_of(&[1], |bed| tp = Some(bed.partition(&[1, 2, 3], &[1], 1)));
    let tp = tp.unwrap();
    bed.set_unclean(tp);
    bed.run_until(299 * SECOND, &[2, 3]);
    assert_eq!(bed.state(tp).0, 0);
    let mut forked = bed.fork();
    bed.run_until(301 * SECOND, &[2, 3]);
    assert_eq!(bed.state(tp), (2, vec![2], 2, 2), "the task of 300 s");

    forked.register(4, 4).unwrap();
    forked.heartbeat(4);
    assert_eq!(forked.state(tp), (2, vec![2], 2, 2), "any broker that comes into service");
}

#[test]
fn leaders_go_back_to_the_first_replica_every_300_s() {
    let mut bed = Bed::with_brokers(&[1, 2, 3]);
    let moved = bed.partition(&[1, 2, 3], &[2, 1], 2);
    let lagging = bed.partition(&[1, 2, 3], &[2, 3], 2);
    bed.run_until(299 * SECOND, &[1, 2, 3]);
    assert_eq!(bed.state(moved).0, 2);
    bed.run_until(301 * SECOND, &[1, 2, 3]);
    assert_eq!(bed.state(moved), (1, vec![2, 1], 1, 1));
    assert_eq!(bed.state(lagging), (2, vec![2, 3], 0, 0));
    let end_offset = bed.controller.log.end_offset();
    bed.run_until(1000 * SECOND, &[1, 2, 3]);
    assert_eq!(bed.controller.log.end_offset(), end_offset);
}

#[test]
fn auto_leader_rebalance_can_be_switched_off() {
    let mut bed = Bed::new(&[("auto.leader.rebalance.enable", "false")], 0);
    bed.join(&[1, 2]);
    let tp = bed.partition(&[1, 2], &[2, 1], 2);
    bed.run_until(1000 * SECOND, &[1, 2]);
    assert_eq!(bed.state(tp).0, 2);
}

#[test]
fn preferred_leaders_by_command() {
    let mut bed = Bed::with_brokers(&[1, 2, 3]);
    let moved = bed.partition(&[1, 2, 3], &[2, 1], 2);
    assert_eq!(bed.admin(AdminRequest::ElectPreferredLeaders), Some(Ok(())));
    assert_eq!(bed.state(moved).0, 1);
    bed.partition(&[1, 2, 3], &[2, 3], 2);
    let refused = bed.admin(AdminRequest::ElectPreferredLeaders).unwrap().unwrap_err();
    let message = "The preferred leader was not available: t1-0".to_owned();
    assert_eq!(refused, (ErrorCode::PreferredLeaderNotAvailable, message));
}

#[test]
fn one_leader_by_command() {
    let mut bed = Bed::with_brokers(&[1, 2, 3]);
    let tp = bed.partition(&[1, 2, 3], &[2, 1], 2);
    let elect = |bed: &mut Bed, election| {
        let request = AdminRequest::ElectLeader { topic: "t0".into(), partition: 0, election };
        bed.admin(request).expect("an answer").map_err(|(error, _)| error)
    };
    use ElectionType::{Preferred, Unclean};
    assert_eq!(elect(&mut bed, Unclean), Err(ErrorCode::ElectionNotNeeded));
    assert_eq!(elect(&mut bed, Preferred), Ok(()));
    assert_eq!(bed.state(tp).0, 1);
    assert_eq!(elect(&mut bed, Preferred), Err(ErrorCode::ElectionNotNeeded));

    // Brokers 1 and 2 die; 3 was not in sync.
    bed.run_until(15 * SECOND, &[3]);
    assert_eq!(bed.state(tp).0, 0);
    assert_eq!(elect(&mut bed, Preferred), Err(ErrorCode::PreferredLeaderNotAvailable));
    assert_eq!(elect(&mut bed.fork(), Unclean), Ok(()), "whatever the topic's config says");
    bed.run_until(30 * SECOND, &[]);
    assert_eq!(elect(&mut bed, Unclean), Err(ErrorCode::EligibleLeadersNotAvailable));
}
