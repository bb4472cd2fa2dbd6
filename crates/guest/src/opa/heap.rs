//! The host's view of memory: a heap whose pointer it reads and sets.
//!
//! Nothing is ever freed one by one; a host that sets the pointer back frees everything above it. So there are no free
//! blocks that could be stashed and restored. But a host that stashes them has ended a change of its data, and holds
//! nothing but the data any more: then what the change left behind can go.

use crate::arena;
use crate::opa::compact;

/// A block of `len` bytes. Traps if memory can't grow that far.
#[unsafe(no_mangle)]
pub extern "C" fn opa_malloc(len: u32) -> u32 {
    arena::attach();
    arena::allocate(len)
}

/// Frees a block: nothing happens, see the module's documentation.
#[unsafe(no_mangle)]
pub extern "C" fn opa_free(_block: u32) {}

/// Frees a value, likewise.
#[unsafe(no_mangle)]
pub extern "C" fn opa_value_free(_value: u32) {}

/// Where the next block will be.
#[unsafe(no_mangle)]
pub extern "C" fn opa_heap_ptr_get() -> u32 {
    arena::prepare();
    arena::top()
}

/// Goes back (or on) to an address: everything above it is free.
#[unsafe(no_mangle)]
pub extern "C" fn opa_heap_ptr_set(address: u32) {
    arena::attach();
    arena::rewind(address);
}

/// Puts the free blocks aside, of which there are none. The end of a change of data, see [`compact`].
#[unsafe(no_mangle)]
pub extern "C" fn opa_heap_blocks_stash() {
    arena::attach();
    compact::settle();
}

/// Takes the blocks back that were put aside.
#[unsafe(no_mangle)]
pub extern "C" fn opa_heap_blocks_restore() {}

/// Forgets the blocks that were put aside.
#[unsafe(no_mangle)]
pub extern "C" fn opa_heap_stash_clear() {}
