use super::*;

fn ids(ids: &[u16]) -> Vec<NodeId> {
    ids.iter().copied().map(NodeId).collect()
}

fn partition(replicas: &[u16], isr: &[u16], leader: u16) -> PartitionRegistration {
    PartitionRegistration {
        replicas: ids(replicas),
        isr: ids(isr),
        leader: (leader > 0).then_some(NodeId(leader)),
        leader_epoch: 7,
        partition_epoch: 20,
        ..PartitionRegistration::default()
    }
}

/// (leader or 0, leader epoch, ISR, unclean) after the change, without ELR.
fn outcome(
    before: &PartitionRegistration,
    target_isr: &[u16],
    election: Election,
    live: &[u16],
) -> Option<(u16, i32, Vec<u16>, bool)> {
    let live = ids(live);
    let change = PartitionChangeBuilder::new(before, None).election(election);
    let change = change.isr(ids(target_isr)).build(|r| live.contains(&r))?;
    let after = change.registration;
    assert_eq!(after.partition_epoch, before.partition_epoch + 1);
    let isr = after.isr.iter().map(|n| n.0).collect();
    Some((after.leader.map_or(0, |n| n.0), after.leader_epoch, isr, change.unclean))
}

#[test]
fn a_follower_leaves_and_the_leader_epoch_stays() {
    let before = partition(&[1, 2, 3], &[1, 2, 3], 1);
    let after = outcome(&before, &[1, 2], Election::Online, &[1, 2]);
    assert_eq!(after, Some((1, 7, vec![1, 2], false)));
}

#[test]
fn the_next_leader_is_the_first_of_the_assignment_not_of_the_isr() {
    let before = partition(&[1, 2, 3], &[3, 2, 1], 1);
    let after = outcome(&before, &[3, 2], Election::Online, &[2, 3]);
    assert_eq!(after, Some((2, 8, vec![3, 2], false)));
}

#[test]
fn without_elr_the_isr_keeps_its_last_member_and_the_leader_is_none() {
    let before = partition(&[1, 2, 3], &[1], 1);
    let after = outcome(&before, &[], Election::Online, &[2, 3]);
    assert_eq!(after, Some((0, 8, vec![1], false)));
}

#[test]
fn unclean_takes_the_first_live_replica_and_leaves_it_alone_in_the_isr() {
    let before = partition(&[1, 2, 3], &[1], 1);
    let after = outcome(&before, &[], Election::Unclean, &[3, 2]);
    assert_eq!(after, Some((2, 8, vec![2], true)));
    // A clean candidate comes first, whatever the election.
    let before = partition(&[1, 2, 3], &[1, 3], 1);
    let after = outcome(&before, &[3], Election::Unclean, &[2, 3]);
    assert_eq!(after, Some((3, 8, vec![3], false)));
}

#[test]
fn nobody_lives_nothing_changes_twice() {
    let before = partition(&[1, 2], &[1], 0);
    assert_eq!(outcome(&before, &[1], Election::Unclean, &[]), None);
    assert_eq!(outcome(&before, &[1], Election::Online, &[2]), None);
}

#[test]
fn the_last_member_comes_back_and_leads() {
    let before = partition(&[1, 2], &[1], 0);
    let after = outcome(&before, &[1], Election::Online, &[1, 2]);
    assert_eq!(after, Some((1, 8, vec![1], false)));
}

#[test]
fn preferred_moves_to_the_first_replica_only_if_it_is_in_sync() {
    let before = partition(&[1, 2, 3], &[2, 3, 1], 2);
    let after = outcome(&before, &[2, 3, 1], Election::Preferred, &[1, 2, 3]);
    assert_eq!(after, Some((1, 8, vec![2, 3, 1], false)));
    let before = partition(&[1, 2, 3], &[2, 3], 2);
    assert_eq!(outcome(&before, &[2, 3], Election::Preferred, &[1, 2, 3]), None);
    // Without a leader any eligible replica will do.
    let before = partition(&[1, 2, 3], &[3], 0);
    let after = outcome(&before, &[3], Election::Preferred, &[1, 2, 3]);
    assert_eq!(after, Some((3, 8, vec![3], false)));
}

#[test]
fn expansion_keeps_the_order_the_leader_asked_for() {
    let before = partition(&[1, 2, 3], &[1], 1);
    let after = outcome(&before, &[1, 3], Election::Online, &[1, 2, 3]);
    assert_eq!(after, Some((1, 7, vec![1, 3], false)));
}

/// A partition of three replicas with min.insync.replicas = 2, as brokers come and go.
struct Elr(PartitionRegistration);

impl Elr {
    fn new() -> Self {
        Self(partition(&[1, 2, 3], &[1, 2, 3], 1))
    }

    fn apply(&mut self, change: Option<PartitionChange>) -> Option<bool> {
        let PartitionChange { registration, unclean } = change?;
        self.0 = registration;
        Some(unclean)
    }

    fn change(&self) -> PartitionChangeBuilder<'_> {
        PartitionChangeBuilder::new(&self.0, Some(2))
    }

    /// Fenced, or in controlled shutdown.
    fn goes(&mut self, broker: u16, live: &[u16]) {
        let live = ids(live);
        let change = self.change().without(NodeId(broker)).build(|r| live.contains(&r));
        assert_eq!(self.apply(change), Some(false));
    }

    /// It registers after an unclean shutdown.
    fn registers_unclean(&mut self, broker: u16, live: &[u16]) {
        let live = ids(live);
        let change = self.change().without_unclean(NodeId(broker)).build(|r| live.contains(&r));
        assert_eq!(self.apply(change), Some(false));
    }

    /// It is unfenced; whether there was an election, and whether that was unclean.
    fn is_unfenced(&mut self, live: &[u16]) -> Option<bool> {
        let live = ids(live);
        let change = self.change().build(|r| live.contains(&r));
        self.apply(change)
    }

    /// Leader or 0, ISR, ELR, last known leader.
    fn state(&self) -> (u16, Vec<u16>, Vec<u16>, Vec<u16>) {
        let numbers = |nodes: &[NodeId]| nodes.iter().map(|node| node.0).collect();
        let PartitionRegistration { isr, elr, last_known_elr, .. } = &self.0;
        let leader = self.0.leader.map_or(0, |leader| leader.0);
        (leader, numbers(isr), numbers(elr), numbers(last_known_elr))
    }
}

#[test]
fn who_leaves_below_min_isr_stays_eligible() {
    let mut elr = Elr::new();
    elr.goes(3, &[1, 2]);
    assert_eq!(elr.state(), (1, vec![1, 2], vec![], vec![]), "the ISR is large enough");
    elr.goes(2, &[1]);
    assert_eq!(elr.state(), (1, vec![1], vec![2], vec![]));
    elr.goes(1, &[]);
    assert_eq!(elr.state(), (0, vec![], vec![1, 2], vec![1]));
    assert_eq!(elr.is_unfenced(&[3]), None, "3 may have missed something");
    assert_eq!(elr.is_unfenced(&[2, 3]), Some(false), "2 has all that was committed");
    assert_eq!(elr.state(), (2, vec![2], vec![1], vec![]));
    let change = elr.change().isr(ids(&[2, 3])).build(|_| true);
    assert_eq!(elr.apply(change), Some(false));
    assert_eq!(elr.state(), (2, vec![2, 3], vec![], vec![]), "min.insync.replicas is reached");
}

#[test]
fn who_stopped_uncleanly_is_not_eligible_but_the_last_leader_may_lead_when_nobody_is() {
    let mut elr = Elr::new();
    elr.goes(3, &[1, 2]);
    elr.goes(2, &[1]);
    elr.goes(1, &[]);
    elr.registers_unclean(2, &[3]);
    assert_eq!(elr.state(), (0, vec![], vec![1], vec![1]));
    assert_eq!(elr.is_unfenced(&[2, 3]), None, "1 is waited for");
    elr.registers_unclean(1, &[2, 3]);
    assert_eq!(elr.state(), (0, vec![], vec![], vec![1]), "registered, but fenced");
    assert_eq!(elr.is_unfenced(&[1, 2, 3]), Some(true), "it may have lost what it had");
    assert_eq!(elr.state(), (1, vec![1], vec![], vec![]));
}

#[test]
fn the_last_leader_has_to_be_alive() {
    let mut elr = Elr::new();
    for broker in [3, 2, 1] {
        elr.goes(broker, &[1, 2, 3][..usize::from(broker) - 1]);
    }
    elr.registers_unclean(2, &[]);
    elr.registers_unclean(1, &[]);
    assert_eq!(elr.is_unfenced(&[2, 3]), None, "KAFKA-19522");
}

#[test]
fn unclean_election_empties_the_elr() {
    let mut elr = Elr::new();
    for broker in [3, 2, 1] {
        elr.goes(broker, &[1, 2, 3][..usize::from(broker) - 1]);
    }
    let change = elr.change().election(Election::Unclean).build(|r| r == NodeId(3));
    assert_eq!(elr.apply(change), Some(true));
    assert_eq!(elr.state(), (3, vec![3], vec![], vec![]));
}
