//! `json.patch`: RFC 6902 on documents that may hold sets.

mod document;

use palisade_value::{AnyValue, View, order};

use crate::context::Context;
use crate::failure::Failure;
use crate::json_patch::document::{Document, missing};
use crate::json_paths::path;
use crate::operands::Operands;

/// The document after all operations, or a failure if one of them fails.
pub fn json_patch<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    // `None` once the whole document has been removed.
    let mut document = Some(Document::Whole(args.value(0)?.clone()));
    for operation in args.array(1)? {
        if !matches!(operation.view(), View::Object(_)) {
            let text =
                "must be an array of JSON-Patch objects, but at least one element is not an object";
            return Err(Failure::error(text));
        }
        apply(&mut document, operation)?;
    }
    document.map(|it| it.value()).ok_or(Failure::Undefined)
}

fn apply<V: AnyValue>(document: &mut Option<Document<V>>, operation: &V) -> Result<(), Failure> {
    let at =
        operation.get_str("path").ok_or(Failure::error("missing required attribute 'path'"))?;
    let kind = operation.get_str("op").ok_or(Failure::error("missing required attribute 'op'"))?;
    let kind = kind.as_str().ok_or(Failure::error("attribute 'op' must be a string"))?;
    let at = path(&at)?;
    let value =
        || operation.get_str("value").ok_or(Failure::error("missing required attribute 'value'"));
    let from = || {
        path(
            &operation
                .get_str("from")
                .ok_or(Failure::error("missing required attribute 'from'"))?,
        )
    };
    match kind {
        "add" => insert(document, &at, &value()?),
        "remove" => remove(document, &at),
        "replace" => {
            remove(document, &at)?;
            insert(document, &at, &value()?)
        }
        "move" => {
            let from = from()?;
            let moved = find(document.as_ref(), &from)?;
            remove(document, &from)?;
            insert(document, &at, &moved)
        }
        "copy" => {
            let copied = find(document.as_ref(), &from()?)?;
            insert(document, &at, &copied)
        }
        "test" => {
            let found = find(document.as_ref(), &at)?;
            if order::equal(&found, &value()?) {
                Ok(())
            } else {
                Err(Failure::error("value differs from patch"))
            }
        }
        _ => Err(Failure::error("unrecognized op")),
    }
}

fn find<V: AnyValue>(document: Option<&Document<V>>, path: &[V]) -> Result<V, Failure> {
    document.ok_or_else(missing)?.find(path)
}

fn insert<V: AnyValue>(
    document: &mut Option<Document<V>>,
    path: &[V],
    value: &V,
) -> Result<(), Failure> {
    let Some((last, parents)) = path.split_last() else {
        *document = Some(Document::Whole(value.clone()));
        return Ok(());
    };
    let document = document.as_mut().ok_or_else(missing)?;
    document.edit(parents, &mut |parent| parent.insert(last, value.clone()))
}

fn remove<V: AnyValue>(document: &mut Option<Document<V>>, path: &[V]) -> Result<(), Failure> {
    let Some((last, parents)) = path.split_last() else {
        return document.take().map(|_| ()).ok_or_else(missing);
    };
    let document = document.as_mut().ok_or_else(missing)?;
    document.edit(parents, &mut |parent| parent.remove(last))
}
