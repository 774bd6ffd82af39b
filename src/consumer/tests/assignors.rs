//! Assignors against what the Java classes assign.

use super::*;

/// `orders=4 payments=2 | a:orders,payments b:orders@orders-0,orders-1` as members and metadata; b
/// has two partitions, since generation 1.
fn problem(topics: &str, members: &str) -> (Vec<GroupMember>, ClusterMetadata) {
    let mut cluster = ClusterMetadata::default();
    for (id, topic) in topics.split_whitespace().enumerate() {
        let (name, count) = topic.split_once('=').unwrap();
        let partition = PartitionMetadata {
            leader: None,
            leader_epoch: 0,
            replicas: Vec::new(),
            isr: Vec::new(),
        };
        let name: Arc<str> = name.into();
        let topic = TopicMetadata {
            id: TopicId(id as u16),
            name: name.clone(),
            partitions: vec![partition; count.parse().unwrap()],
        };
        cluster.topics.insert(name, topic);
    }
    let members = members.split_whitespace().map(|member| {
        let (id, topics) = member.split_once(':').unwrap();
        let (id, instance) = id.split_once('/').map_or((id, None), |(id, i)| (id, Some(i)));
        let (topics, owned) = topics.split_once('@').unwrap_or((topics, ""));
        let owned = owned.split_terminator(',').map(|partition| {
            let (topic, partition) = partition.rsplit_once('-').unwrap();
            let topic = cluster.topics.get(topic).unwrap().id;
            TopicPartition { topic, partition: partition.parse().unwrap() }
        });
        let owned: Vec<TopicPartition> = owned.collect();
        GroupMember {
            member_id: id.into(),
            group_instance_id: instance.map(Arc::from),
            subscription: Subscription {
                topics: topics.split(',').map(Arc::from).collect(),
                owned: owned.clone(),
                generation: 1,
                rack: None,
                user_data: Some(UserData::Previous { partitions: owned, generation: 1 }),
            },
        }
    });
    (members.collect(), cluster)
}

/// The assignment as `a[t1-0 t1-1] b[t2-0]`, by member id.
fn solve(assignor: Assignor, topics: &str, members: &str) -> String {
    let (members, cluster) = problem(topics, members);
    show(assignor.assign(&members, &cluster).expect("they claim what is there"), &cluster)
}

fn show(mut assignment: Assignment, cluster: &ClusterMetadata) -> String {
    assignment.sort();
    let name = |tp: &TopicPartition| {
        let topic = cluster.topics.values().find(|topic| topic.id == tp.topic).unwrap();
        format!("{}-{}", topic.name, tp.partition)
    };
    let member = |(id, tps): &(MemberId, Vec<TopicPartition>)| {
        let mut tps = tps.clone();
        tps.sort();
        format!("{id}[{}]", tps.iter().map(name).collect::<Vec<_>>().join(" "))
    };
    assignment.iter().map(member).collect::<Vec<_>>().join(" ")
}

#[test]
fn range_and_round_robin_where_they_agree() {
    for (topics, members, expected) in [
        ("t=3", "C1:t", "C1[t-0 t-1 t-2]"),
        ("t1=1 t2=2", "C1:t1,t2", "C1[t1-0 t2-0 t2-1]"),
        ("t=1", "C1:t C2:t", "C1[t-0] C2[]"),
        ("t=2", "C1:t C2:t C3:t C4:t", "C1[t-0] C2[t-1] C3[] C4[]"),
        ("t1=3 t2=2", "C1:t1 C2:t1,t2 C3:t1", "C1[t1-0] C2[t1-1 t2-0 t2-1] C3[t1-2]"),
        (
            "t1=1 t2=2 t3=3",
            "C1:t1 C2:t1,t2 C3:t1,t2,t3",
            "C1[t1-0] C2[t2-0] C3[t2-1 t3-0 t3-1 t3-2]",
        ),
    ] {
        assert_eq!(solve(Assignor::RoundRobin, topics, members), expected, "{topics} | {members}");
        assert_eq!(solve(Assignor::Range, topics, members), expected, "{topics} | {members}");
    }
}

#[test]
fn range() {
    for (topics, members, expected) in [
        ("t=10", "C1:t C2:t C3:t", "C1[t-0 t-1 t-2 t-3] C2[t-4 t-5 t-6] C3[t-7 t-8 t-9]"),
        ("t1=3 t2=3", "C1:t1,t2 C2:t1,t2", "C1[t1-0 t1-1 t2-0 t2-1] C2[t1-2 t2-2]"),
        (
            "t1=2 t2=2 t3=2",
            "C1:t1,t2,t3 C2:t1,t2,t3 C3:t1,t2,t3",
            "C1[t1-0 t2-0 t3-0] C2[t1-1 t2-1 t3-1] C3[]",
        ),
        (
            "t1=2 t2=1 t3=2 t4=1 t5=2",
            "C1:t1,t2,t3,t4,t5 C2:t1,t3,t5 C3:t1,t3,t5 C4:t1,t2,t3,t4,t5",
            "C1[t1-0 t2-0 t3-0 t4-0 t5-0] C2[t1-1 t3-1 t5-1] C3[] C4[]",
        ),
        (
            "t1=6 t2=7 t3=2",
            "C1:t1,t2,t3 C2:t1,t2,t3 C3:t1,t3",
            "C1[t1-0 t1-1 t2-0 t2-1 t2-2 t2-3 t3-0] C2[t1-2 t1-3 t2-4 t2-5 t2-6 t3-1] \
             C3[t1-4 t1-5]",
        ),
        (
            "t1=3 t2=3",
            "consumer-a:t1,t2 consumer-b/instance1:t1,t2",
            "consumer-a[t1-2 t2-2] consumer-b[t1-0 t1-1 t2-0 t2-1]",
        ),
    ] {
        assert_eq!(solve(Assignor::Range, topics, members), expected, "{topics} | {members}");
    }
}

#[test]
fn round_robin() {
    for (topics, members, expected) in [
        ("t=10", "C1:t C2:t C3:t", "C1[t-0 t-3 t-6 t-9] C2[t-1 t-4 t-7] C3[t-2 t-5 t-8]"),
        ("t1=3 t2=3", "C1:t1,t2 C2:t1,t2", "C1[t1-0 t1-2 t2-1] C2[t1-1 t2-0 t2-2]"),
        (
            "t1=2 t2=1 t3=2 t4=1 t5=2",
            "C1:t1,t2,t3,t4,t5 C2:t1,t3,t5 C3:t1,t3,t5 C4:t1,t2,t3,t4,t5",
            "C1[t1-0 t3-0 t5-0] C2[t1-1 t3-1 t5-1] C3[] C4[t2-0 t4-0]",
        ),
        (
            "t1=6 t2=7 t3=2",
            "C1:t1,t2,t3 C2:t1,t2,t3 C3:t1,t3",
            "C1[t1-0 t1-3 t2-0 t2-2 t2-4 t2-6] C2[t1-1 t1-4 t2-1 t2-3 t2-5 t3-0] \
             C3[t1-2 t1-5 t3-1]",
        ),
        (
            "t1=3 t2=3",
            "consumer-a:t1,t2 consumer-b/instance1:t1,t2",
            "consumer-a[t1-1 t2-0 t2-2] consumer-b[t1-0 t1-2 t2-1]",
        ),
    ] {
        assert_eq!(solve(Assignor::RoundRobin, topics, members), expected, "{topics} | {members}");
    }
}

#[test]
fn topics_without_metadata_are_left_out() {
    assert_eq!(solve(Assignor::Range, "t=1", "C1:t,later"), "C1[t-0]");
}

/// Three partitions, each with one replica on a broker of its own, in racks a, b and c; who gets
/// what, each with its client.rack.
fn solve_with_racks(assignor: Assignor, members: &str) -> String {
    let (mut members, mut cluster) = problem("t=3", members);
    for (id, rack) in (1..).zip(["a", "b", "c"]) {
        cluster.brokers.push(NodeId(id));
        cluster.racks.insert(NodeId(id), rack.into());
        let topic = cluster.topics.get_mut("t").unwrap();
        topic.partitions[usize::from(id) - 1].replicas = vec![NodeId(id)];
    }
    for member in &mut members {
        let rack = member.member_id.split_once('@').map(|(_, rack)| rack.into());
        member.subscription.rack = rack;
    }
    show(assignor.assign(&members, &cluster).expect("they claim what is there"), &cluster)
}

#[test]
fn range_prefers_replicas_in_the_members_rack() {
    for (members, expected) in [
        ("C1@c:t C2@b:t C3@a:t", "C1@c[t-2] C2@b[t-1] C3@a[t-0]"),
        ("C1@c:t C2@c:t", "C1@c[t-0 t-2] C2@c[t-1]"),
        ("C1@x:t C2@y:t", "C1@x[t-0 t-1] C2@y[t-2]"),
        // Without a rack everything is near: it takes what comes first.
        ("C1:t C2@a:t", "C1[t-0 t-1] C2@a[t-2]"),
    ] {
        assert_eq!(solve_with_racks(Assignor::Range, members), expected, "{members}");
    }
    let members = "C1@c:t C2@b:t C3@a:t";
    let dealt = solve_with_racks(Assignor::RoundRobin, members);
    assert_eq!(dealt, "C1@c[t-0] C2@b[t-1] C3@a[t-2]", "not this one");
}

/// By the names that Kafka's own tests use, where the map order of members decides who keeps the
/// extra partition.
#[test]
fn sticky_members_keep_what_they_have() {
    for (topics, members, expected) in [
        ("t=10", "C1:t C2:t C3:t", "C1[t-0 t-3 t-6 t-9] C2[t-1 t-4 t-7] C3[t-2 t-5 t-8]"),
        ("t1=2 t2=3", "C1:t1,t2@t1-0,t2-1 C2:t1,t2@t1-1,t2-2", "C1[t1-0 t2-0 t2-1] C2[t1-1 t2-2]"),
        (
            "t1=2 t2=2",
            "consumer1:t1,t2@t1-0,t2-0 consumer2:t1,t2@t1-1,t2-1 consumer3:t1,t2",
            "consumer1[t1-0] consumer2[t1-1 t2-1] consumer3[t2-0]",
        ),
        ("t=6", "C2:t@t-1,t-3 C3:t@t-4,t-5", "C2[t-0 t-1 t-3] C3[t-2 t-4 t-5]"),
        ("t=8", "C2:t@t-0,t-1,t-3 C3:t@t-2,t-4,t-5", "C2[t-0 t-1 t-3 t-6] C3[t-2 t-4 t-5 t-7]"),
        ("t=2", "C1:t@t-0 C2:t@t-0", "C1[t-0] C2[t-1]"),
    ] {
        assert_eq!(solve(Assignor::Sticky, topics, members), expected, "{topics} | {members}");
    }
}

#[test]
fn sticky_with_different_subscriptions() {
    for (topics, members, expected) in [
        (
            "t1=6 t2=7 t3=2",
            "C1:t1,t2,t3 C2:t1,t2,t3 C3:t1,t3",
            "C1[t1-5 t2-0 t2-2 t2-4 t2-6] C2[t1-3 t2-1 t2-3 t2-5 t3-0] C3[t1-0 t1-1 t1-2 t1-4 t3-1]",
        ),
        (
            "t1=1 t2=2 t3=3",
            "C2:t1,t2@t2-0,t2-1 C3:t1,t2,t3@t3-0,t3-1,t3-2",
            "C2[t1-0 t2-0 t2-1] C3[t3-0 t3-1 t3-2]",
        ),
    ] {
        assert_eq!(solve(Assignor::Sticky, topics, members), expected, "{topics} | {members}");
        assert_eq!(solve(Assignor::CooperativeSticky, topics, members), expected, "{topics}");
    }
}

#[test]
fn cooperative_members_get_only_what_is_free() {
    let owned = "C1:t@t-0,t-1,t-2";
    assert_eq!(
        solve(Assignor::CooperativeSticky, "t=3", &format!("{owned} C2:t")),
        "C1[t-0 t-1] C2[]"
    );
    assert_eq!(
        solve(Assignor::CooperativeSticky, "t=3", "C1:t@t-0,t-1 C2:t"),
        "C1[t-0 t-1] C2[t-2]"
    );
    // With different subscriptions the two assignments are compared.
    let members = format!("{owned} C2:t,later");
    assert_eq!(solve(Assignor::CooperativeSticky, "t=3", &members), "C1[t-1 t-2] C2[]");
    assert_eq!(solve(Assignor::Sticky, "t=3", &members), "C1[t-1 t-2] C2[t-0]");
}

#[test]
fn a_partition_that_is_gone_trips_the_sticky_assignor_as_it_does_in_kafka() {
    let (members, mut cluster) = problem("t=2 u=2", "C1:t,u@t-0,t-1,u-0");
    cluster.topics.get_mut("t").unwrap().partitions.truncate(1);
    let error = Assignor::Sticky.assign(&members, &cluster).expect_err("one more than there are");
    assert_eq!(error, "IllegalStateException: No more unfilled consumers to be assigned.");
}
