//! Messages through the simulated network: `cargo bench --bench network`.

use divan::Bencher;
use divan::counter::ItemsCount;
use highwater::engine::{Network, NetworkConfig, NodeId, Rng};

const MESSAGES: u32 = 10_000;

fn main() {
    divan::main();
}

/// Clients and three brokers talk at random; the links and channels are known after the first run.
#[divan::bench(args = [3, 300])]
fn transmit(bencher: Bencher<'_, '_>, clients: u32) {
    let mut network = Network::new(NetworkConfig::default());
    let mut rng = Rng::stream(1, 1);
    let mut now = 0;
    bencher.counter(ItemsCount::new(MESSAGES)).bench_local(|| {
        for _ in 0..MESSAGES {
            now += 3;
            let draw = rng.next_u64() as u32;
            let (client, broker) =
                (NodeId(100 + (draw % clients) as u16), NodeId(1 + (draw >> 16) as u16 % 3));
            divan::black_box(network.transmit(
                now,
                client,
                broker,
                (draw >> 30) as u8,
                draw % 2_000,
                &mut rng,
            ));
        }
    });
}
