//! A log for tests of coordinators, which commits on demand.

use std::sync::Arc;

use super::{AppendToken, InternalLog};
use crate::node::Ctx;
use crate::protocol::{ErrorCode, TopicPartition};
use crate::record::{Batch, LoggedBatch};

/// What was appended, and what of it is not committed yet.
#[derive(Default)]
pub struct TestLog {
    pub batches: Vec<LoggedBatch>,
    /// Numbers of the appends above the high watermark.
    pub open: Vec<u32>,
    /// What appends are answered with.
    pub refuses: Option<ErrorCode>,
}

impl InternalLog for TestLog {
    fn append(
        &mut self,
        _ctx: &mut Ctx<'_>,
        _tp: TopicPartition,
        batch: Arc<Batch>,
        token: AppendToken,
    ) -> Result<(), ErrorCode> {
        let (AppendToken::Group(number) | AppendToken::Transaction(number)) = token else {
            unreachable!("a coordinator's")
        };
        if let Some(error) = self.refuses {
            return Err(error);
        }
        let base_offset = self.batches.last().map_or(0, LoggedBatch::next_offset);
        self.batches.push(LoggedBatch { base_offset, leader_epoch: 0, batch });
        self.open.push(number);
        Ok(())
    }
}
