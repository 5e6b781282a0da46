import { MemoryPlan } from "../../src/engine/index.ts";
import type { Kernels } from "../../src/engine/kernels/kernels.ts";

/** Time and arithmetic of one part, without the parts timed inside it. */
export interface Part {
  calls: number;
  ms: number;
  /** multiplications and additions of matrix products and convolutions */
  flop: number;
}

/** Splits running time into parts: methods and kernels are wrapped, and each moment counts for the innermost wrapped one. */
export class Stopwatch {
  readonly parts = new Map<string, Part>();
  #running: Part | null = null;
  #since = 0;

  /** Forgets what was measured. */
  clear(): void {
    for (const part of this.parts.values()) Object.assign(part, { calls: 0, ms: 0, flop: 0 });
  }

  /** From now on the time of this method of the class counts for `label`. */
  watch<K extends string>(type: { readonly prototype: Record<K, unknown> }, method: K, label: string): void {
    const { prototype } = type;
    const original = prototype[method] as (...args: unknown[]) => unknown; // callers name methods
    const run = this.#timed(label);
    prototype[method] = function (this: unknown, ...args: unknown[]): unknown {
      return run(() => original.apply(this, args));
    };
  }

  /** Kernels of engines made from now on count for the part that calls them; with `byKernel` each kernel is a part of its own inside it. */
  watchKernels(byKernel: boolean): void {
    const wrap = (kernels: Kernels): Kernels => this.#wrapKernels(kernels, byKernel);
    const original = MemoryPlan.prototype.bind;
    MemoryPlan.prototype.bind = function (buffer, kernels): void {
      original.call(this, buffer, wrap(kernels));
    };
  }

  /** Counts arithmetic for the part that is running. */
  addFlop(flop: number): void {
    if (this.#running) this.#running.flop += flop;
  }

  #wrapKernels(kernels: Kernels, byKernel: boolean): Kernels {
    const wrapped: Record<string, unknown> = {};
    for (const [name, kernel] of Object.entries(kernels)) {
      const original = kernel as (...args: number[]) => number;
      const flop = flopOf[name];
      const counted =
        flop === undefined
          ? original
          : (...args: number[]): number => {
              this.addFlop(flop(args));
              return original(...args);
            };
      wrapped[name] = byKernel ? this.#timedInside(name, counted) : counted;
    }
    return wrapped as unknown as Kernels; // same names, same arguments
  }

  /** A part of its own for every part that calls it. */
  #timedInside(name: string, kernel: (...args: number[]) => number): (...args: number[]) => number {
    const inside = new Map<Part | null, <R>(run: () => R) => R>();
    return (...args) => {
      const outer = this.#running;
      let run = inside.get(outer);
      if (run === undefined) {
        const label = [...this.parts].find(([, part]) => part === outer)?.[0] ?? "";
        run = this.#timed(`${label} ${name}`);
        inside.set(outer, run);
      }
      return run(() => kernel(...args));
    };
  }

  #timed(label: string): <R>(run: () => R) => R {
    const part = this.parts.get(label) ?? { calls: 0, ms: 0, flop: 0 };
    this.parts.set(label, part);
    return (run) => {
      const outer = this.#switchTo(part);
      part.calls++;
      try {
        return run();
      } finally {
        this.#switchTo(outer);
      }
    };
  }

  #switchTo(part: Part | null): Part | null {
    const now = performance.now();
    const before = this.#running;
    if (before) before.ms += now - this.#since;
    this.#running = part;
    this.#since = now;
    return before;
  }
}

/** Arithmetic of the kernels that are products, from their arguments (`kernels.ts` says what they are). */
const flopOf: Readonly<Record<string, (args: readonly number[]) => number>> = {
  gemm: (a) => 2 * a[5]! * a[6]! * a[7]!,
  gemmTransposed: (a) => 2 * a[6]! * a[7]! * a[8]!,
  convForward: (a) => 2 * a[7]! * a[8]! * a[10]! * a[11]!,
  convWeightGradient: (a) => 2 * a[6]! * a[7]! * a[9]! * a[10]!,
  convInputGradient: (a) => 2 * a[6]! * a[7]! * a[9]! * a[10]!,
  cfcForward: (a) => 8 * a[7]! * a[8]! * a[9]! ** 2,
  cfcBackward: (a) => 8 * a[7]! * a[8]! * a[9]! ** 2,
};
