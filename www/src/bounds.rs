//! Numbers within bounds.

/// The number, or the bound that it is past. [`f64::clamp`] has a message for bounds in the wrong
/// order, and with it come all of the standard library's printers of floats.
pub fn within(number: f64, least: f64, most: f64) -> f64 {
    number.max(least).min(most)
}
