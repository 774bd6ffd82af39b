//! Writes the two halves.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use wasm_encoder::reencode::{Error, Reencode, RoundtripReencoder};
use wasm_encoder::{
    CodeSection, ElementSection, Elements, EntityType, ExportKind, ExportSection, Function,
    FunctionSection, ImportSection, Module, TableSection, TypeSection,
};
use wasmparser::Parser;

use super::plan::Plan;

/// Module and name of the function by which the first half asks for the rest.
const LOADER: (&str, &str) = ("rest", "load");
/// The module from which the rest imports what it needs of the first half.
const FIRST: &str = "first";

impl Plan<'_> {
    /// The table's type, with room for the stubs' slots.
    fn table(&self, index: u32) -> wasmparser::TableType {
        let mut table = self.source.tables[index as usize];
        if index == self.function_table {
            let more = self.stubs.len() as u64;
            table.initial += more;
            table.maximum = table.maximum.map(|maximum| maximum + more);
        }
        table
    }

    /// What the page opens with.
    pub fn first(&self, module: &[u8]) -> Result<Vec<u8>> {
        let has_body = |f: &u32| self.kept.contains(f) || self.stubs.binary_search(f).is_ok();
        let own = (self.source.imports..self.source.functions.len() as u32).filter(has_body);
        // The loader is imported last.
        let indices = (0..self.source.imports)
            .map(|import| (import, import))
            .chain(own.zip(self.source.imports + 1..))
            .collect();
        let mut half = First { plan: self, indices, tables: 0 };
        let mut first = Module::new();
        half.parse_core_module(&mut first, Parser::new(0), module)?;
        Ok(first.finish())
    }

    /// What may come later.
    pub fn rest(&self) -> Result<Vec<u8>> {
        let source = self.source;
        let mut same = RoundtripReencoder;
        let mut rest = Module::new();
        let mut types = TypeSection::new();
        let section = source.type_section.clone().context("the module has no types")?;
        same.parse_type_section(&mut types, section)?;
        rest.section(&types);

        let mut imports = ImportSection::new();
        for (number, &function) in self.lent.iter().enumerate() {
            let ty = EntityType::Function(source.functions[function as usize]);
            imports.import(FIRST, &lent_name(number), ty);
        }
        for shared in self.shared()? {
            imports.import(FIRST, &shared.name, shared.ty);
        }
        rest.section(&imports);

        let mut functions = FunctionSection::new();
        for function in self.late() {
            functions.function(source.functions[function as usize]);
        }
        rest.section(&functions);

        let indices = self.lent.iter().copied().chain(self.late()).zip(0..).collect();
        let mut half = Rest { indices };
        let mut elements = ElementSection::new();
        let filled: Vec<u32> = self.stubs.iter().map(|stub| half.indices[stub]).collect();
        let slot = wasm_encoder::ConstExpr::i32_const(self.first_slot as i32);
        let table = Some(self.function_table).filter(|&table| table > 0);
        elements.active(table, &slot, Elements::Functions(filled.into()));
        rest.section(&elements);

        let mut code = CodeSection::new();
        for function in self.late() {
            let body = source.body(function).context("a function without a body")?;
            half.parse_function_body(&mut code, body.clone())?;
        }
        rest.section(&code);
        Ok(rest.finish())
    }

    /// Memories, tables and globals under the names by which the halves share them.
    fn shared(&self) -> Result<Vec<Shared>> {
        let mut same = RoundtripReencoder;
        let mut shared = Vec::new();
        for (index, &memory) in (0..).zip(&self.source.memories) {
            let ty = EntityType::Memory(same.memory_type(memory)?);
            shared.push(Shared {
                name: format!("memory{index}"),
                ty,
                kind: ExportKind::Memory,
                index,
            });
        }
        for index in 0..self.source.tables.len() as u32 {
            let ty = EntityType::Table(same.table_type(self.table(index))?);
            shared.push(Shared {
                name: format!("table{index}"),
                ty,
                kind: ExportKind::Table,
                index,
            });
        }
        for (index, &global) in (0..).zip(&self.source.globals) {
            let ty = EntityType::Global(same.global_type(global)?);
            shared.push(Shared {
                name: format!("global{index}"),
                ty,
                kind: ExportKind::Global,
                index,
            });
        }
        Ok(shared)
    }

    /// What stands for a function of the rest in the first half.
    fn stub(&self, number: usize, function: u32) -> Function {
        let slot = (self.first_slot as i32) + number as i32;
        let mut stub = Function::new([]);
        let mut code = stub.instructions();
        code.i32_const(slot).table_get(self.function_table).ref_is_null();
        code.if_(wasm_encoder::BlockType::Empty).call(self.source.imports).end();
        for param in 0..self.source.params(function) {
            code.local_get(param as u32);
        }
        let ty = self.source.functions[function as usize];
        code.i32_const(slot).call_indirect(self.function_table, ty).end();
        stub
    }
}

/// What both halves use, under the name by which the first gives it out.
struct Shared {
    name: String,
    ty: EntityType,
    kind: ExportKind,
    index: u32,
}

/// The name under which the first half lends a function to the rest.
fn lent_name(number: usize) -> String {
    format!("_{number:x}")
}

/// Writes the first half.
struct First<'a> {
    plan: &'a Plan<'a>,
    indices: BTreeMap<u32, u32>,
    /// Tables written so far.
    tables: u32,
}

type Written = Result<(), Error>;

impl Reencode for First<'_> {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        Ok(self.indices[&function])
    }

    fn parse_custom_section(
        &mut self,
        _: &mut Module,
        _: wasmparser::CustomSectionReader<'_>,
    ) -> Written {
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: wasmparser::ImportSectionReader<'_>,
    ) -> Written {
        wasm_encoder::reencode::utils::parse_import_section(self, imports, section)?;
        imports.import(LOADER.0, LOADER.1, EntityType::Function(self.plan.loader_type));
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        _: wasmparser::FunctionSectionReader<'_>,
    ) -> Written {
        let own = self.indices.keys().filter(|&&function| function >= self.plan.source.imports);
        for &function in own {
            functions.function(self.plan.source.functions[function as usize]);
        }
        Ok(())
    }

    fn parse_table(&mut self, tables: &mut TableSection, _: wasmparser::Table<'_>) -> Written {
        let table = self.plan.table(self.tables);
        self.tables += 1;
        tables.table(self.table_type(table)?);
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: wasmparser::ExportSectionReader<'_>,
    ) -> Written {
        wasm_encoder::reencode::utils::parse_export_section(self, exports, section)?;
        for (number, &function) in self.plan.lent.iter().enumerate() {
            exports.export(&lent_name(number), ExportKind::Func, self.indices[&function]);
        }
        // They have been read before.
        for shared in self.plan.shared().unwrap_or_default() {
            exports.export(&shared.name, shared.kind, shared.index);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: wasmparser::CodeSectionReader<'_>,
    ) -> Written {
        for (function, body) in (self.plan.source.imports..).zip(section) {
            let body = body?;
            if let Ok(number) = self.plan.stubs.binary_search(&function) {
                code.function(&self.plan.stub(number, function));
            } else if self.plan.kept.contains(&function) {
                self.parse_function_body(code, body)?;
            }
        }
        Ok(())
    }
}

/// Writes the functions of the rest.
struct Rest {
    indices: BTreeMap<u32, u32>,
}

impl Reencode for Rest {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        Ok(self.indices[&function])
    }
}
