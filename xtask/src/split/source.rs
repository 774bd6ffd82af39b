//! What is read of a module before it is split.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use wasmparser::{ElementItems, ElementKind, FunctionBody, Operator, Parser, Payload};

/// What has to be known of a module.
#[derive(Default)]
pub struct Source<'a> {
    pub types: Vec<wasmparser::FuncType>,
    pub type_section: Option<wasmparser::TypeSectionReader<'a>>,
    pub imports: u32,
    /// The type of each function, imported ones first.
    pub functions: Vec<u32>,
    /// What is not imported.
    pub bodies: Vec<FunctionBody<'a>>,
    pub tables: Vec<wasmparser::TableType>,
    pub memories: Vec<wasmparser::MemoryType>,
    pub globals: Vec<wasmparser::GlobalType>,
    /// Functions that are called from outside or through a table.
    pub roots: BTreeSet<u32>,
    pub names: BTreeMap<u32, &'a str>,
}

impl<'a> Source<'a> {
    pub fn read(module: &'a [u8]) -> Result<Self> {
        let mut source = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            source.take(payload?)?;
        }
        Ok(source)
    }

    fn take(&mut self, payload: Payload<'a>) -> Result<()> {
        match payload {
            Payload::TypeSection(section) => {
                self.type_section = Some(section.clone());
                for ty in section.into_iter_err_on_gc_types() {
                    self.types.push(ty?);
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let wasmparser::TypeRef::Func(ty) = import?.ty else {
                        bail!("the module imports something else than functions");
                    };
                    self.functions.push(ty);
                    self.imports += 1;
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    self.functions.push(ty?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    self.memories.push(memory?);
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    self.globals.push(global?.ty);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == wasmparser::ExternalKind::Func {
                        self.roots.insert(export.index);
                    }
                }
            }
            Payload::StartSection { func, .. } => {
                self.roots.insert(func);
            }
            Payload::ElementSection(section) => {
                for element in section {
                    let element = element?;
                    let (ElementItems::Functions(functions), ElementKind::Active { .. }) =
                        (element.items, element.kind)
                    else {
                        bail!("the module has elements that are no functions of a table");
                    };
                    for function in functions {
                        self.roots.insert(function?);
                    }
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::CustomSection(section) => {
                if let wasmparser::KnownCustom::Name(names) = section.as_known() {
                    self.take_names(names)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn take_names(&mut self, names: wasmparser::NameSectionReader<'a>) -> Result<()> {
        for part in names {
            if let wasmparser::Name::Function(functions) = part? {
                for naming in functions {
                    let naming = naming?;
                    self.names.insert(naming.index, naming.name);
                }
            }
        }
        Ok(())
    }

    pub fn body(&self, function: u32) -> Option<&FunctionBody<'a>> {
        self.bodies.get(function.checked_sub(self.imports)? as usize)
    }

    /// The functions that a function names.
    pub fn callees(&self, function: u32) -> Result<BTreeSet<u32>> {
        let mut callees = BTreeSet::new();
        if let Some(body) = self.body(function) {
            for operator in body.get_operators_reader()? {
                if let Operator::Call { function_index }
                | Operator::ReturnCall { function_index }
                | Operator::RefFunc { function_index } = operator?
                {
                    callees.insert(function_index);
                }
            }
        }
        Ok(callees)
    }

    pub fn params(&self, function: u32) -> usize {
        self.types[self.functions[function as usize] as usize].params().len()
    }
}
