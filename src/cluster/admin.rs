//! The administrator: sends topic and config commands to the controller, hears the answer.

use crate::engine::{Rng, SortedMap};
use crate::events::{CommandWords, Event, EventId};
use crate::node::{ADMIN, CONTROLLER, Outside};
use crate::protocol::{AdminRequest, Body, Channel, Envelope, Request, Response};

use super::world::World;

/// The admin client of whoever sits before the screen.
#[derive(Clone)]
pub(super) struct Admin {
    rng: Rng,
    next_correlation: u32,
    /// What was asked, by correlation id.
    asked: SortedMap<u32, CommandWords>,
}

impl Admin {
    pub(super) fn new(rng: Rng) -> Self {
        Self { rng, next_correlation: 0, asked: SortedMap::new() }
    }

    /// Sends `request`; `command` is named if it is refused.
    pub(super) fn send(
        &mut self,
        world: &mut World,
        request: AdminRequest,
        command: CommandWords,
        cause: Option<EventId>,
    ) {
        let correlation = self.next_correlation;
        self.next_correlation += 1;
        self.asked.insert(correlation, command);
        let envelope = Envelope {
            from: ADMIN,
            to: CONTROLLER,
            channel: Channel::Control,
            connection: 0,
            sent_us: world.queue.now(),
            bytes: 200,
            cause,
            body: Body::Request(correlation, Request::Admin(Box::new(request))),
        };
        world.send(envelope, &mut self.rng);
    }

    pub(super) fn on_message(&mut self, world: &mut World, envelope: Envelope) {
        let Body::Response(correlation, Response::Admin(response)) = envelope.body else { return };
        let Some(command) = self.asked.remove(&correlation) else { return };
        if let Err((error, message)) = response.result {
            let reason = format!("{error}: {message}").into();
            let now = world.queue.now();
            world.emit(now, ADMIN, envelope.cause, Event::CommandRefused { command, reason });
        }
    }
}
