//! Where the replicas of a new topic go: Kafka's `StripedReplicaPlacer`.
//!
//! Racks take turns, brokers take turns inside their rack, unfenced ones before fenced ones, and
//! everything starts at a random place. The random draws come in Kafka's order, so the same
//! generator gives the same assignment.

use crate::engine::{JavaHashTable, JavaRandom, NodeId, java_hash, sort_by_key};

/// `java.util.Random`, as far as the placer needs it.
pub trait Draw {
    /// `nextInt(bound)`
    fn next_int(&mut self, bound: i32) -> i32;

    /// `Collections.shuffle(items, random)`
    fn shuffle<T>(&mut self, items: &mut [T])
    where
        Self: Sized,
    {
        for size in (2..=items.len()).rev() {
            let other = draw(self, size);
            items.swap(size - 1, other);
        }
    }
}

impl Draw for JavaRandom {
    fn next_int(&mut self, bound: i32) -> i32 {
        JavaRandom::next_int(self, bound)
    }
}

fn draw(random: &mut impl Draw, bound: usize) -> usize {
    random.next_int(i32::try_from(bound).unwrap_or(i32::MAX)) as usize
}

/// A broker that may get replicas: registered and not in controlled shutdown.
#[derive(Copy, Clone, Debug)]
pub struct UsableBroker<'a> {
    /// Its id.
    pub id: NodeId,
    /// broker.rack
    pub rack: Option<&'a str>,
    /// It gets replicas only when there are not enough others, and never the first one.
    pub fenced: bool,
}

/// Brokers of one kind in one rack, taken in turns.
#[derive(Default)]
struct BrokerList {
    brokers: Vec<NodeId>,
    /// Taken in this epoch.
    index: usize,
    offset: usize,
    epoch: usize,
}

impl BrokerList {
    fn initialize(&mut self, random: &mut impl Draw) {
        if !self.brokers.is_empty() {
            sort_by_key(&mut self.brokers, |&broker| broker);
            self.offset = draw(random, self.brokers.len());
        }
    }

    fn next(&mut self, epoch: usize) -> Option<NodeId> {
        let size = self.brokers.len();
        if size == 0 {
            return None;
        }
        if self.epoch != epoch {
            self.epoch = epoch;
            self.index = 0;
            self.offset = (self.offset + 1) % size;
        }
        if self.index >= size {
            return None;
        }
        self.index += 1;
        Some(self.brokers[(self.index - 1 + self.offset) % size])
    }
}

struct Rack<'a> {
    name: Option<&'a str>,
    fenced: BrokerList,
    unfenced: BrokerList,
}

impl Rack<'_> {
    fn next(&mut self, epoch: usize) -> Option<NodeId> {
        self.unfenced.next(epoch).or_else(|| self.fenced.next(epoch))
    }
}

/// All racks; gives one replica list after another.
struct RackList<'a> {
    /// In the order in which a Java `HashMap` of their names gives them.
    racks: Vec<Rack<'a>>,
    /// Indexes into `racks`, in order of their names until the first shuffle.
    order: Vec<usize>,
    total: usize,
    unfenced: usize,
    epoch: usize,
    offset: usize,
}

impl<'a> RackList<'a> {
    fn new(random: &mut impl Draw, brokers: impl Iterator<Item = UsableBroker<'a>>) -> Self {
        let mut racks: Vec<Rack<'a>> = Vec::new();
        let (mut total, mut unfenced) = (0, 0);
        for broker in brokers {
            let known = racks.iter().position(|rack| rack.name == broker.rack);
            let index = known.unwrap_or_else(|| {
                let (fenced, unfenced) = Default::default();
                racks.push(Rack { name: broker.rack, fenced, unfenced });
                racks.len() - 1
            });
            let rack = &mut racks[index];
            let list = if broker.fenced { &mut rack.fenced } else { &mut rack.unfenced };
            list.brokers.push(broker.id);
            total += 1;
            unfenced += usize::from(!broker.fenced);
        }
        // `Optional.hashCode`: that of the name, or 0.
        let hashes = racks.iter().map(|rack| rack.name.map_or(0, java_hash));
        let order = JavaHashTable::default().with(hashes).order();
        let mut unordered: Vec<_> = racks.into_iter().map(Some).collect();
        let mut racks: Vec<_> = order.into_iter().filter_map(|at| unordered[at].take()).collect();
        for rack in &mut racks {
            rack.fenced.initialize(random);
            rack.unfenced.initialize(random);
        }
        let mut order: Vec<usize> = (0..racks.len()).collect();
        sort_by_key(&mut order, |&index| racks[index].name);
        let offset = if racks.is_empty() { 0 } else { draw(random, racks.len()) };
        Self { racks, order, total, unfenced, epoch: 0, offset }
    }

    fn rack(&mut self, position: usize) -> &mut Rack<'a> {
        &mut self.racks[self.order[position]]
    }

    /// Replicas of the next partition; there are enough brokers, and one is unfenced.
    fn place(&mut self, random: &mut impl Draw, replication_factor: usize) -> Vec<NodeId> {
        if self.epoch == self.unfenced && self.unfenced > 1 {
            self.shuffle(random);
            self.epoch = 0;
        }
        if self.offset == self.order.len() {
            self.offset = 0;
        }
        let (count, epoch) = (self.order.len(), self.epoch);
        let mut replicas = Vec::with_capacity(replication_factor);
        let mut first_rack = self.offset;
        loop {
            if let Some(broker) = self.rack(first_rack).unfenced.next(epoch) {
                replicas.push(broker);
                break;
            }
            first_rack = (first_rack + 1) % count;
        }
        // The rack of the first replica is passed over once.
        let mut passed_over = false;
        let mut position = self.offset;
        while replicas.len() < replication_factor {
            if position == first_rack && !passed_over {
                passed_over = true;
            } else {
                replicas.extend(self.rack(position).next(epoch));
            }
            position = (position + 1) % count;
        }
        self.epoch += 1;
        self.offset += 1;
        replicas
    }

    fn shuffle(&mut self, random: &mut impl Draw) {
        random.shuffle(&mut self.order);
        for rack in &mut self.racks {
            random.shuffle(&mut rack.fenced.brokers);
            random.shuffle(&mut rack.unfenced.brokers);
        }
    }
}

/// Replica lists for `partitions` partitions of a new topic.
///
/// # Errors
/// The message of Kafka's `InvalidReplicationFactorException`.
pub fn place_replicas<'a>(
    random: &mut impl Draw,
    brokers: impl Iterator<Item = UsableBroker<'a>>,
    partitions: usize,
    replication_factor: i16,
) -> Result<Vec<Vec<NodeId>>, String> {
    let mut racks = RackList::new(random, brokers);
    let wanted = usize::try_from(replication_factor).unwrap_or(0);
    if wanted == 0 {
        return Err(format!(
            "Invalid replication factor {replication_factor}: the replication factor must be \
             positive."
        ));
    }
    if racks.unfenced == 0 {
        return Err("All brokers are currently fenced, or have all their log directories \
                    cordoned."
            .to_owned());
    }
    if wanted > racks.total {
        return Err(format!(
            "The target replication factor of {replication_factor} cannot be reached because \
             only {} broker(s) are registered or some brokers have all their log directories \
             cordoned.",
            racks.total
        ));
    }
    Ok((0..partitions).map(|_| racks.place(random, wanted)).collect())
}

#[cfg(test)]
mod tests;
