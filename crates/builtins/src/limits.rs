//! How much one call of a built-in function may produce or do.

/// The most bytes in a string that a built-in makes: above what a request may carry, far below a module's memory.
pub const STRING_BYTES_MAX: usize = 64 << 20;

/// The most elements in a collection that a built-in makes.
pub const ITEMS_MAX: usize = 1 << 22;

/// The most bits in an integer that a built-in makes: as many as the digits that are read back as a number.
pub const INTEGER_BITS_MAX: u64 = 65_536;

/// The largest width, precision or argument number in a format: Go's own limit.
pub const FORMAT_NUMBER_MAX: usize = 1_000_000;

/// How many compiled patterns a context keeps.
pub const PATTERNS_MAX: usize = 100;

/// The longest policy text that is parsed: its tree is a hundred times as large.
pub const POLICY_BYTES_MAX: usize = 1 << 20;

/// The most keys in a set of web keys: as many as OPA reads.
pub const KEYS_MAX: usize = 1000;

/// The most bits of an RSA modulus: twice what anybody uses, as the work grows with the third power.
pub const RSA_BITS_MAX: usize = 16_384;
