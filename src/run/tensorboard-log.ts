import { appendFile, readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { makeFolder, writeFileAtomic } from "../checkpoint/atomic-file.ts";
import type { MetricsRecord } from "./metrics-log.ts";
import { type MetricsMirror, familiarNames } from "./metrics-mirror.ts";

/**
 * TensorBoard event files: `tensorboard --logdir runs` shows every number of `metrics.jsonl` as a curve over steps.
 *
 * Source: tensorflow/core/util/event.proto and lib/io/record_writer.h: records of length, its checksum, an Event message, its checksum.
 */
export class TensorboardLog implements MetricsMirror {
  readonly #folder: string;
  readonly #now: () => number;
  #path = "";

  /** `now` gives seconds since 1970. */
  constructor(folder: string, now: () => number = () => Date.now() / 1000) {
    this.#folder = folder;
    this.#now = now;
  }

  async start(records: readonly MetricsRecord[]): Promise<void> {
    await makeFolder(this.#folder);
    for (const name of await readdir(this.#folder))
      if (name.startsWith("events.out.tfevents.")) await rm(join(this.#folder, name));
    this.#path = join(this.#folder, `events.out.tfevents.${Math.floor(this.#now())}.${hostname()}`);
    const version = tfRecord(message([double(1, this.#now()), bytes(3, new TextEncoder().encode("brain.Event:2"))]));
    await writeFileAtomic(this.#path, message([version, ...records.map((record) => this.#event(record))]));
  }

  append(records: readonly MetricsRecord[]): Promise<void> {
    return appendFile(this.#path, message(records.map((record) => this.#event(record))));
  }

  #event(record: MetricsRecord): Uint8Array {
    const values = Object.entries(record)
      .filter(([name]) => name !== "step")
      .map(([name, value]) => {
        const tag = new TextEncoder().encode(familiarNames.get(name) ?? `other/${name}`);
        return bytes(1, message([bytes(1, tag), float(2, value)]));
      });
    return tfRecord(message([double(1, this.#now()), integer(2, record.step), bytes(5, message(values))]));
  }
}

/** Parts one after the other: a protocol buffer message is its fields in a row. */
function message(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A number as protocol buffers pack it: seven bits a byte, lowest first. */
function varint(value: number): Uint8Array {
  const out: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128);
  return Uint8Array.from([...out, rest]);
}

const integer = (field: number, value: number): Uint8Array => message([varint(field << 3), varint(value)]);
const bytes = (field: number, value: Uint8Array): Uint8Array =>
  message([varint((field << 3) | 2), varint(value.length), value]);

function double(field: number, value: number): Uint8Array {
  const out = new Uint8Array(8);
  new DataView(out.buffer).setFloat64(0, value, true);
  return message([varint((field << 3) | 1), out]);
}

function float(field: number, value: number): Uint8Array {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setFloat32(0, value, true);
  return message([varint((field << 3) | 5), out]);
}

/** A record of TensorFlow's file format. */
export function tfRecord(data: Uint8Array): Uint8Array {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(data.length), true);
  return message([length, maskedCrc(length), data, maskedCrc(data)]);
}

function maskedCrc(data: Uint8Array): Uint8Array {
  const crc = crc32c(data);
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0, true);
  return out;
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** CRC-32C (Castagnoli). */
export function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) crc = table[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
