//! What stands around the stage: header, transport, side, bottom.

mod bottom;
mod header;
mod side;
mod transport;

pub use bottom::Bottom;
pub use header::Header;
pub use side::Side;
pub use transport::Transport;
