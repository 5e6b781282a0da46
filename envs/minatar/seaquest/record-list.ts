/**
 * A list of small integer records inside a game's state: one word that counts, then up to `capacity` records of `size` words.
 *
 * It behaves like a list of tuples where removing a tuple takes out the first one *equal by value*; that decides the order of things
 * when two are equal. The object itself holds no state.
 */
export class RecordList {
  /** Word of the state that holds the count. */
  readonly at: number;
  /** Words per record. The first two are x and y. */
  readonly size: number;
  readonly capacity: number;

  constructor(at: number, size: number, capacity: number) {
    this.at = at;
    this.size = size;
    this.capacity = capacity;
  }

  /** First word after the list. */
  get end(): number {
    return this.at + 1 + this.size * this.capacity;
  }

  count(s: Int32Array): number {
    return s[this.at]!;
  }

  /** Word where record `index` begins. */
  record(index: number): number {
    return this.at + 1 + index * this.size;
  }

  /** Appends a record and returns the word where it begins; its words are the caller's to set. */
  append(s: Int32Array): number {
    const count = s[this.at]!;
    if (count === this.capacity) throw new RangeError(`internal: a list of ${this.capacity} records is full`);
    s[this.at] = count + 1;
    return this.record(count);
  }

  /** Index of the first record at (x, y), or -1. */
  find(s: Int32Array, x: number, y: number): number {
    const count = s[this.at]!;
    for (let index = 0; index < count; index++) {
      const at = this.record(index);
      if (s[at] === x && s[at + 1] === y) return index;
    }
    return -1;
  }

  /** Index of the first record equal to record `index`: itself or a smaller one. */
  firstEqual(s: Int32Array, index: number): number {
    let first = 0;
    while (first < index && !this.#areEqual(s, first, index)) first++;
    return first;
  }

  /** Removes record `index`; later ones move up, and the freed words become 0, so that equal lists are equal words. */
  removeAt(s: Int32Array, index: number): void {
    const end = this.record(s[this.at]!);
    for (let at = this.record(index); at < end; at++) s[at] = at + this.size < end ? s[at + this.size]! : 0;
    s[this.at]!--;
  }

  /** Removes the first record equal to record `index`. */
  removeEqual(s: Int32Array, index: number): void {
    this.removeAt(s, this.firstEqual(s, index));
  }

  #areEqual(s: Int32Array, a: number, b: number): boolean {
    for (let word = 0; word < this.size; word++) {
      if (s[this.record(a) + word] !== s[this.record(b) + word]) return false;
    }
    return true;
  }
}
