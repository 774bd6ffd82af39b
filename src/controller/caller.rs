//! Where an answer goes.

use crate::engine::NodeId;
use crate::node::Ctx;
use crate::protocol::{Body, Channel, Response};

/// Who sent a request, and on which connection.
#[derive(Copy, Clone, Debug)]
pub struct Caller {
    /// The sender.
    pub node: NodeId,
    /// Its connection.
    pub channel: Channel,
    /// Number of that connection.
    pub connection: u32,
    /// Correlation id of the request.
    pub correlation: u32,
}

impl Caller {
    /// Answers.
    pub fn reply(self, ctx: &mut Ctx<'_>, bytes: u32, response: Response) {
        let body = Body::Response(self.correlation, response);
        ctx.send(self.node, self.channel, self.connection, bytes, body);
    }
}
