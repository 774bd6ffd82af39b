//! What lies in the logs of a partition's replicas, by what the trace says.
//!
//! Each replica's log is a list of placements. The log that *counts* is the one of the leader with
//! the newest epoch: what another replica has beyond it will be truncated, or came back by an
//! unclean election.

use crate::engine::NodeId;
use crate::protocol::TopicPartition;
use crate::record::RecordId;
use crate::trace::cause::SkipCause;

use super::order::Stream;
use super::removal::Removal;
use super::shipment::{Placement, Shipment};

/// A replica's log.
#[derive(Clone, Debug)]
pub(super) struct Replica {
    pub(super) node: NodeId,
    leader: Option<NodeId>,
    /// Placements by offset.
    pub(super) log: Vec<u32>,
    /// It lost what lies from here on while its log counted: with the power, or because it was
    /// deleted. That shows when somebody leads again: others may have it still.
    cut: Option<i64>,
}

/// A partition.
#[derive(Clone, Debug)]
pub(super) struct Partition {
    pub(super) tp: TopicPartition,
    replicas: Vec<Replica>,
    /// Index of the replica whose log counts.
    leader: Option<usize>,
    /// Epoch of that leader.
    pub(super) leader_epoch: i32,
    /// Newest epoch the controller gave away.
    pub(super) elected_epoch: i32,
    /// Epoch of the newest unclean election.
    pub(super) unclean_epoch: i32,
    /// High watermark of that leader.
    pub(super) high_watermark: i64,
    /// How many placements of the log that counts lie below it.
    pub(super) visible: usize,
    /// Records in the log that counts, by producer.
    pub(super) streams: Vec<Stream>,
    /// When the log that counts began later, and why.
    pub(super) removals: Vec<Removal>,
    /// Its topic was deleted: no log of it counts any more.
    pub(super) is_deleted: bool,
    /// A log of it lost its end with the power.
    lost_power: bool,
}

/// What a change of leader did to the log that counts.
#[derive(Debug, Default)]
pub(super) struct Takeover {
    /// Placements that no longer count.
    pub(super) died: Vec<u32>,
    /// They went with the power of the one that leads again.
    pub(super) by_power_loss: bool,
    /// Placements that count again.
    pub(super) revived: Vec<u32>,
    /// First offset at which the logs differ.
    pub(super) from_offset: Option<i64>,
}

impl Partition {
    pub(super) fn new(tp: TopicPartition) -> Self {
        Self {
            tp,
            replicas: Vec::new(),
            leader: None,
            leader_epoch: -1,
            elected_epoch: -1,
            unclean_epoch: -1,
            high_watermark: 0,
            visible: 0,
            streams: Vec::new(),
            removals: Vec::new(),
            is_deleted: false,
            lost_power: false,
        }
    }

    /// The log that counts.
    pub(super) fn log(&self) -> &[u32] {
        self.leader.map_or(&[], |leader| &self.replicas[leader].log)
    }

    /// What lies below it has been taken out of the log that counts.
    pub(super) fn log_start(&self) -> i64 {
        self.removals.last().map_or(0, |removal| removal.below)
    }

    pub(super) fn leader_node(&self) -> Option<NodeId> {
        self.leader.map(|leader| self.replicas[leader].node)
    }

    pub(super) fn replica(&mut self, node: NodeId) -> usize {
        match self.replicas.iter().position(|replica| replica.node == node) {
            Some(index) => index,
            None => {
                self.replicas.push(Replica { node, leader: None, log: Vec::new(), cut: None });
                self.replicas.len() - 1
            }
        }
    }

    pub(super) fn follow(&mut self, node: NodeId, leader: Option<NodeId>) {
        let replica = self.replica(node);
        self.replicas[replica].leader = leader;
    }

    /// `node` leads in `epoch`: its log counts from now on. Nothing happens if the epoch is old.
    pub(super) fn take_over(
        &mut self,
        node: NodeId,
        epoch: i32,
        placements: &mut [Placement],
    ) -> Takeover {
        let replica = self.replica(node);
        self.replicas[replica].leader = Some(node);
        if epoch <= self.leader_epoch || self.is_deleted {
            return Takeover::default();
        }
        self.leader_epoch = epoch;
        self.elected_epoch = self.elected_epoch.max(epoch);
        let before = self.leader.replace(replica);
        if before == Some(replica) {
            return match self.replicas[replica].cut.take() {
                Some(to) => {
                    let takeover = self.truncate(node, to, placements);
                    Takeover { by_power_loss: true, ..takeover }
                }
                None => Takeover::default(),
            };
        }
        let old: &[u32] = before.map_or(&[], |before| &self.replicas[before].log);
        let new: &[u32] = &self.replicas[replica].log;
        let common = common_prefix(old, new);
        self.visible = self.visible.min(common);
        let (died, revived) = (old[common..].to_vec(), new[common..].to_vec());
        let from_offset = died.first().map(|&id| placements[id as usize].base_offset);
        if let Some(before) = before
            && let Some(to) = self.replicas[before].cut.take()
        {
            self.truncate(self.replicas[before].node, to, placements);
        }
        Takeover { died, revived, from_offset, by_power_loss: false }
    }

    /// Why markers of transactions may be gone from it.
    pub(super) fn lost_markers(&self) -> Option<SkipCause> {
        let unclean = (self.unclean_epoch >= 0).then_some(SkipCause::UncleanElection);
        unclean.or(self.lost_power.then_some(SkipCause::PowerLoss))
    }

    /// The machine of `node` lost power, and with it its log from `to` on.
    pub(super) fn lose_power(&mut self, node: NodeId, to: i64, placements: &mut [Placement]) {
        self.lost_power = true;
        let replica = self.replica(node);
        let keep = position(&self.replicas[replica].log, placements, to);
        for &placement in &self.replicas[replica].log[keep..] {
            placements[placement as usize].has_lost_power = true;
        }
        if self.leader == Some(replica) {
            self.replicas[replica].cut = Some(to);
        } else {
            self.truncate(node, to, placements);
        }
    }

    /// Its topic was deleted. Returns what counted.
    pub(super) fn abandon(&mut self) -> Takeover {
        let died = self.log().to_vec();
        self.is_deleted = true;
        (self.leader, self.high_watermark, self.visible) = (None, 0, 0);
        Takeover { died, ..Takeover::default() }
    }

    /// `node` deleted its replica.
    pub(super) fn delete(&mut self, node: NodeId, placements: &mut [Placement]) {
        let replica = self.replica(node);
        self.replicas[replica].leader = None;
        if self.leader == Some(replica) {
            self.replicas[replica].cut = Some(0);
        } else {
            self.truncate(node, 0, placements);
        }
    }

    /// `node` appended a placement as a leader. Whether it counts.
    pub(super) fn append(&mut self, node: NodeId, placement: u32) -> bool {
        let replica = self.replica(node);
        self.replicas[replica].log.push(placement);
        self.leader == Some(replica)
    }

    /// `node` copied `[from, to)` from the replica it follows.
    pub(super) fn replicate(
        &mut self,
        node: NodeId,
        from: i64,
        to: i64,
        placements: &mut [Placement],
    ) {
        let follower = self.replica(node);
        let source = match self.replicas[follower].leader {
            Some(leader) => self.replica(leader),
            None => match self.leader {
                Some(leader) => leader,
                None => return,
            },
        };
        if source == follower {
            return;
        }
        let mut index = position(&self.replicas[source].log, placements, from);
        while let Some(&placement) = self.replicas[source].log.get(index) {
            if placements[placement as usize].base_offset >= to {
                break;
            }
            self.replicas[follower].log.push(placement);
            placements[placement as usize].copies += 1;
            index += 1;
        }
    }

    /// `node` cut its log at `to`. Returns what no longer counts: nothing, unless it leads.
    pub(super) fn truncate(
        &mut self,
        node: NodeId,
        to: i64,
        placements: &mut [Placement],
    ) -> Takeover {
        let replica = self.replica(node);
        let keep = position(&self.replicas[replica].log, placements, to);
        let cut = self.replicas[replica].log.split_off(keep);
        for &placement in &cut {
            let copies = &mut placements[placement as usize].copies;
            *copies = copies.saturating_sub(1);
        }
        if self.leader != Some(replica) {
            return Takeover::default();
        }
        self.visible = self.visible.min(keep);
        Takeover { died: cut, from_offset: Some(to), ..Takeover::default() }
    }

    /// `node` starts anew at `to`, where its leader's log begins: what lies before is as if it had
    /// been there and gone.
    pub(super) fn start_over(&mut self, node: NodeId, to: i64, placements: &[Placement]) {
        let follower = self.replica(node);
        let leader = self.replicas[follower].leader;
        let source = leader.map(|leader| self.replica(leader)).or(self.leader);
        if let Some(source) = source.filter(|&source| source != follower) {
            let log = &self.replicas[source].log;
            self.replicas[follower].log = log[..position(log, placements, to)].to_vec();
        }
    }

    /// Records of the log that counts in `[from, to)`, with their offsets.
    pub(super) fn records<'a>(
        &'a self,
        from: i64,
        to: i64,
        placements: &'a [Placement],
        shipments: &'a [Shipment],
    ) -> impl Iterator<Item = (i64, RecordId)> + 'a {
        let log = self.log();
        log[position(log, placements, from)..]
            .iter()
            .map(|&id| &placements[id as usize])
            .take_while(move |placement| placement.base_offset < to)
            .flat_map(|placement| {
                let batch = &shipments[placement.shipment as usize].batch;
                (placement.base_offset..).zip(batch.records.iter().map(|record| record.id))
            })
            .filter(move |&(offset, _)| (from..to).contains(&offset))
    }
}

/// Index of the placement that holds `offset`, or of the first one after it.
fn position(log: &[u32], placements: &[Placement], offset: i64) -> usize {
    let next_offset = |id: u32| placements[id as usize].next_offset;
    // Nearly always it is at the tail.
    match log {
        [.., last] if next_offset(*last) <= offset => log.len(),
        [.., before, _] if next_offset(*before) <= offset => log.len() - 1,
        _ => log.partition_point(|&id| next_offset(id) <= offset),
    }
}

/// How many placements two logs share from the start. By log matching, what is equal at one place
/// is equal at all earlier ones, so only the differing tail is walked.
fn common_prefix(a: &[u32], b: &[u32]) -> usize {
    let mut common = a.len().min(b.len());
    while common > 0 && a[common - 1] != b[common - 1] {
        common -= 1;
    }
    common
}
