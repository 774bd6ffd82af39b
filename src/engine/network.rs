use super::flat_map::FlatMap;
use super::{LinkConfig, Micros, NetworkConfig, NodeId, Rng};

/// What the network does with a message.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It arrives at this virtual time in µs.
    At(Micros),
    /// The way is cut; nobody is told.
    Dropped,
}

/// The wires between the nodes: says when a message arrives, and whether it does.
///
/// A link is one direction between two nodes. Messages of a link share its bandwidth; messages of
/// one channel of a link (think of one TCP connection) also arrive in the order they were sent.
/// The network holds no messages. A link that is cut drops what is sent from then on; whether it
/// swallows what is already under way is for the caller to ask with [`is_cut`](Self::is_cut).
#[derive(Clone)]
pub struct Network {
    config: NetworkConfig,
    links: FlatMap<Link>,
    channels: FlatMap<Channel>,
    /// Nodes with extra latency in µs, sorted by node.
    slow_nodes: Vec<(NodeId, u64)>,
}

#[derive(Clone, Default)]
struct Link {
    cut: bool,
    /// Raised when the link's connections are re-made: older FIFO history no longer counts.
    epoch: u32,
    config: LinkConfig,
    /// When the last byte sent so far has left, in µs, ...
    busy_until_us: Micros,
    /// ... and the part of a µs on top, as a numerator over the link's bandwidth: small messages
    /// take less than a µs each, and rounding would change what a link can carry.
    busy_remainder: u64,
}

#[derive(Clone, Default)]
struct Channel {
    epoch: u32,
    last_arrival_us: Micros,
}

impl Network {
    /// A network on which every link works alike.
    #[must_use]
    pub fn new(config: NetworkConfig) -> Self {
        Self { config, links: FlatMap::new(), channels: FlatMap::new(), slow_nodes: Vec::new() }
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
        let key = key(from, to);
        let slow_us = self.node_latency_us(from).saturating_add(self.node_latency_us(to));
        let link = self.links.entry(key, Link::default);
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
            .saturating_add(link.config.extra_latency_us)
            .saturating_add(slow_us);
        let epoch = link.epoch;
        let channel = self.channels.entry(key << 8 | u64::from(channel), Channel::default);
        if channel.epoch != epoch {
            *channel = Channel { epoch, last_arrival_us: 0 };
        }
        let arrival_us = sent_us.saturating_add(flight_us).max(channel.last_arrival_us);
        channel.last_arrival_us = arrival_us;
        Delivery::At(arrival_us)
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

    /// Gives one direction between two nodes a character of its own.
    pub fn set_link(&mut self, from: NodeId, to: NodeId, config: LinkConfig) {
        let link = self.link(from, to);
        link.config = config;
        link.busy_remainder = 0;
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

    /// Makes all links and nodes alike again; cuts stay.
    pub fn clear(&mut self) {
        self.slow_nodes.clear();
        self.links.for_each_mut(|link| {
            link.config = LinkConfig::default();
            link.busy_remainder = 0;
        });
    }

    /// Forgets the order of all channels of one direction, for a connection that is made anew: its
    /// messages need not wait for those of the old one. The link stays as busy as it is.
    pub fn reset_channel(&mut self, from: NodeId, to: NodeId) {
        let link = self.link(from, to);
        link.epoch = link.epoch.wrapping_add(1);
    }

    fn link(&mut self, from: NodeId, to: NodeId) -> &mut Link {
        self.links.entry(key(from, to), Link::default)
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

impl Link {
    /// Puts `bytes` on the wire; returns when the last of them has left, in µs.
    #[inline]
    fn send(&mut self, now: Micros, bytes: u32, default_bandwidth: u64) -> Micros {
        let bandwidth = self.config.bandwidth_bytes_per_s.unwrap_or(default_bandwidth);
        if bandwidth == 0 {
            return now;
        }
        if self.busy_until_us < now {
            self.busy_until_us = now;
            self.busy_remainder = 0;
        }
        let work = (u64::from(bytes) * 1_000_000).saturating_add(self.busy_remainder);
        self.busy_until_us = self.busy_until_us.saturating_add(work / bandwidth);
        self.busy_remainder = work % bandwidth;
        self.busy_until_us
    }
}

#[inline]
fn key(from: NodeId, to: NodeId) -> u64 {
    u64::from(from.0) << 16 | u64::from(to.0)
}
