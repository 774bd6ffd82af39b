//! The administrator: sends topic and config commands to the controller, and what concerns the
//! records of a partition to its leader; hears the answers.

use crate::engine::{NodeId, Rng, SortedMap};
use crate::events::{CommandWords, Event, EventId};
use crate::node::{ADMIN, CONTROLLER, Outside};
use crate::protocol::{AdminRequest, Body, Channel, Envelope, Request, Response};

use super::world::World;

/// The admin client of whoever sits before the screen.
#[derive(Clone)]
pub(super) struct Admin {
    rng: Rng,
    next_correlation: u32,
    /// What was asked and of whom, by correlation id.
    asked: SortedMap<u32, (NodeId, CommandWords)>,
}

impl Admin {
    pub(super) fn new(rng: Rng) -> Self {
        Self { rng, next_correlation: 0, asked: SortedMap::new() }
    }

    /// Sends `request` to the controller; `command` is named if it is refused.
    pub(super) fn send(
        &mut self,
        world: &mut World,
        request: AdminRequest,
        command: CommandWords,
        cause: Option<EventId>,
    ) {
        self.ask(world, CONTROLLER, Request::Admin(Box::new(request)), command, cause);
    }

    /// Sends `request` to a broker or the controller; `command` is named if it is refused.
    pub(super) fn ask(
        &mut self,
        world: &mut World,
        to: NodeId,
        request: Request,
        command: CommandWords,
        cause: Option<EventId>,
    ) {
        let correlation = self.next_correlation;
        self.next_correlation += 1;
        self.asked.insert(correlation, (to, command));
        let envelope = Envelope {
            from: ADMIN,
            to,
            channel: if to == CONTROLLER { Channel::Control } else { Channel::Data },
            connection: 0,
            sent_us: world.queue.now(),
            bytes: 200,
            cause,
            body: Body::Request(correlation, request),
        };
        world.send(envelope, &mut self.rng);
    }

    pub(super) fn on_message(&mut self, world: &mut World, envelope: Envelope) {
        let (from, cause) = (envelope.from, envelope.cause);
        let (correlation, reason) = match envelope.body {
            Body::Response(correlation, Response::Admin(response)) => {
                let told = |(error, message)| format!("{error}: {message}");
                (correlation, response.result.err().map(told))
            }
            Body::Response(correlation, Response::DeleteRecords(result)) => {
                (correlation, result.err().map(|error| error.to_string()))
            }
            Body::Disconnected => {
                let asked = self.asked.iter().find(|(_, (to, _))| *to == from);
                let Some((&correlation, _)) = asked else { return };
                (correlation, Some("its connection to the broker broke".to_owned()))
            }
            _ => return,
        };
        let Some((_, command)) = self.asked.remove(&correlation) else { return };
        if let Some(reason) = reason {
            let reason = reason.into();
            let now = world.queue.now();
            world.emit(now, ADMIN, cause, Event::CommandRefused { command, reason });
        }
    }
}
