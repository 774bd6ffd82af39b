//! A module in two halves: the page opens with the first, and the rest comes when there is time, or
//! when one of its functions is called.
//!
//! Both halves share memory, tables and globals, which the first owns. Where it calls a function of
//! the rest it has a stub: that looks into a slot of the function table, has the rest loaded if
//! nothing is there, and calls what is there then.

mod count;
mod halves;
mod plan;
mod source;
#[cfg(test)]
mod tests;

use anyhow::Result;

pub use count::count;
use plan::Plan;
use source::Source;

/// A module's halves.
pub struct Halves {
    /// What the page opens with.
    pub first: Vec<u8>,
    /// What may come later.
    pub rest: Vec<u8>,
}

/// Splits a module that has names: functions whose name is `late` go to the rest, with all that only
/// they call.
pub fn split(module: &[u8], is_late: impl Fn(&str) -> bool) -> Result<Halves> {
    let source = Source::read(module)?;
    let plan = Plan::new(&source, is_late)?;
    Ok(Halves { first: plan.first(module)?, rest: plan.rest()? })
}

/// A function of a module, and where it goes.
pub struct NamedFunction<'a> {
    pub index: u32,
    pub name: &'a str,
    /// Of its body.
    pub bytes: usize,
    pub is_late: bool,
}

/// The functions that a module has of its own, as [`split`] would part them, in the module's order.
pub fn functions(module: &[u8], is_late: impl Fn(&str) -> bool) -> Result<Vec<NamedFunction<'_>>> {
    let source = Source::read(module)?;
    let plan = Plan::new(&source, is_late)?;
    let bodies = (source.imports..).zip(&source.bodies);
    let functions = bodies.map(|(index, body)| NamedFunction {
        index,
        name: source.names.get(&index).copied().unwrap_or("?"),
        bytes: (body.range().end - body.range().start) as usize,
        is_late: !plan.kept.contains(&index),
    });
    Ok(functions.collect())
}
