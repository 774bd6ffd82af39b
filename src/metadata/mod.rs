//! The metadata log applied: the controller's truth, and each broker's possibly older copy.

mod image;

pub use image::{MetadataImage, TopicImage};
