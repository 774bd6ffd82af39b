//! The event queue beside std's binary heap: `cargo bench --bench event_queue`.
//!
//! After the runs a table gives medians and their ratio, taken in turns so that whatever else the
//! machine does hits both alike. The ratio is what travels between machines.

#[path = "support/aims.rs"]
mod aims;
#[path = "support/queues.rs"]
mod queues;
#[path = "support/summary.rs"]
mod summary;
#[path = "support/workloads.rs"]
mod workloads;

use divan::Bencher;
use queues::{Heap, Queue, Wheel};
use workloads::{Cancel, Fat, Hold, Workload};

const STEPS: u32 = 10_000;

fn main() {
    divan::main();
    if std::env::args().any(|arg| arg == "--bench") {
        summary::print();
    }
}

#[divan::bench(types = [Wheel<u64>, Heap<u64>, Wheel<Fat>, Heap<Fat>], args = [1_000, 100_000])]
fn hold<Q: Queue>(bencher: Bencher<'_, '_>, pending: u32) {
    run(bencher, Hold::<Q>::new(pending, 1_000_000));
}

#[divan::bench(types = [Wheel<u64>, Heap<u64>, Wheel<Fat>, Heap<Fat>])]
fn cancel<Q: Queue>(bencher: Bencher<'_, '_>) {
    run(bencher, Cancel::<Q>::new(10_000));
}

fn run(bencher: Bencher<'_, '_>, mut workload: impl Workload) {
    workload.run(20 * STEPS);
    bencher.counter(divan::counter::ItemsCount::new(STEPS)).bench_local(|| workload.run(STEPS));
}
