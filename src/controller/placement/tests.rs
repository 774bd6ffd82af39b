//! What Kafka's `StripedReplicaPlacerTest` expects, with its `MockRandom`.

use super::*;

/// A linear congruential generator in place of `java.util.Random`'s.
struct MockRandom(u64);

impl MockRandom {
    fn new() -> Self {
        Self(17)
    }

    fn next31(&mut self) -> i32 {
        self.0 = self.0.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(3_037_000_493);
        (self.0 >> 33) as i32
    }
}

impl Draw for MockRandom {
    fn next_int(&mut self, bound: i32) -> i32 {
        if bound & (bound - 1) == 0 {
            return ((i64::from(bound) * i64::from(self.next31())) >> 31) as i32;
        }
        loop {
            let bits = self.next31();
            if (bits - bits % bound).checked_add(bound - 1).is_some() {
                return bits % bound;
            }
        }
    }
}

fn broker<'a>(id: u16, rack: Option<&'a str>, fenced: bool) -> UsableBroker<'a> {
    UsableBroker { id: NodeId(id), rack, fenced }
}

fn place(
    random: &mut MockRandom,
    brokers: &[UsableBroker<'_>],
    partitions: usize,
    replication_factor: i16,
) -> Result<Vec<Vec<u16>>, String> {
    let brokers = brokers.iter().copied();
    let placed = place_replicas(random, brokers, partitions, replication_factor)?;
    Ok(placed.iter().map(|replicas| replicas.iter().map(|id| id.0).collect()).collect())
}

fn plain(count: u16) -> Vec<UsableBroker<'static>> {
    (0..count).map(|id| broker(id, None, false)).collect()
}

#[test]
fn partitions_go_round_four_brokers() {
    let placed = place(&mut MockRandom::new(), &plain(4), 5, 3).unwrap();
    assert_eq!(placed, [[2, 3, 0], [3, 0, 1], [0, 1, 2], [1, 2, 3], [1, 0, 2]]);
}

#[test]
fn a_fenced_broker_comes_last() {
    let brokers =
        [broker(3, Some("1"), false), broker(1, Some("1"), true), broker(2, Some("1"), false)];
    let placed = place(&mut MockRandom::new(), &brokers, 4, 3).unwrap();
    assert_eq!(placed, [[3, 2, 1], [2, 3, 1], [3, 2, 1], [2, 3, 1]]);
}

#[test]
fn racks_take_turns() {
    let brokers = [
        broker(11, Some("1"), false),
        broker(10, Some("1"), false),
        broker(30, Some("3"), false),
        broker(31, Some("3"), false),
        broker(21, Some("2"), false),
        broker(20, Some("2"), true),
    ];
    let placed = place(&mut MockRandom::new(), &brokers, 3, 4).unwrap();
    assert_eq!(placed, [[11, 21, 31, 10], [21, 30, 10, 20], [31, 11, 21, 30]]);
}

#[test]
fn two_hundred_partitions_spread_evenly() {
    let placed = place(&mut MockRandom::new(), &plain(4), 200, 2).unwrap();
    let count = |pair: [u16; 2]| placed.iter().filter(|&replicas| *replicas == pair).count();
    assert_eq!(count([0, 1]), 14);
    assert_eq!(count([0, 2]), 22);
    assert_eq!(count([3, 2]), 11);
}

#[test]
fn what_cannot_be_placed_is_refused_in_kafkas_words() {
    let mut random = MockRandom::new();
    assert_eq!(
        place(&mut random, &plain(2), 1, 3).unwrap_err(),
        "The target replication factor of 3 cannot be reached because only 2 broker(s) are \
         registered or some brokers have all their log directories cordoned."
    );
    let fenced = [broker(1, None, true), broker(2, None, true)];
    let all_fenced =
        "All brokers are currently fenced, or have all their log directories cordoned.";
    assert_eq!(place(&mut random, &fenced, 1, 1).unwrap_err(), all_fenced);
    assert_eq!(place(&mut random, &[], 1, 1).unwrap_err(), all_fenced);
    assert_eq!(
        place(&mut random, &plain(2), 1, 0).unwrap_err(),
        "Invalid replication factor 0: the replication factor must be positive."
    );
}

#[test]
fn one_unfenced_broker_leads_everything() {
    let brokers = [broker(1, None, true), broker(2, None, false), broker(3, None, true)];
    let placed = place(&mut MockRandom::new(), &brokers, 6, 2).unwrap();
    assert!(placed.iter().all(|replicas| replicas[0] == 2 && replicas[1] != 2));
}
