//! One exported function for each built-in: `bi_plus`, `bi_startswith`.
//!
//! They take and give words. A call without result gives undefined; its reason becomes an error where the evaluation is
//! strict, or where the failure ends every evaluation.

use std::mem::MaybeUninit;

use palisade_abi::ErrorCode;
use palisade_builtins::{Context, Failure};

use crate::global::Global;
use crate::rt::{ambient, errors, failures, shortcuts};
use crate::word::Word;

/// Room for the context of this evaluation.
static CONTEXT: Global<MaybeUninit<Context>> = Global::new(MaybeUninit::uninit());
/// Whether there is one.
static HAS_CONTEXT: Global<bool> = Global::new(false);

/// Forgets the context, whose memory is freed with the arena.
#[inline(always)]
pub fn reset() {
    HAS_CONTEXT.set(false);
}

/// The context of this evaluation.
#[inline(always)]
pub(super) fn context() -> &'static mut Context {
    let place = CONTEXT.as_ptr().cast::<Context>();
    if !HAS_CONTEXT.get() {
        HAS_CONTEXT.set(true);
        // SAFETY: the place is valid; what was there lived in an arena that was reset, and must not be dropped.
        unsafe { place.write(new_context()) };
    }
    // SAFETY: it was initialised above, and one built-in runs at a time.
    unsafe { &mut *place }
}

fn new_context() -> Context {
    let mut context = Context::new(ambient::now_ns(), ambient::seed());
    context.runtime = ambient::runtime().map(str::to_owned);
    context
}

/// The word of a result.
#[inline(always)]
pub(super) fn unwrap(name: &str, result: Result<Word, Failure>) -> u64 {
    match result {
        Ok(value) => value.0,
        Err(failure) => fail(name, &failure),
    }
}

#[cold]
#[inline(never)]
fn fail(name: &str, failure: &Failure) -> u64 {
    // As `Failure::code`; to find a code by its text would be four kilobytes in every module that calls a built-in.
    let code = match failure {
        Failure::Undefined => return Word::UNDEFINED.0,
        Failure::Operand(..) | Failure::Type(_) => ErrorCode::Type,
        Failure::Error(_) => ErrorCode::Builtin,
        Failure::Halt(_) => ErrorCode::Internal,
        Failure::Input(_) => ErrorCode::InputMalformed,
    };
    if ambient::is_strict() || failure.is_halt() {
        errors::raise(code, failures::text(name, failure));
    }
    Word::UNDEFINED.0
}

macro_rules! export {
    ($($entry:tt;)*) => {
        $(export_one! $entry;)*
    };
}

macro_rules! export_one {
    ($name:literal, $module:ident, $function:ident, 0, $($rest:tt)*) => {
        export_function!($name, $module, $function);
    };
    ($name:literal, $module:ident, $function:ident, 1, $($rest:tt)*) => {
        export_function!($name, $module, $function, a);
    };
    ($name:literal, $module:ident, $function:ident, 2, $($rest:tt)*) => {
        export_function!($name, $module, $function, a, b);
    };
    ($name:literal, $module:ident, $function:ident, 3, $($rest:tt)*) => {
        export_function!($name, $module, $function, a, b, c);
    };
    ($name:literal, $module:ident, $function:ident, 4, $($rest:tt)*) => {
        export_function!($name, $module, $function, a, b, c, d);
    };
    ($name:literal, $module:ident, $function:ident, 5, $($rest:tt)*) => {
        export_function!($name, $module, $function, a, b, c, d, e);
    };
}

/// The built-ins with a shortcut; `None` for all others.
macro_rules! shortcut {
    (plus $arguments:ident) => {
        shortcuts::plus($arguments)
    };
    (minus $arguments:ident) => {
        shortcuts::minus($arguments)
    };
    (mul $arguments:ident) => {
        shortcuts::mul($arguments)
    };
    (rem $arguments:ident) => {
        shortcuts::rem($arguments)
    };
    (count $arguments:ident) => {
        shortcuts::count($arguments)
    };
    (startswith $arguments:ident) => {
        shortcuts::startswith($arguments)
    };
    (endswith $arguments:ident) => {
        shortcuts::endswith($arguments)
    };
    (equal $arguments:ident) => {
        shortcuts::equal($arguments)
    };
    (neq $arguments:ident) => {
        shortcuts::neq($arguments)
    };
    (lt $arguments:ident) => {
        shortcuts::lt($arguments)
    };
    (lte $arguments:ident) => {
        shortcuts::lte($arguments)
    };
    (gt $arguments:ident) => {
        shortcuts::gt($arguments)
    };
    (gte $arguments:ident) => {
        shortcuts::gte($arguments)
    };
    (internal_member_2 $arguments:ident) => {
        shortcuts::internal_member_2($arguments)
    };
    (object_get $arguments:ident) => {
        shortcuts::object_get($arguments)
    };
    ($function:ident $arguments:ident) => {
        None::<Word>
    };
}

macro_rules! export_function {
    ($name:literal, $module:ident, $function:ident $(, $argument:ident)*) => {
        #[doc = concat!("The built-in function `", $name, "`.")]
        #[unsafe(export_name = concat!("bi_", stringify!($function)))]
        pub extern "C" fn $function($($argument: u64),*) -> u64 {
            let arguments = [$(Word($argument)),*];
            match shortcut!($function arguments) {
                Some(value) => value.0,
                None => unwrap($name, palisade_builtins::$module::$function(context(), &arguments)),
            }
        }
    };
}

palisade_builtins::for_each_builtin!(export);
