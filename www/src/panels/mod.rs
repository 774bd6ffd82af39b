//! What stands around the stage: header, transport, side, bottom.

mod bottom;
mod event_log;
mod event_words;
mod header;
pub mod icons;
mod inspector;
pub mod keys;
mod metrics;
mod notice;
pub mod order;
mod sparkline;
mod speed;
mod tabs;
mod timeline;
mod transport;
mod verdict;

pub use bottom::Bottom;
pub use header::header;
pub use inspector::inspector;
pub use notice::notice;
pub use tabs::tabs;
pub use timeline::label as mark_label;
pub use transport::transport;
