//! The offset store of librdkafka: what may be committed is noted when the application gets a
//! message into its hands, and a background thread commits what is noted, whatever the
//! application is at (`rd_kafka_offset_store0`, `rd_kafka_cgrp_offset_commit_tmr_cb`).
//!
//! Who crashes while it processes a message may have it committed already: it is never processed.
//! The Java client commits inside poll(), and so after processing.

use super::Consumer;
use super::fetcher::Slice;
use super::membership::MemberState;
use crate::config::ClientLibrary;
use crate::node::Ctx;
use crate::protocol::{OffsetAndEpoch, TopicPartition};

impl Consumer {
    pub(super) fn commits_in_background(&self) -> bool {
        self.spec.client == ClientLibrary::Librdkafka && self.auto_commits()
    }

    /// What an automatic commit commits: every position, or what is stored and not committed yet.
    pub(super) fn to_auto_commit(&self) -> Vec<(TopicPartition, OffsetAndEpoch)> {
        match self.spec.client {
            ClientLibrary::Java => self.subscription.all_consumed(),
            ClientLibrary::Librdkafka => {
                let mut stored = self.subscription.all_stored();
                stored.retain(|&offset| self.commits.has_news(&[offset]));
                stored
            }
        }
    }

    /// poll() returns these.
    pub(super) fn store_handed_over(&mut self, slices: &[Slice]) {
        let stores = self.spec.client.stores_when_handed_over(&self.spec.config);
        if stores != Ok(true) {
            return;
        }
        for slice in slices.iter().filter(|slice| slice.end > slice.next) {
            let next = slice.logged.offset_of(slice.end as usize - 1) + 1;
            if let Some(assigned) = self.subscription.get_mut(slice.tp) {
                assigned.stored = Some(next);
            }
        }
    }

    /// With enable.auto.offset.store=false the application stores what it has processed.
    pub(super) fn store_processed(&mut self, tp: TopicPartition, offset: i64) {
        let is_its_own = self.spec.client == ClientLibrary::Librdkafka
            && self.spec.client.stores_when_handed_over(&self.spec.config) == Ok(false);
        if let Some(assigned) = self.subscription.get_mut(tp).filter(|_| is_its_own) {
            assigned.stored = Some(offset + 1);
        }
    }

    /// auto.commit.interval.ms: inside poll() the Java client looks by itself.
    pub(super) fn on_auto_commit_timer(&mut self, ctx: &mut Ctx<'_>) {
        self.commits.auto_timer = None;
        if !self.commits_in_background() || self.app.is_closing() {
            return;
        }
        if self.membership.state == MemberState::Stable {
            self.maybe_auto_commit(ctx);
        } else {
            self.restart_auto_commit_timer(ctx);
        }
        self.arm_auto_commit(ctx);
    }
}
