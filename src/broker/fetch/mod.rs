//! Fetches from consumers and followers: sessions (KIP-227) and what is parked in the purgatory.

mod session;
mod sessions;

pub use session::{FetchSession, Limits, ParkedFetch, SessionPartition};
pub use sessions::FetchSessions;
