import type {
  BinaryFunction,
  ConvNode,
  ImageNode,
  InputName,
  StepGraph,
  StepNode,
  UnaryFunction,
} from "../graph/step-graph.ts";

/** Addresses below this stay empty: 0 stands for "none", and compiled code may keep constants there. */
const BASE = 4096;
const ALIGNMENT = 16;
/** Matrices with fewer than this share of numbers that are not zero are stored sparsely. */
const DENSE_FROM = 0.6;
/** Largest number of entries that indices of 16 bits reach. */
const MAX_ENTRIES = 65536;

/** A vector in the machine's memory. */
export interface Place {
  /** bytes */
  readonly address: number;
  /** float32 numbers */
  readonly size: number;
}

/** A step as the step machine runs it (src/engine/kernels/assembly/step-machine.ts). */
export interface StepProgram {
  /** program, indices and weights: what memory holds from `base` on before the first step */
  readonly image: Uint8Array;
  readonly base: number;
  /** addresses of the first instruction and behind the last */
  readonly program: readonly [from: number, to: number];
  /** bytes of memory, image and values together */
  readonly memoryBytes: number;
  readonly inputs: Readonly<Record<InputName, Place>>;
  readonly logits: Place;
  /** null where a policy has no state */
  readonly nextState: Place | null;
}

/** Operations by the numbers that the machine knows them by. */
const operations = {
  dense: 0,
  sparse: 1,
  unary: 2,
  binary: 3,
  gather: 4,
  copy: 5,
  mean: 6,
  flatten: 7,
  conv: 8,
} as const;
const unaryFunctions: Readonly<Record<UnaryFunction, number>> = {
  tanh: 0,
  sigmoid: 1,
  relu: 2,
  exp: 3,
  abs: 4,
  sqrt: 5,
};
const binaryFunctions: Readonly<Record<BinaryFunction, number>> = { add: 0, sub: 1, mul: 2, div: 3, min: 4, max: 5 };

/** Compiles a step graph into a program, with every address fixed. */
export function compileStep(graph: StepGraph): StepProgram {
  return new StepCompiler(graph).compile();
}

/** Numbers that the image holds, or a place for values; the address is known once all sizes are. */
interface Region {
  readonly bytes: number;
  readonly data: Uint8Array | null;
  address: number;
}

/** A word of an instruction: a number, or where something lies. */
type Word = number | Region;

const padded = (size: number): number => 4 * Math.ceil(size / 4);

class StepCompiler {
  readonly #graph: StepGraph;
  readonly #instructions: Word[][] = [];
  readonly #constants: Region[] = [];
  readonly #values: Region[] = [];
  readonly #places = new Map<StepNode, Region>();
  readonly #stored = new Map<ArrayLike<number>, Region>();

  constructor(graph: StepGraph) {
    this.#graph = graph;
  }

  compile(): StepProgram {
    for (const node of this.#graph.nodes) this.#places.set(node, this.#compileNode(node));
    const inputs = this.#inputs();
    const words = this.#instructions.flat();
    const from = BASE;
    const to = from + 4 * words.length;
    const imageEnd = place(this.#constants, to);
    const memoryBytes = place(this.#values, imageEnd);
    const image = new Uint8Array(imageEnd - BASE);
    image.set(bytesOf(Int32Array.from(words, (word) => (typeof word === "number" ? word : word.address))));
    for (const { address, data } of this.#constants) image.set(data!, address - BASE); // constants have data
    const { logits, nextState } = this.#graph;
    const at = (region: Region, size: number): Place => ({ address: region.address, size });
    return {
      image,
      base: BASE,
      program: [from, to],
      memoryBytes,
      inputs: {
        obs: at(inputs.obs, this.#graph.inputs.obs),
        state: at(inputs.state, this.#graph.inputs.state),
        elapsed: at(inputs.elapsed, 1),
      },
      logits: at(this.#at(logits), logits.size),
      nextState: nextState && at(this.#at(nextState), nextState.size),
    };
  }

  /** Inputs that the graph does not read still have a place. */
  #inputs(): Record<InputName, Region> {
    const find = (name: InputName): Region => {
      const node = this.#graph.nodes.find((candidate) => candidate.kind === "input" && candidate.name === name);
      return node === undefined ? this.#value(this.#graph.inputs[name]) : this.#at(node);
    };
    return { obs: find("obs"), state: find("state"), elapsed: find("elapsed") };
  }

  #compileNode(node: StepNode): Region {
    const y = (): Region => this.#value(node.size);
    switch (node.kind) {
      case "input":
        return y();
      case "constant":
        return this.#floats(node.data);
      case "image":
        return this.#at(node.x); // read where it lies
      case "linear":
        return this.#linear(node, y());
      case "unary":
        return this.#emit("unary", y(), [this.#at(node.x), padded(node.size), unaryFunctions[node.f]]);
      case "binary": {
        const { a, b, f, size } = node;
        const single = size === 1 ? 0 : (a.size === 1 ? 1 : 0) + (b.size === 1 ? 2 : 0);
        return this.#emit("binary", y(), [this.#at(a), this.#at(b), padded(size), binaryFunctions[f], single]);
      }
      case "gather":
        return this.#emit("gather", y(), [this.#at(node.x), this.#indices(node.indices), node.size]);
      case "concat":
        return this.#concat(node.parts, y());
      case "mean":
        return this.#emit("mean", y(), [this.#at(node.x), node.x.size]);
      case "flatten": {
        const { height, width, channels } = node.x.shape;
        return this.#emit("flatten", y(), [this.#at(node.x), height * width, channels, pitchOf(node.x)]);
      }
      case "conv":
        return this.#conv(node);
      default:
        return node satisfies never;
    }
  }

  #linear({ x, weight, bias, size }: Extract<StepNode, { kind: "linear" }>, y: Region): Region {
    const b = bias === null ? 0 : this.#floats(bias);
    const used = weight.reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
    if (used > DENSE_FROM * weight.length || x.size > MAX_ENTRIES)
      return this.#emit("dense", y, [this.#at(x), this.#floats(weight), b, x.size, size]);
    const row = (o: number): number[] =>
      Array.from({ length: x.size }, (_, i) => i).filter((i) => weight[o * x.size + i] !== 0);
    const rows = Array.from({ length: size }, (_, o) => row(o));
    const values = rows.flatMap((columns, o) => columns.map((i) => weight[o * x.size + i]!));
    const counts = this.#indices(rows.map(({ length }) => length));
    const columns = this.#indices(rows.flat());
    return this.#emit("sparse", y, [this.#at(x), counts, columns, this.#floats(Float32Array.from(values)), b, size]);
  }

  #concat(parts: readonly StepNode[], y: Region): Region {
    let from = 0;
    for (const part of parts) {
      this.#instructions.push([operations.copy, offset(y, 4 * from), this.#at(part), part.size]);
      from += part.size;
    }
    return y;
  }

  #conv({ x, weight, bias, kernel, stride, pads, shape }: ConvNode): Region {
    const { height, width, channels } = x.shape;
    const F = padded(shape.channels);
    const y = this.#value(shape.height * shape.width * F);
    return this.#emit("conv", y, [
      this.#at(x),
      this.#floats(channelsLast(weight, shape.channels, channels, kernel)),
      this.#floats(Float32Array.from({ length: F }, (_, f) => bias[f] ?? 0)),
      height,
      width,
      channels,
      pitchOf(x),
      F,
      kernel,
      stride,
      pads.top,
      pads.left,
      shape.height,
      shape.width,
    ]);
  }

  #emit(operation: keyof typeof operations, y: Region, words: readonly Word[]): Region {
    this.#instructions.push([operations[operation], y, ...words]);
    return y;
  }

  #at(node: StepNode): Region {
    return this.#places.get(node)!; // nodes come after those they are computed from
  }

  #value(size: number): Region {
    const region = { bytes: 4 * padded(size), data: null, address: 0 };
    this.#values.push(region);
    return region;
  }

  #floats(data: Float32Array): Region {
    return this.#store(data, new Float32Array(padded(data.length)));
  }

  #indices(indices: readonly number[]): Region {
    return this.#store(indices, new Uint16Array(2 * padded(indices.length)));
  }

  /** Keeps a constant once, however often it is used. */
  #store(data: ArrayLike<number>, room: Float32Array | Uint16Array): Region {
    const known = this.#stored.get(data);
    if (known !== undefined) return known;
    room.set(data);
    const bytes = bytesOf(room);
    const region = { bytes: bytes.length, data: bytes, address: 0 };
    this.#constants.push(region);
    this.#stored.set(data, region);
    return region;
  }
}

/** A place inside a region, found when the region has its address. */
function offset(region: Region, bytes: number): Region {
  return {
    bytes: region.bytes - bytes,
    data: null,
    get address() {
      return region.address + bytes;
    },
    set address(_) {
      throw new Error("internal: a part of a region has no address of its own");
    },
  };
}

/** Gives regions their addresses, one after the other; returns the end. */
function place(regions: readonly Region[], from: number): number {
  let end = from;
  for (const region of regions) {
    region.address = ALIGNMENT * Math.ceil(end / ALIGNMENT);
    end = region.address + region.bytes;
  }
  return ALIGNMENT * Math.ceil(end / ALIGNMENT);
}

/** Numbers from one pixel to the next: convolutions pad their filters to whole groups of four. */
const pitchOf = (image: ImageNode): number =>
  image.kind === "conv" ? padded(image.shape.channels) : image.shape.channels;

/** [F, C, K, K] to [K, K, C, F padded]. */
function channelsLast(weight: Float32Array, F: number, C: number, K: number): Float32Array {
  const Fp = padded(F);
  const turned = new Float32Array(K * K * C * Fp);
  weight.forEach((value, at) => {
    const [pixel, c, f] = [at % (K * K), Math.floor(at / (K * K)) % C, Math.floor(at / (K * K * C))];
    turned[(pixel * C + c) * Fp + f] = value;
  });
  return turned;
}

const bytesOf = (numbers: Int32Array | Float32Array | Uint16Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
