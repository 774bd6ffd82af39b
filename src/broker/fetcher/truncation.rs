//! Where a follower cuts its log when the leader's diverges (KIP-101, KIP-279, KIP-595).

use crate::broker::log::Log;

/// Where to cut.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Truncation {
    /// New log end.
    pub offset: i64,
    /// False: the logs may still diverge, and the next fetch will tell.
    pub is_final: bool,
}

/// The leader says that its latest epoch not above the follower's last one is `leader_epoch`, and
/// ends at `leader_end`.
pub fn truncation(log: &Log, leader_epoch: i32, leader_end: i64) -> Truncation {
    let own_end = log.end_offset();
    match log.end_offset_for_epoch(leader_epoch) {
        Some((epoch, end)) if epoch != leader_epoch => {
            // The follower has no such epoch: it steps back to the one before and asks again.
            Truncation { offset: end.min(own_end), is_final: false }
        }
        Some((_, end)) => Truncation { offset: end.min(leader_end).min(own_end), is_final: true },
        None => Truncation { offset: leader_end.min(own_end), is_final: true },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broker::log::tests::batch;

    /// A log with one record for each of these epochs.
    fn log(epochs: &[i32]) -> Log {
        let mut log = Log::default();
        epochs.iter().for_each(|&epoch| {
            log.append(batch(1), epoch);
        });
        log
    }

    fn cut(epochs: &[i32], leader_epoch: i32, leader_end: i64) -> (i64, bool) {
        let Truncation { offset, is_final } = truncation(&log(epochs), leader_epoch, leader_end);
        (offset, is_final)
    }

    #[test]
    fn the_same_epoch_is_cut_where_the_shorter_one_ends() {
        assert_eq!(cut(&[1, 1, 1, 2, 2], 1, 2), (2, true));
        assert_eq!(cut(&[1, 1, 1, 2, 2], 1, 9), (3, true));
        assert_eq!(cut(&[1, 1, 1], 1, 2), (2, true));
    }

    #[test]
    fn an_epoch_the_follower_has_not_takes_another_round() {
        assert_eq!(cut(&[1, 1, 3, 3], 2, 8), (2, false));
        assert_eq!(cut(&[0, 2, 5], 3, 8), (2, false));
    }

    #[test]
    fn epochs_outside_of_what_the_follower_knows() {
        assert_eq!(cut(&[], 2, 8), (0, true), "empty log");
        assert_eq!(cut(&[1, 1], 4, 1), (1, true), "newer than all own ones");
        assert_eq!(cut(&[3, 3, 3], 1, 2), (0, true), "older than all: its first epoch goes");
    }
}
