//! What every node is: a state machine that is woken by a message or a timer and acts through
//! [`Ctx`]. It has no other way out: no clock, no peer's memory, no shared state.

mod ctx;
#[cfg(test)]
pub mod recorder;
mod timer;

pub use ctx::{Ctx, Outside};
pub use timer::{
    BrokerTimer, ConsumerRetry, ConsumerTimer, ControllerTimer, NodeTimer, ProducerTimer,
};

use crate::protocol::Envelope;

/// Node id of the controller, or of the first of several. Each is a process of its own.
pub const CONTROLLER: crate::engine::NodeId = crate::engine::NodeId(0);
/// Brokers have node ids 1..=95, equal to their Kafka node.id.
pub const MAX_BROKER: u16 = 95;
/// The others have the ids after the brokers'.
pub const MAX_CONTROLLERS: u16 = 5;
/// The administrator, from whom topic and config commands come.
pub const ADMIN: crate::engine::NodeId = crate::engine::NodeId(100);
/// Producers and consumers have node ids from here on.
pub const FIRST_CLIENT: u16 = 101;

/// Whether a node id is a broker's.
pub fn is_broker(node: crate::engine::NodeId) -> bool {
    (1..=MAX_BROKER).contains(&node.0)
}

/// Node id of a controller by its number, from 1 on.
pub fn controller_id(number: u16) -> crate::engine::NodeId {
    match number {
        0 | 1 => CONTROLLER,
        number => crate::engine::NodeId(MAX_BROKER + number - 1),
    }
}

/// Whether a node id is a controller's.
pub fn is_controller(node: crate::engine::NodeId) -> bool {
    node == CONTROLLER || (MAX_BROKER + 1..MAX_BROKER + MAX_CONTROLLERS).contains(&node.0)
}

/// A node: broker, controller, producer or consumer.
pub trait Node {
    /// The process starts (or starts again: what was in memory is gone, what is on disk is there).
    fn on_start(&mut self, ctx: &mut Ctx<'_>);
    /// A message arrived.
    fn on_message(&mut self, ctx: &mut Ctx<'_>, message: Envelope);
    /// A timer it set has come. Timers of an earlier incarnation of the process never arrive.
    fn on_timer(&mut self, ctx: &mut Ctx<'_>, timer: NodeTimer);
    /// The process shall end in good order; when it is done it calls [`Ctx::exit`].
    fn on_close(&mut self, ctx: &mut Ctx<'_>);
}
