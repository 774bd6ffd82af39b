//! The group coordinator: membership, generations, committed offsets.

mod offsets_log;

pub use offsets_log::OffsetsLog;
