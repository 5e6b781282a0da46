import { KernelError } from "../errors.ts";
import { kernelsBase64 } from "./kernels/kernels.generated.ts";
import { checkKernels, type Kernels } from "./kernels/kernels.ts";
import type { MemoryPlan } from "./memory-plan.ts";
import { wasm, type WasmMemory, type WasmModule } from "./webassembly.ts";

/** One compilation of the kernels. */
export interface KernelBuild {
  /** the module; asked for once per thread */
  bytes(): Uint8Array;
  /** code and message of the KernelError where the platform cannot run it */
  readonly refusal: { readonly code: string; readonly message: string };
}

const plainKernels: KernelBuild = {
  bytes: () => Uint8Array.from(atob(kernelsBase64), (c) => c.charCodeAt(0)),
  refusal: {
    code: "no-simd",
    message: "engine: this platform's WebAssembly lacks SIMD; use Node >= 20.19 or a current browser",
  },
};

const compiled = new Map<KernelBuild, WasmModule>();

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

  /**
   * Compiles (once per thread) and instantiates at once: for Node and workers. `build`: which kernels; the plain ones by default.
   * Throws KernelError without the SIMD it needs.
   */
  static create(plan: MemoryPlan, build: KernelBuild = plainKernels): Engine {
    const api = platform();
    let module = compiled.get(build);
    if (module === undefined) compiled.set(build, (module = new api.Module(checkedBytes(api, build))));
    const memory = planMemory(plan, api);
    const { exports } = new api.Instance(module, { env: { memory, abort } });
    return new Engine(plan, memory, checkKernels(exports));
  }

  /** The same without blocking: for pages, whose main thread may not compile synchronously. */
  static async createAsync(plan: MemoryPlan): Promise<Engine> {
    const api = platform();
    let module = compiled.get(plainKernels);
    if (module === undefined) compiled.set(plainKernels, (module = await api.compile(checkedBytes(api, plainKernels))));
    const memory = planMemory(plan, api);
    const { exports } = await api.instantiate(module, { env: { memory, abort } });
    return new Engine(plan, memory, checkKernels(exports));
  }
}

type Api = NonNullable<typeof wasm>;

function platform(): Api {
  if (wasm === undefined) throw new KernelError("no-webassembly", "engine: this platform has no WebAssembly");
  return wasm;
}

function checkedBytes(api: Api, build: KernelBuild): Uint8Array {
  const bytes = build.bytes();
  if (!api.validate(bytes)) throw new KernelError(build.refusal.code, build.refusal.message);
  return bytes;
}

function planMemory(plan: MemoryPlan, api: Api): WasmMemory {
  const pages = plan.seal();
  try {
    return new api.Memory({ initial: pages, maximum: pages });
  } catch (cause) {
    throw new KernelError("out-of-memory", `engine: could not get ${(pages / 16).toFixed(0)} MiB of memory`, { cause });
  }
}

function abort(): never {
  throw new KernelError("internal", "internal: a kernel aborted");
}
