//! Callbacks of send(): what an application hears of each record, if it wants to.

use crate::events::DeliveryFailure;
use crate::record::{Batch, RecordId};

/// What became of a record: it is acknowledged, or was given up.
pub type Delivery = (RecordId, Result<(), DeliveryFailure>);

/// What the application has still to be told.
#[derive(Clone, Debug, Default)]
pub struct Callbacks {
    is_wanted: bool,
    called: Vec<Delivery>,
}

impl Callbacks {
    /// The application wants to hear of every record from now on.
    pub fn want(&mut self) {
        self.is_wanted = true;
    }

    /// The process starts anew.
    pub fn clear(&mut self) {
        self.called.clear();
    }

    /// A batch has its outcome.
    pub fn call(&mut self, batch: &Batch, outcome: Result<(), DeliveryFailure>) {
        if self.is_wanted {
            self.called.extend(batch.records.iter().map(|record| (record.id, outcome)));
        }
    }

    /// A record that was never in a batch has failed.
    pub fn call_for(&mut self, record: RecordId, failure: DeliveryFailure) {
        if self.is_wanted {
            self.called.push((record, Err(failure)));
        }
    }

    /// All that was not told yet.
    pub fn take(&mut self) -> Vec<Delivery> {
        std::mem::take(&mut self.called)
    }
}
