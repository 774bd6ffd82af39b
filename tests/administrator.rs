//! What an administrator asks of a running cluster: each command does what it says, and what Kafka
//! will not do is refused in Kafka's words.

use highwater::events::Event;
use highwater::history::{Run, Scenario};
use highwater::scenario::parse_command;
use highwater::view::{PartitionView, TopicView};

const CLUSTER: &str = r#"
title = "For an administrator"
seed = 1

[cluster]
brokers = 4

[[topic]]
name = "orders"
partitions = 2
replication-factor = 2
config = { "unclean.leader.election.enable" = false }

[[topic]]
name = "prices"
replication-factor = 1
config = { "cleanup.policy" = "compact" }

[[producer]]
name = "checkout"
topic = "orders"
rate = "50/s"
config = { "acks" = "1" }
"#;

struct Admin(Run);

impl Admin {
    fn new() -> Self {
        let mut run = Run::new(Scenario::parse(CLUSTER).expect("the scenario parses"));
        run.run_until(10_000_000, u64::MAX);
        Self(run)
    }

    fn wait(&mut self, seconds: u64) {
        let until_us = self.0.now() + seconds * 1_000_000;
        self.0.run_until(until_us, u64::MAX);
    }

    /// Why a command is refused, at once or by the answer; `None`: it is not.
    fn ask(&mut self, command: &str) -> Option<String> {
        let command = parse_command(command).expect("a command");
        let words = command.words();
        let since_us = self.0.now();
        if let Err(reason) = self.0.apply(command) {
            return Some(reason);
        }
        self.wait(2);
        let refusals = self.0.log().iter().rev().filter(|event| event.at_us >= since_us);
        refusals
            .filter_map(|event| match &event.event {
                Event::CommandRefused { command, reason } if *command == words => {
                    Some(reason.to_string())
                }
                _ => None,
            })
            .next()
    }

    fn does(&mut self, command: &str) {
        assert_eq!(self.ask(command), None, "{command}");
    }

    fn is_refused(&mut self, command: &str, words: &str) {
        let reason = self.ask(command).unwrap_or_default();
        assert!(reason.contains(words), "{command}: {reason:?} has no {words:?}");
    }

    fn topic(&self, name: &str) -> Option<TopicView> {
        self.0.view().topics.into_iter().find(|topic| &*topic.name == name)
    }

    fn partition(&self, index: usize) -> PartitionView {
        self.topic("orders").expect("it is there").partitions[index].clone()
    }

    /// The first replica of a partition.
    fn preferred(&self, index: usize) -> u16 {
        self.partition(index).replicas[0].0
    }

    fn log_start(&self, topic: &str) -> i64 {
        let view = self.0.view();
        let id = self.topic(topic).expect("it is there").id;
        let mut replicas = view.brokers.iter().flat_map(|broker| &broker.replicas);
        let leads = replicas.find(|it| it.tp.topic == id && it.tp.partition == 0 && it.is_leader);
        leads.expect("someone leads").log_start_offset
    }
}

#[test]
fn topics_come_grow_and_go() {
    let mut admin = Admin::new();
    admin.does("create-topic = { name = 'mail', partitions = 3, replication-factor = 2 }");
    let shape = |topic: &TopicView| {
        topic.partitions.iter().map(|partition| partition.replicas.len()).collect::<Vec<_>>()
    };
    assert_eq!(admin.topic("mail").as_ref().map(shape), Some(vec![2, 2, 2]));
    admin.does("add-partitions = { topic = 'mail', partitions = 4 }");
    assert_eq!(admin.topic("mail").as_ref().map(shape), Some(vec![2, 2, 2, 2]));
    admin.does("delete-topic = 'mail'");
    assert!(admin.topic("mail").is_none());

    admin.is_refused("create-topic = { name = 'orders' }", "TOPIC_ALREADY_EXISTS: ");
    let many = "create-topic = { name = 'mail', replication-factor = 5 }";
    admin.is_refused(many, "INVALID_REPLICATION_FACTOR: ");
    admin.is_refused("create-topic = { name = 'a b' }", "INVALID_TOPIC_EXCEPTION: ");
    let fewer = "add-partitions = { topic = 'orders', partitions = 1 }";
    admin.is_refused(fewer, "INVALID_PARTITIONS: ");
    admin.is_refused("delete-topic = 'mail'", "UNKNOWN_TOPIC_OR_PARTITION: ");
    admin.is_refused("delete-topic = '__consumer_offsets'", "Kafka's own");
}

#[test]
fn replicas_move_and_a_move_is_cancelled() {
    let mut admin = Admin::new();
    let before = admin.partition(0);
    let target = (1..=4).rev().find(|id| before.replicas.iter().all(|it| it.0 != *id));
    let target = target.expect("four brokers, two replicas");
    let first = before.replicas[0];
    let to = format!(
        "reassign-partition = {{ topic = 'orders', partition = 0, replicas = [{first}, {target}] }}"
    );
    admin.does(&to);
    let after = admin.partition(0);
    assert_eq!(after.replicas.iter().map(|id| id.0).collect::<Vec<_>>(), [first.0, target]);
    assert!(after.adding.is_empty() && after.removing.is_empty());

    // To a broker that is dead it takes until it is back: the view says who comes and who goes.
    let dead = before.replicas[1];
    admin.does(&format!("kill-broker = {dead}"));
    let back = format!(
        "reassign-partition = {{ topic = 'orders', partition = 0, replicas = [{first}, {dead}] }}"
    );
    admin.does(&back);
    let moving = admin.partition(0);
    assert_eq!(moving.adding, [dead]);
    assert_eq!(moving.removing.iter().map(|id| id.0).collect::<Vec<_>>(), [target]);
    admin.does("cancel-reassignment = { topic = 'orders', partition = 0 }");
    assert_eq!(admin.partition(0).replicas, after.replicas);
    assert!(admin.partition(0).adding.is_empty());

    let cancel = "cancel-reassignment = { topic = 'orders', partition = 0 }";
    admin.is_refused(cancel, "NO_REASSIGNMENT_IN_PROGRESS: ");
    let to_nine = "reassign-partition = { topic = 'orders', partition = 0, replicas = [9] }";
    admin.is_refused(to_nine, "INVALID_REPLICA_ASSIGNMENT: ");
}

#[test]
fn leaders_are_elected() {
    let mut admin = Admin::new();
    let fall_back = |admin: &mut Admin, index: usize| {
        let first = admin.preferred(index);
        admin.does(&format!("stop-broker = {first}"));
        admin.wait(10);
        admin.does(&format!("start-broker = {first}"));
        admin.wait(30);
        let now = admin.partition(index);
        assert!(now.leader.is_some_and(|leader| leader.0 != first), "{now:?}");
        assert_eq!(now.isr.len(), 2, "{now:?}");
        first
    };
    let first = fall_back(&mut admin, 0);
    admin.does("elect-leader = { topic = 'orders', partition = 0 }");
    assert_eq!(admin.partition(0).leader.map(|id| id.0), Some(first));
    let again = "elect-leader = { topic = 'orders', partition = 0 }";
    admin.is_refused(again, "ELECTION_NOT_NEEDED: ");

    let first = fall_back(&mut admin, 1);
    admin.does("elect-preferred-leaders = true");
    assert_eq!(admin.partition(1).leader.map(|id| id.0), Some(first));
}

#[test]
fn an_unclean_leader_is_elected_on_demand_only() {
    let mut admin = Admin::new();
    let PartitionView { leader, replicas, .. } = admin.partition(0);
    let leader = leader.expect("it has one");
    let other = replicas.into_iter().find(|id| *id != leader).expect("two replicas");
    // The other one falls out of the ISR, and then the leader dies.
    admin.does(&format!("kill-broker = {other}"));
    admin.wait(20);
    admin.does(&format!("kill-broker = {leader}"));
    admin.wait(20);
    let unclean = "elect-leader = { topic = 'orders', partition = 0, election = 'unclean' }";
    admin.is_refused(unclean, "ELIGIBLE_LEADERS_NOT_AVAILABLE: ");
    admin.does(&format!("start-broker = {other}"));
    admin.wait(20);
    assert_eq!(admin.partition(0).leader, None);
    let preferred = "elect-leader = { topic = 'orders', partition = 0 }";
    admin.is_refused(preferred, "PREFERRED_LEADER_NOT_AVAILABLE: ");
    admin.does(unclean);
    assert_eq!(admin.partition(0).leader, Some(other));
}

#[test]
fn records_are_deleted() {
    let mut admin = Admin::new();
    assert_eq!(admin.log_start("orders"), 0);
    admin.does("delete-records = { topic = 'orders', before = 30 }");
    assert_eq!(admin.log_start("orders"), 30);
    admin.does("delete-records = { topic = 'orders' }");
    assert!(admin.log_start("orders") > 100);
    let beyond = "delete-records = { topic = 'orders', before = 1000000 }";
    let words = "OFFSET_OUT_OF_RANGE: The requested offset is not within the range of offsets";
    admin.is_refused(beyond, words);
    let compacted = "delete-records = { topic = 'prices', before = 0 }";
    let words = "POLICY_VIOLATION: Request parameters do not satisfy the configured policy";
    admin.is_refused(compacted, words);
}
