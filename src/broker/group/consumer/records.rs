//! What groups of the consumer protocol write to `__consumer_offsets`: keys 3 and 5 to 8, values of
//! version 0 in Kafka's flexible encoding.

use std::sync::Arc;

use super::member::{ConsumerMember, ConsumerMemberState, Epochs, MemberMetadata};
use crate::broker::group::sync::{host_of, node_at};
use crate::broker::internal_topic::codec::{Reader, Writer};
use crate::engine::{Micros, NodeId, SortedSet};
use crate::protocol::{MemberId, TopicId, TopicPartition, wall_clock_ms};

const EPOCH_KEY: i16 = 3;
const MEMBER_KEY: i16 = 5;
const TARGET_EPOCH_KEY: i16 = 6;
const TARGET_KEY: i16 = 7;
const CURRENT_KEY: i16 = 8;
/// All values are of this version.
const VERSION: i16 = 0;

/// A record of a group of the consumer protocol. Without a value it is a tombstone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConsumerRecord {
    /// ConsumerGroupMetadata: the group's epoch, and the hash of its topics.
    Epoch(Option<(i32, u64)>),
    /// ConsumerGroupMemberMetadata: what a member says of itself.
    Member {
        /// Whose.
        member: MemberId,
        /// What it says.
        value: Option<MemberMetadata>,
    },
    /// ConsumerGroupTargetAssignmentMetadata: epoch of the target, and when it was computed.
    TargetEpoch(Option<(i32, Micros)>),
    /// ConsumerGroupTargetAssignmentMember: what a member shall have.
    Target {
        /// Whose.
        member: MemberId,
        /// What it says.
        value: Option<SortedSet<TopicPartition>>,
    },
    /// ConsumerGroupCurrentMemberAssignment: how far a member has come.
    Current {
        /// Whose.
        member: MemberId,
        /// What it says.
        value: Option<Box<CurrentAssignment>>,
    },
}

/// Where a member is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentAssignment {
    pub state: ConsumerMemberState,
    pub epoch: i32,
    pub previous_epoch: i32,
    pub assigned: Epochs,
    pub pending_revocation: Epochs,
}

impl ConsumerRecord {
    pub(super) fn current(member: &ConsumerMember) -> Self {
        let value = CurrentAssignment {
            state: member.state,
            epoch: member.epoch,
            previous_epoch: member.previous_epoch,
            assigned: member.assigned.clone(),
            pending_revocation: member.pending_revocation.clone(),
        };
        Self::Current { member: member.id.clone(), value: Some(Box::new(value)) }
    }

    /// Kafka's name of the record.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Epoch(_) => "ConsumerGroupMetadata",
            Self::Member { .. } => "ConsumerGroupMemberMetadata",
            Self::TargetEpoch(_) => "ConsumerGroupTargetAssignmentMetadata",
            Self::Target { .. } => "ConsumerGroupTargetAssignmentMember",
            Self::Current { .. } => "ConsumerGroupCurrentMemberAssignment",
        }
    }

    /// Whether it forgets what it names.
    pub fn is_tombstone(&self) -> bool {
        match self {
            Self::Epoch(value) => value.is_none(),
            Self::Member { value, .. } => value.is_none(),
            Self::TargetEpoch(value) => value.is_none(),
            Self::Target { value, .. } => value.is_none(),
            Self::Current { value, .. } => value.is_none(),
        }
    }

    /// Key and value, as bytes.
    pub(in super::super) fn encode(&self, group: &str) -> (Vec<u8>, Option<Vec<u8>>) {
        let key = |kind: i16| Writer::default().i16(kind).string(group);
        let value = || Writer::default().i16(VERSION);
        let of_group = |kind: i16| key(kind).finish();
        let of_member = |kind: i16, member: &MemberId| key(kind).string(member).finish();
        match self {
            Self::Epoch(epoch) => {
                let value = epoch
                    .map(|(epoch, hash)| value().i32(epoch).tag(0, &hash.to_be_bytes()).finish());
                (of_group(EPOCH_KEY), value)
            }
            Self::Member { member, value: metadata } => (
                of_member(MEMBER_KEY, member),
                metadata.as_ref().map(|metadata| write_metadata(value(), metadata).finish()),
            ),
            Self::TargetEpoch(target) => (
                of_group(TARGET_EPOCH_KEY),
                target.map(|(epoch, now)| {
                    value().i32(epoch).i64(wall_clock_ms(now)).no_tags().finish()
                }),
            ),
            Self::Target { member, value: target } => (
                of_member(TARGET_KEY, member),
                target.as_ref().map(|target| {
                    let partitions = target.iter().map(|&tp| (tp, None)).collect();
                    write_partitions(value(), partitions).no_tags().finish()
                }),
            ),
            Self::Current { member, value: current } => (
                of_member(CURRENT_KEY, member),
                current.as_ref().map(|current| {
                    let epochs = |epochs: &Epochs| {
                        epochs.iter().map(|(&tp, &epoch)| (tp, Some(epoch))).collect()
                    };
                    let writer = value()
                        .i32(current.epoch)
                        .i32(current.previous_epoch)
                        .i8(current.state.code());
                    let writer = write_partitions(writer, epochs(&current.assigned));
                    let pending = epochs(&current.pending_revocation);
                    write_partitions(writer, pending).no_tags().finish()
                }),
            ),
        }
    }

    /// The record that a key of `kind` begins, whose group has been read.
    pub(in super::super) fn decode(
        kind: i16,
        mut key: Reader<'_>,
        value: Option<Reader<'_>>,
    ) -> Option<Self> {
        let value = match value {
            Some(mut value) => {
                value.i16().filter(|&version| version == VERSION)?;
                Some(value)
            }
            None => None,
        };
        Some(match kind {
            EPOCH_KEY => {
                let epoch = |value: &mut Reader<'_>| {
                    let epoch = value.i32()?;
                    let hash = value.tag()?.and_then(|mut field| field.i64());
                    Some((epoch, hash.unwrap_or_default() as u64))
                };
                Self::Epoch(read(value, epoch)?)
            }
            MEMBER_KEY => {
                Self::Member { member: key.string()?, value: read(value, read_metadata)? }
            }
            TARGET_EPOCH_KEY => {
                let target = |value: &mut Reader<'_>| {
                    let (epoch, at_ms) = (value.i32()?, value.i64()?);
                    let since_start_ms = (at_ms - wall_clock_ms(0)).max(0) as u64;
                    Some((epoch, since_start_ms * 1000))
                };
                Self::TargetEpoch(read(value, target)?)
            }
            TARGET_KEY => {
                let target = |value: &mut Reader<'_>| {
                    Some(read_partitions(value)?.into_iter().map(|(tp, _)| tp).collect())
                };
                Self::Target { member: key.string()?, value: read(value, target)? }
            }
            CURRENT_KEY => {
                let current = |value: &mut Reader<'_>| {
                    Some(Box::new(CurrentAssignment {
                        epoch: value.i32()?,
                        previous_epoch: value.i32()?,
                        state: ConsumerMemberState::of_code(value.i8()?),
                        assigned: read_partitions(value)?.into_iter().collect(),
                        pending_revocation: read_partitions(value)?.into_iter().collect(),
                    }))
                };
                Self::Current { member: key.string()?, value: read(value, current)? }
            }
            _ => return None,
        })
    }
}

/// Outer `None`: bytes that make no sense; inner `None`: a tombstone.
fn read<T>(
    value: Option<Reader<'_>>,
    read: impl FnOnce(&mut Reader<'_>) -> Option<T>,
) -> Option<Option<T>> {
    match value {
        Some(mut value) => read(&mut value).map(Some),
        None => Some(None),
    }
}

fn write_metadata(writer: Writer, metadata: &MemberMetadata) -> Writer {
    let topics: Vec<&Arc<str>> = metadata.topics.iter().collect();
    writer
        .compact_nullable_string(metadata.instance_id.as_deref())
        .compact_nullable_string(metadata.rack_id.as_deref())
        .compact_nullable_string(Some(&metadata.client_id))
        .compact_nullable_string(Some(&host_of(metadata.node)))
        .compact_array(&topics, |writer, topic| writer.compact_nullable_string(Some(topic)))
        .compact_nullable_string(None)
        .i32(metadata.rebalance_timeout_ms as i32)
        .compact_nullable_string(metadata.server_assignor.as_deref())
        .no_tags()
}

fn read_metadata(value: &mut Reader<'_>) -> Option<MemberMetadata> {
    let instance_id = value.compact_nullable_string()?;
    let rack_id = value.compact_nullable_string()?;
    let client_id = value.compact_nullable_string()??;
    let host = value.compact_nullable_string()??;
    let topics = value.compact_array(|topic| topic.compact_nullable_string()?)?;
    value.compact_nullable_string()?;
    Some(MemberMetadata {
        instance_id,
        rack_id,
        client_id,
        node: node_at(&host).unwrap_or(NodeId(0)),
        topics: topics.into_iter().collect(),
        rebalance_timeout_ms: i64::from(value.i32()?),
        server_assignor: value.compact_nullable_string()?,
    })
}

type Partitions = Vec<(TopicPartition, Option<i32>)>;

/// Partitions by topic; their epochs, where there are any, as tagged field 0.
fn write_partitions(writer: Writer, partitions: Partitions) -> Writer {
    let mut topics: Vec<(TopicId, Partitions)> = Vec::new();
    for entry in partitions {
        match topics.last_mut().filter(|(topic, _)| *topic == entry.0.topic) {
            Some((_, of_topic)) => of_topic.push(entry),
            None => topics.push((entry.0.topic, vec![entry])),
        }
    }
    writer.compact_array(&topics, |writer, (topic, partitions)| {
        let writer = writer
            .i64(0)
            .i64(i64::from(topic.0))
            .compact_array(partitions, |writer, (tp, _)| writer.i32(i32::from(tp.partition)));
        let epochs: Vec<i32> = partitions.iter().filter_map(|&(_, epoch)| epoch).collect();
        if epochs.is_empty() {
            return writer.no_tags();
        }
        let field = Writer::default().compact_array(&epochs, |writer, &epoch| writer.i32(epoch));
        writer.tag(0, &field.finish())
    })
}

fn read_partitions(value: &mut Reader<'_>) -> Option<Vec<(TopicPartition, i32)>> {
    let topics = value.compact_array(|topic| {
        topic.i64()?;
        let id = TopicId(topic.i64()? as u16);
        let partitions = topic.compact_array(Reader::i32)?;
        let epochs = match topic.tag()? {
            Some(mut field) => field.compact_array(Reader::i32)?,
            None => vec![0; partitions.len()],
        };
        let partitions = partitions.into_iter().map(|p| TopicPartition::new(id, p as u16));
        Some(partitions.zip(epochs).collect::<Vec<_>>())
    })?;
    Some(topics.into_iter().flatten().collect())
}
