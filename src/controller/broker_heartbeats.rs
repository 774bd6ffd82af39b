//! What the controller knows of its brokers from their heartbeats: Kafka's
//! `BrokerHeartbeatManager` and `BrokerHeartbeatTracker`.
//!
//! Soft state: none of it is in the metadata log.

use crate::engine::{Micros, NodeId, SortedMap};
use crate::metadata::MetadataImage;
use crate::protocol::{BrokerHeartbeatRequest, BrokerRegistration};

/// Where a broker stands, and where its heartbeat takes it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum BrokerControlState {
    /// Leads nothing, is in no ISR of more than one.
    Fenced,
    /// In service.
    Unfenced,
    /// Gives its leaderships away.
    ControlledShutdown,
    /// May stop; fenced.
    ShutdownNow,
}

#[derive(Clone, Debug)]
struct Broker {
    incarnation: u64,
    /// Offset of its registration in the metadata log.
    registration_offset: i64,
    fenced: bool,
    /// End of the metadata it has applied, as of its last heartbeat.
    applied_offset: i64,
    /// Set in controlled shutdown: the end of the log when that began.
    controlled_shutdown_offset: Option<i64>,
    /// Last heartbeat, until the session is over.
    last_contact_us: Option<Micros>,
}

/// The brokers' sessions.
#[derive(Clone, Debug)]
pub struct BrokerHeartbeats {
    session_timeout_us: Micros,
    brokers: SortedMap<NodeId, Broker>,
}

impl BrokerHeartbeats {
    /// Nobody yet.
    pub fn new(session_timeout_us: Micros) -> Self {
        Self { session_timeout_us, brokers: SortedMap::new() }
    }

    /// The controller is active no longer.
    pub fn forget(&mut self) {
        self.brokers = SortedMap::new();
    }

    /// Brokers as the log has them; which processes they are is not in it.
    pub fn load(&mut self, image: &MetadataImage) {
        let broker = |registration: &BrokerRegistration| Broker {
            incarnation: 0,
            registration_offset: registration.broker_epoch,
            fenced: registration.fenced,
            applied_offset: 0,
            controlled_shutdown_offset: (registration.in_controlled_shutdown
                && !registration.fenced)
                .then_some(image.next_offset()),
            last_contact_us: None,
        };
        self.brokers = image.brokers().iter().map(|(&id, known)| (id, broker(known))).collect();
    }

    /// A controller becomes active: every unfenced broker gets a fresh session.
    pub fn activate(&mut self, now: Micros) {
        for broker in self.brokers.values_mut() {
            broker.last_contact_us = (!broker.fenced).then_some(now);
        }
    }

    /// The incarnation of the registered process.
    pub fn incarnation(&self, broker: NodeId) -> Option<u64> {
        self.brokers.get(&broker).map(|b| b.incarnation)
    }

    /// Whether a heartbeat came within broker.session.timeout.ms.
    pub fn has_valid_session(&self, broker: NodeId, now: Micros) -> bool {
        self.session_ends_us(broker).is_some_and(|ends_us| ends_us >= now)
    }

    /// The last moment of the session; a check after it fences.
    pub fn session_ends_us(&self, broker: NodeId) -> Option<Micros> {
        Some(self.brokers.get(&broker)?.last_contact_us? + self.session_timeout_us)
    }

    /// A broker registered; a new incarnation starts fenced.
    pub fn register(
        &mut self,
        now: Micros,
        broker: NodeId,
        incarnation: u64,
        registration_offset: i64,
        fenced: bool,
    ) {
        self.brokers.insert(
            broker,
            Broker {
                incarnation,
                registration_offset,
                fenced,
                applied_offset: 0,
                controlled_shutdown_offset: None,
                last_contact_us: Some(now),
            },
        );
    }

    /// A heartbeat arrived.
    pub fn touch_session(&mut self, now: Micros, broker: NodeId) {
        if let Some(broker) = self.brokers.get_mut(&broker) {
            broker.last_contact_us = Some(now);
        }
    }

    /// When the first session ends.
    pub fn first_session_ends_us(&self) -> Option<Micros> {
        let first = self.brokers.values().filter_map(|b| b.last_contact_us).min()?;
        Some(first + self.session_timeout_us)
    }

    /// Ends one session that is over, that of the lowest id first.
    pub fn take_expired(&mut self, now: Micros) -> Option<NodeId> {
        let timeout_us = self.session_timeout_us;
        let is_over = |broker: &Broker| {
            broker.last_contact_us.is_some_and(|contact_us| contact_us + timeout_us < now)
        };
        let (&id, broker) = self.brokers.iter_mut().find(|(_, broker)| is_over(broker))?;
        broker.last_contact_us = None;
        Some(id)
    }

    /// Fenced by the controller.
    pub fn fence(&mut self, broker: NodeId) {
        if let Some(broker) = self.brokers.get_mut(&broker) {
            broker.fenced = true;
            broker.controlled_shutdown_offset = None;
        }
    }

    /// Present and next state of a broker that sent this heartbeat. `None`: it is not registered.
    pub fn next_state(
        &self,
        request: &BrokerHeartbeatRequest,
        has_leaderships: impl FnOnce() -> bool,
    ) -> Option<(BrokerControlState, BrokerControlState)> {
        use BrokerControlState::{ControlledShutdown, Fenced, ShutdownNow, Unfenced};
        let broker = self.brokers.get(&request.broker)?;
        if let Some(shutdown_offset) = broker.controlled_shutdown_offset {
            let may_stop = !has_leaderships() && shutdown_offset <= self.lowest_active_offset();
            let next = if may_stop { ShutdownNow } else { ControlledShutdown };
            return Some((ControlledShutdown, next));
        }
        let is_caught_up = self.is_caught_up(request);
        Some(match (broker.fenced, request.want_fence, request.want_shut_down) {
            (true, _, true) => (Fenced, ShutdownNow),
            (true, false, false) if is_caught_up => (Fenced, Unfenced),
            (true, _, false) => (Fenced, Fenced),
            (false, true, true) => (Unfenced, ShutdownNow),
            (false, true, false) => (Unfenced, Fenced),
            (false, false, true) if has_leaderships() => (Unfenced, ControlledShutdown),
            (false, false, true) => (Unfenced, ShutdownNow),
            (false, false, false) => (Unfenced, Unfenced),
        })
    }

    /// Whether the broker has applied its own registration.
    pub fn is_caught_up(&self, request: &BrokerHeartbeatRequest) -> bool {
        self.brokers
            .get(&request.broker)
            .is_some_and(|broker| request.metadata_offset > broker.registration_offset)
    }

    /// The heartbeat has taken effect.
    pub fn touch(&mut self, broker: NodeId, fenced: bool, applied_offset: i64) {
        if let Some(broker) = self.brokers.get_mut(&broker) {
            broker.fenced = fenced;
            broker.applied_offset = applied_offset;
            if fenced {
                broker.controlled_shutdown_offset = None;
            }
        }
    }

    /// Controlled shutdown goes on until the other brokers have the log up to `end_offset`; the
    /// first one counts.
    pub fn begin_controlled_shutdown(&mut self, broker: NodeId, end_offset: i64) {
        if let Some(broker) = self.brokers.get_mut(&broker) {
            debug_assert!(!broker.fenced, "a fenced broker enters controlled shutdown");
            broker.controlled_shutdown_offset.get_or_insert(end_offset);
        }
    }

    /// End of the metadata that every broker in service has applied.
    fn lowest_active_offset(&self) -> i64 {
        self.brokers
            .values()
            .filter(|broker| !broker.fenced && broker.controlled_shutdown_offset.is_none())
            .map(|broker| broker.applied_offset)
            .min()
            .unwrap_or(i64::MAX)
    }
}
