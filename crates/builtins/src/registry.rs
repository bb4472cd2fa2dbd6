//! The list of the built-in functions: every one is declared here once, and everything else derives from it.

use palisade_value::AnyValue;
use palisade_value::types::Declaration;

use crate::context::Context;
use crate::failure::Failure;

/// A built-in function for one representation of values. The operands are as many as the signature says; of a relation
/// the result is the array of all results.
pub type Function<V> = fn(&mut Context, &[V]) -> Result<V, Failure>;

/// Hands the list of built-in functions to a macro.
///
/// The macro gets one entry a function: `("array.concat", arrays, array_concat, 2, "(…) -> …", [infix("+")]);`, that is
/// the name in policies, the module in this crate, the function in it (unique among all functions, the name with `.`
/// as `_`), the number of operands, the signature, and what [`Declaration`] is to be marked with.
#[macro_export]
macro_rules! for_each_builtin {
    ($callback:ident) => {
        $callback! {
            ("plus", numbers, plus, 2, "(number, number) -> number", [infix("+")]);
            ("minus", numbers, minus, 2, "(number | set[any], number | set[any]) -> number | set[any]", [infix("-")]);
            ("mul", numbers, mul, 2, "(number, number) -> number", [infix("*")]);
            ("div", numbers, div, 2, "(number, number) -> number", [infix("/")]);
            ("rem", numbers, rem, 2, "(number, number) -> number", [infix("%")]);
            ("abs", numbers, abs, 1, "(number) -> number", []);
            ("round", numbers, round, 1, "(number) -> number", []);
            ("ceil", numbers, ceil, 1, "(number) -> number", []);
            ("floor", numbers, floor, 1, "(number) -> number", []);
            ("numbers.range", numbers, numbers_range, 2, "(number, number) -> array[number]", []);
            ("numbers.range_step", numbers, numbers_range_step, 3, "(number, number, number) -> array[number]", []);
            ("format_int", numbers, format_int, 2, "(number, number) -> string", []);

            ("bits.and", bits, bits_and, 2, "(number, number) -> number", []);
            ("bits.lsh", bits, bits_lsh, 2, "(number, number) -> number", []);
            ("bits.negate", bits, bits_negate, 1, "(number) -> number", []);
            ("bits.or", bits, bits_or, 2, "(number, number) -> number", []);
            ("bits.rsh", bits, bits_rsh, 2, "(number, number) -> number", []);
            ("bits.xor", bits, bits_xor, 2, "(number, number) -> number", []);

            ("equal", comparison, equal, 2, "(any, any) -> boolean", [infix("==")]);
            ("neq", comparison, neq, 2, "(any, any) -> boolean", [infix("!=")]);
            ("lt", comparison, lt, 2, "(any, any) -> boolean", [infix("<")]);
            ("lte", comparison, lte, 2, "(any, any) -> boolean", [infix("<=")]);
            ("gt", comparison, gt, 2, "(any, any) -> boolean", [infix(">")]);
            ("gte", comparison, gte, 2, "(any, any) -> boolean", [infix(">=")]);

            ("count", aggregates, count, 1, "(string | array[any] | object[any: any] | set[any]) -> number", []);
            ("sum", aggregates, sum, 1, "(array[number] | set[number]) -> number", []);
            ("product", aggregates, product, 1, "(array[number] | set[number]) -> number", []);
            ("max", aggregates, max, 1, "(array[any] | set[any]) -> any", []);
            ("min", aggregates, min, 1, "(array[any] | set[any]) -> any", []);
            ("sort", aggregates, sort, 1, "(array[any] | set[any]) -> array[any]", []);
            ("all", aggregates, all, 1, "(array[any] | set[any]) -> boolean", [deprecated()]);
            ("any", aggregates, any, 1, "(array[any] | set[any]) -> boolean", [deprecated()]);
            ("internal.member_2", aggregates, internal_member_2, 2, "(any, any) -> boolean", [infix("in")]);
            ("internal.member_3", aggregates, internal_member_3, 3, "(any, any, any) -> boolean", [infix("in")]);

            ("array.concat", arrays, array_concat, 2, "(array[any], array[any]) -> array[any]", []);
            ("array.flatten", arrays, array_flatten, 1, "(array[any]) -> array[any]", []);
            ("array.reverse", arrays, array_reverse, 1, "(array[any]) -> array[any]", []);
            ("array.slice", arrays, array_slice, 3, "(array[any], number, number) -> array[any]", []);

            ("and", sets, and, 2, "(set[any], set[any]) -> set[any]", [infix("&")]);
            ("or", sets, or, 2, "(set[any], set[any]) -> set[any]", [infix("|")]);
            ("intersection", sets, intersection, 1, "(set[set[any]]) -> set[any]", []);
            ("union", sets, union, 1, "(set[set[any]]) -> set[any]", []);
            ("set_diff", sets, set_diff, 2, "(set[any], set[any]) -> set[any]", [deprecated()]);

            ("object.get", objects, object_get, 3, "(object[any: any], any, any) -> any", []);
            ("object.keys", objects, object_keys, 1, "(object[any: any]) -> set[any]", []);
            ("object.remove", objects, object_remove, 2,
                "(object[any: any], array[any] | object[any: any] | set[any]) -> object[any: any]", []);
            ("object.filter", objects, object_filter, 2,
                "(object[any: any], array[any] | object[any: any] | set[any]) -> object[any: any]", []);
            ("object.union", objects, object_union, 2, "(object[any: any], object[any: any]) -> object[any: any]", []);
            ("object.union_n", objects, object_union_n, 1, "(array[object[any: any]]) -> object[any: any]", []);
            ("object.subset", objects, object_subset, 2,
                "(array[any] | object[any: any] | set[any], array[any] | object[any: any] | set[any]) -> boolean", []);
            ("json.filter", json_paths, json_filter, 2,
                "(object[any: any], array[string | array[any]] | set[string | array[any]]) -> object[any: any]", []);
            ("json.remove", json_paths, json_remove, 2,
                "(object[any: any], array[string | array[any]] | set[string | array[any]]) -> object[any: any]", []);
            ("json.patch", json_patch, json_patch, 2,
                "(any, array[object<\"op\": string, \"path\": any>[any: any]]) -> any", []);

            ("concat", strings, concat, 2, "(string, array[string] | set[string]) -> string", []);
            ("contains", strings, contains, 2, "(string, string) -> boolean", []);
            ("endswith", strings, endswith, 2, "(string, string) -> boolean", []);
            ("indexof", strings, indexof, 2, "(string, string) -> number", []);
            ("indexof_n", strings, indexof_n, 2, "(string, string) -> array[number]", []);
            ("lower", strings, lower, 1, "(string) -> string", []);
            ("replace", strings, replace, 3, "(string, string, string) -> string", []);
            ("split", strings, split, 2, "(string, string) -> array[string]", []);
            ("sprintf", sprintf, sprintf, 2, "(string, array[any]) -> string", []);
            ("startswith", strings, startswith, 2, "(string, string) -> boolean", []);
            ("strings.any_prefix_match", strings, strings_any_prefix_match, 2,
                "(string | array[string] | set[string], string | array[string] | set[string]) -> boolean", []);
            ("strings.any_suffix_match", strings, strings_any_suffix_match, 2,
                "(string | array[string] | set[string], string | array[string] | set[string]) -> boolean", []);
            ("strings.count", strings, strings_count, 2, "(string, string) -> number", []);
            ("strings.render_template", go_template, strings_render_template, 2,
                "(string, object[string: any]) -> string", []);
            ("strings.replace_n", strings, strings_replace_n, 2, "(object[string: string], string) -> string", []);
            ("strings.reverse", strings, strings_reverse, 1, "(string) -> string", []);
            ("strings.split_n", strings, strings_split_n, 3, "(string, string, number) -> array[string]", []);
            ("substring", strings, substring, 3, "(string, number, number) -> string", []);
            ("trim", strings, trim, 2, "(string, string) -> string", []);
            ("trim_left", strings, trim_left, 2, "(string, string) -> string", []);
            ("trim_prefix", strings, trim_prefix, 2, "(string, string) -> string", []);
            ("trim_right", strings, trim_right, 2, "(string, string) -> string", []);
            ("trim_space", strings, trim_space, 1, "(string) -> string", []);
            ("trim_suffix", strings, trim_suffix, 2, "(string, string) -> string", []);
            ("upper", strings, upper, 1, "(string) -> string", []);
            ("internal.template_string", template, internal_template_string, 1, "(array[any]) -> string", []);

            ("to_number", casts, to_number, 1, "(null | boolean | number | string) -> number", []);
            ("cast_array", casts, cast_array, 1, "(any) -> array[any]", [deprecated()]);
            ("cast_boolean", casts, cast_boolean, 1, "(any) -> boolean", [deprecated()]);
            ("cast_null", casts, cast_null, 1, "(any) -> null", [deprecated()]);
            ("cast_object", casts, cast_object, 1, "(any) -> object[any: any]", [deprecated()]);
            ("cast_set", casts, cast_set, 1, "(any) -> set[any]", [deprecated()]);
            ("cast_string", casts, cast_string, 1, "(any) -> string", [deprecated()]);

            ("is_array", types, is_array, 1, "(any) -> boolean", []);
            ("is_boolean", types, is_boolean, 1, "(any) -> boolean", []);
            ("is_null", types, is_null, 1, "(any) -> boolean", []);
            ("is_number", types, is_number, 1, "(any) -> boolean", []);
            ("is_object", types, is_object, 1, "(any) -> boolean", []);
            ("is_set", types, is_set, 1, "(any) -> boolean", []);
            ("is_string", types, is_string, 1, "(any) -> boolean", []);
            ("type_name", types, type_name, 1, "(any) -> string", []);

            ("base64.decode", base64, base64_decode, 1, "(string) -> string", []);
            ("base64.encode", base64, base64_encode, 1, "(string) -> string", []);
            ("base64.is_valid", base64, base64_is_valid, 1, "(string) -> boolean", []);
            ("base64url.decode", base64, base64url_decode, 1, "(string) -> string", []);
            ("base64url.encode", base64, base64url_encode, 1, "(string) -> string", []);
            ("base64url.encode_no_pad", base64, base64url_encode_no_pad, 1, "(string) -> string", []);
            ("glob.match", globs, glob_match, 3, "(string, null | array[string], string) -> boolean", []);
            ("glob.quote_meta", globs, glob_quote_meta, 1, "(string) -> string", []);
            ("re_match", regexes, re_match, 2, "(string, string) -> boolean", [deprecated()]);
            ("regex.find_all_string_submatch_n", regexes, regex_find_all_string_submatch_n, 3,
                "(string, string, number) -> array[array[string]]", []);
            ("regex.find_n", regexes, regex_find_n, 3, "(string, string, number) -> array[string]", []);
            ("regex.globs_match", regexes, regex_globs_match, 2, "(string, string) -> boolean", []);
            ("regex.is_valid", regexes, regex_is_valid, 1, "(string) -> boolean", []);
            ("regex.match", regexes, regex_match, 2, "(string, string) -> boolean", []);
            ("regex.replace", regexes, regex_replace, 3, "(string, string, string) -> string", []);
            ("regex.split", regexes, regex_split, 2, "(string, string) -> array[string]", []);
            ("regex.template_match", regexes, regex_template_match, 4, "(string, string, string, string) -> boolean",
                []);

            ("graph.reachable", graphs, graph_reachable, 2,
                "(object[any: array[any] | set[any]], array[any] | set[any]) -> set[any]", []);
            ("graph.reachable_paths", graphs, graph_reachable_paths, 2,
                "(object[any: array[any] | set[any]], array[any] | set[any]) -> set[array[any]]", []);
            ("walk", graphs, walk, 1, "(any) -> array<array[any], any>", [relation()]);

            ("graphql.is_valid", graphql, graphql_is_valid, 2,
                "(string | object[any: any], string | object[any: any]) -> boolean", []);
            ("graphql.parse", graphql, graphql_parse, 2,
                "(string | object[any: any], string | object[any: any]) -> array<object[any: any], object[any: any]>",
                []);
            ("graphql.parse_and_verify", graphql, graphql_parse_and_verify, 2,
                "(string | object[any: any], string | object[any: any]) -> array<boolean, object[any: any], object[any: any]>",
                []);
            ("graphql.parse_query", graphql, graphql_parse_query, 1, "(string) -> object[any: any]", []);
            ("graphql.parse_schema", graphql, graphql_parse_schema, 1, "(string) -> object[any: any]", []);
            ("graphql.schema_is_valid", graphql, graphql_schema_is_valid, 1,
                "(string | object[any: any]) -> boolean", []);

            ("net.cidr_contains", net, net_cidr_contains, 2, "(string, string) -> boolean", []);
            ("net.cidr_contains_matches", net, net_cidr_contains_matches, 2,
                "(string | array[string | array[any]] | object[string: string | array[any]] | set[string | array[any]], string | array[string | array[any]] | object[string: string | array[any]] | set[string | array[any]]) -> set[array<any, any>]",
                []);
            ("net.cidr_expand", net, net_cidr_expand, 1, "(string) -> set[string]", []);
            ("net.cidr_intersects", net, net_cidr_intersects, 2, "(string, string) -> boolean", []);
            ("net.cidr_is_valid", net, net_cidr_is_valid, 1, "(string) -> boolean", []);
            ("net.cidr_merge", net, net_cidr_merge, 1, "(array[any<string>] | set[string]) -> set[string]", []);
            ("net.cidr_overlap", net, net_cidr_overlap, 2, "(string, string) -> boolean", [deprecated()]);

            ("time.add_date", time, time_add_date, 4, "(number, number, number, number) -> number", []);
            ("time.clock", time, time_clock, 1, "(number | array<number, string>) -> array<number, number, number>",
                []);
            ("time.date", time, time_date, 1, "(number | array<number, string>) -> array<number, number, number>", []);
            ("time.diff", time, time_diff, 2,
                "(number | array<number, string>, number | array<number, string>) -> array<number, number, number, number, number, number>",
                []);
            ("time.format", time, time_format, 1,
                "(number | array<number, string> | array<number, string, string>) -> string", []);
            ("time.now_ns", time, time_now_ns, 0, "() -> number", [nondeterministic()]);
            ("time.parse_duration_ns", time, time_parse_duration_ns, 1, "(string) -> number", []);
            ("time.parse_ns", time, time_parse_ns, 2, "(string, string) -> number", []);
            ("time.parse_rfc3339_ns", time, time_parse_rfc3339_ns, 1, "(string) -> number", []);
            ("time.weekday", time, time_weekday, 1, "(number | array<number, string>) -> string", []);

            ("crypto.hmac.equal", crypto, crypto_hmac_equal, 2, "(string, string) -> boolean", []);
            ("crypto.hmac.md5", crypto, crypto_hmac_md5, 2, "(string, string) -> string", []);
            ("crypto.hmac.sha1", crypto, crypto_hmac_sha1, 2, "(string, string) -> string", []);
            ("crypto.hmac.sha256", crypto, crypto_hmac_sha256, 2, "(string, string) -> string", []);
            ("crypto.hmac.sha512", crypto, crypto_hmac_sha512, 2, "(string, string) -> string", []);
            ("crypto.md5", crypto, crypto_md5, 1, "(string) -> string", []);
            ("crypto.sha1", crypto, crypto_sha1, 1, "(string) -> string", []);
            ("crypto.sha256", crypto, crypto_sha256, 1, "(string) -> string", []);

            ("crypto.parse_private_keys", x509, crypto_parse_private_keys, 1,
                "(string) -> array[object[string: any]]", []);
            ("crypto.x509.parse_and_verify_certificates", x509, crypto_x509_parse_and_verify_certificates, 1,
                "(string) -> array<boolean, array[object[string: any]]>", []);
            ("crypto.x509.parse_and_verify_certificates_with_options", x509,
                crypto_x509_parse_and_verify_certificates_with_options, 2,
                "(string, object[string: any]) -> array<boolean, array[object[string: any]]>", []);
            ("crypto.x509.parse_certificate_request", x509, crypto_x509_parse_certificate_request, 1,
                "(string) -> object[string: any]", []);
            ("crypto.x509.parse_certificates", x509, crypto_x509_parse_certificates, 1,
                "(string) -> array[object[string: any]]", []);
            ("crypto.x509.parse_keypair", x509, crypto_x509_parse_keypair, 2,
                "(string, string) -> object[string: any]", []);
            ("crypto.x509.parse_rsa_private_key", x509, crypto_x509_parse_rsa_private_key, 1,
                "(string) -> object[string: any]", []);

            ("providers.aws.sign_req", aws, providers_aws_sign_req, 3,
                "(object[string: any], object[string: any], number) -> object[any: any]", []);

            ("hex.decode", hex, hex_decode, 1, "(string) -> string", []);
            ("hex.encode", hex, hex_encode, 1, "(string) -> string", []);
            ("urlquery.decode", urlquery, urlquery_decode, 1, "(string) -> string", []);
            ("urlquery.decode_object", urlquery, urlquery_decode_object, 1,
                "(string) -> object[string: array[string]]", []);
            ("urlquery.encode", urlquery, urlquery_encode, 1, "(string) -> string", []);
            ("urlquery.encode_object", urlquery, urlquery_encode_object, 1,
                "(object[string: string | array[string] | set[string]]) -> string", []);
            ("uri.is_valid", uri, uri_is_valid, 1, "(string) -> boolean", []);
            ("uri.parse", uri, uri_parse, 1, "(string) -> object[string: string]", []);
            ("units.parse", units, units_parse, 1, "(string) -> number", []);
            ("units.parse_bytes", units, units_parse_bytes, 1, "(string) -> number", []);
            ("semver.compare", semver, semver_compare, 2, "(string, string) -> number", []);
            ("semver.is_valid", semver, semver_is_valid, 1, "(any) -> boolean", []);
            ("uuid.parse", uuid, uuid_parse, 1, "(string) -> object[string: any]", []);

            ("opa.runtime", ambient, opa_runtime, 0, "() -> object[string: any]", [nondeterministic()]);
            ("rand.intn", ambient, rand_intn, 2, "(string, number) -> number", [nondeterministic()]);
            ("trace", ambient, trace, 1, "(string) -> boolean", []);
            ("uuid.rfc4122", ambient, uuid_rfc4122, 1, "(string) -> string", [nondeterministic()]);

            ("io.jwt.decode", jwt, io_jwt_decode, 1, "(string) -> array<object[any: any], object[any: any], string>",
                []);
            ("io.jwt.decode_verify", jwt, io_jwt_decode_verify, 2,
                "(string, object[string: any]) -> array<boolean, object[any: any], object[any: any]>",
                [nondeterministic()]);
            ("io.jwt.encode_sign", jwt, io_jwt_encode_sign, 3,
                "(object[string: any], object[string: any], object[string: any]) -> string", [nondeterministic()]);
            ("io.jwt.encode_sign_raw", jwt, io_jwt_encode_sign_raw, 3, "(string, string, string) -> string",
                [nondeterministic()]);
            ("io.jwt.verify_rs256", jwt, io_jwt_verify_rs256, 2, "(string, string) -> boolean", []);
            ("io.jwt.verify_rs384", jwt, io_jwt_verify_rs384, 2, "(string, string) -> boolean", []);
            ("io.jwt.verify_rs512", jwt, io_jwt_verify_rs512, 2, "(string, string) -> boolean", []);
            ("io.jwt.verify_ps256", jwt, io_jwt_verify_ps256, 2, "(string, string) -> boolean", []);
            ("io.jwt.verify_ps384", jwt, io_jwt_verify_ps384, 2, "(string, string) -> boolean", []);
            ("io.jwt.verify_ps512", jwt, io_jwt_verify_ps512, 2, "(string, string) -> boolean", []);
            ("io.jwt.verify_es256", jwt, io_jwt_verify_es256, 2, "(string, string) -> boolean", []);
            ("io.jwt.verify_es384", jwt, io_jwt_verify_es384, 2, "(string, string) -> boolean", []);
            ("io.jwt.verify_es512", jwt, io_jwt_verify_es512, 2, "(string, string) -> boolean", []);
            ("io.jwt.verify_eddsa", jwt, io_jwt_verify_eddsa, 2, "(string, string) -> boolean", []);
            ("io.jwt.verify_hs256", jwt, io_jwt_verify_hs256, 2, "(string, string) -> boolean", []);
            ("io.jwt.verify_hs384", jwt, io_jwt_verify_hs384, 2, "(string, string) -> boolean", []);
            ("io.jwt.verify_hs512", jwt, io_jwt_verify_hs512, 2, "(string, string) -> boolean", []);

            ("json.is_valid", json, json_is_valid, 1, "(string) -> boolean", []);
            ("json.marshal", json, json_marshal, 1, "(any) -> string", []);
            ("json.marshal_with_options", json, json_marshal_with_options, 2,
                "(any, object<\"indent\": string, \"prefix\": string, \"pretty\": boolean>[string: any]) -> string",
                []);
            ("json.unmarshal", json, json_unmarshal, 1, "(string) -> any", []);
            ("json.match_schema", json_schema, json_match_schema, 2,
                "(string | object[any: any], string | object[any: any]) -> array<boolean, array[object<\"desc\": string, \"error\": string, \"field\": string, \"type\": string>]>",
                []);
            ("json.verify_schema", json_schema, json_verify_schema, 1,
                "(string | object[any: any]) -> array<boolean, null | string>", []);
            ("rego.parse_module", rego, rego_parse_module, 2, "(string, string) -> object[string: any]", []);
            ("yaml.is_valid", yaml, yaml_is_valid, 1, "(string) -> boolean", []);
            ("yaml.marshal", yaml, yaml_marshal, 1, "(any) -> string", []);
            ("yaml.unmarshal", yaml, yaml_unmarshal, 1, "(string) -> any", []);

            ("test.sleep", ambient, test_sleep, 1, "(string) -> null", [for_test_cases()]);
        }
    };
}

macro_rules! declare {
    ($(($name:literal, $module:ident, $function:ident, $arity:literal, $signature:literal,
        [$($mark:ident($($argument:literal)?)),*]));* $(;)?) => {
        static DECLARATIONS: &[Declaration] = &[
            // Unification and assignment are the evaluators' own.
            Declaration::new("eq", "(any, any) -> boolean").infix("="),
            Declaration::new("assign", "(any, any) -> boolean").infix(":="),
            // Functions of the host, which are asked for and not computed. See `palisade_abi::host`.
            Declaration::new("http.send", "(object[string: any]) -> object[any: any]").nondeterministic(),
            Declaration::new("net.lookup_ip_addr", "(string) -> set[string]").nondeterministic(),
            $(Declaration::new($name, $signature)$(.$mark($($argument)?))*,)*
        ];

        /// The built-in function of this name. None has the names `eq` and `assign`, since evaluators unify by
        /// themselves, or the name of a function of the host.
        pub fn lookup<V: AnyValue>(name: &str) -> Option<Function<V>> {
            match name {
                $($name => Some(crate::$module::$function::<V>),)*
                _ => None,
            }
        }
    };
}

for_each_builtin!(declare);

/// What is known of every built-in function, `eq`, `assign` and those of the host included.
pub fn declarations() -> &'static [Declaration] {
    DECLARATIONS
}
