import { KernelError } from "../errors.ts";
import type { MemoryPlan } from "./memory-plan.ts";
import { padded, Tensor } from "./tensor.ts";

/** One parameter as others know it: name and shape of the reference library, torch layout (Linear weight is [out, in]). */
export interface ParameterInfo {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Where a parameter lies inside the block: element i0, i1, … is at offset + i0 * strides[0] + i1 * strides[1] + … */
export interface ParameterPlacement extends ParameterInfo {
  readonly offset: number;
  /** the shape as it is walked, where that has more axes than `shape`: a flattened image is [filters, height, width] here */
  readonly dims?: readonly number[];
  /** one per axis of `dims`, or of `shape` */
  readonly strides: readonly number[];
}

/**
 * The trainable parameters of a whole network in ONE contiguous float32 vector, with a gradient vector of the same layout, so that the
 * optimiser, the gradient norm and the sum over shards each run over one flat array.
 *
 * Layers store weights in their own layout (transposed, gate blocks side by side, columns padded to 4). Padding entries are zero in values
 * and gradients and stay zero. By name, parameters go in and out in torch layout.
 */
export class ParameterBlock {
  readonly #placements = new Map<string, ParameterPlacement>();
  #length = 0;
  #values: Tensor | null = null;
  #gradients: Tensor | null = null;

  constructor(plan: MemoryPlan) {
    plan.late(() => {
      this.#values = new Tensor("parameters", 1, this.#length);
      this.#gradients = new Tensor("gradients", 1, this.#length);
      return [this.#values, this.#gradients];
    });
  }

  /** Numbers in `values` and `gradients`, padding included. Final once the engine exists. */
  get length(): number {
    return this.#length;
  }

  /** All weights, internal layout. Throws KernelError before the engine exists, as do all below. */
  get values(): Float32Array {
    return this.#bound(this.#values).data;
  }

  /** All gradients, same layout as `values`. Layers *add* to them. */
  get gradients(): Float32Array {
    return this.#bound(this.#gradients).data;
  }

  /** Address of `values` plus an offset in numbers; for kernels. */
  valuePtr(offset = 0): number {
    return this.#bound(this.#values).ptr + 4 * offset;
  }

  /** Address of `gradients` plus an offset in numbers; for kernels. */
  gradientPtr(offset = 0): number {
    return this.#bound(this.#gradients).ptr + 4 * offset;
  }

  zeroGradients(): void {
    this.gradients.fill(0);
  }

  /** Reserves room for `length` numbers (rounded up to whole vectors) and returns the offset. For layers. */
  reserve(length: number): number {
    const offset = this.#length;
    this.#length += padded(length);
    return offset;
  }

  /** Gives a parameter its name and place. For layers. Throws KernelError for a name already taken. */
  declare(placement: ParameterPlacement): void {
    if (this.#placements.has(placement.name))
      throw new KernelError(
        "duplicate-parameter",
        `parameter ${placement.name}: declared twice; give layers different prefixes`,
      );
    this.#placements.set(placement.name, placement);
  }

  /** Every parameter's name and torch shape, in declaration order. */
  list(): readonly ParameterInfo[] {
    return [...this.#placements.values()];
  }

  /** Trainable numbers, without padding. */
  get numParameters(): number {
    return this.list().reduce((sum, p) => sum + size(p.shape), 0);
  }

  /** A copy of a parameter in torch layout, row-major. */
  get(name: string): Float32Array {
    return this.#read(name, this.values);
  }

  /** A copy of a parameter's gradient in torch layout, row-major. */
  getGradient(name: string): Float32Array {
    return this.#read(name, this.gradients);
  }

  /** A copy of the part of any vector laid out like `values` (an optimiser's moment) that belongs to a parameter, torch layout. */
  read(name: string, vector: Float32Array): Float32Array {
    return this.#read(name, vector);
  }

  /** Writes a parameter given in torch layout, row-major. Call the layers' `prepare` afterwards. Throws KernelError on unknown name or wrong length. */
  set(name: string, data: ArrayLike<number>): void {
    this.write(name, data, this.values);
  }

  /** Writes the part of any vector laid out like `values` that belongs to a parameter. */
  write(name: string, data: ArrayLike<number>, vector: Float32Array): void {
    const { shape } = this.#placement(name);
    if (data.length !== size(shape))
      throw new KernelError(
        "bad-shape",
        `parameter ${name}: ${data.length} numbers given, shape [${shape.join(", ")}] has ${size(shape)}`,
      );
    this.#each(name, (index, at) => {
      vector[at] = data[index]!;
    });
  }

  #read(name: string, vector: Float32Array): Float32Array {
    const out = new Float32Array(size(this.#placement(name).shape));
    this.#each(name, (index, at) => {
      out[index] = vector[at]!;
    });
    return out;
  }

  /** Walks the torch elements in row-major order: visit(torch index, index in the block). */
  #each(name: string, visit: (index: number, at: number) => void): void {
    const placement = this.#placement(name);
    const { strides, offset } = placement;
    const shape = placement.dims ?? placement.shape;
    const position = shape.map(() => 0);
    const count = size(shape);
    let at = offset;
    for (let index = 0; index < count; index++) {
      visit(index, at);
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        at += strides[axis]!;
        if (++position[axis]! < shape[axis]!) break;
        at -= strides[axis]! * shape[axis]!;
        position[axis] = 0;
      }
    }
  }

  #placement(name: string): ParameterPlacement {
    const found = this.#placements.get(name);
    if (found === undefined)
      throw new KernelError(
        "unknown-parameter",
        `parameter ${name}: not in this network, which has ${[...this.#placements.keys()].join(", ")}`,
      );
    return found;
  }

  #bound(tensor: Tensor | null): Tensor {
    if (tensor === null)
      throw new KernelError("not-bound", "parameters: create the engine from the memory plan before using them");
    return tensor;
  }
}

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
