use super::flat_map::FlatMap;
use super::link::Link;
use super::{LinkConfig, Micros, NetworkConfig, NodeId, Rng};

/// What the network does with a message.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It arrives at this virtual time in µs.
    At(Micros),
    /// The way is cut; nobody is told. What TCP does then is the caller's business, see
    /// [`Held`](super::Held).
    Dropped,
}

/// The wires between the nodes: says when a message arrives, and whether it does.
///
/// A link is one direction between two nodes. Messages of a link share its bandwidth; messages of
/// one channel of a link (think of one TCP connection) also arrive in the order they were sent.
/// The network holds no messages. A link that is cut drops what is sent from then on; whether it
/// swallows what is already under way is for the caller to ask with [`is_cut`](Self::is_cut).
#[derive(Clone, Debug)]
pub struct Network {
    config: NetworkConfig,
    links: FlatMap<Link>,
    /// Nodes with extra latency in µs, sorted by node.
    slow_nodes: Vec<(NodeId, u64)>,
    /// Nodes that stand apart from each other.
    apart: Vec<NodeId>,
}

impl Network {
    /// A network on which every link works alike.
    #[must_use]
    pub fn new(config: NetworkConfig) -> Self {
        Self { config, links: FlatMap::new(), slow_nodes: Vec::new(), apart: Vec::new() }
    }

    /// Sends `bytes` at time `now` (µs) and says when they arrive.
    ///
    /// The message waits until the link is free, takes its size over the bandwidth to leave, then
    /// flies for latency plus jitter, and never overtakes an earlier one of its channel. The jitter
    /// is drawn from `rng`, the stream of the sender.
    #[inline]
    pub fn transmit(
        &mut self,
        now: Micros,
        from: NodeId,
        to: NodeId,
        channel: u8,
        bytes: u32,
        rng: &mut Rng,
    ) -> Delivery {
        let slow_us = self
            .node_latency_us(from)
            .saturating_add(self.node_latency_us(to))
            .saturating_add(self.distance_us(from, to));
        let link = self.links.entry(key(from, to), Link::default);
        if link.cut {
            return Delivery::Dropped;
        }
        let sent_us = link.send(now, bytes, self.config.bandwidth_bytes_per_s);
        let jitter_us = match self.config.jitter_us {
            0 => 0,
            most_us => rng.between(0, most_us),
        };
        let flight_us = (self.config.latency_us)
            .saturating_add(jitter_us)
            .saturating_add(link.extra_latency_us())
            .saturating_add(slow_us);
        Delivery::At(link.arrive(channel, sent_us.saturating_add(flight_us)))
    }

    /// A node stands apart from all others that do: packets between them take
    /// [`NetworkConfig::apart_us`] longer.
    pub fn stand_apart(&mut self, node: NodeId) {
        self.apart.push(node);
    }

    /// Cuts one direction: what `from` sends no longer reaches `to`.
    pub fn partition_one_way(&mut self, from: NodeId, to: NodeId) {
        self.link(from, to).cut = true;
    }

    /// Mends one direction.
    pub fn heal_one_way(&mut self, from: NodeId, to: NodeId) {
        self.link(from, to).cut = false;
    }

    /// Cuts both directions between two nodes.
    pub fn partition(&mut self, a: NodeId, b: NodeId) {
        self.partition_one_way(a, b);
        self.partition_one_way(b, a);
    }

    /// Mends both directions between two nodes.
    pub fn heal(&mut self, a: NodeId, b: NodeId) {
        self.heal_one_way(a, b);
        self.heal_one_way(b, a);
    }

    /// Mends every cut. Slow links and slow nodes stay slow.
    pub fn heal_all(&mut self) {
        self.links.for_each_mut(|link| link.cut = false);
    }

    /// Whether messages from `from` to `to` are dropped.
    #[inline]
    #[must_use]
    pub fn is_cut(&self, from: NodeId, to: NodeId) -> bool {
        self.links.get(key(from, to)).is_some_and(|link| link.cut)
    }

    /// What [`set_link`](Self::set_link) adds to the latency of one direction, in µs.
    #[must_use]
    pub fn link_latency_us(&self, from: NodeId, to: NodeId) -> u64 {
        self.links.get(key(from, to)).map_or(0, Link::extra_latency_us)
    }

    /// Gives one direction between two nodes a character of its own.
    pub fn set_link(&mut self, from: NodeId, to: NodeId, config: LinkConfig) {
        self.link(from, to).configure(config);
    }

    /// Makes one direction like the rest of the network again; a cut stays.
    pub fn clear_link(&mut self, from: NodeId, to: NodeId) {
        self.set_link(from, to, LinkConfig::default());
    }

    /// Slows a node down: every message from it and to it takes `extra_us` longer. 0 ends that.
    pub fn set_node_latency(&mut self, node: NodeId, extra_us: u64) {
        match self.slow_nodes.binary_search_by_key(&node, |&(node, _)| node) {
            Ok(place) if extra_us == 0 => drop(self.slow_nodes.remove(place)),
            Ok(place) => self.slow_nodes[place].1 = extra_us,
            Err(_) if extra_us == 0 => {}
            Err(place) => self.slow_nodes.insert(place, (node, extra_us)),
        }
    }

    /// Nodes with extra latency in µs, sorted by node.
    pub fn slow_nodes(&self) -> &[(NodeId, u64)] {
        &self.slow_nodes
    }

    /// Makes all links and nodes alike again; cuts stay.
    pub fn clear(&mut self) {
        self.slow_nodes.clear();
        self.links.for_each_mut(|link| link.configure(LinkConfig::default()));
    }

    /// Forgets the order of all channels of one direction, for a connection that is made anew: its
    /// messages need not wait for those of the old one. The link stays as busy as it is.
    pub fn reset_channel(&mut self, from: NodeId, to: NodeId) {
        self.link(from, to).forget_order();
    }

    fn link(&mut self, from: NodeId, to: NodeId) -> &mut Link {
        self.links.entry(key(from, to), Link::default)
    }

    #[inline]
    fn distance_us(&self, from: NodeId, to: NodeId) -> u64 {
        let apart = self.config.apart_us;
        match apart > 0 && self.apart.contains(&from) && self.apart.contains(&to) {
            true => apart,
            false => 0,
        }
    }

    #[inline]
    fn node_latency_us(&self, node: NodeId) -> u64 {
        if self.slow_nodes.is_empty() {
            return 0;
        }
        match self.slow_nodes.binary_search_by_key(&node, |&(node, _)| node) {
            Ok(place) => self.slow_nodes[place].1,
            Err(_) => 0,
        }
    }
}

#[inline]
fn key(from: NodeId, to: NodeId) -> u64 {
    u64::from(from.0) << 16 | u64::from(to.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: NodeId = NodeId(1);
    const B: NodeId = NodeId(2);
    const C: NodeId = NodeId(u16::MAX);

    /// No jitter, a byte a µs: times are easy to tell.
    fn network() -> (Network, Rng) {
        let config = NetworkConfig {
            latency_us: 500,
            jitter_us: 0,
            bandwidth_bytes_per_s: 1_000_000,
            apart_us: 300,
        };
        (Network::new(config), Rng::stream(1, 1))
    }

    #[test]
    fn messages_of_a_link_queue_up() {
        let (mut network, mut rng) = network();
        assert_eq!(network.transmit(1_000, A, B, 0, 100, &mut rng), Delivery::At(1_600));
        assert_eq!(network.transmit(1_000, A, B, 1, 50, &mut rng), Delivery::At(1_650));
        assert_eq!(network.transmit(1_000, B, A, 0, 50, &mut rng), Delivery::At(1_550));
        assert_eq!(network.transmit(1_000, A, C, 0, 50, &mut rng), Delivery::At(1_550));
        assert_eq!(network.transmit(9_000, A, B, 0, 1, &mut rng), Delivery::At(9_501));
    }

    #[test]
    fn small_messages_add_up_exactly() {
        let (mut network, mut rng) = network();
        network.set_link(
            A,
            B,
            LinkConfig { bandwidth_bytes_per_s: Some(3_000_000), ..LinkConfig::default() },
        );
        let arrivals: Vec<Delivery> =
            (0..6).map(|_| network.transmit(0, A, B, 0, 2, &mut rng)).collect();
        assert_eq!(arrivals, [500, 501, 502, 502, 503, 504].map(Delivery::At));
    }

    #[test]
    fn a_channel_is_fifo_whatever_the_jitter() {
        let mut network =
            Network::new(NetworkConfig { jitter_us: 5_000, ..NetworkConfig::default() });
        let mut rng = Rng::stream(2, 2);
        let mut last = [0; 2];
        let mut overtaken = false;
        for now in 0..10_000 {
            let channel = (now % 2) as u8;
            let Delivery::At(arrival_us) = network.transmit(now, A, B, channel, 10, &mut rng)
            else {
                panic!("dropped")
            };
            assert!(
                (now + 500..=now + 5_500 + 1).contains(&arrival_us)
                    || arrival_us == last[channel as usize]
            );
            assert!(arrival_us >= last[channel as usize]);
            last[channel as usize] = arrival_us;
            overtaken |= arrival_us < last[1 - channel as usize];
        }
        assert!(overtaken, "channels do not wait for each other");
    }

    #[test]
    fn a_new_connection_forgets_the_old_one() {
        let (mut network, mut rng) = network();
        network.set_link(A, B, LinkConfig { extra_latency_us: 10_000, ..LinkConfig::default() });
        assert_eq!(network.transmit(0, A, B, 3, 0, &mut rng), Delivery::At(10_500));
        network.clear_link(A, B);
        assert_eq!(network.transmit(0, A, B, 3, 0, &mut rng), Delivery::At(10_500));
        assert_eq!(network.transmit(0, A, B, 4, 0, &mut rng), Delivery::At(500));
        network.reset_channel(A, B);
        assert_eq!(network.transmit(0, A, B, 3, 0, &mut rng), Delivery::At(500));
    }

    #[test]
    fn cuts_have_a_direction() {
        let (mut network, mut rng) = network();
        network.partition_one_way(A, B);
        assert!(network.is_cut(A, B) && !network.is_cut(B, A) && !network.is_cut(A, C));
        assert_eq!(network.transmit(0, A, B, 0, 999, &mut rng), Delivery::Dropped);
        assert_eq!(network.transmit(0, B, A, 0, 0, &mut rng), Delivery::At(500));
        network.heal_one_way(A, B);
        assert_eq!(
            network.transmit(0, A, B, 0, 0, &mut rng),
            Delivery::At(500),
            "what is dropped takes no time"
        );

        network.partition(A, C);
        network.partition(A, B);
        network.heal(A, C);
        assert!(
            network.is_cut(A, B)
                && network.is_cut(B, A)
                && !network.is_cut(A, C)
                && !network.is_cut(C, A)
        );
        network.heal_all();
        assert!(!network.is_cut(A, B) && !network.is_cut(B, A));
    }

    #[test]
    fn it_is_further_between_those_who_stand_apart() {
        let (mut network, mut rng) = network();
        network.stand_apart(A);
        assert_eq!(network.transmit(0, A, B, 0, 0, &mut rng), Delivery::At(500));
        network.stand_apart(B);
        assert_eq!(network.transmit(0, A, B, 0, 0, &mut rng), Delivery::At(800));
        assert_eq!(network.transmit(0, B, A, 0, 0, &mut rng), Delivery::At(800));
        assert_eq!(network.transmit(0, B, C, 0, 0, &mut rng), Delivery::At(500));
    }

    #[test]
    fn slow_nodes_and_links_add_up_and_clear() {
        let (mut network, mut rng) = network();
        network.set_node_latency(A, 7);
        network.set_node_latency(C, 1_000);
        network.set_node_latency(B, 30);
        network.set_link(
            A,
            B,
            LinkConfig { extra_latency_us: 200, bandwidth_bytes_per_s: Some(0) },
        );
        assert_eq!(network.transmit(0, A, B, 0, 99, &mut rng), Delivery::At(737));
        assert_eq!(network.transmit(0, B, A, 0, 0, &mut rng), Delivery::At(537));
        network.set_node_latency(B, 0);
        assert_eq!(network.transmit(0, B, A, 1, 0, &mut rng), Delivery::At(507));
        network.partition(A, C);
        network.clear();
        assert_eq!(network.transmit(0, A, B, 1, 99, &mut rng), Delivery::At(599));
        assert!(network.is_cut(A, C));
    }

    #[test]
    fn the_end_of_time_overflows_nothing() {
        let config = NetworkConfig {
            latency_us: u64::MAX,
            jitter_us: u64::MAX,
            bandwidth_bytes_per_s: 1,
            ..NetworkConfig::default()
        };
        let (mut network, mut rng) = (Network::new(config), Rng::stream(1, 1));
        for _ in 0..3 {
            assert_eq!(
                network.transmit(u64::MAX - 5, A, B, 255, u32::MAX, &mut rng),
                Delivery::At(u64::MAX)
            );
        }
        network.set_link(
            A,
            B,
            LinkConfig { extra_latency_us: u64::MAX, bandwidth_bytes_per_s: Some(u64::MAX) },
        );
        assert_eq!(network.transmit(0, A, B, 255, u32::MAX, &mut rng), Delivery::At(u64::MAX));
    }
}
