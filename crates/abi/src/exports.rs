//! The names of a module's exports, and the way two 32-bit numbers travel in one 64-bit result.
//!
//! | export | type |
//! |---|---|
//! | [`MEMORY`] | memory |
//! | [`VERSION`] | immutable global i32, [`ABI_VERSION`] |
//! | [`ALLOCATE`] | `(len: i32) -> i32`, 8-byte aligned, 0 when there is no room |
//! | [`EVALUATE`], and one export per entrypoint named by its path | `(ptr: i32, len: i32) -> i64` |
//! | [`LOAD`], [`AMBIENT`] | `(ptr: i32, len: i32) -> i64`, 0 when all is well |

/// The version of the contract, which the global [`VERSION`] and the manifest hold.
pub const ABI_VERSION: u32 = 1;

/// The module's only memory.
pub const MEMORY: &str = "memory";
/// The immutable `i32` global that holds [`ABI_VERSION`].
pub const VERSION: &str = "palisade_abi";
/// Makes room for input bytes.
pub const ALLOCATE: &str = "allocate";
/// Evaluates the default entrypoint, which is the first one of the manifest.
pub const EVALUATE: &str = "evaluate";
/// Replaces the base data.
pub const LOAD: &str = "load";
/// Sets the ambient facts of the evaluation that follows.
pub const AMBIENT: &str = "ambient";

/// The names that an entrypoint cannot have because the contract uses them itself.
pub const RESERVED: [&str; 6] = [MEMORY, VERSION, ALLOCATE, EVALUATE, LOAD, AMBIENT];

/// Packs a place in memory: `ptr << 32 | len`.
pub const fn pack(ptr: u32, len: u32) -> u64 {
    ((ptr as u64) << 32) | len as u64
}

/// The pointer and the length of a packed place.
pub const fn unpack(packed: u64) -> (u32, u32) {
    ((packed >> 32) as u32, packed as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_keeps_both_halves() {
        for (ptr, len) in [(0, 0), (8, 5), (u32::MAX, 1), (1, u32::MAX), (0x8000_0000, 0x8000_0000)]
        {
            assert_eq!(unpack(pack(ptr, len)), (ptr, len));
        }
        assert_eq!(pack(2, 3), 0x2_0000_0003);
    }
}
