//! Both queues in turns, many short rounds: medians, and the median of the ratios.

use std::time::Instant;

use crate::aims;
use crate::queues::{Heap, Wheel};
use crate::workloads::{Cancel, Fat, Hold, Workload};

const ROUNDS: usize = 21;
/// Enough for a round to hold its share of the rare big steps of the wheel.
const STEPS: u32 = 200_000;

pub fn print() {
    println!("\n{:34} {:>10} {:>10} {:>8}", "million steps a second", "wheel", "std heap", "ratio");
    // What the aims are about: 8-byte events, the worse of the two means.
    let mut hold_ratios = [f64::INFINITY; 2];
    for mean_us in [1_000, 1_000_000] {
        for (pending, worst) in [1_000, 100_000].into_iter().zip(&mut hold_ratios) {
            let name = format!("hold {pending}, mean {} ms", mean_us / 1_000);
            let ratio = row(
                &name,
                Hold::<Wheel<u64>>::new(pending, mean_us),
                Hold::<Heap<u64>>::new(pending, mean_us),
            );
            *worst = worst.min(ratio);
            let name = "  the same, 80-byte events";
            row(
                name,
                Hold::<Wheel<Fat>>::new(pending, mean_us),
                Hold::<Heap<Fat>>::new(pending, mean_us),
            );
        }
    }
    let cancel_ratio =
        row("cancel 10000", Cancel::<Wheel<u64>>::new(10_000), Cancel::<Heap<u64>>::new(10_000));
    row(
        "  the same, 80-byte events",
        Cancel::<Wheel<Fat>>::new(10_000),
        Cancel::<Heap<Fat>>::new(10_000),
    );
    let [small, large] = hold_ratios;
    let queues = [
        ("event queue, 1,000 pending, beside std's heap", 1.5, small),
        ("event queue, 100,000 pending", 2.5, large),
        ("event queue, cancelling", 4.0, cancel_ratio),
    ];
    for (what, aim, ratio) in queues {
        aims::print(what, &format!("x{aim}"), &format!("x{ratio:.2}"), ratio >= aim);
    }
}

/// Returns the ratio.
fn row(name: &str, mut wheel: impl Workload, mut heap: impl Workload) -> f64 {
    wheel.run(5 * STEPS);
    heap.run(5 * STEPS);
    let rounds: Vec<(f64, f64)> =
        (0..ROUNDS).map(|_| (rate(&mut wheel), rate(&mut heap))).collect();
    let wheel_rate = median(rounds.iter().map(|round| round.0));
    let heap_rate = median(rounds.iter().map(|round| round.1));
    let ratio = median(rounds.iter().map(|round| round.0 / round.1));
    println!("{name:34} {wheel_rate:10.1} {heap_rate:10.1} {:>8}", format!("x{ratio:.2}"));
    ratio
}

/// Million steps a second.
fn rate(workload: &mut impl Workload) -> f64 {
    let start = Instant::now();
    workload.run(STEPS);
    f64::from(STEPS) / start.elapsed().as_secs_f64() / 1e6
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
