use wasm_encoder::{
    CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, ExportSection,
    Function, FunctionSection, ImportSection, Instruction, Module, NameMap, NameSection, RefType,
    TableSection, TableType, TypeSection, ValType,
};
use wasmparser::Validator;

use super::*;

/// `opens` calls `late`, which calls `helper` and `shared`, and so does `opens`; `by_table` is in
/// the table.
fn module() -> Vec<u8> {
    let names = ["log", "opens", "shared", "late", "helper", "late_by_table"];
    let calls: [&[u32]; 5] = [&[2, 3], &[0], &[4, 2, 0], &[], &[2]];
    let mut types = TypeSection::new();
    types.ty().function([], []);
    types.ty().function([ValType::I32, ValType::I64], [ValType::I64]);
    let mut imports = ImportSection::new();
    imports.import("js", "log", EntityType::Function(0));
    let mut functions = FunctionSection::new();
    for ty in [0, 0, 0, 1, 0] {
        functions.function(ty);
    }
    let mut tables = TableSection::new();
    tables.table(TableType {
        element_type: RefType::FUNCREF,
        table64: false,
        minimum: 2,
        maximum: Some(2),
        shared: false,
    });
    let mut exports = ExportSection::new();
    exports.export("opens", ExportKind::Func, 1).export("direct", ExportKind::Func, 4);
    let mut elements = ElementSection::new();
    let by_table = Elements::Functions([5].as_slice().into());
    elements.active(None, &ConstExpr::i32_const(1), by_table);
    let mut code = CodeSection::new();
    for (number, calls) in calls.iter().enumerate() {
        let mut function = Function::new([]);
        for &callee in *calls {
            if callee == 4 {
                function.instruction(&Instruction::I32Const(1));
                function.instruction(&Instruction::I64Const(2));
            }
            function.instruction(&Instruction::Call(callee));
            if callee == 4 {
                function.instruction(&Instruction::Drop);
            }
        }
        if number == 3 {
            function.instruction(&Instruction::LocalGet(1));
        }
        function.instruction(&Instruction::End);
        code.function(&function);
    }
    let mut functions_named = NameMap::new();
    (0..).zip(names).for_each(|(index, name)| functions_named.append(index, name));
    let mut named = NameSection::new();
    named.functions(&functions_named);
    let mut module = Module::new();
    module.section(&types).section(&imports).section(&functions).section(&tables);
    module.section(&exports).section(&elements).section(&code).section(&named);
    module.finish()
}

#[test]
fn both_halves_are_whole_and_what_only_the_rest_calls_goes_with_it() -> Result<()> {
    let module = module();
    Validator::new().validate_all(&module)?;
    let halves = split(&module, |name| name.starts_with("late") || name == "helper")?;
    Validator::new().validate_all(&halves.first)?;
    Validator::new().validate_all(&halves.rest)?;
    let (first, rest) = (Source::read(&halves.first)?, Source::read(&halves.rest));
    // The two imports, `opens`, `shared`, and a stub for each late one that is called or known.
    assert_eq!((first.imports, first.bodies.len()), (2, 5));
    assert_eq!((first.tables[0].initial, first.tables[0].maximum), (5, Some(5)));
    assert!(rest.is_err(), "it imports a table, which no module does that is to be split");
    Ok(())
}

#[test]
fn what_only_late_functions_call_is_late() -> Result<()> {
    let module = module();
    let source = Source::read(&module)?;
    let plan = Plan::new(&source, |name| name == "late")?;
    assert_eq!(plan.late().collect::<Vec<_>>(), [3], "the helper is called from outside");
    assert_eq!((&plan.stubs[..], &plan.lent[..]), (&[3][..], &[0, 2, 4][..]));
    assert!(split(&[0, 97, 115, 109, 1, 0, 0, 0], |_| true).is_err(), "no names");
    Ok(())
}
