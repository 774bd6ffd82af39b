use super::*;
use crate::config::Properties;
use crate::engine::Rng;
use crate::node::recorder::Recorder;
use crate::protocol::{BrokerRegistration, ErrorCode, MetadataRecord};

const MS: Micros = 1000;
const ME: NodeId = NodeId(3);

/// A broker's lifecycle with the controller played by the test.
struct Bed {
    life: Lifecycle,
    world: Recorder,
    rng: Rng,
    image: MetadataImage,
    now: Micros,
}

impl Bed {
    fn started(config: &[(&str, &str)]) -> Self {
        let properties: Properties = config.iter().copied().collect();
        let config = BrokerConfig::from_properties(&properties).expect("a valid config");
        let mut bed = Self {
            life: Lifecycle::new(ME, Some("r1".into())),
            world: Recorder::default(),
            rng: Rng::stream(1, 3),
            image: MetadataImage::default(),
            now: 0,
        };
        bed.turn(|life, ctx, image| life.on_start(ctx, image, &config));
        bed
    }

    fn running() -> Self {
        let mut bed = Self::started(&[]);
        bed.register();
        bed.answer(ok(true));
        bed.answer(ok(false));
        bed
    }

    fn turn<R>(
        &mut self,
        turn: impl FnOnce(&mut Lifecycle, &mut Ctx<'_>, &MetadataImage) -> R,
    ) -> R {
        let Self { life, world, rng, image, now } = self;
        world.turn(*now, ME, rng, |ctx| turn(life, ctx, image))
    }

    /// The controller answers the latest request.
    fn answer(&mut self, response: Response) -> Option<Response> {
        let last = self.world.sent.last().expect("a request").clone();
        let Body::Request(correlation, _) = last.body else { panic!("{last:?}") };
        let body = Body::Response(correlation, response);
        let envelope = Envelope { from: CONTROLLER, to: ME, body, ..last };
        self.turn(|life, ctx, image| life.take_response(ctx, envelope, image))
    }

    /// The controller writes the registration and answers with epoch 7.
    fn register(&mut self) {
        let registration = BrokerRegistration {
            rack: None,
            broker_epoch: 7,
            fenced: true,
            in_controlled_shutdown: false,
        };
        self.image.apply(&MetadataRecord::Broker { broker: ME, registration });
        let result = Ok(7);
        self.answer(Response::BrokerRegistration(BrokerRegistrationResponse { result }));
    }

    /// The next heartbeat timer fires; returns how long that took.
    fn wait(&mut self) -> Micros {
        let is_heartbeat = |timer| timer == NodeTimer::Broker(BrokerTimer::Heartbeat);
        let pending = self.world.pending();
        let &(at, _) = pending.iter().find(|&&(_, timer)| is_heartbeat(timer)).expect("a timer");
        let slot = self
            .world
            .timers
            .iter_mut()
            .find(|(_, due, timer)| *due == at && timer.is_some_and(is_heartbeat));
        slot.expect("it").2 = None;
        let waited = at - self.now;
        self.now = at;
        self.turn(|life, ctx, image| life.on_timer(ctx, BrokerTimer::Heartbeat, image));
        waited
    }

    fn sent(&self) -> usize {
        self.world.sent.len()
    }

    fn heartbeat(&self) -> BrokerHeartbeatRequest {
        match self.world.sent.last().map(|envelope| &envelope.body) {
            Some(Body::Request(_, Request::BrokerHeartbeat(request))) => *request,
            other => panic!("{other:?}"),
        }
    }

    fn incarnation(&self) -> u64 {
        match self.world.sent.last().map(|envelope| &envelope.body) {
            Some(Body::Request(_, Request::BrokerRegistration(request))) => request.incarnation,
            other => panic!("{other:?}"),
        }
    }
}

fn ok(is_fenced: bool) -> Response {
    Response::BrokerHeartbeat(BrokerHeartbeatResponse {
        error: None,
        is_caught_up: true,
        is_fenced,
        should_shut_down: false,
    })
}

fn should_shut_down() -> Response {
    Response::BrokerHeartbeat(BrokerHeartbeatResponse {
        error: None,
        is_caught_up: true,
        is_fenced: true,
        should_shut_down: true,
    })
}

#[test]
fn it_registers_catches_up_and_is_unfenced_without_waiting() {
    let mut bed = Bed::started(&[]);
    assert_eq!(bed.life.broker_epoch(), -1);
    bed.register();
    assert_eq!(bed.life.broker_epoch(), 7);
    let first = bed.heartbeat();
    assert!(first.want_fence && first.broker_epoch == 7 && first.metadata_offset == 1);
    bed.answer(ok(true));
    assert!(!bed.heartbeat().want_fence);
    assert!(bed.life.is_fenced());
    bed.answer(ok(false));
    assert!(!bed.life.is_fenced());
    assert_eq!(bed.now, 0);
    assert_eq!(bed.sent(), 3);
    for _ in 0..3 {
        assert_eq!(bed.wait(), 2000 * MS);
        bed.now += 5 * MS;
        bed.answer(ok(false));
    }
}

#[test]
fn while_it_lacks_its_own_registration_it_asks_every_10_ms() {
    let mut bed = Bed::started(&[]);
    bed.register();
    for _ in 0..3 {
        bed.answer(Response::BrokerHeartbeat(BrokerHeartbeatResponse {
            error: None,
            is_caught_up: false,
            is_fenced: true,
            should_shut_down: false,
        }));
        assert_eq!(bed.wait(), 10 * MS);
        assert!(bed.heartbeat().want_fence);
    }
}

#[test]
fn a_refused_registration_is_repeated_every_2_s_for_60_s() {
    let mut bed = Bed::started(&[]);
    let incarnation = bed.incarnation();
    let error = ErrorCode::DuplicateBrokerRegistration;
    let refused = Response::BrokerRegistration(BrokerRegistrationResponse { result: Err(error) });
    while bed.world.exited.is_empty() {
        assert_eq!(bed.incarnation(), incarnation);
        bed.answer(refused.clone());
        assert_eq!(bed.wait(), 2000 * MS);
    }
    assert_eq!(bed.now, 60_000 * MS);
    assert_eq!(bed.sent(), 30);
    assert!(bed.life.is_stopped());
}

#[test]
fn every_start_is_a_new_incarnation() {
    let mut bed = Bed::running();
    let config = BrokerConfig::from_properties(&Properties::new()).unwrap();
    bed.turn(|life, ctx, image| life.on_start(ctx, image, &config));
    let second = bed.incarnation();
    assert_eq!(bed.life.broker_epoch(), -1);
    bed.turn(|life, ctx, image| life.on_start(ctx, image, &config));
    assert_ne!(bed.incarnation(), second);
}

#[test]
fn an_error_is_answered_by_the_next_heartbeat() {
    let mut bed = Bed::running();
    bed.wait();
    bed.answer(Response::BrokerHeartbeat(BrokerHeartbeatResponse {
        error: Some(ErrorCode::StaleBrokerEpoch),
        is_caught_up: false,
        is_fenced: true,
        should_shut_down: false,
    }));
    assert_eq!(bed.wait(), 2000 * MS);
}

#[test]
fn controlled_shutdown_asks_at_once_after_50_ms_and_then_every_2_s() {
    let mut bed = Bed::running();
    bed.turn(|life, ctx, image| life.on_close(ctx, image));
    assert!(bed.heartbeat().want_shut_down && !bed.heartbeat().want_fence);
    assert!(bed.life.is_shutting_down());
    bed.answer(ok(false));
    assert_eq!(bed.wait(), 50 * MS);
    bed.answer(ok(false));
    assert_eq!(bed.wait(), 2000 * MS);
    assert!(bed.world.exited.is_empty());
    bed.answer(should_shut_down());
    assert_eq!(bed.world.exited, [ME]);
    assert!(bed.world.pending().is_empty(), "nothing is left to wake it");
}

#[test]
fn a_close_during_a_heartbeat_follows_its_answer_at_once() {
    let mut bed = Bed::running();
    bed.wait();
    let sent = bed.sent();
    bed.turn(|life, ctx, image| life.on_close(ctx, image));
    assert_eq!(bed.sent(), sent, "one at a time");
    bed.answer(ok(false));
    assert!(bed.heartbeat().want_shut_down);
    bed.answer(should_shut_down());
    assert_eq!(bed.world.exited, [ME]);
}

#[test]
fn without_controlled_shutdown_or_service_it_stops_at_once() {
    let mut bed = Bed::started(&[("controlled.shutdown.enable", "false")]);
    bed.register();
    bed.answer(ok(true));
    bed.answer(ok(false));
    bed.turn(|life, ctx, image| life.on_close(ctx, image));
    assert_eq!(bed.world.exited, [ME]);

    let mut bed = Bed::started(&[]);
    bed.turn(|life, ctx, image| life.on_close(ctx, image));
    assert_eq!(bed.world.exited, [ME]);
}

#[test]
fn a_controller_that_cannot_be_reached_is_waited_for_five_minutes() {
    let mut bed = Bed::running();
    bed.turn(|life, ctx, image| life.on_close(ctx, image));
    while bed.world.exited.is_empty() {
        bed.now += 4501 * MS;
        bed.turn(|life, ctx, _| life.on_request_timeout(ctx, CONTROLLER));
        bed.wait();
    }
    assert!((300_000 * MS..307_000 * MS).contains(&bed.now), "{}", bed.now);
}

#[test]
fn a_lost_heartbeat_is_followed_by_another() {
    let mut bed = Bed::running();
    bed.wait();
    bed.now += 4500 * MS;
    let lost = bed.turn(|life, ctx, _| life.on_request_timeout(ctx, CONTROLLER));
    assert!(!lost);
    let sent = bed.sent();
    bed.now += MS;
    bed.turn(|life, ctx, _| life.on_request_timeout(ctx, CONTROLLER));
    assert_eq!(bed.wait(), 2000 * MS);
    assert_eq!(bed.sent(), sent + 1);
    assert_eq!(bed.world.sent.last().unwrap().connection, 1, "on a new connection");
}

#[test]
fn a_broken_connection_is_made_again() {
    let mut bed = Bed::started(&[]);
    let last = bed.world.sent.last().unwrap().clone();
    let notice = Envelope { from: CONTROLLER, to: ME, body: Body::Disconnected, ..last };
    assert!(!bed.turn(|life, ctx, _| life.on_disconnected(ctx, &notice)));
    assert!((40 * MS..=60 * MS).contains(&bed.wait()));
    bed.register();
    assert_eq!(bed.life.broker_epoch(), 7);
}

#[test]
fn the_brokers_own_requests_come_back_to_it() {
    let mut bed = Bed::running();
    let ask = |life: &mut Lifecycle, ctx: &mut Ctx<'_>| {
        let request = crate::protocol::AdminRequest::ElectPreferredLeaders;
        life.send_to_controller(ctx, Request::Admin(Box::new(request)), 100);
    };
    bed.turn(|life, ctx, _| ask(life, ctx));
    let response = crate::protocol::AdminResponse { result: Ok(()) };
    let answer = bed.answer(Response::Admin(Box::new(response)));
    assert!(matches!(answer, Some(Response::Admin(_))));

    bed.turn(|life, ctx, _| ask(life, ctx));
    let last = bed.world.sent.last().unwrap().clone();
    let notice = Envelope { from: CONTROLLER, to: ME, body: Body::Disconnected, ..last };
    assert!(bed.turn(|life, ctx, _| life.on_disconnected(ctx, &notice)), "it was lost");
}

#[test]
fn it_learns_from_metadata_that_it_was_fenced() {
    let mut bed = Bed::running();
    let mut registration = BrokerRegistration {
        rack: None,
        broker_epoch: 6,
        fenced: true,
        in_controlled_shutdown: false,
    };
    let record = |registration| MetadataRecord::Broker { broker: ME, registration };
    bed.image.apply(&record(registration.clone()));
    bed.turn(|life, ctx, image| life.on_metadata(ctx, image));
    assert!(!bed.life.is_fenced(), "that is about an earlier incarnation");
    registration.broker_epoch = 7;
    bed.image.apply(&record(registration));
    bed.turn(|life, ctx, image| life.on_metadata(ctx, image));
    assert!(bed.life.is_fenced());
}

#[test]
fn its_heartbeats_are_caused_by_nothing() {
    let mut bed = Bed::running();
    let Bed { life, world, rng, image, now } = &mut bed;
    let last = world.sent.last().unwrap().clone();
    assert!(matches!(last.body, Body::Request(..)));
    let cause = Some(crate::events::EventId(5));
    let mut ctx = Ctx::new(*now, ME, rng, cause, world);
    life.schedule(&mut ctx, 2000 * MS, image);
    assert_eq!(ctx.cause, cause, "what else the turn does keeps its cause");
}
