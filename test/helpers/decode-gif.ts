/** An animation read by an independent reader: every picture as RGB with its delay in hundredths of a second. Throws on anything wrong. */
export function decodeGif(bytes: Uint8Array): {
  width: number;
  height: number;
  loops: number;
  frames: { pixels: Uint8Array; delay: number }[];
} {
  let at = 0;
  const byte = (): number => {
    if (at >= bytes.length) throw new Error("ends too early");
    return bytes[at++]!;
  };
  const word = (): number => byte() + 256 * byte();
  const text = (n: number): string => Array.from({ length: n }, () => String.fromCharCode(byte())).join("");
  const subBlocks = (): number[] => {
    const all: number[] = [];
    for (let n = byte(); n > 0; n = byte()) for (let i = 0; i < n; i++) all.push(byte());
    return all;
  };
  if (text(6) !== "GIF89a") throw new Error("no GIF");
  const [width, height, flags] = [word(), word(), byte()];
  at += 2;
  const table = Array.from({ length: 2 << (flags & 7) }, () => [byte(), byte(), byte()]);
  const screen = new Uint8Array(width * height * 3);
  const frames: { pixels: Uint8Array; delay: number }[] = [];
  let [loops, delay, transparent] = [-1, 0, -1];
  for (let kind = byte(); kind !== 0x3b; kind = byte()) {
    if (kind === 0x21) {
      const label = byte();
      const data = subBlocks();
      if (label === 0xf9) [delay, transparent] = [data[1]! + 256 * data[2]!, data[0]! & 1 ? data[3]! : -1];
      if (label === 0xff) loops = data[12]! + 256 * data[13]!;
      continue;
    }
    if (kind !== 0x2c) throw new Error(`unknown block ${kind}`);
    const [x, y, w, h, local] = [word(), word(), word(), word(), byte()];
    if (local !== 0) throw new Error("local tables are not expected");
    const minSize = byte();
    const indices = unpackLzw(subBlocks(), minSize);
    if (indices.length !== w * h) throw new Error(`${indices.length} pixels in a box of ${w}×${h}`);
    indices.forEach((index, i) => {
      if (index !== transparent) screen.set(table[index]!, ((y + Math.floor(i / w)) * width + x + (i % w)) * 3);
    });
    frames.push({ pixels: screen.slice(), delay });
  }
  if (at !== bytes.length) throw new Error("bytes after the end");
  return { width, height, loops, frames };
}

/** Textbook LZW: the table holds whole strings. */
function unpackLzw(data: readonly number[], minSize: number): number[] {
  const [clear, end] = [1 << minSize, (1 << minSize) + 1];
  let table: number[][] = [];
  let [size, bit] = [minSize + 1, 0];
  const out: number[] = [];
  let last: number[] | null = null;
  const start = (): void => {
    table = Array.from({ length: clear + 2 }, (_, i) => [i]);
    size = minSize + 1;
    last = null;
  };
  start();
  for (;;) {
    let code = 0;
    for (let i = 0; i < size; i++, bit++) {
      if (bit >> 3 >= data.length) throw new Error("the codes end without an end code");
      code |= ((data[bit >> 3]! >> (bit & 7)) & 1) << i;
    }
    if (code === end) return out;
    if (code === clear) {
      start();
      continue;
    }
    const previous: number[] | null = last;
    if (code > table.length || (code === table.length && previous === null)) throw new Error(`code ${code} is unknown`);
    const entry: number[] = code < table.length ? table[code]! : [...previous!, previous![0]!];
    out.push(...entry);
    if (previous !== null && table.length < 4096) {
      table.push([...previous, entry[0]!]);
      if (table.length === 1 << size && size < 12) size++;
    }
    last = entry;
  }
}
