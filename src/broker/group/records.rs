//! Records of `__consumer_offsets`, byte by byte as Kafka writes them.
//!
//! Keys begin with an int16 that says what they are: 1 a committed offset, 2 a group's metadata.
//! Values begin with the version of their schema. A null value is a tombstone.

use std::sync::Arc;

use super::consumer::ConsumerRecord;
use crate::broker::internal_topic::codec::{Reader, Writer};
use crate::metadata::MetadataImage;
use crate::protocol::{Subscription, TopicPartition, UserData};
use crate::record::{Bytes, Record, RecordId};

const OFFSET_COMMIT_KEY: i16 = 1;
const OFFSET_COMMIT_VALUE: i16 = 3;
const GROUP_METADATA_KEY: i16 = 2;
const GROUP_METADATA_VALUE: i16 = 3;
/// Version of ConsumerProtocolSubscription and ConsumerProtocolAssignment.
const CONSUMER_PROTOCOL: i16 = 3;

/// What a record of `__consumer_offsets` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupRecord {
    /// A committed offset.
    Offset {
        /// group.id
        group: Arc<str>,
        /// Topic name.
        topic: Arc<str>,
        /// Partition index.
        partition: i32,
        /// `None`: tombstone.
        value: Option<CommittedOffset>,
    },
    /// Members and generation of a classic group.
    Metadata {
        /// group.id
        group: Arc<str>,
        /// `None`: tombstone.
        value: Option<GroupMetadata>,
    },
    /// Something of a group of the consumer protocol.
    Consumer {
        /// group.id
        group: Arc<str>,
        /// What.
        record: ConsumerRecord,
    },
}

/// OffsetCommitValue, version 3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommittedOffset {
    /// Next offset to read.
    pub offset: i64,
    /// Leader epoch of the last record read; -1 unknown.
    pub leader_epoch: i32,
    /// The application's own note.
    pub metadata: Arc<str>,
    /// When, in ms since the Unix epoch.
    pub commit_timestamp_ms: i64,
}

/// GroupMetadataValue, version 3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupMetadata {
    /// `consumer`
    pub protocol_type: Arc<str>,
    /// Generation.
    pub generation: i32,
    /// Chosen assignor.
    pub protocol: Option<Arc<str>>,
    /// Member id of the leader.
    pub leader: Option<Arc<str>>,
    /// When the group came into its state, in ms since the Unix epoch.
    pub current_state_timestamp_ms: i64,
    /// Its members.
    pub members: Vec<MemberMetadata>,
}

/// A member inside [`GroupMetadata`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberMetadata {
    /// Member id.
    pub member_id: Arc<str>,
    /// group.instance.id
    pub group_instance_id: Option<Arc<str>>,
    /// client.id
    pub client_id: Arc<str>,
    /// Address it connected from, such as `/10.0.0.101`.
    pub client_host: Arc<str>,
    /// max.poll.interval.ms
    pub rebalance_timeout_ms: i32,
    /// session.timeout.ms
    pub session_timeout_ms: i32,
    /// ConsumerProtocolSubscription
    pub subscription: Vec<u8>,
    /// ConsumerProtocolAssignment
    pub assignment: Vec<u8>,
}

impl GroupRecord {
    /// Key and value as bytes, in a record that belongs to no application.
    pub fn encode(&self, timestamp_ms: i64) -> Record {
        let (key, value) = match self {
            Self::Offset { group, topic, partition, value } => (
                Writer::default()
                    .i16(OFFSET_COMMIT_KEY)
                    .string(group)
                    .string(topic)
                    .i32(*partition)
                    .finish(),
                value.as_ref().map(CommittedOffset::encode),
            ),
            Self::Metadata { group, value } => (
                Writer::default().i16(GROUP_METADATA_KEY).string(group).finish(),
                value.as_ref().map(GroupMetadata::encode),
            ),
            Self::Consumer { group, record } => record.encode(group),
        };
        Record {
            id: RecordId(u64::MAX),
            timestamp_ms,
            key: Some(key.into()),
            value: value.map(Bytes::from),
            headers: None,
        }
    }

    /// `None` for keys of other versions and for bytes that make no sense.
    pub fn decode(record: &Record) -> Option<Self> {
        let mut key = Reader::new(record.key.as_deref()?);
        let value = record.value.as_deref().map(Reader::new);
        match key.i16()? {
            0 | OFFSET_COMMIT_KEY => Some(Self::Offset {
                group: key.string()?,
                topic: key.string()?,
                partition: key.i32()?,
                value: match value {
                    Some(mut value) => Some(CommittedOffset::decode(&mut value)?),
                    None => None,
                },
            }),
            GROUP_METADATA_KEY => Some(Self::Metadata {
                group: key.string()?,
                value: match value {
                    Some(mut value) => Some(GroupMetadata::decode(&mut value)?),
                    None => None,
                },
            }),
            kind => {
                let group = key.string()?;
                Some(Self::Consumer { group, record: ConsumerRecord::decode(kind, key, value)? })
            }
        }
    }
}

impl CommittedOffset {
    fn encode(&self) -> Vec<u8> {
        Writer::default()
            .i16(OFFSET_COMMIT_VALUE)
            .i64(self.offset)
            .i32(self.leader_epoch)
            .string(&self.metadata)
            .i64(self.commit_timestamp_ms)
            .finish()
    }

    fn decode(value: &mut Reader<'_>) -> Option<Self> {
        if value.i16()? != OFFSET_COMMIT_VALUE {
            return None;
        }
        Some(Self {
            offset: value.i64()?,
            leader_epoch: value.i32()?,
            metadata: value.string()?,
            commit_timestamp_ms: value.i64()?,
        })
    }
}

impl GroupMetadata {
    fn encode(&self) -> Vec<u8> {
        Writer::default()
            .i16(GROUP_METADATA_VALUE)
            .string(&self.protocol_type)
            .i32(self.generation)
            .nullable_string(self.protocol.as_deref())
            .nullable_string(self.leader.as_deref())
            .i64(self.current_state_timestamp_ms)
            .array(&self.members, |writer, member| {
                writer
                    .string(&member.member_id)
                    .nullable_string(member.group_instance_id.as_deref())
                    .string(&member.client_id)
                    .string(&member.client_host)
                    .i32(member.rebalance_timeout_ms)
                    .i32(member.session_timeout_ms)
                    .bytes(&member.subscription)
                    .bytes(&member.assignment)
            })
            .finish()
    }

    fn decode(value: &mut Reader<'_>) -> Option<Self> {
        if value.i16()? != GROUP_METADATA_VALUE {
            return None;
        }
        Some(Self {
            protocol_type: value.string()?,
            generation: value.i32()?,
            protocol: value.nullable_string()?,
            leader: value.nullable_string()?,
            current_state_timestamp_ms: value.i64()?,
            members: value.array(|member| {
                Some(MemberMetadata {
                    member_id: member.string()?,
                    group_instance_id: member.nullable_string()?,
                    client_id: member.string()?,
                    client_host: member.string()?,
                    rebalance_timeout_ms: member.i32()?,
                    session_timeout_ms: member.i32()?,
                    subscription: member.bytes()?.to_vec(),
                    assignment: member.bytes()?.to_vec(),
                })
            })?,
        })
    }
}

/// ConsumerProtocolSubscription.
pub fn encode_subscription(subscription: &Subscription, image: &MetadataImage) -> Vec<u8> {
    let writer = Writer::default()
        .i16(CONSUMER_PROTOCOL)
        .array(&subscription.topics, |writer, topic| writer.string(topic));
    let writer = match &subscription.user_data {
        Some(data) => writer.bytes(&encode_user_data(data, image)),
        None => writer.null_bytes(),
    };
    writer
        .array(&by_topic(&subscription.owned, image), write_topic_partitions)
        .i32(subscription.generation)
        .nullable_string(subscription.rack.as_deref())
        .finish()
}

/// The inverse of [`encode_subscription`].
pub fn decode_subscription(bytes: &[u8], image: &MetadataImage) -> Option<Subscription> {
    let mut reader = Reader::new(bytes);
    reader.i16()?;
    let topics = reader.array(Reader::string)?;
    let user_data = decode_user_data(reader.bytes()?, image);
    let owned = read_topic_partitions(&mut reader, image)?;
    let (generation, rack) = (reader.i32()?, reader.nullable_string()?);
    Some(Subscription { topics, owned, generation, rack, user_data })
}

/// What the sticky assignors write (`StickyAssignor.serializeTopicPartitionAssignment`,
/// `CooperativeStickyAssignor.subscriptionUserData`).
fn encode_user_data(data: &UserData, image: &MetadataImage) -> Vec<u8> {
    let (writer, generation) = match data {
        UserData::Previous { partitions, generation } => {
            let topics = by_topic(partitions, image);
            (Writer::default().array(&topics, write_topic_partitions), generation)
        }
        UserData::Generation(generation) => (Writer::default(), generation),
    };
    writer.i32(*generation).finish()
}

fn decode_user_data(bytes: &[u8], image: &MetadataImage) -> Option<UserData> {
    let mut reader = Reader::new(bytes);
    if bytes.len() == size_of::<i32>() {
        return Some(UserData::Generation(reader.i32()?));
    }
    let partitions = read_topic_partitions(&mut reader, image)?;
    Some(UserData::Previous { partitions, generation: reader.i32()? })
}

/// ConsumerProtocolAssignment.
pub fn encode_assignment(assignment: &[TopicPartition], image: &MetadataImage) -> Vec<u8> {
    Writer::default()
        .i16(CONSUMER_PROTOCOL)
        .array(&by_topic(assignment, image), write_topic_partitions)
        .null_bytes()
        .finish()
}

/// The inverse of [`encode_assignment`]; topics that no longer exist are left out.
pub fn decode_assignment(bytes: &[u8], image: &MetadataImage) -> Option<Vec<TopicPartition>> {
    let mut reader = Reader::new(bytes);
    reader.i16()?;
    read_topic_partitions(&mut reader, image)
}

type TopicPartitions = (Arc<str>, Vec<i32>);

fn write_topic_partitions(writer: Writer, (topic, partitions): &TopicPartitions) -> Writer {
    writer.string(topic).array(partitions, |writer, &partition| writer.i32(partition))
}

fn read_topic_partitions(
    reader: &mut Reader<'_>,
    image: &MetadataImage,
) -> Option<Vec<TopicPartition>> {
    let topics = reader.array(|topic| Some((topic.string()?, topic.array(Reader::i32)?)))?;
    let known = topics
        .into_iter()
        .filter_map(|(name, partitions)| image.topic_id(&name).map(|topic| (topic, partitions)));
    Some(
        known
            .flat_map(|(topic, partitions)| {
                partitions
                    .into_iter()
                    .map(move |partition| TopicPartition::new(topic, partition as u16))
            })
            .collect(),
    )
}

fn by_topic(partitions: &[TopicPartition], image: &MetadataImage) -> Vec<TopicPartitions> {
    let mut topics: Vec<TopicPartitions> = Vec::new();
    for tp in partitions {
        let Some(name) = image.topic(tp.topic).map(|topic| topic.name.clone()) else { continue };
        let partition = i32::from(tp.partition);
        match topics.iter_mut().find(|(topic, _)| *topic == name) {
            Some((_, partitions)) => partitions.push(partition),
            None => topics.push((name, vec![partition])),
        }
    }
    topics
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{MetadataRecord, TopicId};

    fn image() -> MetadataImage {
        let mut image = MetadataImage::default();
        image.apply(&MetadataRecord::Topic { topic: TopicId(4), name: "orders".into() });
        image
    }

    #[test]
    fn committed_offset_has_kafkas_bytes() {
        let record = GroupRecord::Offset {
            group: "g1".into(),
            topic: "orders".into(),
            partition: 3,
            value: Some(CommittedOffset {
                offset: 258,
                leader_epoch: -1,
                metadata: "".into(),
                commit_timestamp_ms: 1,
            }),
        };
        let encoded = record.encode(7);
        assert_eq!(encoded.key.as_deref().unwrap(), b"\0\x01\0\x02g1\0\x06orders\0\0\0\x03");
        assert_eq!(
            encoded.value.as_deref().unwrap(),
            b"\0\x03\0\0\0\0\0\0\x01\x02\xff\xff\xff\xff\0\0\0\0\0\0\0\0\0\x01"
        );
        assert_eq!(GroupRecord::decode(&encoded), Some(record));
    }

    #[test]
    fn group_metadata_survives_the_log() {
        let image = image();
        let assignment =
            vec![TopicPartition::new(TopicId(4), 0), TopicPartition::new(TopicId(4), 2)];
        let subscription = Subscription {
            topics: vec!["orders".into()],
            owned: assignment.clone(),
            generation: 5,
            rack: Some("a".into()),
            user_data: Some(UserData::Previous { partitions: assignment.clone(), generation: 4 }),
        };
        let record = GroupRecord::Metadata {
            group: "g1".into(),
            value: Some(GroupMetadata {
                protocol_type: "consumer".into(),
                generation: 6,
                protocol: Some("range".into()),
                leader: Some("a-1".into()),
                current_state_timestamp_ms: 12,
                members: vec![MemberMetadata {
                    member_id: "a-1".into(),
                    group_instance_id: None,
                    client_id: "a".into(),
                    client_host: "/10.0.0.101".into(),
                    rebalance_timeout_ms: 300_000,
                    session_timeout_ms: 45_000,
                    subscription: encode_subscription(&subscription, &image),
                    assignment: encode_assignment(&assignment, &image),
                }],
            }),
        };
        let decoded = GroupRecord::decode(&record.encode(7)).unwrap();
        assert_eq!(decoded, record);
        let GroupRecord::Metadata { value: Some(value), .. } = decoded else { unreachable!() };
        let member = &value.members[0];
        assert_eq!(decode_subscription(&member.subscription, &image), Some(subscription));
        assert_eq!(decode_assignment(&member.assignment, &image), Some(assignment));
    }

    #[test]
    fn user_data_has_kafkas_bytes() {
        let (image, tp) = (image(), TopicPartition::new(TopicId(4), 2));
        let previous = UserData::Previous { partitions: vec![tp], generation: 3 };
        let bytes = encode_user_data(&previous, &image);
        assert_eq!(bytes, b"\0\0\0\x01\0\x06orders\0\0\0\x01\0\0\0\x02\0\0\0\x03");
        let generation = UserData::Generation(-1);
        assert_eq!(encode_user_data(&generation, &image), b"\xff\xff\xff\xff");
        let nothing = UserData::Previous { partitions: Vec::new(), generation: 3 };
        for data in [previous, generation, nothing] {
            let bytes = encode_user_data(&data, &image);
            assert_eq!(decode_user_data(&bytes, &image), Some(data));
        }
        assert_eq!(decode_user_data(&[], &image), None);
    }

    #[test]
    fn sizes_of_batches() {
        let tombstone = GroupRecord::Metadata { group: "g".into(), value: None }.encode(0);
        // length 1, attributes 1, deltas 2, key 1 + 5, value 1, headers 1
        assert_eq!(crate::record::batch_size_bytes(&[tombstone]), 61 + 12);
    }

    #[test]
    fn tombstones_and_garbage() {
        let tombstone = GroupRecord::Metadata { group: "g".into(), value: None };
        assert_eq!(GroupRecord::decode(&tombstone.encode(0)), Some(tombstone));
        let mut garbage = GroupRecord::Metadata { group: "g".into(), value: None }.encode(0);
        garbage.key = Some(b"\0\x01\0\xff".as_slice().into());
        assert_eq!(GroupRecord::decode(&garbage), None);
    }
}
