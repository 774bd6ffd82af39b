//! The cluster as a picture: cards in the DOM, everything that moves on a canvas above them.
//!
//! Cards say what can be read and pressed; they leave room (slots, see [`layout`]) for what moves,
//! and the [`Painter`] fills it every frame.

mod broker_card;
mod card;
mod consumer_card;
mod controller_card;
mod curve;
mod faults;
mod gauges;
mod layout;
mod names;
mod narrator;
mod painter;
mod palette;
mod pen;
mod producer_card;
mod settings;
mod specs;
mod sprites;
mod strips;
mod tokens;
mod toolbar;
mod twin;
mod view;
mod windows;

pub use card::state;
pub use names::{Names, move_state};
pub use painter::Painter;
pub use view::Stage;
