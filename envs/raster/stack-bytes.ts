import { InvalidSnapshot } from "../errors.ts";
import type { ByteReader } from "../snapshot/byte-reader.ts";
import type { ByteWriter } from "../snapshot/byte-writer.ts";
import { readInteger, writeInteger } from "../snapshot/variable-integer.ts";

/**
 * Writes the pictures of a stack, [pixels, stackSize], as their differences: the newest to `picture` (what the state shows now, which the
 * reader can draw again), each older one to the next. Differences are mostly 0 and written in turns of "so many zeros, so many others, those".
 */
export function saveStack(stack: Uint8Array, picture: Uint8Array, writer: ByteWriter): void {
  const changes = differences(stack, picture);
  for (let at = 0; at < changes.length;) {
    const start = skip(changes, at, true);
    const end = skip(changes, start, false);
    writeInteger(writer, start - at);
    writeInteger(writer, end - start);
    writer.bytes(changes.subarray(start, end));
    at = end;
  }
}

/** Reads what `saveStack` wrote with the same `picture`. Throws InvalidSnapshot. */
export function loadStack(stack: Uint8Array, picture: Uint8Array, reader: ByteReader): void {
  const changes = new Uint8Array(stack.length);
  for (let at = 0; at < changes.length;) {
    at += readInteger(reader);
    const count = readInteger(reader);
    if (at + count > changes.length) throw new InvalidSnapshot("snapshot: more pixels than the pictures have");
    changes.set(reader.bytes(count), at);
    at += count;
  }
  const size = picture.length;
  const numSlots = stack.length / size;
  for (let i = 0; i < size; i++) {
    let pixel = picture[i]!;
    for (let slot = numSlots - 1, change = i; slot >= 0; slot--, change += size) {
      pixel ^= changes[change]!;
      stack[i * numSlots + slot] = pixel;
    }
  }
}

/** One picture of differences (exclusive or) after the other, the newest first. */
function differences(stack: Uint8Array, picture: Uint8Array): Uint8Array {
  const size = picture.length;
  const numSlots = stack.length / size;
  const changes = new Uint8Array(stack.length);
  for (let i = 0; i < size; i++) {
    let pixel = picture[i]!;
    for (let slot = numSlots - 1, change = i; slot >= 0; slot--, change += size) {
      const older = stack[i * numSlots + slot]!;
      changes[change] = pixel ^ older;
      pixel = older;
    }
  }
  return changes;
}

/** First index from `at` on whose value is not zero (`areZeros`) or zero. A lone zero among others does not end them. */
function skip(values: Uint8Array, at: number, areZeros: boolean): number {
  let i = at;
  if (areZeros) while (i < values.length && values[i] === 0) i++;
  else while (i < values.length && (values[i] !== 0 || (i + 1 < values.length && values[i + 1] !== 0))) i++;
  return i;
}
