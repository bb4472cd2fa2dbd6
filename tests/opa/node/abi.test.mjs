// OPA's Wasm ABI 1.3 as hosts see it, function by function.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Abort, Host } from "./abi.mjs";

const DATA = '{"users": {"ann": {"active": true}, "bob": {"active": false}}, "limits": {"n": 5}}';

function documents() {
  const host = new Host("documents");
  host.load(DATA);
  return host;
}

test("a module says that it is of version 1.3, and starts in two pages", () => {
  const host = new Host("documents", 2);
  assert.equal(host.wasm.opa_wasm_abi_version.value, 1);
  assert.equal(host.wasm.opa_wasm_abi_minor_version.value, 3);
  assert.equal(host.wasm.memory, host.memory);
});

test("a module asks for nothing but its memory, a way to abort, and the time where it needs it", () => {
  const names = (policy) => new Host(policy).imports.map((it) => `${it.module}.${it.name}`).sort();
  assert.deepEqual(names("documents"), ["env.memory", "env.opa_abort"]);
  assert.deepEqual(names("clock"), ["env.memory", "env.opa_abort", "env.opa_builtin0"]);
  const builtins = (policy) => {
    const host = new Host(policy);
    return JSON.parse(host.json(host.wasm.builtins()));
  };
  assert.deepEqual(builtins("documents"), {});
  assert.deepEqual(builtins("clock"), { "time.now_ns": 0 });
});

test("literals are read and written with their sets", () => {
  const host = documents();
  const cases = [
    ["{1, 2}", "{1,2}", "[1,2]"],
    ["{2, 1, 1}", "{1,2}", "[1,2]"],
    ["set()", "set()", "[]"],
    ["{}", "{}", "{}"],
    ["{{1}, set(), {\"a\": {true}}}", '{{"a":{true}},set(),{1}}', '[{"a":[true]},[],[1]]'],
    ['{1: "a", [2]: "b"}', '{1:"a",[2]:"b"}', '{"1":"a","[2]":"b"}'],
    ['"\\u00e9\\n\\u0000"', '"é\\n\\u0000"', '"é\\n\\u0000"'],
    ["123456789012345678901234567890.5", "123456789012345678901234567890.5", "123456789012345678901234567890.5"],
    [" [ null , false ] ", "[null,false]", "[null,false]"],
  ];
  for (const [text, literal, json] of cases) {
    const value = host.literal(text);
    assert.notEqual(value, 0, text);
    assert.equal(host.dump(value), literal, text);
    assert.equal(host.json(value), json, text);
  }
});

test("what is no literal or no JSON has no value", () => {
  const host = documents();
  for (const text of ["", "{1, 2", "nul", "set(", "x", "{1: 2, 3}", "\"\u0001\"", "[1", "1 2"]) {
    assert.equal(host.literal(text), 0, text);
  }
  for (const text of ["", "{1, 2}", "set()", "{1: 2}", "{\"a\" 1}"]) {
    assert.equal(host.parse(text), 0, text);
  }
});

test("the zero that ends a C string may be counted with the text", () => {
  const host = documents();
  for (const text of ["{\"a\":1}\0", "12\0", "true \0\0"]) {
    assert.equal(host.json(host.parse(text)), text.replaceAll("\0", "").trim(), text);
    assert.equal(host.json(host.literal(text)), text.replaceAll("\0", "").trim(), text);
  }
  assert.equal(host.parse("\0"), 0);
  assert.equal(host.parse("1\0 2"), 0);
});

test("strings may be quoted as Go does", () => {
  const host = documents();
  const text = String.raw`{"\x01\a\v\x7f": "\U000e0001 \u00ad \xc3\xa9 \"\\"}`;
  const value = host.literal(text);
  assert.notEqual(value, 0);
  const expected = { "\u0001\u0007\u000b\u007f": '\u{e0001} \u00ad é "\\' };
  assert.deepEqual(JSON.parse(host.json(value)), expected);
  for (const bad of ['"\\q"', '"\\x1"', '"\\xff"', '"\\U00110000"', '"\\']) {
    assert.equal(host.literal(bad), 0, bad);
    assert.equal(host.parse(bad), 0, bad);
  }
  assert.equal(host.parse(text), 0);
});

test("both ways of evaluating give the same", () => {
  const host = documents();
  const inputs = [undefined, "null", "false", "0", '{"user": "ann"}', '{"user": "bob"}', '{"user": "eve"}', "{1, {2}}", '[1.50, "é"]'];
  for (const entrypoint of Object.keys(host.entrypoints)) {
    for (const input of inputs) {
      for (const format of [0, 1]) {
        const once = host.once(entrypoint, input, format);
        assert.equal(host.stepwise(entrypoint, input, format), once, `${entrypoint} ${input}`);
      }
    }
  }
});

test("results are a set of objects, in JSON or as a literal", () => {
  const host = documents();
  assert.equal(host.once("documents/echo", "{3, 1}"), '[{"result":[1,3]}]');
  assert.equal(host.once("documents/echo", "{3, 1}", 1), '{{"result":{1,3}}}');
  assert.equal(host.once("documents/echo", undefined), "[]");
  assert.equal(host.once("documents/echo", undefined, 1), "set()");
});

test("evaluations that abort say why, and leave the module usable", () => {
  const host = documents();
  const messages = [
    [() => host.once(99, "{}"), /illegal entrypoint id/],
    [() => host.stepwise(99, "{}"), /illegal entrypoint id/],
    [() => host.once("documents/echo", "{"), /input/],
  ];
  for (const [evaluate, message] of messages) {
    assert.throws(evaluate, (error) => error instanceof Abort && message.test(error.message));
    assert.equal(host.once("documents/allow", '{"user": "ann"}'), '[{"result":true}]');
  }
});

test("data is changed in place", () => {
  const host = documents();
  const all = () => JSON.parse(host.once("documents/all", "{}"))[0].result;
  const steps = [
    [["users", "eve"], '{"active": true}', 0],
    [["users", "bob", "active"], "true", 0],
    [["limits"], "[1, 2]", 0],
    [["fresh"], "null", 0],
    [["users", "ann"], undefined, 0],
    [["made", "on", "the way"], "1", 0],
    [["users", "nobody"], undefined, 0],
    [["users", "nobody", "x"], undefined, 0],
    [["limits", "below"], "1", 2],
    [["fresh", "far", "below"], "1", 2],
    [[], "1", 3],
    [[], undefined, 3],
    [[1], "1", 3],
    ["users", "1", 3],
  ];
  for (const [path, value, code] of steps) {
    assert.equal(host.patch(path, value), code, `${path} ${value}`);
  }
  assert.deepEqual(all(), {
    users: { bob: { active: true }, eve: { active: true } },
    limits: [1, 2],
    fresh: null,
    made: { on: { "the way": 1 } },
  });
  assert.equal(host.once("documents/allow", '{"user": "bob"}'), '[{"result":true}]');
  assert.equal(host.once("documents/allow", '{"user": "ann"}'), '[{"result":false}]');
  host.load(DATA);
  assert.equal(host.once("documents/allow", '{"user": "ann"}'), '[{"result":true}]');
});

test("a value that takes the place of another leaves the rest of the data where it is", () => {
  const host = new Host("documents");
  const users = Object.fromEntries(Array.from({ length: 20000 }, (_, at) => [`user${at}`, { active: true }]));
  host.load(JSON.stringify({ users }));
  const before = host.free;
  for (let round = 0; round < 1000; round++) {
    assert.equal(host.patch(["users", `user${round}`, "active"], "false"), 0);
  }
  assert.ok(host.free - before < 1000 * 500, `${host.free - before} bytes`);
  assert.equal(host.once("documents/allow", '{"user": "user999"}'), '[{"result":false}]');
  assert.equal(host.once("documents/allow", '{"user": "user1000"}'), '[{"result":true}]');
});

test("data that is changed 100,000 times takes no more memory than after the first thousand", () => {
  const host = new Host("documents");
  const users = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`user${at}`, { active: at % 2 === 0, note: `é${at}` }]));
  host.load(JSON.stringify({ users, limits: { n: 12345678901234567890.5 } }));
  const expected = structuredClone(users);
  let before;
  for (let round = 0; round < 100000; round++) {
    if (round === 1000) {
      before = host.memory.buffer.byteLength;
    }
    const name = `guest${round % 97}`;
    const value = round % 3 === 2 ? undefined : { active: round % 2 === 0, round };
    assert.equal(host.patch(["users", name], value && JSON.stringify(value)), 0);
    if (value) {
      expected[name] = value;
    } else {
      delete expected[name];
    }
  }
  assert.equal(host.memory.buffer.byteLength, before);
  const all = JSON.parse(host.once("documents/all", "{}"))[0].result;
  assert.deepEqual(all, { users: expected, limits: { n: 12345678901234567890.5 } });
  assert.equal(host.once("documents/allow", '{"user": "user498"}'), '[{"result":true}]');
});

test("memory does not grow over 100,000 evaluations", () => {
  const host = documents();
  const input = JSON.stringify({ user: "bob", padding: "x".repeat(1000) });
  for (const evaluate of [(at) => host.once(at, input), (at) => host.stepwise(at, input)]) {
    for (const entrypoint of Object.keys(host.entrypoints)) {
      evaluate(entrypoint);
    }
    const before = host.memory.buffer.byteLength;
    for (let round = 0; round < 50000; round++) {
      evaluate("documents/echo");
    }
    assert.equal(host.memory.buffer.byteLength, before);
  }
});

test("a data document of 5 MB is loaded, used and replaced without a trace", () => {
  const host = new Host("documents");
  const users = {};
  for (let at = 0; at < 100000; at++) {
    users[`user${at}`] = { active: at % 2 === 0, teams: [`team${at % 97}`, "ünï"], n: at };
  }
  const data = JSON.stringify({ users });
  assert.ok(data.length > 5_000_000, `${data.length} bytes`);
  host.load(data);
  assert.equal(host.once("documents/allow", '{"user": "user99998"}'), '[{"result":true}]');
  assert.equal(host.once("documents/allow", '{"user": "user99999"}'), '[{"result":false}]');
  const before = host.memory.buffer.byteLength;
  for (let round = 0; round < 3; round++) {
    host.load(data);
    assert.equal(host.once("documents/allow", '{"user": "user0"}'), '[{"result":true}]');
  }
  assert.equal(host.memory.buffer.byteLength, before);
});

test("an input of 5 MB is read", () => {
  const host = documents();
  const input = JSON.stringify({ user: "ann", list: Array.from({ length: 600000 }, (_, at) => `${at}é`) });
  assert.ok(input.length > 5_000_000, `${input.length} bytes`);
  assert.equal(host.once("documents/allow", input), '[{"result":true}]');
  assert.deepEqual(JSON.parse(host.once("documents/echo", input))[0].result, JSON.parse(input));
});

test("the host's clock is asked, and what it says holds for the evaluation", () => {
  const host = new Host("clock");
  assert.equal(host.once("clock/now", "{}"), '[{"result":1700000000000000000}]');
  assert.equal(host.stepwise("clock/now", "{}"), '[{"result":1700000000000000000}]');
});
