//! The list of Cedar's functions, which Rego's policies don't see.

use palisade_value::AnyValue;

use crate::registry::Function;

/// Hands the list of Cedar's functions to a macro.
///
/// The macro gets one entry a function: `("cedar.isInRange", cedar_isInRange, ipaddr, is_in_range, 2);`, that is the name
/// that compiled policies call it by, the same as an identifier, the module in [`cedar`](crate::cedar), the function in it
/// (unique among these), and the number of operands.
#[macro_export]
macro_rules! for_each_cedar_function {
    ($callback:ident) => {
        $callback! {
            ("cedar.request", cedar_request, request, request, 3);
            ("cedar.entities", cedar_entities, entities, entities, 3);
            ("cedar.candidates", cedar_candidates, candidates, candidates, 5);

            ("cedar.attr", cedar_attr, attributes, attr, 3);
            ("cedar.has", cedar_has, attributes, has, 3);
            ("cedar.get_tag", cedar_get_tag, attributes, get_tag, 3);
            ("cedar.has_tag", cedar_has_tag, attributes, has_tag, 3);
            ("cedar.in", cedar_in, hierarchy, lies_in, 3);
            ("cedar.is", cedar_is, hierarchy, is, 2);

            ("cedar.boolean", cedar_boolean, operators, boolean, 1);
            ("cedar.not", cedar_not, operators, not, 1);
            ("cedar.negate", cedar_negate, operators, negate, 1);
            ("cedar.add", cedar_add, operators, add, 2);
            ("cedar.subtract", cedar_subtract, operators, subtract, 2);
            ("cedar.multiply", cedar_multiply, operators, multiply, 2);
            ("cedar.less", cedar_less, operators, less, 2);
            ("cedar.less_equal", cedar_less_equal, operators, less_equal, 2);
            ("cedar.contains", cedar_contains, sets, contains, 2);
            ("cedar.contains_all", cedar_contains_all, sets, contains_all, 2);
            ("cedar.contains_any", cedar_contains_any, sets, contains_any, 2);
            ("cedar.is_empty", cedar_is_empty, sets, is_empty, 1);
            ("cedar.like", cedar_like, operators, like, 2);

            ("cedar.ip", cedar_ip, ipaddr, ip, 1);
            ("cedar.isIpv4", cedar_isIpv4, ipaddr, is_ipv4, 1);
            ("cedar.isIpv6", cedar_isIpv6, ipaddr, is_ipv6, 1);
            ("cedar.isLoopback", cedar_isLoopback, ipaddr, is_loopback, 1);
            ("cedar.isMulticast", cedar_isMulticast, ipaddr, is_multicast, 1);
            ("cedar.isInRange", cedar_isInRange, ipaddr, is_in_range, 2);
            ("cedar.decimal", cedar_decimal, decimal, decimal, 1);
            ("cedar.lessThan", cedar_lessThan, decimal, less_than, 2);
            ("cedar.lessThanOrEqual", cedar_lessThanOrEqual, decimal, less_than_or_equal, 2);
            ("cedar.greaterThan", cedar_greaterThan, decimal, greater_than, 2);
            ("cedar.greaterThanOrEqual", cedar_greaterThanOrEqual, decimal, greater_than_or_equal, 2);
            ("cedar.datetime", cedar_datetime, datetime, datetime, 1);
            ("cedar.offset", cedar_offset, datetime, offset, 2);
            ("cedar.durationSince", cedar_durationSince, datetime, duration_since, 2);
            ("cedar.toDate", cedar_toDate, datetime, to_date, 1);
            ("cedar.toTime", cedar_toTime, datetime, to_time, 1);
            ("cedar.duration", cedar_duration, duration, duration, 1);
            ("cedar.toMilliseconds", cedar_toMilliseconds, duration, to_milliseconds, 1);
            ("cedar.toSeconds", cedar_toSeconds, duration, to_seconds, 1);
            ("cedar.toMinutes", cedar_toMinutes, duration, to_minutes, 1);
            ("cedar.toHours", cedar_toHours, duration, to_hours, 1);
            ("cedar.toDays", cedar_toDays, duration, to_days, 1);

            ("cedar.fail", cedar_fail, faults, fail, 1);
            ("cedar.fault", cedar_fault, faults, fault, 0);
        }
    };
}

macro_rules! declare {
    ($(($name:literal, $export:ident, $module:ident, $function:ident, $arity:literal));* $(;)?) => {
        /// The function of this name.
        pub fn lookup<V: AnyValue>(name: &str) -> Option<Function<V>> {
            match name {
                $($name => Some(crate::cedar::$module::$function::<V>),)*
                _ => None,
            }
        }

        /// How many operands the function of this name takes.
        pub fn arity(name: &str) -> Option<usize> {
            match name {
                $($name => Some($arity),)*
                _ => None,
            }
        }
    };
}

for_each_cedar_function!(declare);
