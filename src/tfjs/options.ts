import { ConfigError } from "../errors.ts";
import { type Circuit, type WiringConfig, Wiring, buildWiring, wiringFromConfig } from "../ncp/index.ts";
import type { ActivationName } from "./activations.ts";

/** The two incompatible conventions of the reference library ncps: its PyTorch package, and its Keras and TensorFlow packages. */
export type Flavour = "torch" | "keras";

/** A circuit to wire a cell with: a config, or an unbuilt wiring. */
export type WiringArg = WiringConfig | Wiring;

/** Options of every CfC cell and layer; the names are the reference's in camelCase. */
export interface CfcOptions {
  /** number of neurons of a fully connected cell, or the wiring of a circuit */
  readonly units: number | WiringArg;
  /** update rule, see `CfcMode` of `elegans/ncp`; default "default" */
  readonly mode?: "default" | "pure" | "no_gate";
  /** width of each backbone layer; default 128; fully connected cells only */
  readonly backboneUnits?: number;
  /** dense layers before the heads; default 1; fully connected cells only */
  readonly backboneLayers?: number;
  /** share of the backbone's features dropped in training, in [0, 1); default 0; fully connected cells only */
  readonly backboneDropout?: number;
  /** of the backbone; default "lecun_tanh" */
  readonly activation?: ActivationName;
  /** default "keras" */
  readonly flavour?: Flavour;
  /** wired cells: the reference's partly dense masks, or exactly the drawn synapses; default "ncps" */
  readonly masking?: "ncps" | "strict";
  /** wired cells: "signed" gives each drawn synapse its drawn polarity, only the magnitude is learned; default "free" */
  readonly polarity?: "free" | "signed";
  /** [D + H][H] of -1, 0, 1: which weights of ff1 and ff2 exist; fully connected cells without backbone only */
  readonly sparsityMask?: readonly (readonly number[])[];
  /** an LSTM memory beside the neurons, see `mixedMemoryCell` of `elegans/ncp`; default false */
  readonly mixedMemory?: boolean;
  /** of the first weights and of dropout; drawn anew each time when absent */
  readonly seed?: number;
  /** width of a learned projection of the output; none by default */
  readonly projSize?: number;
  /** whether the last input feature is the elapsed time [control periods]; set by `[x, t]` inputs; default false */
  readonly timeInput?: boolean;
}

/** Options of every LTC cell and layer; the names are the reference's in camelCase. */
export interface LtcOptions {
  /** number of fully connected neurons, or the wiring of a circuit */
  readonly units: number | WiringArg;
  /** what sensors x go through: w x + b, w x, or nothing; default "affine" */
  readonly inputMapping?: "affine" | "linear" | "none";
  /** the same for motor neurons; default "affine" */
  readonly outputMapping?: "affine" | "linear" | "none";
  /** ODE steps per input; default 6 */
  readonly odeUnfolds?: number;
  /** added to the denominator; default 1e-8 */
  readonly epsilon?: number;
  /** softplus on w, cm, gleak (true) or weights kept ≥ 0 after each step (false); default: true for torch, false for keras */
  readonly implicitConstraints?: boolean;
  /** [low, high] per parameter instead of the reference's ranges */
  readonly initializationRanges?: Readonly<Partial<Record<LtcRangeName, readonly [low: number, high: number]>>>;
  /** default "keras" */
  readonly flavour?: Flavour;
  /** "signed": reversal potentials keep the sign of the synapse's drawn polarity; default "free" */
  readonly polarity?: "free" | "signed";
  /** as in `CfcOptions`; default false */
  readonly mixedMemory?: boolean;
  /** of the first weights and of dropout; drawn anew each time when absent */
  readonly seed?: number;
  /** as in `CfcOptions` */
  readonly timeInput?: boolean;
}

/** LTC parameters that are drawn uniformly. */
export type LtcRangeName =
  "gleak" | "vleak" | "cm" | "w" | "sigma" | "mu" | "sensory_w" | "sensory_sigma" | "sensory_mu";

/** Where a wiring is kept in a saved model: tf.layers rewrites every string but those under `className`. */
interface SavedWiring {
  readonly className: string;
}

/** A wiring argument, or what became of it in a saved model, as a config. */
export function wiringConfig(arg: WiringArg | SavedWiring): WiringConfig {
  if (arg instanceof Wiring) return arg.toConfig();
  if ("className" in arg) {
    const { className, ...rest } = arg;
    return { ...rest, kind: className } as WiringConfig; // checked when it is built
  }
  return arg;
}

/** A wiring config in the form that survives saving. */
export function savedWiring(config: WiringConfig): SavedWiring {
  const { kind, ...rest } = config;
  return { ...rest, className: kind };
}

/** The circuit of a wiring for a number of inputs. Throws ConfigError, also for a wiring that was built for another number. */
export function circuitFor(arg: WiringArg | SavedWiring, inputDim: number): Circuit {
  if (arg instanceof Wiring && arg.inputDim !== null && arg.inputDim !== inputDim)
    throw new ConfigError(
      "wiring-input",
      `the wiring was built for ${arg.inputDim} inputs, but the layer gets ${inputDim}; make one wiring per layer`,
    );
  return buildWiring(wiringConfig(arg), inputDim);
}

/** Neurons of a wiring, known before it is built. */
export const wiringUnits = (config: WiringConfig): number => wiringFromConfig(config).units;

/** The value when it is one of the choices (in the spelling of a saved model, too), or the default when absent. Throws ConfigError. */
export function choice<T extends string>(name: string, value: T | undefined, choices: readonly T[], absent: T): T {
  if (value === undefined || value === null) return absent;
  const plain = (text: string): string => text.replaceAll("_", "").toLowerCase();
  const found = choices.find((known) => plain(known) === plain(value));
  if (found !== undefined) return found;
  throw new ConfigError("option", `${name} is "${value}"; expected one of ${choices.join(", ")}`);
}
