import { KernelError } from "../errors.ts";
import type { Kernels } from "./kernels/kernels.ts";
import type { DifferentiableSignal, Region, Signal } from "./tensor.ts";
import { ByteTensor, DoubleTensor, IntTensor, Tensor } from "./tensor.ts";

/** Bytes at the start of memory left to the compiled kernels: their constants, and blocks of factors (`assembly/blocks.ts`). */
const RESERVED_BYTES = 0x40000;
/** Regions start on cache lines. */
const ALIGNMENT = 64;
const PAGE_BYTES = 65536;
const MAX_BYTES = 2 ** 32 - PAGE_BYTES;

/**
 * Everything one engine will ever need in memory, written down before the engine exists: nothing is allocated afterwards, memory never
 * grows, so views never detach.
 *
 * Use: make a plan, construct parameter block, layers and buffers on it, `Engine.create(plan)`, then compute.
 * Memory: [kernel constants | parameters, gradients | tensors in order of reservation | scratch shared by all kernels].
 */
export class MemoryPlan {
  readonly #regions: Region<ArrayBufferView>[] = [];
  readonly #lateSizes: (() => Region<ArrayBufferView>[])[] = [];
  readonly #onBind: (() => void)[] = [];
  readonly #scratch = { bytes: 0, ptr: 0 };
  #kernels: Kernels | null = null;

  /** Reserves a float32 matrix, zero at first. Throws KernelError for sizes that are no non-negative integers. */
  tensor(name: string, rows: number, cols: number): Tensor {
    this.#checkSize(name, rows, cols);
    return this.#add(new Tensor(name, rows, cols));
  }

  /** Reserves a signal: value and, unless `gradient` is false, gradient of the same shape. */
  signal(name: string, rows: number, cols: number): DifferentiableSignal;
  signal(name: string, rows: number, cols: number, options: { readonly gradient: boolean }): Signal;
  signal(name: string, rows: number, cols: number, options?: { readonly gradient: boolean }): Signal {
    const value = this.tensor(name, rows, cols);
    return { value, gradient: options?.gradient === false ? null : this.tensor(`d ${name}`, rows, cols) };
  }

  /** Reserves `length` bytes, zero at first. */
  bytes(name: string, length: number): ByteTensor {
    this.#checkSize(name, length, 1);
    return this.#add(new ByteTensor(name, length));
  }

  /** Reserves `length` int32, zero at first. */
  ints(name: string, length: number): IntTensor {
    this.#checkSize(name, length, 1);
    return this.#add(new IntTensor(name, length));
  }

  /** Reserves `length` float64, zero at first. */
  doubles(name: string, length: number): DoubleTensor {
    this.#checkSize(name, length, 1);
    return this.#add(new DoubleTensor(name, length));
  }

  /** Makes sure the shared scratch area has at least so many bytes. Its content lasts for one kernel call only. */
  needScratch(bytes: number): void {
    this.#checkOpen("scratch");
    this.#scratch.bytes = Math.max(this.#scratch.bytes, bytes);
  }

  /** Start of the shared scratch area, bytes. */
  get scratchPtr(): number {
    return this.#scratch.ptr;
  }

  /** Regions whose size is known only once all layers exist (parameters); asked for when the engine is created, placed first. */
  late(regions: () => Region<ArrayBufferView>[]): void {
    this.#checkOpen("late regions");
    this.#lateSizes.push(regions);
  }

  /** Work to do once when memory exists: constants such as masks and neuron ids are written here. */
  onBind(write: () => void): void {
    this.#checkOpen("onBind");
    this.#onBind.push(write);
  }

  /** The compiled kernels. Throws KernelError before the engine exists. */
  get kernels(): Kernels {
    if (this.#kernels === null) throw new KernelError("not-bound", "create the engine from this plan before computing");
    return this.#kernels;
  }

  /** Pages of 64 KiB the engine's memory has; closes the plan and fixes every address. Called by the engine. */
  seal(): number {
    this.#checkOpen("another engine");
    this.#regions.unshift(...this.#lateSizes.flatMap((late) => late()));
    let end = RESERVED_BYTES;
    for (const region of this.#regions) {
      region.ptr = end;
      end = align(end + region.length * region.bytesPerElement);
    }
    this.#scratch.ptr = end;
    end = align(end + this.#scratch.bytes);
    if (end > MAX_BYTES)
      throw new KernelError(
        "out-of-memory",
        `memory plan: ${(end / 2 ** 20).toFixed(0)} MiB are needed, WebAssembly has at most 4096; use smaller batches or sequences`,
      );
    this.#sealed = true;
    return Math.ceil(end / PAGE_BYTES);
  }

  /** Gives every region its view. Called by the engine. */
  bind(buffer: ArrayBuffer, kernels: Kernels): void {
    this.#kernels = kernels;
    for (const region of this.#regions) region.bind(buffer, region.ptr);
    for (const write of this.#onBind) write();
  }

  #sealed = false;

  #add<R extends Region<ArrayBufferView>>(region: R): R {
    this.#checkOpen(region.name);
    this.#regions.push(region);
    return region;
  }

  #checkOpen(what: string): void {
    if (this.#sealed)
      throw new KernelError(
        "plan-closed",
        `memory plan: ${what} asked for after the engine was created; reserve it before`,
      );
  }

  #checkSize(name: string, ...sizes: readonly number[]): void {
    for (const size of sizes)
      if (!Number.isSafeInteger(size) || size < 0)
        throw new KernelError("bad-size", `tensor ${name}: size ${size} is not a non-negative integer`);
  }
}

const align = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
