import { InvalidSnapshot } from "../errors.ts";
import type { ByteReader } from "../snapshot/byte-reader.ts";
import type { ByteWriter } from "../snapshot/byte-writer.ts";
import { readInteger, writeInteger } from "../snapshot/variable-integer.ts";

/**
 * Writes a state as the words that are not 0, since most are: how many, then for each the distance from the last one and the value,
 * all as variable-length integers of 7 bits a byte. About 40 bytes for Breakout, 100 for Seaquest.
 */
export function saveState(state: Int32Array, writer: ByteWriter): void {
  const used = Array.from(state.keys()).filter((word) => state[word] !== 0);
  writeInteger(writer, used.length);
  used.forEach((word, i) => {
    writeInteger(writer, i === 0 ? word : word - used[i - 1]!);
    writeInteger(writer, ((state[word]! << 1) ^ (state[word]! >> 31)) >>> 0);
  });
}

/** Reads what `saveState` wrote into a state of zeros. Throws InvalidSnapshot. */
export function loadState(state: Int32Array, reader: ByteReader): void {
  const count = readInteger(reader);
  for (let i = 0, word = 0; i < count; i++) {
    word += readInteger(reader);
    if (word >= state.length) {
      throw new InvalidSnapshot(`snapshot: word ${word} of a game's state, expected fewer than ${state.length}`);
    }
    const folded = readInteger(reader);
    state[word] = (folded >>> 1) ^ -(folded & 1);
  }
}
