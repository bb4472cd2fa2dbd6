//! Modules in text form for the servers under test.

/// A module with these exports beside those that all have. The input is at 65536.
fn module(more: &str) -> Vec<u8> {
    let text = format!(
        r#"(module
          (memory (export "memory") 4)
          (global (export "palisade_abi") i32 (i32.const 1))
          (global $facts (mut i64) (i64.const 0))
          (global $next (mut i32) (i32.const 65536))
          (func (export "allocate") (param $len i32) (result i32)
            (local $ptr i32)
            (local.set $ptr (global.get $next))
            (global.set $next (i32.add (local.get $ptr) (local.get $len)))
            (local.get $ptr))
          (func $pack (param $ptr i32) (param $len i32) (result i64)
            (global.set $next (i32.const 65536))
            (i64.or (i64.shl (i64.extend_i32_u (local.get $ptr)) (i64.const 32)) (i64.extend_i32_u (local.get $len))))
          (func (export "ambient") (param $ptr i32) (param $len i32) (result i64)
            (global.set $facts (i64.or (i64.shl (i64.extend_i32_u (local.get $ptr)) (i64.const 32))
              (i64.extend_i32_u (local.get $len))))
            (i64.const 0))
          (func (export "evaluate") (param i32 i32) (result i64) (i64.const 0))
          {more})"#
    );
    wat::parse_str(text).expect("the test's module is well formed")
}

fn constant(ptr: usize, path: &str, document: &str) -> String {
    let text = document.replace('\\', "\\\\").replace('"', "\\\"");
    format!(
        r#"(data (i32.const {ptr}) "{text}")
           (func (export "{path}") (param i32 i32) (result i64)
             (call $pack (i32.const {ptr}) (i32.const {})))"#,
        document.len()
    )
}

/// Everything that the tests ask for, at one path each.
pub fn example() -> Vec<u8> {
    let constants = [
        ("authz/allow", r#"{"result":true}"#),
        ("authz/deny", r#"{"result":false}"#),
        ("authz/undefined", "{}"),
        ("authz/user", r#"{"result":{"name":"ada","score":1.50}}"#),
        (
            "ruled/allow",
            r#"{"result":true,"rules":[{"path":"data.ruled.allow","file":"ruled.rego","row":3}]}"#,
        ),
        (
            "broken/conflict",
            r#"{"error":{"code":"eval_conflict_error","message":"two values","location":{"file":"a.rego","row":3,"col":1}}}"#,
        ),
        ("broken/input", r#"{"error":{"code":"input_malformed","message":"not JSON"}}"#),
        (
            "broken/deep",
            r#"{"error":{"code":"nesting_too_deep","message":"nested deeper than 1000 levels"}}"#,
        ),
        ("broken/answer", r#"{"allow":true}"#),
        ("broken/half", r#"{"result":true"#),
    ];
    let mut more = String::new();
    let mut ptr = 1024;
    for (path, document) in constants {
        more += &constant(ptr, path, document);
        ptr += document.len();
    }
    more += r#"
      (func (export "echo/input") (param $ptr i32) (param $len i32) (result i64)
        (if (i32.eqz (local.get $len)) (then (return (call $pack (i32.const 0) (i32.const 2)))))
        (call $pack (local.get $ptr) (local.get $len)))
      (data (i32.const 0) "{}")
      (func (export "broken/loop") (param i32 i32) (result i64) (loop $again (br $again)) unreachable)
      (func (export "slow/allow") (param i32 i32) (result i64)
        (local $count i64)
        (loop $again
          (local.set $count (i64.add (local.get $count) (i64.const 1)))
          (br_if $again (i64.lt_u (local.get $count) (i64.const 30000000))))
        (call $pack (i32.const 1024) (i32.const 15)))
      (func (export "broken/trap") (param i32 i32) (result i64) unreachable)
      (func (export "broken/pointer") (param i32 i32) (result i64) (i64.const -1))
      (func (export "broken/memory") (param i32 i32) (result i64)
        (loop $again
          (if (i32.eq (memory.grow (i32.const 1000)) (i32.const -1)) (then unreachable))
          (br $again))
        unreachable)
    "#;
    // Answers with the ambient facts as the result, to show what they are.
    more += r#"
      (data (i32.const 512) "{\"result\":")
      (func (export "facts/all") (param i32 i32) (result i64)
        (local $len i32)
        (local.set $len (i32.wrap_i64 (global.get $facts)))
        (memory.copy (i32.const 131072) (i32.const 512) (i32.const 10))
        (memory.copy (i32.const 131082) (i32.wrap_i64 (i64.shr_u (global.get $facts) (i64.const 32))) (local.get $len))
        (i32.store8 (i32.add (i32.const 131082) (local.get $len)) (i32.const 125))
        (call $pack (i32.const 131072) (i32.add (local.get $len) (i32.const 11))))
    "#;
    module(&more)
}
