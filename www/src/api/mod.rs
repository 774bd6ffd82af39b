//! The model for JavaScript: [`Playground`] runs a scenario of your own, and `window.highwater`
//! ([`Live`]) is the run on the page. `docs/playground.md` documents both.

mod command;
mod json;
mod live;
mod playground;
mod read;

pub use live::{Live, expose};
pub use playground::Playground;
