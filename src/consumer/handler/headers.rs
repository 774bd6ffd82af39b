//! Headers of the copies that go to retry and dead letter topics. Names are those of Spring Kafka
//! (`KafkaHeaders`, `RetryTopicHeaders`), the values text.

use std::sync::Arc;

use crate::record::{Bytes, Header, Record};

const TOPIC: &str = "kafka_original-topic";
const PARTITION: &str = "kafka_original-partition";
const OFFSET: &str = "kafka_original-offset";
const ATTEMPTS: &str = "retry_topic-attempts";
const NOT_BEFORE: &str = "retry_topic-backoff-timestamp";
const EXCEPTION: &str = "kafka_exception-fqcn";

/// Where a record came from, and what happened to it so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::consumer) struct Origin {
    /// The topic it was in first.
    pub topic: Arc<str>,
    /// Its partition there ...
    pub partition: u16,
    /// ... and its offset.
    pub offset: i64,
    /// Attempts that failed.
    pub failed: u32,
    /// It is not to be tried before this time, in ms since the Unix epoch.
    pub not_before_ms: i64,
}

impl Origin {
    /// What a copy says of itself; `None`: the record is no copy.
    pub(in crate::consumer) fn of(record: &Record) -> Option<Self> {
        let text = |name: &str| {
            let header = record.headers.as_ref()?.iter().find(|header| &*header.key == name)?;
            std::str::from_utf8(header.value.as_ref()?).ok()
        };
        Some(Self {
            topic: text(TOPIC)?.into(),
            partition: text(PARTITION)?.parse().ok()?,
            offset: text(OFFSET)?.parse().ok()?,
            failed: text(ATTEMPTS)?.parse().ok()?,
            not_before_ms: text(NOT_BEFORE).map_or(Some(0), |text| text.parse().ok())?,
        })
    }

    /// What tells the record from all others, in redirect topics.
    pub(in crate::consumer) fn id(&self) -> Bytes {
        let (topic, partition, offset) = (&self.topic, self.partition, self.offset);
        Bytes::from(format!("{topic}-{partition}@{offset}").into_bytes())
    }

    /// The headers of a copy. `exception`: why it is made.
    pub(in crate::consumer) fn headers(&self, exception: &str) -> Arc<[Header]> {
        let header = |key: &str, value: String| Header {
            key: key.into(),
            value: Some(Bytes::from(value.into_bytes())),
        };
        let mut headers = vec![
            header(TOPIC, self.topic.to_string()),
            header(PARTITION, self.partition.to_string()),
            header(OFFSET, self.offset.to_string()),
            header(ATTEMPTS, self.failed.to_string()),
        ];
        if self.not_before_ms > 0 {
            headers.push(header(NOT_BEFORE, self.not_before_ms.to_string()));
        }
        if !exception.is_empty() {
            headers.push(header(EXCEPTION, exception.to_owned()));
        }
        headers.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RecordId;

    #[test]
    fn a_copy_says_where_it_came_from() {
        let origin = Origin {
            topic: "orders".into(),
            partition: 2,
            offset: 17,
            failed: 3,
            not_before_ms: 99_000,
        };
        let headers = Some(origin.headers("IllegalArgumentException"));
        let (key, value) = (None, None);
        let mut record = Record { id: RecordId(1), timestamp_ms: 0, key, value, headers };
        assert_eq!(Origin::of(&record), Some(origin.clone()));
        assert_eq!(&*origin.id(), b"orders-2@17");
        record.headers = None;
        assert_eq!(Origin::of(&record), None);
    }
}
