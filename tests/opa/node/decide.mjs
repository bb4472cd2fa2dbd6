// Decisions through the JavaScript SDK, `@open-policy-agent/opa-wasm`: requests in, answers out, a line of JSON each.
//
// A request is {module, data?, entrypoint, input?, repeat?}, where data and input are JSON text; its answer is {result},
// {} if there is none, or {error}. With `repeat` the decision is made as often, and the answer tells by how many bytes
// the memory grew meanwhile.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import opa from "@open-policy-agent/opa-wasm";

/** So that numbers which JavaScript can't hold reach the policy, documents go in as text. */
const bytes = (text) => text === undefined ? undefined : new TextEncoder().encode(text).buffer;

/** The SDK has no clock; this is how a host gives it one. Nanoseconds are beyond what its numbers hold exactly. */
const builtins = { "time.now_ns": () => Date.now() * 1e6 };

let last = {};

async function policyOf({ module, data }) {
  if (last.module !== module || last.data !== data) {
    const policy = await opa.loadPolicy(readFileSync(module), { initial: 2 }, builtins);
    if (data !== undefined) {
      policy.setData(bytes(data));
    }
    last = { module, data, policy };
  }
  return last.policy;
}

async function answer(request) {
  try {
    const policy = await policyOf(request);
    const decide = () => policy.evaluate(bytes(request.input), request.entrypoint);
    let results = decide();
    if (request.repeat === undefined) {
      return { result: results[0]?.result };
    }
    const before = policy.mem.buffer.byteLength;
    for (let round = 0; round < request.repeat; round++) {
      results = decide();
    }
    return { result: results[0]?.result, grown: policy.mem.buffer.byteLength - before };
  } catch (error) {
    return { error: String(error?.message ?? error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
