//! Sizes of a broker's requests and responses on the wire, in bytes: headers and fields as Kafka
//! encodes them, rounded where a name or a tag would make the difference.

use crate::protocol::{
    ClusterMetadata, FetchPartitionResponse, FetchRequest, FetchResponse, Response,
};

const HEADER: u32 = 12;
const FETCH: u32 = 60;
const FETCH_PARTITION: u32 = 38;
const FETCHED_PARTITION: u32 = 64;
const PARTITION: u32 = 34;

/// Size of a fetch request.
pub fn fetch_request(request: &FetchRequest) -> u32 {
    let changes = request.changes.as_deref();
    let named = changes.map_or(0, |changes| changes.partitions.len() + changes.forgotten.len());
    HEADER + FETCH + FETCH_PARTITION * named as u32
}

/// Size of a request that names so many partitions.
pub fn partitions_request(count: usize) -> u32 {
    HEADER + PARTITION * count as u32
}

/// Size of a request or response without lists.
pub fn plain() -> u32 {
    HEADER + PARTITION
}

/// Size of a response.
pub fn response(response: &Response) -> u32 {
    HEADER
        + match response {
            Response::Fetch(fetch) => fetch_response(fetch),
            Response::Produce(produce) => PARTITION * produce.partitions.len() as u32,
            Response::ListOffsets(offsets) => PARTITION * offsets.partitions.len() as u32,
            Response::OffsetForLeaderEpoch(ends) => PARTITION * ends.partitions.len() as u32,
            Response::Metadata(metadata) => metadata_response(metadata),
            _ => PARTITION,
        }
}

fn fetch_response(response: &FetchResponse) -> u32 {
    let bytes = |partition: &FetchPartitionResponse| {
        let batches = partition.batches.iter().map(|batch| batch.batch.size_bytes).sum::<u32>();
        FETCHED_PARTITION + batches
    };
    response.partitions.iter().map(bytes).sum()
}

fn metadata_response(metadata: &ClusterMetadata) -> u32 {
    let topics = metadata.topics.iter().map(|(name, topic)| {
        let partitions =
            topic.partitions.iter().map(|p| 26 + 4 * (p.replicas.len() + p.isr.len()) as u32);
        24 + name.len() as u32 + partitions.sum::<u32>()
    });
    26 * metadata.brokers.len() as u32 + topics.sum::<u32>()
}
