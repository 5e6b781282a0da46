import { Box, encodePng } from "gymnasium-js";
import type { PolicyStep } from "../policy/policy-runner.ts";
import type { Column, ElementArray, ElementType, EpisodeTable } from "./column.ts";
import { elementTypes, sizeOf } from "./column.ts";
import { type RecordedSpace, isImageSpace } from "./space-json.ts";

/** Makes small bytes of large ones (zlib); Node and the browser have different ones. */
export type Compress = (bytes: Uint8Array) => Uint8Array;

/** What is known about a moment of an episode. */
export interface Moment {
  readonly obs: unknown;
  /** elapsed time that belongs to `obs`, in nominal control periods */
  readonly elapsed: number;
  /** numbers in here are recorded by name */
  readonly info: Readonly<Record<string, unknown>>;
  readonly snapshot: Uint8Array | null;
  /** what the policy made of it; null for experts and for the last moment */
  readonly response: PolicyStep | null;
}

/** What was done in a moment, and what came of it. */
export interface Deed {
  readonly action: number | bigint | ArrayLike<number>;
  /** what an expert would rather have done, where its actions were disturbed */
  readonly label?: number | ArrayLike<number>;
  readonly reward: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
}

/** Collects one episode, moment by moment, in arrays that grow; `finish` gives the table. Row t: moment t and the deed in it. */
export class EpisodeBuilder {
  readonly #observations: Rows;
  readonly #actions: Rows;
  readonly #labels: Rows;
  readonly #rewards = new Numbers("float64", []);
  readonly #terminations: number[] = [];
  readonly #truncations: number[] = [];
  readonly #elapsed = new Numbers("float32", []);
  readonly #infos = new Map<string, Numbers>();
  readonly #snapshots: (Uint8Array | null)[] = [];
  readonly #policy = new Map<string, Numbers>();
  readonly #isDiscrete: boolean;
  #hasLabels = false;
  #return = 0;
  #numMoments = 0;

  constructor(observationSpace: RecordedSpace, actionSpace: RecordedSpace, compress: Compress) {
    this.#observations = rowsOf(observationSpace, compress);
    this.#actions = numbersOf(actionSpace);
    this.#labels = numbersOf(actionSpace);
    this.#isDiscrete = !(actionSpace instanceof Box);
  }

  /** Sum of the rewards so far. */
  get return(): number {
    return this.#return;
  }

  /** Steps so far. */
  get numSteps(): number {
    return this.#terminations.length;
  }

  /** The next moment. Before every deed, and once more at the end. Copies what it keeps. */
  moment({ obs, elapsed, info, snapshot, response }: Moment): void {
    this.#observations.add(obs);
    this.#elapsed.add(elapsed);
    this.#snapshots.push(snapshot);
    for (const [name, value] of Object.entries(info))
      if (typeof value === "number" && name !== "elapsedTime") this.#named(this.#infos, name, []).add(value);
    for (const numbers of this.#infos.values()) numbers.padTo(this.#numMoments + 1);
    if (response !== null) this.#respond(response);
    this.#numMoments++;
  }

  /** What was done in the newest moment. */
  deed({ action, label, reward, terminated, truncated }: Deed): void {
    this.#actions.add(action);
    this.#labels.add(label ?? action);
    this.#hasLabels ||= label !== undefined;
    this.#rewards.add(reward);
    this.#terminations.push(Number(terminated));
    this.#truncations.push(Number(truncated));
    this.#return += reward;
  }

  /** The episode, with the padding row that the format asks for. */
  finish(): EpisodeTable {
    const R = this.#numMoments;
    const numSteps = R - 1;
    for (const rows of [this.#actions, this.#labels, this.#rewards]) rows.padTo(R, 0);
    for (const numbers of this.#policy.values()) numbers.padTo(R);
    const flags = (values: readonly number[]): Column => ({ kind: "flags", data: Uint8Array.from([...values, 0]) });
    const columns = new Map<string, Column>([
      ["observations", this.#observations.column()],
      ["actions", this.#actions.column()],
      ["rewards", this.#rewards.column()],
      ["terminations", flags(this.#terminations)],
      ["truncations", flags(this.#truncations)],
      ["infos", { kind: "group", columns: this.#infoColumns() }],
    ]);
    return { numSteps, columns };
  }

  #infoColumns(): Map<string, Column> {
    const group = (numbers: ReadonlyMap<string, Numbers>): Map<string, Column> =>
      new Map([...numbers].map(([name, values]) => [name, values.column()]));
    return new Map<string, Column>([
      ["elapsedTime", this.#elapsed.column()],
      ...group(this.#infos),
      ...(this.#hasLabels ? [["label", this.#labels.column()] as const] : []),
      ...(this.#snapshots.every((s) => s === null)
        ? []
        : [["snapshot", { kind: "bytes", values: this.#snapshots }] as const]),
      ...(this.#policy.size > 0 ? [["policy", { kind: "group", columns: group(this.#policy) }] as const] : []),
    ]);
  }

  #respond({ state, motor, logits, value }: PolicyStep): void {
    const head = this.#isDiscrete ? "logits" : "mean";
    for (const [name, values] of [
      ["state", state],
      ["motor", motor],
      [head, logits],
    ] as const)
      this.#named(this.#policy, name, [values.length]).add(values);
    this.#named(this.#policy, "value", []).add(value);
  }

  #named(group: Map<string, Numbers>, name: string, shape: readonly number[]): Numbers {
    const known = group.get(name);
    if (known !== undefined) return known;
    const made = new Numbers(group === this.#policy ? "float32" : "float64", shape);
    made.padTo(this.#numMoments);
    group.set(name, made);
    return made;
  }
}

interface Rows {
  add(row: unknown): void;
  /** Fills up with rows of `filler`. */
  padTo(numRows: number, filler?: number): void;
  column(): Column;
}

function rowsOf(space: RecordedSpace, compress: Compress): Rows {
  return isImageSpace(space) ? new Pictures(space.shape, compress) : numbersOf(space);
}

const numbersOf = (space: RecordedSpace): Numbers =>
  space instanceof Box ? new Numbers(space.dtype as ElementType, space.shape) : new Numbers("int64", []);

/** Rows of numbers of one shape. */
class Numbers implements Rows {
  readonly #type: ElementType;
  readonly #shape: readonly number[];
  readonly #size: number;
  #data: ElementArray;
  #length = 0;

  constructor(type: ElementType, shape: readonly number[]) {
    this.#type = type;
    this.#shape = shape;
    this.#size = sizeOf(shape);
    this.#data = new elementTypes[type](64 * this.#size);
  }

  add(row: unknown): void {
    this.#grow(1);
    const at = this.#length++ * this.#size;
    if (this.#data instanceof BigInt64Array || this.#data instanceof BigUint64Array)
      this.#data[at] = BigInt(row as number); // one per row
    else if (typeof row === "number" || typeof row === "bigint") this.#data[at] = Number(row);
    else this.#data.set(row as ArrayLike<number>, at); // the space's own value
  }

  padTo(numRows: number, filler = NaN): void {
    const missing = numRows - this.#length;
    if (missing <= 0) return;
    this.#grow(missing);
    const [from, to] = [this.#length * this.#size, numRows * this.#size];
    if (this.#data instanceof BigInt64Array || this.#data instanceof BigUint64Array) this.#data.fill(0n, from, to);
    else this.#data.fill(filler, from, to);
    this.#length = numRows;
  }

  column(): Column {
    return {
      kind: "numbers",
      type: this.#type,
      shape: this.#shape,
      data: this.#data.slice(0, this.#length * this.#size),
    };
  }

  #grow(numRows: number): void {
    const needed = (this.#length + numRows) * this.#size;
    if (needed <= this.#data.length) return;
    const larger = new elementTypes[this.#type](Math.max(needed, 2 * this.#data.length));
    larger.set(this.#data as never); // of the same type
    this.#data = larger;
  }
}

/** Rows of pictures, [H, W] or [H, W, 3], as PNG files. */
class Pictures implements Rows {
  readonly #height: number;
  readonly #width: number;
  readonly #channels: 1 | 3;
  readonly #compress: Compress;
  readonly #files: Uint8Array[] = [];

  constructor(shape: readonly number[], compress: Compress) {
    [this.#height, this.#width] = shape as readonly [number, number, number?]; // an image space
    this.#channels = shape.length === 2 ? 1 : 3;
    this.#compress = compress;
  }

  add(row: unknown): void {
    const pixels = row as Uint8Array; // the space's own value
    this.#files.push(
      encodePng({ width: this.#width, height: this.#height, channels: this.#channels, pixels }, this.#compress),
    );
  }

  padTo(): void {
    // There is a picture for every moment.
  }

  column(): Column {
    return { kind: "bytes", values: this.#files };
  }
}
