//! Which function goes where.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};

use super::source::Source;

/// Which function goes where.
pub struct Plan<'a> {
    pub source: &'a Source<'a>,
    /// What the first half has of its own.
    pub kept: BTreeSet<u32>,
    /// Functions of the rest that the first half calls, in the order of their slots.
    pub stubs: Vec<u32>,
    /// Functions of the first half that the rest calls.
    pub lent: Vec<u32>,
    pub function_table: u32,
    /// The slot of the first stub.
    pub first_slot: u64,
    pub loader_type: u32,
}

impl<'a> Plan<'a> {
    pub fn new(source: &'a Source<'a>, is_late: impl Fn(&str) -> bool) -> Result<Self> {
        ensure!(!source.names.is_empty(), "the module has no names to split it by");
        let is_late = |function: &u32| {
            *function >= source.imports
                && source.names.get(function).is_some_and(|name| is_late(name))
        };
        let mut stubs: BTreeSet<u32> = source.roots.iter().copied().filter(is_late).collect();
        let mut kept = BTreeSet::new();
        let mut open: Vec<u32> = source.roots.iter().copied().filter(|f| !is_late(f)).collect();
        while let Some(function) = open.pop() {
            if kept.insert(function) {
                for callee in source.callees(function)? {
                    match is_late(&callee) {
                        true => drop(stubs.insert(callee)),
                        false => open.push(callee),
                    }
                }
            }
        }
        kept.extend(0..source.imports);
        let mut lent = BTreeSet::new();
        for function in (0..source.functions.len() as u32).filter(|f| !kept.contains(f)) {
            lent.extend(source.callees(function)?.intersection(&kept));
        }
        let is_of_functions = |table: &wasmparser::TableType| table.element_type.is_func_ref();
        let function_table = source.tables.iter().position(is_of_functions);
        let function_table = function_table.context("the module has no table of functions")?;
        let takes_nothing =
            |ty: &wasmparser::FuncType| ty.params().is_empty() && ty.results().is_empty();
        let loader_type = source.types.iter().position(takes_nothing);
        Ok(Self {
            source,
            kept,
            stubs: stubs.into_iter().collect(),
            lent: lent.into_iter().collect(),
            function_table: function_table as u32,
            first_slot: source.tables[function_table].initial,
            loader_type: loader_type.context("no function takes and gives nothing")? as u32,
        })
    }

    /// All that is not imported and not in the first half, in the module's order.
    pub fn late(&self) -> impl Iterator<Item = u32> {
        let all = self.source.imports..self.source.functions.len() as u32;
        all.filter(|function| !self.kept.contains(function))
    }
}
