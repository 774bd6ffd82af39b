//! A module in which each function tells when it is called.

use anyhow::{Context, Result};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, EntityType, ImportSection, Module};
use wasmparser::{FunctionBody, Parser, ValType};

use super::source::Source;

/// Module and name of the function that is told.
const LISTENER: (&str, &str) = ("opening", "called");

/// The module with calls of `opening.called(index)` at the beginning of each function.
pub fn count(module: &[u8]) -> Result<Vec<u8>> {
    let source = Source::read(module)?;
    let takes_a_number =
        |ty: &wasmparser::FuncType| ty.params() == [ValType::I32] && ty.results().is_empty();
    let ty = source.types.iter().position(takes_a_number).context("no function takes a number")?;
    let mut counting =
        Counting { imports: source.imports, ty: ty as u32, function: source.imports };
    let mut counted = Module::new();
    counting.parse_core_module(&mut counted, Parser::new(0), module)?;
    Ok(counted.finish())
}

struct Counting {
    imports: u32,
    ty: u32,
    /// The next one that is written, by its index in the module as it was.
    function: u32,
}

impl Reencode for Counting {
    type Error = std::convert::Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        Ok(function + u32::from(function >= self.imports))
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: wasmparser::ImportSectionReader<'_>,
    ) -> Result<(), Error> {
        wasm_encoder::reencode::utils::parse_import_section(self, imports, section)?;
        imports.import(LISTENER.0, LISTENER.1, EntityType::Function(self.ty));
        Ok(())
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        function.instructions().i32_const(self.function as i32).call(self.imports);
        self.function += 1;
        let mut reader = body.get_operators_reader()?;
        while !reader.eof() {
            function.instruction(&self.parse_instruction(&mut reader)?);
        }
        code.function(&function);
        Ok(())
    }

    fn parse_custom_section(
        &mut self,
        _: &mut Module,
        _: wasmparser::CustomSectionReader<'_>,
    ) -> Result<(), Error> {
        Ok(())
    }
}
