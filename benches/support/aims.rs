//! Aims, and what was reached: a line each, which `cargo xtask bench` gathers into its table.

/// Prints such a line; its fields stand between tabs.
pub fn print(what: &str, aim: &str, reached: &str, is_met: bool) {
    println!("aim\t{what}\t{aim}\t{reached}\t{}", if is_met { "met" } else { "missed" });
}
