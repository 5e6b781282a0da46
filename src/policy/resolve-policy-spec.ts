import { laneKeepingEncoder, minatarEncoder, natureEncoder } from "../engine/index.ts";
import { ConfigError, EnvError } from "../errors.ts";
import { buildWiring, ltcRanges, WiringConfig } from "../ncp/index.ts";
import type { EncoderConfig, EncoderSpec, PolicyConfig, WiringChoice } from "./policy-config.ts";
import { actionSize, type ActionSpec, type CircuitSpec, type ObsSpec, obsSize, PolicySpec } from "./policy-spec.ts";

/** The spaces of an environment, as far as a policy needs them; any implementation of the same fields will do. */
export interface PolicySpaces {
  readonly observation: unknown;
  readonly action: unknown;
}

interface BoxLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
}

interface DiscreteLike {
  readonly n: number;
  readonly start: number;
}

const isBox = (space: unknown): space is BoxLike =>
  typeof space === "object" && space !== null && "low" in space && "high" in space && "shape" in space;
const isDiscrete = (space: unknown): space is DiscreteLike =>
  typeof space === "object" && space !== null && "n" in space && "start" in space;

/**
 * Completes the user's part of a policy with what the environment decides: observation, action and circuit sizes. `wiringSeed` is used
 * where the config leaves the wiring's seed open.
 *
 * Throws EnvError for spaces that policies cannot handle, ConfigError for a wiring that cannot be drawn for these sizes.
 */
export function resolvePolicySpec(config: PolicyConfig, spaces: PolicySpaces, wiringSeed: number): PolicySpec {
  const obs = obsSpecOf(spaces.observation);
  const action = actionSpecOf(spaces.action);
  const encoder = encoderSpecOf(config.encoder, obs);
  const inputDim = numFeatures(encoder, obsSize({ obs }));
  const isImage = encoder.kind === "conv";
  const { input } = config.critic;
  if (isImage && config.normalizeObs)
    throw new ConfigError(
      "normalize-images",
      "policy.normalizeObs: images are not normalised by column; use encoder.standardize",
    );
  if (isImage && input.startsWith("obs"))
    throw new ConfigError(
      "critic-input",
      `policy.critic.input: ${input} came, but images go through the encoder; use features`,
    );
  return PolicySpec.parse({
    version: 1,
    obs,
    action,
    encoder,
    circuit: circuitSpecOf(config, inputDim, actionSize({ action }), wiringSeed),
    actor: config.actor,
    critic: { ...config.critic, input: input === "auto" ? (isImage ? "features" : "obs") : input },
    normalizeObs: config.normalizeObs,
  });
}

function obsSpecOf(space: unknown): ObsSpec {
  if (!isBox(space)) throw unsupported("observation", space, "Box");
  const isBytes = space.dtype === "uint8";
  const high = Array.from(space.high).reduce((a, b) => Math.max(a, b), 0);
  return {
    shape: space.shape.length === 0 ? [1] : space.shape,
    dtype: isBytes ? "uint8" : "float32",
    scale: isBytes && high === 255 ? 1 / 255 : 1,
  };
}

function actionSpecOf(space: unknown): ActionSpec {
  if (isDiscrete(space)) return { kind: "discrete", n: space.n, start: space.start };
  if (!isBox(space)) throw unsupported("action", space, "Discrete or Box");
  const bound = (x: number): number | null => (Number.isFinite(x) ? x : null);
  return { kind: "box", shape: space.shape, low: Array.from(space.low, bound), high: Array.from(space.high, bound) };
}

function unsupported(what: string, space: unknown, expected: string): EnvError {
  const name = (space as { constructor?: { name?: string } } | null)?.constructor?.name ?? typeof space;
  return new EnvError("unsupported-space", `${what} space: ${name} is not supported by policies, expected ${expected}`);
}

/** Known stacks spelled out; images checked. */
function encoderSpecOf(encoder: EncoderConfig, obs: ObsSpec): EncoderSpec {
  if (encoder.kind === "none" || encoder.kind === "mlp") return encoder;
  const conv = convSpecOf(encoder);
  const [height, width] = obs.shape;
  if (obs.dtype !== "uint8" || obs.shape.length < 2 || obs.shape.length > 3)
    throw new ConfigError(
      "not-images",
      `policy.encoder.kind: ${encoder.kind} needs images of bytes [height, width, channels], this environment gives ${obs.dtype} [${obs.shape.join(", ")}]; use none or mlp`,
    );
  if (conv.padding === "valid") checkFits(conv.convs, Math.min(height!, width!));
  return conv;
}

function convSpecOf(encoder: Exclude<EncoderConfig, { kind: "none" | "mlp" }>): Extract<EncoderSpec, { kind: "conv" }> {
  switch (encoder.kind) {
    case "conv":
      return encoder;
    case "minatar":
      return { kind: "conv", ...minatarEncoder, head: { kind: "dense", size: encoder.features }, standardize: false };
    case "nature":
      return { kind: "conv", ...natureEncoder, head: { kind: "dense", size: encoder.features }, standardize: false };
    case "lane-keeping":
      return { kind: "conv", ...laneKeepingEncoder, standardize: encoder.standardize };
    default:
      return encoder satisfies never;
  }
}

function checkFits(convs: readonly { readonly kernel: number; readonly stride: number }[], size: number): void {
  let left = size;
  for (const { kernel, stride } of convs) {
    left = Math.floor((left - kernel) / stride) + 1;
    if (left < 1)
      throw new ConfigError(
        "image-too-small",
        `policy.encoder: images of ${size} pixels are too small for these convolutions; use smaller kernels or padding "same"`,
      );
  }
}

function numFeatures(encoder: EncoderSpec, D: number): number {
  switch (encoder.kind) {
    case "none":
      return D;
    case "mlp":
      return encoder.hidden.at(-1)!;
    case "conv":
      return encoder.head.kind === "dense"
        ? encoder.head.size
        : encoder.head.outputsPerFilter * encoder.convs.at(-1)!.filters;
    default:
      return encoder satisfies never;
  }
}

function circuitSpecOf({ circuit }: PolicyConfig, inputDim: number, A: number, wiringSeed: number): CircuitSpec {
  if (circuit.kind !== "cfc" && circuit.kind !== "ltc") return { ...circuit, inputDim };
  const wiring = wiringFor(circuit.wiring, A, wiringSeed);
  try {
    buildWiring(wiring, inputDim);
  } catch (cause) {
    throw new ConfigError(
      "bad-wiring",
      `policy.circuit.wiring: cannot be drawn for ${inputDim} inputs and ${A} motor neurons: ${(cause as Error).message}`,
      { cause },
    );
  }
  if (circuit.kind === "ltc") {
    ltcRanges(circuit.initializationRanges ?? {}); // refuses wrong ones here, by name
    return { ...circuit, wiring, inputDim };
  }
  return { ...circuit, wiring, inputDim, flavour: "torch", polarity: "free" };
}

/** The user's choice with as many motor neurons as there are actions. */
function wiringFor(choice: WiringChoice, A: number, wiringSeed: number): WiringConfig {
  const seed = choice.seed ?? wiringSeed;
  switch (choice.kind) {
    case "AutoNCP":
      return WiringConfig.parse({ ...choice, outputSize: A, seed });
    case "NCP":
      return WiringConfig.parse({ ...choice, motorNeurons: A, seed });
    default:
      return choice satisfies never;
  }
}
