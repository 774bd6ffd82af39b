//! Records of `__transaction_state`, byte by byte as Kafka writes them (`TransactionLog`).

use std::sync::Arc;

use super::metadata::TransactionMetadata;
use crate::broker::internal_topic::codec::{Reader, Writer};
use crate::metadata::MetadataImage;
use crate::protocol::{TopicPartition, TransactionState};
use crate::record::{Bytes, Record, RecordId};

const KEY: i16 = 0;
/// The first flexible one, as of transaction version 1.
const VALUE: i16 = 1;
const PREVIOUS_PRODUCER_ID: u32 = 0;
const NEXT_PRODUCER_ID: u32 = 1;
const CLIENT_TRANSACTION_VERSION: u32 = 2;

/// The state of a transactional id as a record that belongs to no application.
pub fn encode(
    transactional_id: &str,
    metadata: &TransactionMetadata,
    image: &MetadataImage,
    timestamp_ms: i64,
) -> Record {
    let key = Writer::default().i16(KEY).string(transactional_id).finish();
    let state = TransactionState::ALL.iter().position(|&state| state == metadata.state);
    let writer = Writer::default()
        .i16(VALUE)
        .i64(metadata.producer_id)
        .i16(metadata.producer_epoch)
        .i32(metadata.timeout_ms as i32)
        .i8(state.unwrap_or_default() as i8)
        .compact_array(&by_topic(metadata, image), |writer, (topic, partitions)| {
            writer
                .compact_nullable_string(Some(topic))
                .compact_array(partitions, |writer, &partition| writer.i32(partition))
                .no_tags()
        })
        .i64(metadata.updated_ms)
        .i64(metadata.start_ms);
    let ids = [
        (PREVIOUS_PRODUCER_ID, metadata.previous_producer_id),
        (NEXT_PRODUCER_ID, metadata.next_producer_id),
    ];
    let ids = ids.into_iter().filter(|&(_, id)| id >= 0);
    let mut tags: Vec<(u32, Vec<u8>)> =
        ids.map(|(tag, id)| (tag, id.to_be_bytes().to_vec())).collect();
    tags.push((CLIENT_TRANSACTION_VERSION, 2i16.to_be_bytes().to_vec()));
    let value = writer.tags(&tags).finish();
    Record {
        id: RecordId(u64::MAX),
        timestamp_ms,
        key: Some(key.into()),
        value: Some(Bytes::from(value)),
        headers: None,
    }
}

/// The inverse of [`encode`]; partitions of topics that no longer exist are left out. A record
/// without a value forgets its transactional id.
pub fn decode(
    record: &Record,
    image: &MetadataImage,
) -> Option<(Arc<str>, Option<TransactionMetadata>)> {
    let mut key = Reader::new(record.key.as_deref()?);
    if key.i16()? != KEY {
        return None;
    }
    let transactional_id = key.string()?;
    match record.value.as_deref() {
        Some(value) => Some((transactional_id, Some(decode_value(value, image)?))),
        None => Some((transactional_id, None)),
    }
}

fn decode_value(bytes: &[u8], image: &MetadataImage) -> Option<TransactionMetadata> {
    let mut value = Reader::new(bytes);
    if value.i16()? != VALUE {
        return None;
    }
    let (producer_id, producer_epoch) = (value.i64()?, value.i16()?);
    let timeout_ms = i64::from(value.i32()?);
    let state = *TransactionState::ALL.get(usize::try_from(value.i8()?).ok()?)?;
    let topics = value.compact_array(|topic| {
        let name = topic.compact_nullable_string()??;
        let partitions = topic.compact_array(Reader::i32)?;
        topic.tag()?;
        Some((name, partitions))
    })?;
    let known = topics.into_iter().filter_map(|(name, partitions)| {
        let topic = image.topic_id(&name)?;
        Some(partitions.into_iter().map(move |p| TopicPartition::new(topic, p as u16)))
    });
    let (updated_ms, start_ms) = (value.i64()?, value.i64()?);
    let mut metadata = TransactionMetadata::new(producer_id, timeout_ms, updated_ms);
    metadata.producer_epoch = producer_epoch;
    metadata.state = state;
    metadata.partitions = known.flatten().collect();
    metadata.start_ms = start_ms;
    for (tag, mut field) in value.tags()? {
        match tag {
            PREVIOUS_PRODUCER_ID => metadata.previous_producer_id = field.i64()?,
            NEXT_PRODUCER_ID => metadata.next_producer_id = field.i64()?,
            _ => {}
        }
    }
    Some(metadata)
}

fn by_topic(metadata: &TransactionMetadata, image: &MetadataImage) -> Vec<(Arc<str>, Vec<i32>)> {
    let mut topics: Vec<(Arc<str>, Vec<i32>)> = Vec::new();
    for tp in &metadata.partitions {
        let Some(topic) = image.topic(tp.topic) else { continue };
        match topics.last_mut().filter(|(name, _)| *name == topic.name) {
            Some((_, partitions)) => partitions.push(i32::from(tp.partition)),
            None => topics.push((topic.name.clone(), vec![i32::from(tp.partition)])),
        }
    }
    topics
}
