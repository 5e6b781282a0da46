import { signal, type ReadonlySignal } from "@preact/signals";

/** What is kept in memory of the rows of a long column. */
const MAX_BLOCKS = 48;

/** Rows of something long, fetched in blocks when they are first wanted; the last used blocks are kept. */
export class Blocks<Row> {
  /** grows whenever a block has come (or failed to) */
  readonly changed: ReadonlySignal<number>;
  readonly #changed = signal(0);
  readonly #numRows: number;
  readonly #rowsPerBlock: number;
  readonly #fetch: (first: number, count: number) => Promise<readonly Row[]>;
  readonly #blocks = new Map<number, readonly Row[] | Promise<void>>();

  constructor(numRows: number, rowsPerBlock: number, fetch: (first: number, count: number) => Promise<readonly Row[]>) {
    this.changed = this.#changed;
    this.#numRows = numRows;
    this.#rowsPerBlock = rowsPerBlock;
    this.#fetch = fetch;
  }

  /** Row t if it is here; else it is fetched and `changed` tells when. The block behind it is fetched as well, for playback. */
  get(t: number): Row | undefined {
    const block = Math.floor(t / this.#rowsPerBlock);
    const rows = this.#want(block);
    if ((block + 1) * this.#rowsPerBlock < this.#numRows) this.#want(block + 1);
    return rows?.[t - block * this.#rowsPerBlock];
  }

  /** Whether row t is here; fetches nothing. */
  has(t: number): boolean {
    const block = this.#blocks.get(Math.floor(t / this.#rowsPerBlock));
    return block !== undefined && !(block instanceof Promise);
  }

  /** Waits until row t is here. Rejects with what stands in the way. */
  async load(t: number): Promise<Row> {
    const block = Math.floor(t / this.#rowsPerBlock);
    const known = this.#blocks.get(block);
    const rows = known === undefined || known instanceof Promise ? await this.#read(block) : known;
    const row = rows[t - block * this.#rowsPerBlock];
    if (row === undefined) throw new RangeError(`internal: row ${t} of ${this.#numRows}`);
    return row;
  }

  #want(block: number): readonly Row[] | null {
    const known = this.#blocks.get(block);
    if (known instanceof Promise) return null;
    if (known !== undefined) {
      this.#blocks.delete(block); // to the end: used last
      this.#blocks.set(block, known);
      return known;
    }
    const coming = this.#read(block).then(
      () => void this.#changed.value++,
      () => void this.#blocks.delete(block), // asked for again when it is wanted again
    );
    this.#blocks.set(block, coming);
    return null;
  }

  async #read(block: number): Promise<readonly Row[]> {
    const first = block * this.#rowsPerBlock;
    const rows = await this.#fetch(first, Math.min(this.#rowsPerBlock, this.#numRows - first));
    this.#blocks.delete(block);
    this.#blocks.set(block, rows);
    for (const [old, value] of this.#blocks) {
      if (this.#blocks.size <= MAX_BLOCKS) break;
      if (!(value instanceof Promise)) this.#blocks.delete(old);
    }
    return rows;
  }
}
