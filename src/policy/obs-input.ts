import type { ByteTensor, ImageShape, ImageSource, MemoryPlan, Signal } from "../engine/index.ts";
import { ConfigError, KernelError } from "../errors.ts";
import type { Normalizer } from "./normalizer.ts";
import { obsSize, type PolicySpec } from "./policy-spec.ts";

/**
 * Where a network's observations lie: rows of floats, or images as bytes where an encoder convolves them. With `hasGradient` images are
 * floats too, scaled when they are written, so that a gradient can reach them.
 */
export class ObsInput {
  readonly #signal: Signal | null;
  readonly #bytes: ByteTensor | null;
  readonly #spec: PolicySpec;
  readonly #maxRows: number;
  readonly #D: number;

  constructor(plan: MemoryPlan, spec: PolicySpec, maxRows: number, hasGradient: boolean) {
    const D = obsSize(spec);
    const isBytes = spec.encoder.kind === "conv" && !hasGradient;
    this.#spec = spec;
    this.#maxRows = maxRows;
    this.#D = D;
    this.#bytes = isBytes ? plan.bytes("observations", maxRows * D) : null;
    this.#signal = isBytes ? null : plan.signal("observations", maxRows, D, { gradient: hasGradient });
  }

  /** Rows of floats. Throws KernelError where observations are images. */
  get signal(): Signal {
    if (this.#signal === null) throw new KernelError("internal", "internal: image observations are not rows of floats");
    return this.#signal;
  }

  /** Images for an encoder that convolves; null where observations are not meant for one. */
  get images(): ImageSource | null {
    const { obs, encoder } = this.#spec;
    if (encoder.kind !== "conv") return null;
    if (this.#bytes === null) return { kind: "floats", signal: this.signal, shape: imageShape(obs.shape) };
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
    const { obs } = this.#spec;
    if (normalizer) normalizer.apply(source, s, data, o);
    else if (this.#isStandardized) standardize(source, s, D, obs.scale, data, o);
    else for (let d = 0; d < D; d++) data[o + d] = source[s + d]! * obs.scale;
  }

  /** The same for observations from[0 … R) into rows 0 … R. */
  writeRows(source: Float32Array | Uint8Array, from: Int32Array, R: number, normalizer: Normalizer | null): void {
    if (this.#bytes || normalizer || this.#isStandardized)
      for (let row = 0; row < R; row++) this.write(source, from[row]!, row, normalizer);
    else scaleRows(source, from, R, this.#D, this.#spec.obs.scale, this.signal.value);
  }

  get #isStandardized(): boolean {
    const { encoder } = this.#spec;
    return encoder.kind === "conv" && encoder.standardize;
  }
}

/** to[row] <- from[rows[row]] times factor, D numbers each, for the first R rows. A tight loop: minibatches are gathered by it. */
function scaleRows(
  from: Float32Array | Uint8Array,
  rows: Int32Array,
  R: number,
  D: number,
  factor: number,
  to: { readonly data: Float32Array; readonly stride: number },
): void {
  const { data, stride } = to;
  for (let row = 0; row < R; row++) {
    const [s, o] = [rows[row]! * D, row * stride];
    for (let d = 0; d < D; d++) data[o + d] = from[s + d]! * factor;
  }
}

/** Gives n numbers mean 0 and deviation 1; a deviation below 1 / sqrt(n), counted in scaled numbers, counts as that much. */
function standardize(
  source: ArrayLike<number>,
  s: number,
  n: number,
  scale: number,
  out: Float32Array,
  o: number,
): void {
  let [sum, squares] = [0, 0];
  for (let i = s; i < s + n; i++) {
    sum += source[i]!;
    squares += source[i]! ** 2;
  }
  const mean = sum / n;
  const deviation = Math.sqrt(Math.max(0, squares / n - mean * mean));
  const factor = 1 / Math.max(deviation, 1 / (scale * Math.sqrt(n)));
  for (let i = 0; i < n; i++) out[o + i] = (source[s + i]! - mean) * factor;
}

/** Throws ConfigError (`wrong-observation`) unless an observation has D numbers; `asker` begins the message. */
export function checkObs(asker: string, obs: ArrayLike<number>, D: number): void {
  if (obs.length === D) return;
  throw new ConfigError("wrong-observation", `${asker}: an observation of ${obs.length} numbers, expected ${D}`);
}

const imageShape = ([height, width, channels = 1]: readonly number[]): ImageShape => ({
  height: height!,
  width: width!,
  channels,
  pitch: channels,
});
