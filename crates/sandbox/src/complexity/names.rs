//! What a module says its functions are called, for messages.

use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// The longest name that is shown, in bytes.
const NAME_BYTES_MAX: usize = 200;

/// The name of a function of the code section. A name section may hold anything; what is wrong with it is no error.
pub(super) fn of(module: &[u8], number: usize) -> Option<String> {
    let mut index = u32::try_from(number).ok()?;
    for payload in Parser::new(0).parse_all(module) {
        match payload.ok()? {
            Payload::ImportSection(imports) => {
                let is_function = |ty: &TypeRef| matches!(ty, TypeRef::Func(_));
                let imports = imports.into_imports().filter_map(Result::ok);
                index += imports.filter(|import| is_function(&import.ty)).count() as u32;
            }
            Payload::CustomSection(section) => {
                let KnownCustom::Name(names) = section.as_known() else { continue };
                let functions = names.filter_map(Result::ok).find_map(|names| match names {
                    Name::Function(functions) => Some(functions),
                    _ => None,
                });
                let mut functions = functions?.into_iter().filter_map(Result::ok);
                let found = functions.find(|naming| naming.index == index)?;
                return Some(found.name.to_owned()).filter(|name| name.len() <= NAME_BYTES_MAX);
            }
            _ => {}
        }
    }
    None
}
