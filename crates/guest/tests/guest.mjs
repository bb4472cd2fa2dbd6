// A guest without generated code, driven by hand: the test lays out the image, the way the code generator does.

import { readFileSync } from "node:fs";

const wasm = new WebAssembly.Module(readFileSync(new URL("../guest.wasm", import.meta.url)));

const TAG = { SPECIAL: 0n, STRING: 2n, DECIMAL: 4n, ARRAY: 6n, OBJECT: 8n, SET: 10n, RAW: 12n };
const SPECIAL = new Map([[0n, undefined], [0x10n, null], [0x20n, false], [0x30n, true]]);
const FIELDS = [
  "arena_start", "input_shape", "input_slots", "n_input_slots", "data_slots", "n_data_slots", "data_paths",
  "memos", "n_memos", "slots", "n_slots", "held", "n_held", "rule_texts",
];
const STATIC_BYTES = 1 << 20;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A set, for the tests' own values. */
export class Members {
  constructor(...items) { this.items = items; }
}

export class Guest {
  constructor() {
    const { exports } = new WebAssembly.Instance(wasm, {});
    this.rt = exports;
    this.top = (exports.__heap_base.value + 15) & ~15;
    this.fields = { arena_start: this.top + STATIC_BYTES };
    this.link();
    this.rt.allocate(0);
  }

  get view() { return new DataView(this.rt.memory.buffer); }

  /** Writes the image descriptor, with some fields changed. */
  link(fields = {}) {
    Object.assign(this.fields, fields);
    const missing = this.fields.arena_start - this.rt.memory.buffer.byteLength;
    if (missing > 0) this.rt.memory.grow(Math.ceil(missing / 65536));
    FIELDS.forEach((name, at) => this.view.setUint32(this.rt.PALISADE_IMAGE.value + 4 * at, this.fields[name] ?? 0, true));
  }

  /** Static memory, 16-byte aligned. */
  place(bytes) {
    const at = this.top;
    this.top += (bytes + 15) & ~15;
    return at;
  }

  bytes(text) {
    const bytes = encoder.encode(text);
    const at = this.place(bytes.length);
    new Uint8Array(this.rt.memory.buffer).set(bytes, at);
    return [at, bytes.length];
  }

  pack(tag, address, length) { return BigInt(address) << 32n | BigInt(length) << 4n | tag; }

  words(words) {
    const at = this.place(8 * words.length);
    words.forEach((word, i) => this.view.setBigUint64(at + 8 * i, BigInt.asUintN(64, word), true));
    return at;
  }

  /** The word of a value: JSON, bigint, `Members` for sets, `Map` for objects with any keys, `{decimal}` for text. */
  word(value) {
    for (const [word, special] of SPECIAL) if (value === special) return word;
    if (typeof value === "number" || typeof value === "bigint") return BigInt.asUintN(64, BigInt(value) << 1n | 1n);
    if (typeof value === "string") return this.pack(TAG.STRING, ...this.bytes(value));
    if (Array.isArray(value)) return this.pack(TAG.ARRAY, this.words(value.map((it) => this.word(it))), value.length);
    if (value instanceof Members) {
      return BigInt.asUintN(64, this.rt.rt_set(this.words(value.items.map((it) => this.word(it))), value.items.length));
    }
    if (value.decimal) return this.pack(TAG.DECIMAL, ...this.bytes(value.decimal));
    const entries = value instanceof Map ? [...value] : Object.entries(value);
    const at = this.words([0n, 0n, ...entries.flatMap(([key, it]) => [this.word(key), this.word(it)])]) + 16;
    return BigInt.asUintN(64, this.rt.rt_object(at, entries.length));
  }

  /** The shape of an input: `{capture: slot, members: {key: shape}}`. */
  shape({ capture = -1, members = {} }) {
    const keys = Object.keys(members).sort();
    const below = keys.map((key) => [this.word(key), this.shape(members[key])]);
    const at = this.place(8 + 16 * keys.length);
    this.view.setUint32(at, capture + 1, true);
    this.view.setUint32(at + 4, keys.length, true);
    below.forEach(([key, shape], i) => {
      this.view.setBigUint64(at + 8 + 16 * i, key, true);
      this.view.setUint32(at + 16 + 16 * i, shape, true);
    });
    return at;
  }

  /** The text at a packed place. */
  text(packed) {
    const word = BigInt.asUintN(64, packed);
    return decoder.decode(new Uint8Array(this.rt.memory.buffer, Number(word >> 32n), Number(word & 0xffffffffn)));
  }

  /** Writes a text the way a host does. */
  send(text) {
    const bytes = typeof text === "string" ? encoder.encode(text) : text;
    const at = this.rt.allocate(bytes.length);
    new Uint8Array(this.rt.memory.buffer).set(bytes, at);
    return [at, bytes.length];
  }

  /** What `rt_begin` answers to an input: `undefined` or the error document. */
  begin(text) {
    const packed = this.rt.rt_begin(...this.send(text));
    return packed === 0n ? undefined : JSON.parse(this.text(packed)).error;
  }

  /** The decision document for a value. */
  finish(word) { return this.text(this.rt.rt_finish(word)); }

  /** A value's JSON text. */
  json(word) {
    const document = this.finish(BigInt.asIntN(64, word));
    return document === "{}" ? undefined : document.slice('{"result":'.length, -1);
  }
}
