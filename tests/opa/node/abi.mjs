// A host of OPA's Wasm ABI 1.3 that holds no more than it must: what the SDKs hide, the tests can see.

import { readFileSync } from "node:fs";
import { join } from "node:path";

const MODULES = process.env.PALISADE_MODULES;
const PAGE = 65536;

/** What a module says when it ends an evaluation. */
export class Abort extends Error {}

export class Host {
  /** Starts the module of a policy in a memory of so many pages. */
  constructor(policy, pages = 2) {
    this.memory = new WebAssembly.Memory({ initial: pages });
    const module = new WebAssembly.Module(readFileSync(join(MODULES, `${policy}.wasm`)));
    this.imports = WebAssembly.Module.imports(module);
    const env = {
      memory: this.memory,
      opa_abort: (at) => {
        throw new Abort(this.text(at));
      },
      opa_builtin0: () => this.literal("1700000000000000000"),
    };
    this.wasm = new WebAssembly.Instance(module, { env }).exports;
    this.wasm.opa_malloc(0);
    this.base = this.wasm.opa_heap_ptr_get();
    this.free = this.base;
    this.entrypoints = JSON.parse(this.json(this.wasm.entrypoints()));
  }

  /** The text at an address, up to the zero that ends it. */
  text(at) {
    const memory = Buffer.from(this.memory.buffer);
    return memory.toString("utf8", at, memory.indexOf(0, at));
  }

  /** Puts text into a block of the module's; its address and length. */
  block(text) {
    const bytes = Buffer.from(text);
    const at = this.wasm.opa_malloc(bytes.length);
    new Uint8Array(this.memory.buffer).set(bytes, at);
    return [at, bytes.length];
  }

  /** The value of JSON; 0 if it is none. */
  parse(text) {
    return this.wasm.opa_json_parse(...this.block(text));
  }

  /** The value of a literal, which may have sets; 0 if it is none. */
  literal(text) {
    return this.wasm.opa_value_parse(...this.block(text));
  }

  json(value) {
    return this.text(this.wasm.opa_json_dump(value));
  }

  dump(value) {
    return this.text(this.wasm.opa_value_dump(value));
  }

  /** Loads data in place of what was loaded before. */
  load(text) {
    this.wasm.opa_heap_stash_clear();
    this.wasm.opa_heap_ptr_set(this.base);
    this.data = this.parse(text);
    this.wasm.opa_heap_blocks_stash();
    this.free = this.wasm.opa_heap_ptr_get();
  }

  /** Puts a value at a path of the data, or removes what is there. The module's error code. */
  patch(path, text) {
    this.wasm.opa_heap_ptr_set(this.free);
    this.wasm.opa_heap_blocks_restore();
    const value = text === undefined ? undefined : this.parse(text);
    const where = this.parse(JSON.stringify(path));
    const code = text === undefined
      ? this.wasm.opa_value_remove_path(this.data, where)
      : this.wasm.opa_value_add_path(this.data, where, value);
    this.wasm.opa_value_free(where);
    this.wasm.opa_heap_blocks_stash();
    this.free = this.wasm.opa_heap_ptr_get();
    return code;
  }

  /** Evaluates in one step, to JSON (format 0) or a literal (format 1). */
  once(entrypoint, input, format = 0) {
    const bytes = Buffer.from(input ?? "");
    const missing = this.free + bytes.length - this.memory.buffer.byteLength;
    if (missing > 0) {
      this.memory.grow(Math.ceil(missing / PAGE));
    }
    new Uint8Array(this.memory.buffer).set(bytes, this.free);
    const at = bytes.length === 0 ? 0 : this.free;
    const id = this.entrypoints[entrypoint] ?? entrypoint;
    return this.text(
      this.wasm.opa_eval(0, id, this.data ?? 0, at, bytes.length, this.free + bytes.length, format),
    );
  }

  /** Evaluates over a context, to the same. */
  stepwise(entrypoint, input, format = 0) {
    this.wasm.opa_heap_ptr_set(this.free);
    const value = input === undefined ? 0 : this.literal(input);
    const context = this.wasm.opa_eval_ctx_new();
    this.wasm.opa_eval_ctx_set_input(context, value);
    this.wasm.opa_eval_ctx_set_data(context, this.data ?? 0);
    this.wasm.opa_eval_ctx_set_entrypoint(context, this.entrypoints[entrypoint] ?? entrypoint);
    this.wasm.eval(context);
    const result = this.wasm.opa_eval_ctx_get_result(context);
    return format === 0 ? this.json(result) : this.dump(result);
  }
}
