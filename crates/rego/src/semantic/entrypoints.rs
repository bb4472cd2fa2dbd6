//! The paths that annotations mark as entrypoints.

use palisade_value::{AnyValue, Value};

use crate::names;
use crate::semantic::rules;
use crate::syntax::ast::{Module, Target};

/// The marked paths without `data`, sorted.
pub fn find(modules: &[Module]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for module in modules {
        let package = rules::package_path(&module.package);
        for annotation in &module.annotations {
            if !matches!(annotation.value.get_str("entrypoint"), Some(Value::Boolean(true))) {
                continue;
            }
            match annotation.target {
                Target::Package => found.push(package.clone()),
                Target::Rule(at) => {
                    let place = module.rules.get(at).map(|it| rules::place(&package, &it.head));
                    found.extend(place.map(|place| names::strings(&place.path)));
                }
            }
        }
    }
    found.sort();
    found.dedup();
    found
}
