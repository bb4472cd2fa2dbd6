//! What is to be seen in the sources of a bundle: their packages and annotations, in the shape of `opa inspect`.

use std::collections::BTreeMap;

use palisade_compiler::{Analysis, Options, analyse};
use palisade_rego::names::reference;
use palisade_rego::semantic::{annotated, package};
use palisade_value::{AnyValue, Value};

use super::texts;
use crate::commands::deps::terms;
use crate::load::Loaded;

/// Reads the sources. What is wrong with them beside their syntax is the business of `check`.
pub fn read(loaded: &Loaded) -> Analysis {
    analyse(&loaded.sources, &Options { detect_v0: true, ..Options::default() })
}

/// The files of each package: `{"data.authz": ["/authz/policy.rego"]}`.
pub fn namespaces(analysis: &Analysis) -> Value {
    let mut namespaces: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for module in &analysis.modules {
        let file = analysis.files.name(module.file).to_owned();
        namespaces.entry(reference(&package(module))).or_default().push(file);
    }
    Value::object_of(namespaces.iter().map(|(package, files)| (package, texts(files))))
}

/// All annotations, each with the place of what it is above and with the path of what it is of.
pub fn annotations(analysis: &Analysis) -> Value {
    let files = &analysis.files;
    let all = analysis.modules.iter().flat_map(annotated).map(|it| {
        let start = files.start(it.span);
        let location = [
            ("file", Value::text(files.name(it.span.file))),
            ("row", Value::from(i64::from(start.row))),
            ("col", Value::from(i64::from(start.col))),
        ];
        Value::object_of([
            ("annotations", it.annotations),
            ("location", Value::object_of(location)),
            ("path", terms(&it.path)),
        ])
    });
    Value::array(all.collect())
}
