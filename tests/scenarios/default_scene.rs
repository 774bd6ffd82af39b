//! The scene that the page opens with: with acks=1 most leaders that die take acknowledged records
//! with them, whenever that is; with acks=all none does.

use highwater::cluster::Command;
use highwater::engine::NodeId;
use highwater::history::{Run, Scenario};
use highwater::view::ProcessState;

const SCENE: &str = include_str!("../../scenarios/default.toml");

/// Acknowledged records that are lost when `leader` is killed at `at_us`, all producers having been
/// set to `acks`.
fn lost(acks: &str, leader: NodeId, at_us: u64) -> u64 {
    let mut run = Run::new(Scenario::parse(SCENE).expect("the default scene parses"));
    run.run_until(8_000_000, u64::MAX);
    for client in ["checkout", "payments"] {
        let (client, key, value) = (client.into(), "acks".into(), Some(acks.into()));
        run.apply(Command::SetClientConfig { client, key, value }).expect("acks is a config");
    }
    run.run_until(at_us, u64::MAX);
    run.apply(Command::KillBroker(leader)).expect("it runs");
    // Its session at the controller takes 9 s to run out.
    run.run_until(at_us + 14_000_000, u64::MAX);
    run.verdict().lost_total()
}

#[test]
fn whether_a_leader_takes_records_with_it_is_for_acks_to_say() {
    let kills = || {
        let times = (0..7).map(|turn| 12_000_000 + turn * 137_000);
        times.flat_map(|at_us| [1, 2, 3].map(|id| (NodeId(id), at_us)))
    };
    let losing = kills().filter(|&(leader, at_us)| lost("1", leader, at_us) > 0).count();
    assert!(losing >= 14, "with acks=1 {losing} of 21 leaders took records with them");
    for (leader, at_us) in kills() {
        assert_eq!(lost("all", leader, at_us), 0, "broker {leader} killed at {at_us} µs");
    }
}

#[test]
fn left_alone_it_is_healthy() {
    let mut run = Run::new(Scenario::parse(SCENE).expect("the default scene parses"));
    for second in (8..=68).step_by(10) {
        run.run_until(second * 1_000_000, u64::MAX);
        let view = run.view();
        assert!(view.brokers.iter().all(|it| !it.fenced && it.process == ProcessState::Running));
        let orders = view.topics.iter().find(|topic| !topic.internal).expect("orders");
        for partition in &orders.partitions {
            assert_eq!(partition.isr.len(), 3, "at {second} s");
        }
        let leaders: Vec<_> = orders.partitions.iter().map(|it| it.leader).collect();
        assert!([1, 2, 3].map(NodeId).iter().all(|id| leaders.contains(&Some(*id))));
    }
    let verdict = run.verdict();
    assert!(verdict.acknowledged > 3_500, "{}", verdict.acknowledged);
    let griefs = [&verdict.lost, &verdict.failed, &verdict.duplicated, &verdict.reordered];
    assert!(griefs.iter().all(|grief| grief.total() == 0));
}
