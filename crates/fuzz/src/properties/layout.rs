//! Laying out changes no tree, and what is laid out stays.

use palisade_diag::Files;
use palisade_rego::format::{self, Options, Target};
use palisade_rego::syntax::ast::{Module, Version};
use palisade_rego::syntax::{ParseOptions, parse_module};
use palisade_rego::tree::{self, JsonOptions};
use palisade_value::{AnyValue, Entry, Value};

use super::{Breach, Property};

/// Checks a text; one that is not Rego is none to lay out.
pub fn check(text: &str, version: Version) -> Result<(), Breach> {
    let Some((files, module)) = read(text, version) else { return Ok(()) };
    let target = match module.version {
        Version::V1 if version == Version::V1 => Target::V1,
        Version::V1 => Target::V0V1,
        Version::V0 => Target::V0,
    };
    let options = Options { target, drop_v0_imports: false };
    let broken = |detail: String| Breach::new(Property::Layout, detail);
    let once = format::module(&files, &module, &options).map_err(|it| broken(it.to_string()))?;
    let (files_once, module_once) = read(&once, version)
        .ok_or_else(|| broken(format!("what is laid out is not read:\n{once}")))?;
    let twice =
        format::module(&files_once, &module_once, &options).map_err(|it| broken(it.to_string()))?;
    if once != twice {
        return Err(broken(format!("laid out once:\n{once}\nlaid out twice:\n{twice}")));
    }
    let (before, after) = (shape(&files, &module), shape(&files_once, &module_once));
    if before != after {
        let texts = [before, after].map(|it| palisade_value::json::to_json(&it));
        return Err(broken(format!(
            "the tree changes:\n{}\n{}\nlaid out:\n{once}",
            texts[0], texts[1]
        )));
    }
    Ok(())
}

fn read(text: &str, version: Version) -> Option<(Files, Module)> {
    let mut files = Files::new();
    let file = files.add("policy.rego", text);
    let parse = parse_module(&files, file, &ParseOptions::of(version));
    parse.diagnostics.is_empty().then_some((files, parse.tree))
}

/// The tree as OPA prints it, without places and comments, and without what laying out makes uniform: the order of
/// imports, and the `:=` before a value or the `if true` that need not be written, on which also depends whether the
/// head has a name and a key beside its ref.
fn shape(files: &Files, module: &Module) -> Value {
    let options = JsonOptions { locations: false, comments: false };
    let tree: Value = tree::json(files, module.file, &tree::module(files, module), options);
    let is_imports = |key: &Value| key.as_str() == Some("imports");
    let entries = tree.entries().iter().map(|it| match is_imports(&it.key) {
        true => Entry { key: it.key.clone(), value: Value::set(it.value.items().to_vec()) },
        false => Entry { key: it.key.clone(), value: without_signs(&it.value) },
    });
    Value::object(entries.collect())
}

fn without_signs(tree: &Value) -> Value {
    match tree {
        Value::Object(entries) => {
            // A key is written in the ref too, unless it stands behind `contains`, without a value.
            let has = |name| entries.iter().any(|it| it.key.as_str() == Some(name));
            let is_head_with_value = has("ref") && has("value");
            let is_sign = |it: &Entry<Value>| match it.key.as_str() {
                Some("assign" | "name") => true,
                Some("key") => is_head_with_value,
                _ => false,
            };
            let kept = entries.iter().filter(|it| !is_sign(it));
            let part =
                |it: &Entry<Value>| Entry { key: it.key.clone(), value: without_signs(&it.value) };
            Value::object(kept.map(part).collect())
        }
        Value::Array(items) => Value::array(items.iter().map(without_signs).collect()),
        other => other.clone(),
    }
}
