//! What a tool is able to do, as OPA's `capabilities.json` says it: built-ins, parts of the language, Wasm ABIs.
//!
//! Policies can be held to the capabilities of the tool that will run them: what is not among them is refused when the
//! policy is checked, not when it is run.

mod types;
mod versions;

use std::collections::BTreeSet;

use palisade_rego::semantic::{Allowed, Foreign};
use palisade_rego::syntax::ast::Version;
use palisade_rego::syntax::{Keywords, Language};
use palisade_value::types::{Declaration, Parameter, Signature, Type};
use serde::{Deserialize, Serialize};

pub use types::Decl;

/// The minor versions of OPA's Wasm ABI 1 that modules can have.
const ABI_MINORS: [u32; 3] = [1, 2, 3];

/// Capabilities, in the shape of OPA's file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// The built-ins, sorted by name.
    #[serde(default, deserialize_with = "null_is_default", skip_serializing_if = "Vec::is_empty")]
    pub builtins: Vec<Builtin>,
    /// What `import future.keywords` can name.
    #[serde(default, deserialize_with = "null_is_default", skip_serializing_if = "Vec::is_empty")]
    pub future_keywords: Vec<String>,
    /// The versions of OPA's Wasm ABI; `None` for any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wasm_abi_versions: Option<Vec<AbiVersion>>,
    /// Parts of the language that older tools lack.
    #[serde(default, deserialize_with = "null_is_default", skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// The hosts that a policy may reach; `None` for any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_net: Option<Vec<String>>,
}

/// A built-in function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Builtin {
    /// Its name in policies.
    pub name: String,
    /// Its types.
    pub decl: Decl,
    /// The operator that calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub infix: Option<String>,
    /// Whether a call yields many results.
    #[serde(default, skip_serializing_if = "is_false")]
    pub relation: bool,
    /// Whether Rego v1 refuses it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deprecated: bool,
    /// Whether two evaluations may get different results.
    #[serde(default, skip_serializing_if = "is_false")]
    pub nondeterministic: bool,
}

/// A version of OPA's Wasm ABI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbiVersion {
    /// The major version.
    pub version: u32,
    /// The minor version.
    #[serde(default)]
    pub minor_version: u32,
}

/// Why a text is no capabilities.
#[derive(Debug, thiserror::Error)]
pub enum CapabilitiesError {
    /// Not JSON of that shape.
    #[error("no capabilities in OPA's format")]
    Malformed(#[from] serde_json::Error),
    /// A future keyword that no version has.
    #[error("illegal capabilities: unknown keyword: {0}")]
    UnknownKeyword(String),
}

impl Capabilities {
    /// What this version of Palisade is able to do with files of a language version.
    pub fn current(version: Version) -> Capabilities {
        let declared = palisade_builtins::declarations().iter().filter(|it| !it.for_test_cases);
        let mut builtins: Vec<Builtin> =
            declared.map(Builtin::declared).chain(language_builtins()).collect();
        builtins.sort_by(|a, b| a.name.cmp(&b.name));
        let (keywords, features): (&[&str], &[&str]) = match version {
            Version::V0 => (
                &["contains", "every", "if", "in", "not"],
                &[
                    "keywords_in_refs",
                    "rego_v1",
                    "rego_v1_import",
                    "rule_head_ref_string_prefixes",
                    "rule_head_refs",
                ],
            ),
            Version::V1 => (&["not"], &["keywords_in_refs", "rego_v1", "template_strings"]),
        };
        let abi = ABI_MINORS.map(|minor_version| AbiVersion { version: 1, minor_version });
        Capabilities {
            builtins,
            future_keywords: keywords.iter().map(|it| (*it).to_owned()).collect(),
            wasm_abi_versions: Some(abi.to_vec()),
            features: features.iter().map(|it| (*it).to_owned()).collect(),
            allow_net: None,
        }
    }

    /// The names of the versions of OPA whose capabilities are known, oldest first.
    pub fn versions() -> Vec<&'static str> {
        versions::names().collect()
    }

    /// The capabilities of a version of OPA: `v1.19.0`.
    pub fn of_version(name: &str) -> Option<Capabilities> {
        versions::capabilities(name)
    }

    /// Reads a `capabilities.json`.
    ///
    /// # Errors
    /// See [`CapabilitiesError`].
    pub fn parse(text: &str) -> Result<Capabilities, CapabilitiesError> {
        let capabilities: Capabilities = serde_json::from_str(text)?;
        let keywords = &capabilities.future_keywords;
        match keywords.iter().find(|it| Keywords::named(it).is_none()) {
            Some(unknown) => Err(CapabilitiesError::UnknownKeyword(unknown.clone())),
            None => Ok(capabilities),
        }
    }

    /// The text of a `capabilities.json`.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// Whether hosts of these capabilities load modules of OPA's ABI.
    pub fn has_opa_abi(&self) -> bool {
        let loads = |it: &AbiVersion| it.version == 1 && ABI_MINORS.contains(&it.minor_version);
        self.wasm_abi_versions.as_ref().is_none_or(|versions| versions.iter().any(loads))
    }

    /// What the checker lets pass: these built-ins, and where `foreign` says so those among them that nothing here runs.
    pub fn allowed(&self, foreign: bool) -> Allowed {
        let names: BTreeSet<String> = self.builtins.iter().map(|it| it.name.clone()).collect();
        let own: BTreeSet<String> =
            Capabilities::current(Version::V1).builtins.into_iter().map(|it| it.name).collect();
        let unknown = self.builtins.iter().filter(|it| foreign && !own.contains(&it.name));
        Allowed {
            names,
            foreign: unknown.filter_map(Builtin::foreign).collect(),
            language: self.language(),
        }
    }

    /// The parts of the language.
    pub fn language(&self) -> Language {
        let has = |feature: &str| self.features.iter().any(|it| it == feature);
        let future = self.future_keywords.iter().filter_map(|it| Keywords::named(it));
        let rego_v1 = has("rego_v1");
        Language {
            future: future.fold(Keywords::default(), Keywords::with),
            rego_v1,
            rego_v1_import: rego_v1 || has("rego_v1_import"),
            head_prefixes: rego_v1 || has("rule_head_ref_string_prefixes"),
            head_refs: rego_v1 || has("rule_head_refs"),
            keywords_in_refs: has("keywords_in_refs"),
            templates: has("template_strings"),
        }
    }
}

impl Builtin {
    fn new(name: &str, decl: Decl) -> Builtin {
        Builtin {
            name: name.to_owned(),
            decl,
            infix: None,
            relation: false,
            deprecated: false,
            nondeterministic: false,
        }
    }

    fn declared(it: &Declaration) -> Builtin {
        let Signature { parameters, result } = it
            .signature()
            .unwrap_or_else(|| Signature { parameters: Vec::new(), result: Type::Any });
        let args = parameters.into_iter().map(|it| it.kind).collect();
        Builtin {
            infix: it.infix.map(str::to_owned),
            relation: it.relation,
            deprecated: it.deprecated,
            nondeterministic: it.nondeterministic,
            ..Builtin::new(it.name, Decl { args, variadic: None, result: Some(result) })
        }
    }

    /// As the checker knows a built-in that nothing here runs. One with any number of arguments can't be checked.
    fn foreign(&self) -> Option<Foreign> {
        if self.decl.variadic.is_some() {
            return None;
        }
        let parameters = self.decl.args.iter();
        let parameters = parameters.map(|it| Parameter { name: None, kind: it.clone() });
        Some(Foreign {
            name: self.name.clone(),
            signature: Signature {
                parameters: parameters.collect(),
                result: self.decl.result.clone().unwrap_or(Type::Any),
            },
            relation: self.relation,
            deprecated: self.deprecated,
        })
    }
}

/// What is called like a built-in but is no function: the checker makes something else of it.
fn language_builtins() -> Vec<Builtin> {
    let any_sets = Type::array_of(Type::set_of(Type::Any));
    let result = |kind| Decl { args: Vec::new(), variadic: None, result: Some(kind) };
    let print = Decl { args: Vec::new(), variadic: Some(Type::Any), result: None };
    let internal_print = Decl { args: vec![any_sets], variadic: None, result: None };
    let case = vec![Type::array_of(Type::Any)];
    vec![
        Builtin::new("print", print),
        Builtin::new("internal.print", internal_print),
        // OPA's compiler notes with it which case of a test it is in, and refuses such tests where it is missing.
        Builtin::new("internal.test_case", Decl { args: case, variadic: None, result: None }),
        Builtin::new("rego.metadata.chain", result(Type::array_of(Type::Any))),
        Builtin::new("rego.metadata.rule", result(Type::Any)),
    ]
}

fn is_false(it: &bool) -> bool {
    !it
}

/// Old files say `null` where newer ones leave out.
fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
