import { KernelError } from "../errors.ts";
import { kernelsBase64 } from "./kernels/kernels.generated.ts";
import { checkKernels, type Kernels } from "./kernels/kernels.ts";
import type { MemoryPlan } from "./memory-plan.ts";
import { wasm, type WasmMemory, type WasmModule } from "./webassembly.ts";

let compiled: WasmModule | null = null;

/**
 * One WebAssembly instance with its own memory of exactly the planned size. Memory never grows and is never shared, so views never
 * detach and engines never disturb each other. Same inputs give the same bits in every engine on every machine.
 */
export class Engine {
  readonly kernels: Kernels;
  /** bytes of memory, fixed for the engine's life */
  readonly memoryBytes: number;

  private constructor(plan: MemoryPlan, memory: WasmMemory, kernels: Kernels) {
    this.kernels = kernels;
    this.memoryBytes = memory.buffer.byteLength;
    plan.bind(memory.buffer, kernels);
  }

  /** Compiles (once per thread) and instantiates at once: for Node and workers. Throws KernelError without WebAssembly SIMD. */
  static create(plan: MemoryPlan): Engine {
    const api = platform();
    compiled ??= new api.Module(kernelBytes());
    const memory = planMemory(plan);
    const { exports } = new api.Instance(compiled, { env: { memory, abort } });
    return new Engine(plan, memory, checkKernels(exports));
  }

  /** The same without blocking: for pages, whose main thread may not compile synchronously. */
  static async createAsync(plan: MemoryPlan): Promise<Engine> {
    const api = platform();
    compiled ??= await api.compile(kernelBytes());
    const memory = planMemory(plan);
    const { exports } = await api.instantiate(compiled, { env: { memory, abort } });
    return new Engine(plan, memory, checkKernels(exports));
  }
}

function platform(): NonNullable<typeof wasm> {
  if (wasm === undefined) throw new KernelError("no-webassembly", "engine: this platform has no WebAssembly");
  if (compiled === null && !wasm.validate(kernelBytes()))
    throw new KernelError(
      "no-simd",
      "engine: this platform's WebAssembly lacks SIMD; use Node >= 20.19 or a current browser",
    );
  return wasm;
}

function planMemory(plan: MemoryPlan): WasmMemory {
  const pages = plan.seal();
  try {
    return new (platform().Memory)({ initial: pages, maximum: pages });
  } catch (cause) {
    throw new KernelError("out-of-memory", `engine: could not get ${(pages / 16).toFixed(0)} MiB of memory`, { cause });
  }
}

function abort(): never {
  throw new KernelError("internal", "internal: a kernel aborted");
}

const kernelBytes = (): Uint8Array => Uint8Array.from(atob(kernelsBase64), (c) => c.charCodeAt(0));
