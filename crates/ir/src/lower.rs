//! From checked policies to the intermediate form: one lowering a language.

pub mod cedar;
pub mod rego;

pub use rego::{Options, lower};

/// Why a checked program has no intermediate form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LowerError {
    /// An entrypoint names a function; functions are no documents.
    #[error("entrypoint {path} is a function")]
    EntrypointIsFunction {
        /// The path with slashes.
        path: String,
    },
    /// The checker let a variable through that has no value where one is needed: a defect of the compiler.
    #[error("{file}:{row}: variable {name} has no value here")]
    Unbound {
        /// The variable as written.
        name: String,
        /// The file.
        file: String,
        /// The row of the term that needs it.
        row: u32,
    },
}
