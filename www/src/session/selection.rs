//! What a person can point at.

use std::rc::Rc;

use highwater::engine::NodeId;
use highwater::protocol::TopicPartition;
use highwater::record::RecordId;
use highwater::view::MessageView;

/// What a person can point at.
#[derive(Clone, Debug, PartialEq)]
pub enum Selection {
    /// A broker, producer or consumer.
    Node(NodeId),
    /// A partition.
    Partition(TopicPartition),
    /// A record.
    Record(RecordId),
    /// The record at an offset of a partition: a click on a cell.
    Offset(TopicPartition, i64),
    /// A message as it flew by: a click on a token.
    Message(Flight),
}

/// A message that was clicked, kept after it has arrived.
#[derive(Clone, Debug)]
pub struct Flight(pub Rc<MessageView>);

impl PartialEq for Flight {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}
