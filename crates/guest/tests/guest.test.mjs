// Tests of the run-time library in its committed form, `guest.wasm`: `node --test crates/guest/tests/`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Guest, Members } from "./guest.mjs";

/** Canonical text: what the guest prints for a document that JavaScript read. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const keys = Object.keys(value).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

/** Small deterministic random numbers. */
function random(seed) {
  return (below) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
}

const TEXTS = ["", "a", "key", "naïve", "日本", "a longer text than eight bytes", "quote\"", "back\\slash", "\n\t\u0001", "😀"];

function document(next, depth) {
  switch (next(depth > 0 ? 8 : 5)) {
    case 0: return null;
    case 1: return next(2) === 0;
    case 2: return next(2000) - 1000;
    case 3: return (next(2000) - 1000) * 1e9 + next(1e9);
    case 4: return TEXTS[next(TEXTS.length)];
    case 5: case 6: return Array.from({ length: next(5) }, () => document(next, depth - 1));
    default: {
      const size = next(3) === 0 ? 30 : 5;
      const entries = Array.from({ length: next(size) }, () => [TEXTS[next(TEXTS.length)] + next(100), document(next, depth - 1)]);
      return Object.fromEntries(entries);
    }
  }
}

test("a whole input comes out as it went in, keys sorted", () => {
  const guest = new Guest();
  const next = random(1);
  for (let round = 0; round < 3000; round++) {
    const value = document(next, 4);
    const text = JSON.stringify(value, null, next(3));
    assert.equal(guest.begin(text), undefined, text);
    assert.equal(guest.json(guest.rt.rt_whole_input()), canonical(value));
  }
});

test("what JSON.parse refuses is refused, and nothing else", () => {
  const guest = new Guest();
  const next = random(2);
  const bytes = '{}[]",:\\/ \n0123456789-+.eEtrufalsn\u0001é';
  for (let round = 0; round < 20000; round++) {
    let text = JSON.stringify(document(next, 3), null, next(2));
    for (let edits = next(3); edits > 0; edits--) {
      const at = next(text.length + 1);
      text = text.slice(0, at) + (next(2) ? bytes[next(bytes.length)] : "") + text.slice(at + next(2));
    }
    let expected;
    try { expected = JSON.parse(text); } catch { expected = undefined; }
    const error = text === "" ? undefined : guest.begin(text);
    assert.equal(error === undefined, expected !== undefined || text === "", `${text} ${error?.message}`);
    // JavaScript rounds numbers and keeps lone surrogates.
    if (expected !== undefined && !/[.eE]|-0|\d{16}/.test(text) && !canonical(expected).includes("\\ud")) {
      assert.equal(guest.json(guest.rt.rt_whole_input()), canonical(expected), text);
    }
  }
});

test("every error says what is wrong and where", () => {
  const guest = new Guest();
  const check = (text, message, code = "input_malformed") =>
    assert.deepEqual(guest.begin(text), { code, message }, String(text));
  check("{", "unexpected end of the document at byte 1");
  check('{"a"', "unexpected end of the document at byte 4");
  check('"abc', "unexpected end of the document at byte 4");
  check("{a}", "expected a string as key at byte 1");
  check('{"a" 1}', "expected `:` at byte 5");
  check('{"a":1]', "expected `,` or `}` at byte 6");
  check("[1}", "expected `,` or `]` at byte 2");
  check("[1,]", "expected a value at byte 3");
  check("01", "unexpected text after the document at byte 1");
  check("-a", "expected a digit at byte 1");
  check('"\\x"', "unknown escape in a string at byte 2");
  check('"a\nb"', "control character in a string at byte 2");
  check("nul1", "expected a value at byte 3");
  check(new Uint8Array([0x22, 0xff, 0x22]), "not UTF-8");
  check("[".repeat(1001) + "]".repeat(1001), "nested too deeply", "nesting_too_deep");
});

test("documents may be nested as deep as the limit says, skipped, captured or as a tree", () => {
  const guest = new Guest();
  for (const text of ["[".repeat(1000) + "]".repeat(1000), '{"a":'.repeat(999) + "{}" + "}".repeat(999)]) {
    assert.equal(guest.begin(text), undefined);
    assert.equal(guest.json(guest.rt.rt_whole_input()), text);
  }
});

/** Captures the paths of a shape and gives the slots as JSON. */
function captured(shape, slots, text) {
  const guest = new Guest();
  const input_slots = guest.place(8 * slots);
  guest.link({ input_shape: guest.shape(shape), input_slots, n_input_slots: slots });
  assert.equal(guest.begin(text), undefined);
  return Array.from({ length: slots }, (_, at) => guest.json(guest.rt.rt_force(input_slots + 8 * at)));
}

test("what the shape asks for is captured", () => {
  const user = { members: { name: { capture: 0 }, roles: { capture: 1 }, age: { capture: 2 } }, capture: 3 };
  const check = (text, ...expected) => assert.deepEqual(captured({ members: { user } }, 4, text), expected);
  check('{"user":{"age":3,"name":"x","roles":["b","a"],"other":[{}]},"more":{"user":1}}',
    '"x"', '["b","a"]', "3", '{"age":3,"name":"x","other":[{}],"roles":["b","a"]}');
  check('{ "\\u0075ser" : { "n\\u0061me" : "a\\nb" } }', '"a\\nb"', undefined, undefined, '{"name":"a\\nb"}');
  check('{"user":"x"}', undefined, undefined, undefined, '"x"');
  check('{"user":[{"name":1}]}', undefined, undefined, undefined, '[{"name":1}]');
  check("[]", undefined, undefined, undefined, undefined);
  // Of equal keys the last one wins, with everything below it.
  check('{"user":{"name":"x","age":1},"user":{"name":"y"}}', '"y"', undefined, undefined, '{"name":"y"}');
  check('{"user":{"name":"x"},"user":1}', undefined, undefined, undefined, "1");
});

test("a shape with many members is searched", () => {
  const members = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`key${at}`, { capture: at }]));
  const text = JSON.stringify(Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`key${2 * at}`, at])));
  const expected = Array.from({ length: 100 }, (_, at) => (at % 2 ? undefined : String(at / 2)));
  assert.deepEqual(captured({ members }, 100, text), expected);
});

test("numbers keep their text unless they are integers that fit a word", () => {
  const guest = new Guest();
  for (const text of ["0", "-0", "1.0", "1e400", "-12", "4611686018427387903", "-4611686018427387904",
    "4611686018427387904", "9223372036854775808", "0.10", "123456789012345678901234567890"]) {
    guest.begin(text);
    assert.equal(guest.json(guest.rt.rt_whole_input()), text);
  }
  guest.begin("4611686018427387903");
  assert.equal(guest.rt.rt_whole_input() & 1n, 1n);
});

/** Values in Rego's order, each less than the next. */
const ORDERED = [
  null, false, true, { decimal: "-1e400" }, -7, { decimal: "-0.5" }, 0, { decimal: "0.1" }, { decimal: "0.10000000000000000001" },
  1, { decimal: "1.5" }, 2, 10, { decimal: "4611686018427387904" }, { decimal: "1e30" }, { decimal: "1e999999999" },
  "", "a", "ab", "b", "long text of many bytes, one", "long text of many bytes, two",
  [], [1], [1, 2], [2], {}, { a: 1 }, { a: 1, b: 0 }, { a: 2 }, new Members(), new Members(1), new Members(1, 2), new Members(2),
];

test("values are ordered and equal as Rego says", () => {
  const guest = new Guest();
  const [first, second] = [ORDERED.map((it) => guest.word(it)), ORDERED.map((it) => guest.word(it))];
  for (let a = 0; a < ORDERED.length; a++) {
    for (let b = 0; b < ORDERED.length; b++) {
      assert.equal(guest.rt.rt_compare(first[a], second[b]), Math.sign(a - b), `${a} ${b}`);
      assert.equal(guest.rt.rt_equal(first[a], second[b]), Number(a === b), `${a} ${b}`);
    }
  }
});

test("one number has many spellings", () => {
  const guest = new Guest();
  const equal = (a, b) => guest.rt.rt_equal(guest.word(a), guest.word(b)) === 1;
  assert.ok(equal(1, { decimal: "1.0" }));
  assert.ok(equal({ decimal: "1e3" }, 1000));
  assert.ok(equal({ decimal: "-0" }, 0));
  assert.ok(equal({ decimal: "0.5" }, { decimal: "50e-2" }));
  assert.ok(equal({ a: [1] }, { a: [{ decimal: "1.00" }] }));
  assert.ok(!equal({ decimal: "1.0" }, "1.0"));
});

test("collections give what stands under a key", () => {
  const guest = new Guest();
  const get = (collection, key) => guest.json(guest.rt.rt_get(guest.word(collection), guest.word(key)));
  const big = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`k${at}`, at]));
  assert.equal(get({ a: 1, b: 2 }, "b"), "2");
  assert.equal(get({ a: 1, b: 2 }, "c"), undefined);
  assert.equal(get({ a: 1 }, 1), undefined);
  assert.equal(get(big, "k57"), "57");
  assert.equal(get(big, "k100"), undefined);
  assert.equal(get(new Map([[1, "one"], ["a", 2], [[3], 4]]), [3]), "4");
  assert.equal(get(new Map([[1, "one"]]), { decimal: "1.0" }), '"one"');
  assert.equal(get(["a", "b"], 1), '"b"');
  // A position is written as an integer: OPA finds nothing at 1.0 either.
  assert.equal(get(["a", "b"], { decimal: "1.0" }), undefined);
  assert.equal(get(["a", "b"], 2), undefined);
  assert.equal(get(["a", "b"], -1), undefined);
  assert.equal(get(["a"], "0"), undefined);
  assert.equal(get(new Members(1, "x"), "x"), '"x"');
  assert.equal(get(new Members(...Array(50).keys()), 49), "49");
  assert.equal(get(new Members(...Array(50).keys()), 50), undefined);
  assert.equal(get("abc", 0), undefined);
  assert.equal(get(5, 0), undefined);
});

test("sets and objects are sorted and distinct however they are made", () => {
  const guest = new Guest();
  const next = random(3);
  for (let round = 0; round < 300; round++) {
    const items = Array.from({ length: next(60) }, () => next(40));
    const sorted = [...new Set(items)].sort((a, b) => a - b);
    assert.equal(guest.json(guest.word(new Members(...items))), JSON.stringify(sorted));

    const built = guest.rt.rt_start(10);
    items.forEach((it) => guest.rt.rt_append(built, guest.word(it)));
    assert.equal(guest.json(guest.rt.rt_finish_collection(built, 0)), JSON.stringify(sorted));

    const object = guest.rt.rt_start(8);
    items.forEach((it, at) => guest.rt.rt_insert(object, guest.word(`k${it}`), guest.word(at)));
    const expected = canonical(Object.fromEntries(items.map((it, at) => [`k${it}`, at])));
    assert.equal(guest.json(guest.rt.rt_finish_collection(object, 0)), expected);
  }
});

test("two values for one key are a conflict, two equal ones are not", () => {
  const guest = new Guest();
  const record = guest.words(['"eval_conflict_error"', '"two values"', '{"file":"f","row":1,"col":2}'].map((it) => guest.word(it)).concat(0n));
  const build = (...values) => {
    const object = guest.rt.rt_start(8);
    values.forEach((it) => guest.rt.rt_insert(object, guest.word("k"), guest.word(it)));
    return guest.rt.rt_finish_collection(object, record);
  };
  guest.rt.rt_begin(0, 0);
  assert.equal(guest.finish(build(1, { decimal: "1.0" })), '{"result":{"k":1}}', "the first spelling stays");
  guest.rt.rt_begin(0, 0);
  assert.equal(guest.finish(build(1, 2)),
    '{"error":{"code":"eval_conflict_error","message":"two values","location":{"file":"f","row":1,"col":2}}}');
  guest.rt.rt_begin(0, 0);
  assert.equal(guest.finish(0n), "{}");
});

test("sets keep the first spelling of a number", () => {
  const guest = new Guest();
  assert.equal(guest.json(guest.word(new Members(2, { decimal: "1.0" }, 1))), "[1.0,2]");
  assert.equal(guest.json(guest.word(new Members(1, { decimal: "1.0" }, 2))), "[1,2]");
});

test("documents are put into and laid over each other", () => {
  const guest = new Guest();
  const put = (base, path, value) =>
    guest.json(guest.rt.rt_put(guest.word(base), guest.words(path.map((it) => guest.word(it))), path.length, guest.word(value)));
  assert.equal(put({ a: 1, c: 3 }, ["b"], 2), '{"a":1,"b":2,"c":3}');
  assert.equal(put({ a: { x: 1 } }, ["a", "y"], 2), '{"a":{"x":1,"y":2}}');
  assert.equal(put({ a: 1 }, ["a", "y", "z"], 2), '{"a":{"y":{"z":2}}}');
  assert.equal(put(undefined, ["a"], 1), '{"a":1}');

  const merge = (under, over) => guest.json(guest.rt.rt_merge(guest.word(under), guest.word(over)));
  assert.equal(merge({ a: 1, b: { x: 1 } }, { a: 2, b: { x: 2, y: 3 }, c: 4 }), '{"a":1,"b":{"x":1,"y":3},"c":4}');
  assert.equal(merge(undefined, [1]), "[1]");
  assert.equal(merge([1], undefined), "[1]");
  assert.equal(merge(1, { a: 1 }), "1");
  assert.equal(merge(undefined, undefined), undefined);
});

/** A match table over constants in order, with a hash index if asked for. */
function table(guest, constants, hashed) {
  const at = guest.place(8 + 16 * constants.length);
  guest.view.setUint32(at, constants.length, true);
  constants.forEach((it, i) => {
    guest.view.setBigUint64(at + 8 + 16 * i, guest.word(it), true);
    guest.view.setUint32(at + 16 + 16 * i, 100 + i, true);
  });
  if (hashed) {
    const size = 2 ** Math.ceil(Math.log2(2 * constants.length));
    const index = guest.place(4 + 4 * size);
    guest.view.setUint32(index, size - 1, true);
    constants.forEach((it, i) => {
      let cell = hash(it) & (size - 1);
      while (guest.view.getUint32(index + 4 + 4 * cell, true)) cell = (cell + 1) & (size - 1);
      guest.view.setUint32(index + 4 + 4 * cell, i + 1, true);
    });
    guest.view.setUint32(at + 4, index, true);
  }
  return at;
}

/** `palisade_abi::image::hash_string` for ASCII. */
function hash(text) {
  let it = 0x811c9dc5;
  for (const byte of Buffer.from(text)) it = Math.imul(it ^ byte, 0x01000193);
  it ^= it >>> 15;
  it = Math.imul(it, 0x2c1b3c6d);
  return (it ^ (it >>> 12)) >>> 0;
}

test("a subject finds its case", () => {
  const guest = new Guest();
  const mixed = [null, false, 1, { decimal: "2.5" }, "a", "b", ["x"]];
  const at = table(guest, mixed, false);
  mixed.forEach((it, i) => assert.equal(guest.rt.rt_match(guest.word(it), at), 100 + i));
  for (const it of [true, 2, "c", ["y"], {}]) assert.equal(guest.rt.rt_match(guest.word(it), at), -1);
  assert.equal(guest.rt.rt_match(guest.word({ decimal: "1.0" }), at), 102);

  const routes = Array.from({ length: 1000 }, (_, i) => `/route/${i}`).sort();
  for (const hashed of [false, true]) {
    const at = table(guest, routes, hashed);
    routes.forEach((it, i) => assert.equal(guest.rt.rt_match(guest.word(it), at), 100 + i));
    assert.equal(guest.rt.rt_match(guest.word("/route/1000"), at), -1);
    assert.equal(guest.rt.rt_match(guest.word(7), at), -1);
  }
});

test("with replaces slots, sets memo cells aside, and puts everything back", () => {
  const guest = new Guest();
  const [slots, memos] = [guest.place(16), guest.place(24)];
  guest.link({ slots, n_slots: 2, memos, n_memos: 3 });
  guest.rt.rt_begin(0, 0);
  const read = (at) => guest.view.getBigUint64(at, true);
  guest.view.setBigUint64(memos + 8, 7n, true);
  const frame = guest.rt.rt_with_enter(guest.words([1n, 0x30n]), 1);
  assert.deepEqual([read(slots), read(slots + 8), read(memos + 8)], [0n, 0x30n, 0n]);
  guest.view.setBigUint64(memos, 9n, true);
  guest.rt.rt_with_leave(frame);
  assert.deepEqual([read(slots), read(slots + 8), read(memos), read(memos + 8)], [0n, 0n, 0n, 7n]);
});

test("built-ins work on words", () => {
  const guest = new Guest();
  const check = (name, args, expected) => {
    guest.rt.rt_begin(0, 0);
    const words = args.map((it) => guest.word(it));
    assert.equal(guest.json(guest.rt[`bi_${name}`](...words)), expected, `${name} ${args}`);
  };
  check("plus", [1, 2], "3");
  check("plus", [{ decimal: "0.1" }, { decimal: "0.2" }], "0.3");
  check("plus", [4611686018427387903n, 1], "4611686018427387904");
  check("plus", [{ decimal: "4611686018427387904" }, -1], "4611686018427387903");
  check("mul", [4611686018427387903n, 10], "46116860184273879030");
  check("minus", [1, 3], "-2");
  check("minus", [new Members(1, 2, 3), new Members(2)], "[1,3]");
  check("minus", ["a", 1], undefined);
  check("rem", [-7, 3], "-1");
  check("rem", [1, 0], undefined);
  check("count", ["日本"], "2");
  check("count", [[1, 2, 3]], "3");
  check("count", [{ a: 1 }], "1");
  check("count", [5], undefined);
  check("startswith", ["/api/v1", "/api"], "true");
  check("startswith", ["/a", "/api"], "false");
  check("endswith", ["file.txt", ".txt"], "true");
  check("endswith", ["txt", "file.txt"], "false");
  check("endswith", ["日本", ""], "true");
  check("startswith", [1, ""], undefined);
  check("lt", [1, { decimal: "1.5" }], "true");
  check("neq", ["a", "a"], "false");
  check("internal_member_2", [2, [1, 2]], "true");
  check("internal_member_2", [2, { a: 2 }], "true");
  check("internal_member_2", ["a", { a: 2 }], "false");
  check("internal_member_2", [1, "a"], "false");
  check("internal_member_3", ["a", 2, { a: 2 }], "true");
  check("object_get", [{ a: 1 }, "a", 0], "1");
  check("object_get", [{ a: 1 }, "b", 0], "0");
  check("object_get", [{ a: { b: 2 } }, ["a", "b"], 0], "2");
  check("split", ["a,b,c", ","], '["a","b","c"]');
  check("concat", [", ", new Members("b", "a")], '"a, b"');
  check("sort", [[3, "a", null, 1]], '[null,1,3,"a"]');
  check("or", [new Members(1, 2), new Members(2, 3)], "[1,2,3]");
  check("object_union", [{ a: 1 }, { b: 2 }], '{"a":1,"b":2}');
  check("json_unmarshal", ['{"b":[1.5,"x"],"a":null}'], '{"a":null,"b":[1.5,"x"]}');
  check("json_marshal", [{ b: 1, a: "<" }], '"{\\"a\\":\\"\\\\u003c\\",\\"b\\":1}"');
  check("regex_match", ["^[a-z]+\\.$", "abc."], "true");
  check("sprintf", ["%s is %d", ["x", 5]], '"x is 5"');
});

test("a failing built-in is undefined, and an error where the evaluation is strict", () => {
  const guest = new Guest();
  const divide = (ambient, ...args) => {
    guest.rt.ambient(...guest.send(ambient));
    guest.begin("{}");
    const result = guest.rt.bi_div(...args.map((it) => guest.word(it)));
    guest.rt.rt_locate(guest.word('{"row":7}'));
    return guest.finish(result);
  };
  assert.equal(divide("{}", 1, 0), "{}");
  assert.equal(divide('{"strict":true}', 1, 0),
    '{"error":{"code":"eval_builtin_error","message":"div: divide by zero","location":{"row":7}}}');
  assert.equal(divide('{"strict":true}', "1", 1),
    '{"error":{"code":"eval_type_error","message":"div: operand 1 must be number but got string","location":{"row":7}}}');
  assert.equal(divide('{"strict":true}', 1, 2), '{"result":0.5}');
});

test("built-ins know the ambient facts, and forget them", () => {
  const guest = new Guest();
  const ask = (ambient, name, ...args) => {
    guest.rt.ambient(...guest.send(ambient));
    guest.begin("{}");
    return guest.json(guest.rt[`bi_${name}`](...args.map((it) => guest.word(it))));
  };
  assert.equal(ask('{"now_ns":1700000000123456789}', "time_now_ns"), "1700000000123456789");
  assert.equal(ask('{"now_ns":5}', "time_now_ns"), "5");
  assert.equal(ask('{"runtime":{"env":{"a":"\\n"}}}', "opa_runtime"), '{"env":{"a":"\\n"}}');
  assert.equal(ask("{}", "opa_runtime"), "{}");
  const seeded = ask('{"seed":"00000000000000aa"}', "rand_intn", "x", 1_000_000);
  assert.equal(ask('{"seed":"00000000000000aa"}', "rand_intn", "x", 1_000_000), seeded);
  assert.notEqual(ask('{"seed":"00000000000000ab"}', "rand_intn", "x", 1_000_000), seeded);
});

test("ambient facts hold for one evaluation", () => {
  const guest = new Guest();
  const held = guest.place(3);
  const rule_texts = guest.words(["{\"path\":\"data.a\"}", "{\"path\":\"data.b\"}", "{\"path\":\"data.c\"}"].map((it) => guest.word(it)));
  guest.link({ held, n_held: 3, rule_texts });
  const ambient = (text) => {
    const packed = guest.rt.ambient(...guest.send(text));
    return packed === 0n ? undefined : JSON.parse(guest.text(packed)).error.code;
  };
  assert.equal(ambient('{"explain":"rules","now_ns":-5,"runtime":{"a":[1]},"seed":"00ff00ff00ff00ff","strict":true,"later":[]}'), undefined);
  guest.begin("{}");
  guest.rt.rt_held(0);
  guest.rt.rt_held(2);
  assert.equal(guest.finish(0x30n), '{"result":true,"rules":[{"path":"data.a"},{"path":"data.c"}]}');
  guest.begin("{}");
  assert.equal(guest.finish(0x30n), '{"result":true}');
  for (const text of ["", "[]", "{", '{"explain":"all"}', '{"now_ns":1.5}', '{"seed":"x"}', '{"strict":1}', '{"runtime":1}', "{}x"]) {
    assert.equal(ambient(text), "ambient_malformed", text);
  }
});

test("no library keeps anything on the heap from one evaluation to the next", () => {
  const guest = new Guest();
  const ask = ([name, ...args]) => {
    guest.begin("{}");
    const result = guest.json(guest.rt[`bi_${name}`](...args.map((it) => guest.word(it))));
    // Whoever still looks at the heap of this evaluation finds nothing that makes sense.
    new Uint8Array(guest.rt.memory.buffer).fill(0xff, guest.fields.arena_start);
    return result;
  };
  const token = "eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.AAAA";
  const calls = [
    ["regex_match", "[b-d]+(x|\\bä)?", "abc"],
    ["regex_find_all_string_submatch_n", "(a)(b)?", "aab", -1],
    ["regex_globs_match", "a.*", "ab.*"],
    ["glob_match", "*.{com,org}", ["."], "api.example.com"],
    ["time_date", [1700000000000000000n, "Europe/Berlin"]],
    ["time_parse_ns", "2006-01-02T15:04:05 MST", "2023-11-14T22:13:20 CET"],
    ["json_match_schema", { a: 1 }, { type: "object", patternProperties: { "^a": { type: "integer" } } }],
    ["json_patch", { a: [1] }, [{ op: "add", path: "/a/0", value: 0 }]],
    ["yaml_unmarshal", "a: [1, x]\nb: {c: 2}"],
    ["graphql_is_valid", "{ a }", "type Query { a: Int }"],
    ["semver_compare", "1.2.3-a.1", "1.2.3"],
    ["units_parse", "1.5Ki"],
    ["net_cidr_expand", "10.0.0.0/30"],
    ["uuid_rfc4122", "k"],
    ["io_jwt_decode", token],
    ["crypto_hmac_sha256", "a", "b"],
    ["strings_render_template", "{{range .a}}{{.}},{{end}}", { a: [1, 2] }],
    ["rego_parse_module", "p.rego", "package p\n\nr if input.x == 1"],
    ["sprintf", "%v %8.3f", [{ a: [1] }, { decimal: "1.5" }]],
  ];
  const fresh = calls.map(ask);
  fresh.forEach((result, at) => assert.notEqual(result, undefined, calls[at][0]));
  assert.deepEqual(calls.map(ask), fresh);
  assert.deepEqual(calls.toReversed().map(ask), fresh.toReversed());
});

test("base data is replaced by load and by nothing else", () => {
  const guest = new Guest();
  const data_slots = guest.place(24);
  const data_paths = guest.words([[], ["users", "alice"], ["x"]].map((it) => guest.word(it)));
  guest.link({ data_slots, n_data_slots: 3, data_paths });
  const load = (text) => {
    const packed = guest.rt.load(...guest.send(text));
    return packed === 0n ? undefined : JSON.parse(guest.text(packed)).error;
  };
  const slot = (at) => guest.json(guest.view.getBigUint64(data_slots + 8 * at, true));
  const first = '{"users":{"alice":{"roles":["admin"],"text":"a\\nb"}},"x":1.50}';
  assert.equal(load(first), undefined);
  for (let round = 0; round < 3; round++) {
    assert.deepEqual([slot(0), slot(1), slot(2)], [first, '{"roles":["admin"],"text":"a\\nb"}', "1.50"]);
    guest.begin(JSON.stringify({ filler: "x".repeat(100_000) }));
    assert.equal(guest.json(guest.rt.rt_whole_input()).length, 100_013);
  }
  assert.equal(load("[]").code, "data_malformed");
  assert.equal(load('{"a":').message, "unexpected end of the document at byte 5");
  assert.equal(slot(2), "1.50");
  assert.equal(load('{"users":1}'), undefined);
  assert.deepEqual([slot(0), slot(1), slot(2)], ['{"users":1}', undefined, undefined]);
});

test("large objects of base data are found by their hash", () => {
  const guest = new Guest();
  const paths = ["k0", "k57", "k999", "k1000", "x"];
  const data_slots = guest.place(8 * paths.length);
  const data_paths = guest.words(paths.map((it) => guest.word(["many", it])));
  guest.link({ data_slots, n_data_slots: paths.length, data_paths });
  const many = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`k${at}`, at]));
  const text = JSON.stringify({ many });
  assert.equal(guest.rt.load(...guest.send(text)), 0n);
  const found = paths.map((_, at) => guest.json(guest.view.getBigUint64(data_slots + 8 * at, true)));
  assert.deepEqual(found, ["0", "57", "999", undefined, undefined]);
});

test("memory does not grow from one evaluation to the next", () => {
  const guest = new Guest();
  const input = JSON.stringify(document(random(4), 6));
  const run = () => { guest.begin(input); guest.json(guest.rt.rt_whole_input()); };
  for (let round = 0; round < 10; round++) run();
  const before = guest.rt.memory.buffer.byteLength;
  for (let round = 0; round < 1000; round++) run();
  assert.equal(guest.rt.memory.buffer.byteLength, before);
});

test("large documents make memory grow while the tree is made", () => {
  const guest = new Guest();
  const value = Array.from({ length: 200_000 }, (_, at) => ({ id: at, name: `user ${at}`, tags: ["a", at] }));
  assert.equal(guest.begin(JSON.stringify(value)), undefined);
  assert.equal(guest.json(guest.rt.rt_whole_input()), canonical(value));
});

test("a text in any place of memory can be the input", () => {
  const guest = new Guest();
  const [at, len] = guest.send("xx[1,2]34");
  assert.equal(guest.rt.rt_begin(at + 2, len - 4), 0n);
  assert.equal(guest.json(guest.rt.rt_whole_input()), "[1,2]");
  assert.notEqual(guest.rt.rt_begin(0xffff0000, 100), 0n);
  assert.notEqual(guest.rt.rt_begin(8, 0xfffffff0), 0n);
});
