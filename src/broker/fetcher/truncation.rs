//! Where a follower cuts its log when the leader's diverges (KIP-101, KIP-279, KIP-595).

use crate::broker::log::Log;

/// The new log end. The leader says that its latest epoch not above the follower's last one is
/// `leader_epoch`, and ends at `leader_end`. Where the logs may still diverge after the cut, the
/// next fetch will tell.
pub fn truncation_offset(log: &Log, leader_epoch: i32, leader_end: i64) -> i64 {
    let own_end = log.end_offset();
    match log.end_offset_for_epoch(leader_epoch) {
        // The follower has no such epoch: it steps back to the one before and asks again.
        Some((epoch, end)) if epoch != leader_epoch => end.min(own_end),
        Some((_, end)) => end.min(leader_end).min(own_end),
        None => leader_end.min(own_end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broker::log::tests::{append, batch};

    /// A log with one record for each of these epochs.
    fn log(epochs: &[i32]) -> Log {
        let mut log = Log::default();
        epochs.iter().for_each(|&epoch| {
            append(&mut log, batch(1), epoch);
        });
        log
    }

    fn cut(epochs: &[i32], leader_epoch: i32, leader_end: i64) -> i64 {
        truncation_offset(&log(epochs), leader_epoch, leader_end)
    }

    #[test]
    fn the_same_epoch_is_cut_where_the_shorter_one_ends() {
        assert_eq!(cut(&[1, 1, 1, 2, 2], 1, 2), 2);
        assert_eq!(cut(&[1, 1, 1, 2, 2], 1, 9), 3);
        assert_eq!(cut(&[1, 1, 1], 1, 2), 2);
    }

    #[test]
    fn an_epoch_the_follower_has_not_takes_another_round() {
        assert_eq!(cut(&[1, 1, 3, 3], 2, 8), 2);
        assert_eq!(cut(&[0, 2, 5], 3, 8), 2);
    }

    #[test]
    fn epochs_outside_of_what_the_follower_knows() {
        assert_eq!(cut(&[], 2, 8), 0, "empty log");
        assert_eq!(cut(&[1, 1], 4, 1), 1, "newer than all own ones");
        assert_eq!(cut(&[3, 3, 3], 1, 2), 0, "older than all: its first epoch goes");
    }
}
