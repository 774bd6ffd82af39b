use highwater::protocol::TopicId;
use highwater::view::{BrokerView, CellView, MAX_CELLS};

use super::*;

const TP: TopicPartition = TopicPartition { topic: TopicId(0), partition: 0 };

#[test]
fn a_short_log_begins_at_the_left() {
    let window = seen(&[(10, 10)]);
    assert_eq!((window.start, window.span), (0.0, 24.0));
    assert_eq!(window.place(12.0), 0.5);
}

#[test]
fn a_long_log_ends_before_the_right() {
    let window = seen(&[(1000, 1000)]);
    assert!((window.place(1000.0) - 0.88).abs() < 1e-9);
}

#[test]
fn the_slowest_replica_is_in_sight() {
    for lag in [1, 5, 20, 40, 60, 63, 64, 65, 100, 1_000, 100_000] {
        let leo = 200_000;
        let window = seen(&[(leo, leo - lag), (leo, leo - lag), (leo - lag / 2, leo - lag)]);
        for offset in [leo, leo - lag, leo - lag / 2] {
            let place = window.place(offset as f64);
            assert!((0.0..1.0).contains(&place), "lag {lag}: offset {offset} at {place}");
            assert!((window.offset(place) - offset as f64).abs() < 0.01, "and back");
        }
        assert!(window.place((leo - lag) as f64) < window.place(leo as f64));
        assert_eq!(window.gap().is_some(), lag > MAX_CELLS as i64, "lag {lag}");
    }
}

#[test]
fn the_dead_hold_nobody_back() {
    let mut view = view(&[(1000, 1000), (10, 10)]);
    view.brokers[1].process = ProcessState::Crashed;
    let mut windows = Windows::default();
    windows.advance(&view, 16.0, true);
    let window = windows.window(TP).expect("a window");
    assert_eq!(window.span, 24.0);
    assert!(window.place(10.0) < 0.0);
}

#[test]
fn a_span_grows_at_once_and_shrinks_late() {
    let mut windows = Windows::default();
    let mut span = |lag: i64| {
        windows.advance(&view(&[(1000, 1000 - lag)]), 16.0, true);
        windows.window(TP).expect("a window").span
    };
    assert_eq!(span(20), 30.0);
    assert_eq!(span(30), 36.0);
    assert_eq!(span(24), 36.0);
    assert_eq!(span(60), 72.0);
    assert_eq!(span(10), 42.0, "no narrower than many batches need");
}

/// The window over replicas with these log ends and high watermarks.
fn seen(replicas: &[(i64, i64)]) -> Window {
    let mut windows = Windows::default();
    windows.advance(&view(replicas), 16.0, true);
    windows.window(TP).expect("a window")
}

fn view(replicas: &[(i64, i64)]) -> View {
    let broker = |(index, &(leo, hw)): (usize, &(i64, i64))| BrokerView {
        id: NodeId(index as u16 + 1),
        process: ProcessState::Running,
        fenced: false,
        session_ends_us: None,
        has_power: true,
        slow_disk_us: 0,
        disk_full: false,
        replicas: vec![replica(index == 0, leo, hw)],
    };
    View {
        controllers: Vec::new(),
        at_us: 0,
        brokers: replicas.iter().enumerate().map(broker).collect(),
        topics: Vec::new(),
        producers: Vec::new(),
        consumers: Vec::new(),
        groups: Vec::new(),
        transactions: Vec::new(),
        cut_links: Vec::new(),
        slow_nodes: Vec::new(),
        slow_links: Vec::new(),
        paused: Vec::new(),
        waiting: Vec::new(),
    }
}

fn replica(is_leader: bool, leo: i64, high_watermark: i64) -> ReplicaView {
    let cell =
        |offset| CellView { base_offset: offset, last_offset: offset, leader_epoch: 0, bytes: 100 };
    ReplicaView {
        tp: TP,
        is_leader,
        leader_epoch: 0,
        in_isr: true,
        log_start_offset: 0,
        log_end_offset: leo,
        high_watermark,
        last_stable_offset: 0,
        open_transactions: 0,
        cells: ((leo - MAX_CELLS as i64).max(0)..leo).map(cell).collect(),
    }
}
