//! What a connection is taken for.

use crate::engine::{NodeId, Rng};
use crate::node::recorder::Recorder;
use crate::node::{ConsumerTimer, NodeTimer};
use crate::protocol::{ANY_CONNECTION, Channel, Request};

use super::NetworkClient;

const PEER: NodeId = NodeId(1);

#[test]
fn whoever_has_answered_the_oldest_request_is_connected() {
    let timer = |peer, channel| NodeTimer::Consumer(ConsumerTimer::RequestTimeout(peer, channel));
    let mut net = NetworkClient::new(30_000, 50, 50, timer);
    let (mut recorder, mut rng) = (Recorder::default(), Rng::stream(1, 1));
    let sent = recorder.turn(0, NodeId(101), &mut rng, |ctx| {
        net.send(ctx, PEER, Channel::Data, 10, Request::Metadata, ())
    });
    assert!(!net.is_connected(PEER, Channel::Data), "nobody has answered yet");
    assert!(net.on_response(PEER, Channel::Data, sent).is_some());
    assert!(net.is_connected(PEER, Channel::Data));
    recorder.turn(1000, NodeId(101), &mut rng, |ctx| {
        net.on_disconnect(ctx, PEER, Channel::Data, ANY_CONNECTION)
    });
    assert!(!net.is_connected(PEER, Channel::Data));
}
