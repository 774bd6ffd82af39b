//! How long the last frames kept the main thread busy.

use highwater::engine::sort_by;

/// Frames that are remembered: ten seconds at 60 a second.
const KEPT: usize = 600;

/// A ring of the main-thread work of the last frames, in ms: model, canvas and components.
#[derive(Clone, Debug, Default)]
pub struct FrameTimes {
    work_ms: Vec<f32>,
    next: usize,
}

impl FrameTimes {
    /// A frame took this long.
    pub fn push(&mut self, work_ms: f64) {
        let work_ms = work_ms as f32;
        if self.work_ms.len() < KEPT {
            self.work_ms.push(work_ms);
        } else {
            self.work_ms[self.next] = work_ms;
        }
        self.next = (self.next + 1) % KEPT;
    }

    /// The frame before took this much longer than was said: its components were rendered.
    pub fn extend_last(&mut self, extra_ms: f64) {
        let last = (self.next + KEPT - 1) % KEPT;
        if let Some(work_ms) = self.work_ms.get_mut(last) {
            *work_ms += extra_ms as f32;
        }
    }

    /// The frames, in no particular order.
    pub fn samples(&self) -> &[f32] {
        &self.work_ms
    }

    /// The work that `permille` of the frames did not exceed, in ms; 0 before the first.
    pub fn quantile(&self, permille: usize) -> f32 {
        let mut sorted = self.work_ms.clone();
        sort_by(&mut sorted, f32::total_cmp);
        let last = sorted.len().saturating_sub(1);
        sorted.get(last * permille / 1000).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_forgets_the_oldest_frames() {
        let mut times = FrameTimes::default();
        (0..=KEPT).for_each(|work_ms| times.push(work_ms as f64));
        assert_eq!(times.samples().len(), KEPT);
        assert_eq!(times.quantile(0), 1.0);
        assert_eq!(times.quantile(1000), KEPT as f32);
    }

    #[test]
    fn rendering_counts_to_the_last_frame() {
        let mut times = FrameTimes::default();
        times.push(1.0);
        times.push(2.0);
        times.extend_last(3.0);
        assert_eq!(times.samples(), [1.0, 5.0]);
    }
}
