//! Partitions on the move.

use crate::controller::testbed::{Bed, SECOND, ids};
use crate::engine::NodeId;
use crate::events::Event;
use crate::protocol::{
    AdminRequest, AlterPartition, AlterPartitionRequest, ErrorCode, PartitionRegistration, Request,
    Response, TopicPartition,
};

fn reassign(bed: &mut Bed, replicas: Option<&[u16]>) -> Result<(), (ErrorCode, String)> {
    let (topic, replicas) = ("t0".into(), replicas.map(ids));
    let request = AdminRequest::AlterPartitionReassignment { topic, partition: 0, replicas };
    bed.admin(request).expect("an answer")
}

/// The leader asks for an ISR.
fn alter(
    bed: &mut Bed,
    tp: TopicPartition,
    isr: &[u16],
) -> Result<PartitionRegistration, ErrorCode> {
    let (leader, _, leader_epoch, partition_epoch) = bed.state(tp);
    let new_isr = isr.iter().map(|&id| (NodeId(id), -1)).collect();
    let partitions = vec![AlterPartition { tp, leader_epoch, partition_epoch, new_isr }];
    let (broker, broker_epoch) = (NodeId(leader), bed.epoch(leader));
    let request = AlterPartitionRequest { broker, broker_epoch, partitions };
    match bed.request(broker, Request::AlterPartition(Box::new(request))) {
        Some(Response::AlterPartition(response)) => response.partitions[0].1.clone(),
        other => panic!("{other:?}"),
    }
}

/// Replicas, those to come, those to go.
fn replicas(bed: &Bed, tp: TopicPartition) -> (Vec<u16>, Vec<u16>, Vec<u16>) {
    let partition = bed.controller.image().partition(tp).expect("a partition");
    let numbers = |nodes: &[NodeId]| nodes.iter().map(|node| node.0).collect();
    let PartitionRegistration { replicas, adding_replicas, removing_replicas, .. } = partition;
    (numbers(replicas), numbers(adding_replicas), numbers(removing_replicas))
}

#[test]
fn the_old_replicas_go_when_the_new_ones_are_in_the_isr() {
    let mut bed = Bed::with_brokers(&[1, 2, 3, 4]);
    let tp = bed.partition(&[1, 2], &[1, 2], 1);
    assert_eq!(reassign(&mut bed, Some(&[4, 3])), Ok(()));
    assert_eq!(replicas(&bed, tp), (vec![4, 3, 1, 2], vec![3, 4], vec![1, 2]));
    assert_eq!(bed.state(tp), (1, vec![1, 2], 0, 1), "nothing else changes yet");

    assert!(alter(&mut bed, tp, &[1, 2, 3]).is_ok());
    assert_eq!(replicas(&bed, tp).1, [3, 4], "4 is waited for");
    // Who leads has to go: another leader is elected, and it hears that it has to ask again.
    assert_eq!(alter(&mut bed, tp, &[1, 2, 3, 4]), Err(ErrorCode::NewLeaderElected));
    assert_eq!(replicas(&bed, tp), (vec![4, 3], vec![], vec![]));
    assert_eq!(bed.state(tp), (4, vec![3, 4], 1, 3));
    let told: Vec<_> = bed.world.events.iter().map(|(_, event)| event).collect();
    let is_end = |e: &&&Event| matches!(e, Event::ReassignmentEnded { .. });
    assert_eq!(told.iter().filter(is_end).count(), 1);
}

#[test]
fn a_leader_that_stays_gets_a_new_epoch_when_replicas_go() {
    let mut bed = Bed::with_brokers(&[1, 2, 3]);
    let tp = bed.partition(&[1, 2], &[1, 2], 1);
    assert_eq!(reassign(&mut bed, Some(&[1, 3])), Ok(()));
    let after = alter(&mut bed, tp, &[1, 2, 3]).expect("1 leads on");
    assert_eq!((after.leader, after.leader_epoch), (Some(NodeId(1)), 1));
    assert_eq!((replicas(&bed, tp).0, bed.state(tp).1), (vec![1, 3], vec![1, 3]));
}

#[test]
fn fewer_replicas_and_another_order_need_no_copying() {
    let mut bed = Bed::with_brokers(&[1, 2, 3]);
    let tp = bed.partition(&[1, 2, 3], &[1, 2, 3], 1);
    assert_eq!(reassign(&mut bed, Some(&[3, 1, 2])), Ok(()));
    assert_eq!(replicas(&bed, tp), (vec![3, 1, 2], vec![], vec![]));
    assert_eq!(bed.state(tp).0, 1, "an order moves no leader");
    assert_eq!(reassign(&mut bed, Some(&[2])), Ok(()));
    assert_eq!((replicas(&bed, tp).0, bed.state(tp)), (vec![2], (2, vec![2], 1, 2)));
}

#[test]
fn fewer_replicas_have_to_be_in_the_isr_all_of_them() {
    let mut bed = Bed::with_brokers(&[1, 2, 3]);
    let tp = bed.partition(&[1, 2, 3], &[1, 3], 1);
    assert_eq!(reassign(&mut bed, Some(&[1, 2])), Ok(()));
    assert_eq!(replicas(&bed, tp), (vec![1, 2, 3], vec![], vec![3]));
    assert!(alter(&mut bed, tp, &[1, 2, 3]).is_ok());
    assert_eq!(replicas(&bed, tp), (vec![1, 2], vec![], vec![]));
}

#[test]
fn asking_again_for_who_is_still_to_come_waits_on() {
    let mut bed = Bed::with_brokers(&[1, 2, 3]);
    let tp = bed.partition(&[1, 2], &[1, 2], 1);
    reassign(&mut bed, Some(&[1, 3])).unwrap();
    reassign(&mut bed, Some(&[1, 2, 3])).unwrap();
    assert_eq!(replicas(&bed, tp), (vec![1, 2, 3], vec![3], vec![]));
    reassign(&mut bed, Some(&[1, 2])).unwrap();
    assert_eq!(replicas(&bed, tp), (vec![1, 2], vec![], vec![]), "it is not wanted any more");
}

#[test]
fn a_cancelled_reassignment_leaves_the_old_replicas() {
    let mut bed = Bed::with_brokers(&[1, 2, 3, 4]);
    let tp = bed.partition(&[1, 2], &[1, 2], 1);
    let nothing = reassign(&mut bed, None).unwrap_err();
    assert_eq!(nothing.0, ErrorCode::NoReassignmentInProgress);
    reassign(&mut bed, Some(&[3, 4])).unwrap();
    alter(&mut bed, tp, &[1, 2, 3]).unwrap();
    assert_eq!(reassign(&mut bed, None), Ok(()));
    assert_eq!(replicas(&bed, tp), (vec![1, 2], vec![], vec![]));
    assert_eq!((bed.state(tp).0, bed.state(tp).1), (1, vec![1, 2]));
}

#[test]
fn cancelling_does_not_elect_uncleanly_unless_that_is_allowed() {
    let mut bed = Bed::with_brokers(&[1, 2, 3]);
    let tp = bed.partition(&[1], &[1], 1);
    reassign(&mut bed, Some(&[2, 3])).unwrap();
    alter(&mut bed, tp, &[1, 2]).unwrap();
    bed.run_until(14 * SECOND, &[2, 3]);
    assert_eq!((bed.state(tp).0, bed.state(tp).1), (2, vec![2]), "1 is fenced");
    let (error, message) = reassign(&mut bed, None).unwrap_err();
    assert_eq!(error, ErrorCode::InvalidReplicaAssignment);
    assert!(message.starts_with(
        "Unable to revert partition assignment for t0:0 because it would require an unclean \
         leader election."
    ));
    bed.set_unclean(tp);
    assert_eq!(reassign(&mut bed, None), Ok(()));
    assert_eq!((replicas(&bed, tp).0, bed.state(tp).1), (vec![1], vec![1]));
}

#[test]
fn assignments_are_checked_in_kafkas_words() {
    let mut bed = Bed::with_brokers(&[1, 2]);
    bed.partition(&[1], &[1], 1);
    for (wanted, fault) in [
        (&[][..], "an empty replica list."),
        (&[1, 1], "the broker 1 more than once."),
        (&[1, 9], "broker 9, but no such broker is registered."),
    ] {
        let (error, message) = reassign(&mut bed, Some(wanted)).unwrap_err();
        assert_eq!(error, ErrorCode::InvalidReplicaAssignment);
        let start = format!("The manual partition assignment includes {fault}");
        assert!(message.starts_with(&start), "{message}");
    }
    let (topic, replicas) = ("nope".into(), None);
    let request = AdminRequest::AlterPartitionReassignment { topic, partition: 0, replicas };
    let (error, message) = bed.admin(request).unwrap().unwrap_err();
    assert_eq!(error, ErrorCode::UnknownTopicOrPartition);
    assert_eq!(message, "The topic 'nope' does not exist. The topics are t0.");
}
