use crate::controller::testbed::{Bed, SECOND, ids};
use crate::engine::NodeId;
use crate::events::{Event, ShrinkReason};
use crate::protocol::{
    AlterPartition, AlterPartitionRequest, ErrorCode, PartitionRegistration, Request, Response,
    TopicId, TopicPartition,
};

/// Leader 1 of [1, 2, 3] with ISR [1, 2], all three in service; both epochs are 1.
fn bed() -> (Bed, TopicPartition) {
    let mut bed = Bed::with_brokers(&[1, 2, 3, 4]);
    let tp = bed.partition(&[1, 2, 3], &[1, 2], 2);
    bed.admin(crate::protocol::AdminRequest::ElectPreferredLeaders);
    assert_eq!(bed.state(tp), (1, vec![1, 2], 1, 1));
    (bed, tp)
}

fn wanted(tp: TopicPartition, isr: &[u16]) -> AlterPartition {
    let new_isr = isr.iter().map(|&id| (NodeId(id), -1)).collect();
    AlterPartition { tp, leader_epoch: 1, partition_epoch: 1, new_isr }
}

fn alter(
    bed: &mut Bed,
    broker: u16,
    wanted: AlterPartition,
) -> Result<PartitionRegistration, ErrorCode> {
    let broker_epoch = bed.epoch(broker);
    let partitions = vec![wanted];
    let broker = NodeId(broker);
    let request = AlterPartitionRequest { broker, broker_epoch, partitions };
    match bed.request(broker, Request::AlterPartition(Box::new(request))) {
        Some(Response::AlterPartition(response)) => {
            assert_eq!(response.error, None);
            response.partitions[0].1.clone()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_isr_grows_and_shrinks_with_the_partition_epoch_alone() {
    let (mut bed, tp) = bed();
    let grown = alter(&mut bed, 1, wanted(tp, &[1, 2, 3])).unwrap();
    assert_eq!(grown.isr, ids(&[1, 2, 3]));
    assert_eq!((grown.leader_epoch, grown.partition_epoch), (1, 2));
    let shrink = AlterPartition { partition_epoch: 2, ..wanted(tp, &[1]) };
    let shrunk = alter(&mut bed, 1, shrink).unwrap();
    assert_eq!((shrunk.leader_epoch, shrunk.partition_epoch), (1, 3));
    assert_eq!(bed.state(tp), (1, vec![1], 1, 3));
    let (_, last) = bed.world.events.last().unwrap();
    let Event::IsrShrunk { removed, reason: ShrinkReason::Lag, .. } = last else {
        panic!("{last:?}")
    };
    assert_eq!(removed.to_vec(), ids(&[2, 3]));
}

#[test]
fn of_several_faults_the_first_in_kafkas_order_is_told() {
    let (mut bed, tp) = bed();
    // Each request has the fault it is listed for and all that come later.
    let nonsense = vec![(NodeId(4), 99)];
    let request = |leader_epoch, partition_epoch, new_isr: &[(NodeId, i64)]| AlterPartition {
        tp,
        leader_epoch,
        partition_epoch,
        new_isr: new_isr.to_vec(),
    };
    let unknown_topic =
        AlterPartition { tp: TopicPartition::new(TopicId(9), 0), ..request(9, 9, &nonsense) };
    let unknown_partition =
        AlterPartition { tp: TopicPartition::new(tp.topic, 1), ..request(9, 9, &nonsense) };
    let stale_member = [(NodeId(1), -1), (NodeId(2), 99)];
    let twice = [(NodeId(1), -1), (NodeId(1), -1)];
    for (sender, request, error) in [
        (2, unknown_topic, ErrorCode::UnknownTopicId),
        (2, unknown_partition, ErrorCode::UnknownTopicOrPartition),
        (2, request(2, 0, &nonsense), ErrorCode::NotController),
        (2, request(0, 2, &nonsense), ErrorCode::NotController),
        (2, request(0, 0, &nonsense), ErrorCode::FencedLeaderEpoch),
        (2, request(1, 0, &nonsense), ErrorCode::InvalidRequest),
        (1, request(1, 0, &nonsense), ErrorCode::InvalidUpdateVersion),
        (1, request(1, 1, &nonsense), ErrorCode::InvalidRequest),
        (1, request(1, 1, &[(NodeId(2), -1)]), ErrorCode::InvalidRequest),
        (1, request(1, 1, &twice), ErrorCode::InvalidRequest),
        (1, request(1, 1, &[]), ErrorCode::InvalidRequest),
        (1, request(1, 1, &stale_member), ErrorCode::IneligibleReplica),
    ] {
        let shown = format!("{request:?}");
        assert_eq!(alter(&mut bed, sender, request), Err(error), "{shown}");
    }
    assert_eq!(bed.state(tp), (1, vec![1, 2], 1, 1));
}

#[test]
fn fenced_and_stopping_brokers_are_not_let_in() {
    let (mut bed, tp) = bed();
    bed.run_until(15 * SECOND, &[1, 2, 4]);
    let fenced = alter(&mut bed, 1, wanted(tp, &[1, 2, 3]));
    assert_eq!(fenced, Err(ErrorCode::IneligibleReplica));
    bed.heartbeat(3);
    let epoch = bed.epoch(3);
    let with_epoch = |epoch| AlterPartition {
        new_isr: vec![(NodeId(1), -1), (NodeId(2), -1), (NodeId(3), epoch)],
        ..wanted(tp, &[])
    };
    let refused = alter(&mut bed, 1, with_epoch(epoch + 1));
    assert_eq!(refused, Err(ErrorCode::IneligibleReplica));
    bed.partition(&[3, 4], &[3, 4], 3);
    bed.ask_to_stop(3);
    let stopping = alter(&mut bed, 1, with_epoch(epoch));
    assert_eq!(stopping, Err(ErrorCode::IneligibleReplica));
}

#[test]
fn a_stale_broker_epoch_refuses_the_whole_request() {
    let (mut bed, tp) = bed();
    let request = AlterPartitionRequest {
        broker: NodeId(1),
        broker_epoch: bed.epoch(1) + 1,
        partitions: vec![wanted(tp, &[1])],
    };
    match bed.request(NodeId(1), Request::AlterPartition(Box::new(request))) {
        Some(Response::AlterPartition(response)) => {
            assert_eq!(response.error, Some(ErrorCode::StaleBrokerEpoch));
            assert!(response.partitions.is_empty());
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn asking_for_what_is_so_already_writes_nothing() {
    let (mut bed, tp) = bed();
    let end_offset = bed.controller.log.end_offset();
    assert_eq!(alter(&mut bed, 1, wanted(tp, &[1, 2])).unwrap().partition_epoch, 1);
    assert_eq!(bed.controller.log.end_offset(), end_offset);
}
