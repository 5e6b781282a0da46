/** How a field's bytes are to be read. */
const wireTypes = { varint: 0, bytes: 2 } as const;

const utf8 = new TextEncoder();

/** One Protocol Buffers message, written field by field (https://protobuf.dev/programming-guides/encoding/). */
export class ProtobufWriter {
  readonly #parts: Uint8Array[] = [];

  /** A whole number ≥ 0 that fits a double exactly. */
  int(field: number, value: number): this {
    return this.#tag(field, "varint").#push(varint(value));
  }

  string(field: number, value: string): this {
    return this.bytes(field, utf8.encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#tag(field, "bytes").#push(varint(value.length)).#push(value);
  }

  /** A message inside this one. */
  message(field: number, write: (inner: ProtobufWriter) => void): this {
    const inner = new ProtobufWriter();
    write(inner);
    return this.bytes(field, inner.finish());
  }

  finish(): Uint8Array {
    return joined(this.#parts);
  }

  #tag(field: number, type: keyof typeof wireTypes): this {
    return this.#push(varint(field * 8 + wireTypes[type]));
  }

  #push(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    return this;
  }
}

/** Seven bits per byte, low ones first; the top bit says that more follow. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let left = value;
  while (left >= 128) {
    bytes.push((left % 128) | 128);
    left = Math.floor(left / 128);
  }
  return Uint8Array.of(...bytes, left);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
