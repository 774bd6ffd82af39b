//! Sessions with dirty lists against a reference that looks at everything on every fetch.

use std::collections::BTreeMap;

use super::*;
use crate::broker::replica::RemoteReplica;

const PARTITIONS: u16 = 4;

/// A client of the reference: its positions, what it was told, and its follower state by partition.
#[derive(Default)]
struct Client {
    session_epoch: u32,
    positions: BTreeMap<u16, i64>,
    moved: Vec<u16>,
    told: BTreeMap<u16, i64>,
    states: BTreeMap<u16, RemoteReplica>,
    is_waiting: bool,
}

struct Run {
    world: World,
    rng: Rng,
    /// Followers 2 and 3, and a consumer.
    clients: BTreeMap<NodeId, Client>,
}

impl Run {
    fn new(seed: u64) -> Self {
        let world = World::new(PARTITIONS, &[]);
        let clients = [NodeId(2), NodeId(3), CONSUMER].map(|id| {
            let mut client = Client::default();
            for partition in 0..PARTITIONS {
                client.positions.insert(partition, 0);
                client.moved.push(partition);
                let mut state = RemoteReplica::new(id);
                state.reset(world.now, 0, true, true);
                client.states.insert(partition, state);
            }
            (id, client)
        });
        Self { world, rng: Rng::stream(seed, 7), clients: clients.into() }
    }

    fn bound(&self, id: NodeId, partition: u16) -> i64 {
        if id == CONSUMER {
            self.world.high_watermark(partition)
        } else {
            self.world.leo(partition)
        }
    }

    fn fetch(&mut self, id: NodeId) {
        let now = self.world.now;
        let before: Vec<i64> = (0..PARTITIONS).map(|p| self.world.high_watermark(p)).collect();
        let has_data = (0..PARTITIONS).any(|p| self.clients[&id].positions[&p] < self.bound(id, p));
        let ends: Vec<i64> = (0..PARTITIONS).map(|p| self.world.leo(p)).collect();
        let client = self.clients.get_mut(&id).expect("known");
        for (partition, state) in &mut client.states {
            let leader_end = ends[usize::from(*partition)];
            state.on_fetch(now, client.positions[partition], leader_end, i64::from(id.0) * 10);
            state.starts_at(0);
        }
        let moved = std::mem::take(&mut client.moved);
        let named: Vec<_> = moved.iter().map(|p| (*p, client.positions[p])).collect();
        let changes = if named.is_empty() { None } else { positions(&named) };
        let mut request = fetch_request(client.session_epoch, changes);
        request.replica = (id != CONSUMER).then(|| follower(id.0));
        client.session_epoch += 1;
        client.is_waiting = true;
        self.world.fetch(id, request);
        let answered = self.take_answers(Some((id, &before)));
        assert_eq!(answered, has_data, "answered at once if and only if there is data");
    }

    /// Takes answers over; returns whether `immediate` was among them.
    fn take_answers(&mut self, immediate: Option<(NodeId, &[i64])>) -> bool {
        let mut seen = false;
        for (id, response) in self.world.answers() {
            let Response::Fetch(response) = response else { continue };
            let client = self.clients.get_mut(&id).expect("known");
            client.is_waiting = false;
            for partition in response.partitions {
                assert_eq!(partition.error, None);
                let p = partition.tp.partition;
                client.told.insert(p, partition.high_watermark);
                if let Some(last) = partition.batches.last() {
                    assert_eq!(partition.batches[0].base_offset, client.positions[&p]);
                    client.positions.insert(p, last.next_offset());
                    client.moved.push(p);
                }
            }
            let before = immediate.filter(|&(asked, _)| asked == id).map(|(_, before)| before);
            seen |= before.is_some();
            for p in 0..PARTITIONS {
                let expected = before.map_or(self.world.high_watermark(p), |b| b[usize::from(p)]);
                assert_eq!(client.told[&p], expected, "{id:?} knows the high watermark of {p}");
            }
        }
        seen
    }

    fn expire(&mut self, id: NodeId) {
        let channel = if id == CONSUMER { Channel::Data } else { Channel::Replica };
        let Some(number) = self.world.replicas.sessions.find(id, channel) else { return };
        self.world.turn(|world, ctx| world.replicas.on_fetch_expired(ctx, &world.image, number));
        self.take_answers(None);
    }

    /// Whoever waits has nothing to get, and followers are known exactly as in the reference.
    fn check(&self) {
        for (&id, client) in &self.clients {
            for p in 0..PARTITIONS {
                if client.is_waiting {
                    assert!(client.positions[&p] >= self.bound(id, p), "{id:?} waits in vain");
                }
                if id == CONSUMER || client.session_epoch == 0 {
                    continue;
                }
                assert_eq!(self.known(id, p), client.states[&p], "{id:?} of partition {p}");
            }
        }
    }

    /// The leader's state of a follower, with what its session has not told yet.
    fn known(&self, id: NodeId, partition: u16) -> RemoteReplica {
        let replicas = &self.world.replicas;
        let leadership = replicas.replica(tp(partition)).and_then(|p| p.leadership());
        let mut state = leadership.and_then(|l| l.follower(id)).expect("a follower").clone();
        let number = replicas.sessions.find(id, Channel::Replica).expect("open");
        let session = replicas.sessions.get(number);
        let place = session.place_of(tp(partition)).expect("in the session");
        if !session.dirty().contains(&place) {
            state.idled_until(session.last_fetch_us);
        }
        state
    }
}

#[test]
fn sessions_tell_and_know_the_same_as_a_look_at_everything() {
    for seed in 0..40 {
        let mut run = Run::new(seed);
        let clients: Vec<NodeId> = run.clients.keys().copied().collect();
        for _ in 0..400 {
            run.world.now += run.rng.between(0, 300_000);
            let id = clients[run.rng.below(3) as usize];
            match run.rng.below(6) {
                0 => {
                    let partition = run.rng.below(u32::from(PARTITIONS)) as u16;
                    let count = 1 + run.rng.below(3) as usize;
                    let batch = batch(count);
                    run.world.produce(Acks::One, &[(partition, batch)]);
                    run.take_answers(None);
                }
                1 => run.expire(id),
                _ if !run.clients[&id].is_waiting => run.fetch(id),
                _ => {}
            }
            run.check();
        }
    }
}
