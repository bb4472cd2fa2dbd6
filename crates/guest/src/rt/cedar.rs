//! One exported function for each of Cedar's: `bi_cedar_attr`, `bi_cedar_isInRange`.

use crate::rt::builtins::{context, unwrap};
use crate::word::Word;

macro_rules! export {
    ($(($name:literal, $export:ident, $module:ident, $function:ident, $arity:tt));* $(;)?) => {
        $(export_one!($name, $export, $module, $function, $arity);)*
    };
}

macro_rules! export_one {
    ($name:literal, $export:ident, $module:ident, $function:ident, 0) => {
        export_function!($name, $export, $module, $function);
    };
    ($name:literal, $export:ident, $module:ident, $function:ident, 1) => {
        export_function!($name, $export, $module, $function, a);
    };
    ($name:literal, $export:ident, $module:ident, $function:ident, 2) => {
        export_function!($name, $export, $module, $function, a, b);
    };
    ($name:literal, $export:ident, $module:ident, $function:ident, 3) => {
        export_function!($name, $export, $module, $function, a, b, c);
    };
    ($name:literal, $export:ident, $module:ident, $function:ident, 5) => {
        export_function!($name, $export, $module, $function, a, b, c, d, e);
    };
}

macro_rules! export_function {
    ($name:literal, $export:ident, $module:ident, $function:ident $(, $argument:ident)*) => {
        #[doc = concat!("The function `", $name, "`.")]
        #[unsafe(export_name = concat!("bi_", stringify!($export)))]
        pub extern "C" fn $function($($argument: u64),*) -> u64 {
            let arguments = [$(Word($argument)),*];
            unwrap($name, palisade_builtins::cedar::$module::$function(context(), &arguments))
        }
    };
}

palisade_builtins::for_each_cedar_function!(export);
