//! A client's request while the broker works on it.

use crate::engine::NodeId;
use crate::protocol::Channel;

/// Where an answer goes. A broker works on one request a connection at a time; the answer lets the
/// next one in.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct RequestToken {
    /// The client.
    pub client: NodeId,
    /// Its connection.
    pub channel: Channel,
    /// The broker's own number of the request, never given twice: an answer that comes after its
    /// connection is gone can never be taken for the answer to another request.
    pub number: u64,
}
