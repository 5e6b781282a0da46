import { InvalidSnapshot } from "../errors.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";

/** Writes a non-negative integer below 2^32 in 7 bits a byte, the lowest first; small ones take one byte. */
export function writeInteger(writer: ByteWriter, value: number): void {
  let rest = value;
  for (; rest > 127; rest >>>= 7) writer.uint8((rest & 127) | 128);
  writer.uint8(rest);
}

/** Reads what `writeInteger` wrote. Throws InvalidSnapshot where it does not end within five bytes. */
export function readInteger(reader: ByteReader): number {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = reader.uint8();
    value |= (byte & 127) << shift;
    if (byte < 128) return value >>> 0;
  }
  throw new InvalidSnapshot("snapshot: an integer has more than five bytes");
}
