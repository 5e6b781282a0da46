import type { ByteTensor, ImageShape, ImageSource, MemoryPlan, Signal } from "../engine/index.ts";
import { KernelError } from "../errors.ts";
import type { Normalizer } from "./normalizer.ts";
import { obsSize, type PolicySpec } from "./policy-spec.ts";

/** Where a network's observations lie: rows of floats, or images as bytes where an encoder convolves them. */
export class ObsInput {
  readonly #signal: Signal | null;
  readonly #bytes: ByteTensor | null;
  readonly #spec: PolicySpec;
  readonly #maxRows: number;
  readonly #D: number;

  constructor(plan: MemoryPlan, spec: PolicySpec, maxRows: number) {
    const D = obsSize(spec);
    const isImage = spec.encoder.kind === "conv";
    this.#spec = spec;
    this.#maxRows = maxRows;
    this.#D = D;
    this.#bytes = isImage ? plan.bytes("observations", maxRows * D) : null;
    this.#signal = isImage ? null : plan.signal("observations", maxRows, D, { gradient: false });
  }

  /** Rows of floats. Throws KernelError where observations are images. */
  get signal(): Signal {
    if (this.#signal === null) throw new KernelError("internal", "internal: image observations are not rows of floats");
    return this.#signal;
  }

  /** Images of bytes. Throws KernelError where observations are rows of floats. */
  get images(): ImageSource {
    const { obs, encoder } = this.#spec;
    if (this.#bytes === null || encoder.kind !== "conv")
      throw new KernelError("internal", "internal: observations are not images");
    return {
      kind: "bytes",
      bytes: this.#bytes,
      numImages: this.#maxRows,
      shape: imageShape(obs.shape),
      factor: obs.scale,
      isStandardized: encoder.standardize,
    };
  }

  /** Writes observation `from` of `source` [·, D] into row `row`, scaled and normalised as the policy wants it. */
  write(source: Float32Array | Uint8Array, from: number, row: number, normalizer: Normalizer | null): void {
    const D = this.#D;
    const s = from * D;
    if (this.#bytes) {
      this.#bytes.data.set(source.subarray(s, s + D), row * D);
      return;
    }
    const { data, stride } = this.signal.value;
    const o = row * stride;
    const { scale } = this.#spec.obs;
    if (normalizer) normalizer.apply(source, s, data, o);
    else for (let d = 0; d < D; d++) data[o + d] = source[s + d]! * scale;
  }
}

const imageShape = ([height, width, channels = 1]: readonly number[]): ImageShape => ({
  height: height!,
  width: width!,
  channels,
  pitch: channels,
});
