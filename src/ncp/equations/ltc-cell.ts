import type { Circuit } from "../circuit.ts";
import { sigmoid, softplus, softplusSlope } from "./activation.ts";
import type { Cell, PreparedCell, Step, StepInput } from "./cell.ts";
import type { PolarityRule } from "./cfc-masks.ts";
import type { Flavour } from "./cfc-gate.ts";
import type { Initializer, ParameterSpec, Weights } from "./weights.ts";

/** What the sensors, or the motor neurons, go through on their way in or out. */
export type LtcMapping = "affine" | "linear" | "none";

/** All LTC mappings. */
export const ltcMappings: readonly LtcMapping[] = ["affine", "linear", "none"];

/** Start [min, max] of a group of LTC parameters. */
export type InitializationRanges = Readonly<Record<string, readonly [number, number]>>;

/** A liquid time-constant cell on a circuit. */
export interface LtcOptions {
  readonly circuit: Circuit;
  readonly inputMapping: LtcMapping;
  readonly outputMapping: LtcMapping;
  /** solver steps per time step, at least 1 */
  readonly odeUnfolds: number;
  /** keeps the division finite */
  readonly epsilon: number;
  /** true: gleak, cm, w and sensory_w go through softplus; false: they are used as they are and must be kept >= 0 */
  readonly implicitParamConstraints: boolean;
  readonly polarity: PolarityRule;
  readonly flavour: Flavour;
  /** start [min, max] of each group of parameters */
  readonly ranges: InitializationRanges;
  /** start of the parameter names, such as "rnn_cell." */
  readonly prefix: string;
}

/** Names of the parameters that must not be negative in explicit mode. */
export const constrainedLtcParameters: readonly string[] = ["gleak", "cm", "w", "sensory_w"];

/** One group of synapses onto the neurons: from sensors, or from neurons. */
interface SynapseGroup {
  /** number of sources */
  readonly sources: number;
  /** flat [source * N + dest] of every drawn synapse */
  readonly synapses: Int32Array;
  /** conductance pos(w) by flat index */
  readonly conductance: Float64Array;
  readonly sigma: Float64Array;
  readonly mu: Float64Array;
  /** reversal potential by flat index */
  readonly reversal: Float64Array;
}

/** Gradients of a group's conductance, sigma, mu and reversal potential. */
type SynapseGradient = Pick<SynapseGroup, "conductance" | "sigma" | "mu" | "reversal">;

/** Sums over incoming synapses, each [B, N]: activation times reversal potential, and activation. */
interface Currents {
  readonly numerator: Float64Array;
  readonly denominator: Float64Array;
}

/**
 * Sums of synaptic activations w sigmoid(sigma (v - mu)) onto each neuron.
 * Shapes: v [B, sources], sums [B, N].
 */
function synapticCurrents(v: Float64Array, group: SynapseGroup, B: number, N: number): Currents {
  const numerator = new Float64Array(B * N);
  const denominator = new Float64Array(B * N);
  for (let n = 0; n < B; n++) {
    for (const k of group.synapses) {
      const potential = v[n * group.sources + Math.floor(k / N)]!;
      const activation = group.conductance[k]! * sigmoid(group.sigma[k]! * (potential - group.mu[k]!));
      numerator[n * N + (k % N)]! += activation * group.reversal[k]!;
      denominator[n * N + (k % N)]! += activation;
    }
  }
  return { numerator, denominator };
}

/** Backward of `synapticCurrents`: adds to the group's gradients and to dV [B, sources]. */
function synapticCurrentsBackward(
  d: Currents,
  v: Float64Array,
  group: SynapseGroup,
  grads: SynapseGradient,
  dV: Float64Array,
  { B, N }: { readonly B: number; readonly N: number },
): void {
  for (let n = 0; n < B; n++) {
    for (const k of group.synapses) {
      const at = n * group.sources + Math.floor(k / N);
      const to = n * N + (k % N);
      const gate = sigmoid(group.sigma[k]! * (v[at]! - group.mu[k]!));
      const activation = group.conductance[k]! * gate;
      const dActivation = d.numerator[to]! * group.reversal[k]! + d.denominator[to]!;
      grads.reversal[k]! += d.numerator[to]! * activation;
      grads.conductance[k]! += dActivation * gate;
      const dArgument = dActivation * activation * (1 - gate);
      grads.sigma[k]! += dArgument * (v[at]! - group.mu[k]!);
      grads.mu[k]! -= dArgument * group.sigma[k]!;
      dV[at]! += dArgument * group.sigma[k]!;
    }
  }
}

/**
 * Liquid time-constant cell: each neuron is a leaky membrane with conductance-based synapses, solved by `odeUnfolds`
 * semi-implicit Euler steps of elapsed / odeUnfolds:
 *
 * v_j = (c_j v_j + g_j vleak_j + sum_i a_ij E_ij + sensory) / (c_j + g_j + sum_i a_ij + sensory + epsilon),
 * with c = cm odeUnfolds / elapsed, a_ij = w_ij sigmoid(sigma_ij (v_i - mu_ij)), E the reversal potentials.
 *
 * Source: Hasani et al. 2021, doi:10.1609/aaai.v35i9.16936. The state is [B, N] by neuron id (motor neurons first);
 * the output is the motor neurons' part, mapped. Elapsed times must be > 0.
 */
export function ltcCell(options: LtcOptions): Cell {
  const { circuit } = options;
  return {
    inputSize: circuit.inputDim,
    stateSize: circuit.units,
    outputSize: circuit.outputDim,
    parameters: ltcParameters(options),
    prepare: (weights, grads) => prepareLtc(options, weights, grads),
  };
}

/** Everything a step needs, with constraints and polarities applied, and gradients of the same. */
interface PreparedLtc {
  readonly neurons: SynapseGroup;
  readonly sensors: SynapseGroup;
  readonly leak: Float64Array;
  readonly capacitance: Float64Array;
  readonly vleak: Float64Array;
  readonly dNeurons: SynapseGradient;
  readonly dSensors: SynapseGradient;
  readonly dLeak: Float64Array;
  readonly dCapacitance: Float64Array;
}

function prepareLtc(options: LtcOptions, weights: Weights, grads: Weights): PreparedCell {
  const { circuit, prefix } = options;
  const get = (name: string): Float64Array => weights[prefix + name]!;
  const positive = (name: string): Float64Array =>
    options.implicitParamConstraints ? get(name).map(softplus) : get(name);
  const group = (front: string, adjacency: Int8Array, sources: number): SynapseGroup => ({
    sources,
    synapses: Int32Array.from(adjacency.keys()).filter((k) => adjacency[k] !== 0),
    conductance: positive(`${front}w`),
    sigma: get(`${front}sigma`),
    mu: get(`${front}mu`),
    reversal: options.polarity === "signed" ? signed(get(`${front}erev`), adjacency) : get(`${front}erev`),
  });
  const zeros = (front: string): SynapseGradient => {
    const blank = (): Float64Array => new Float64Array(get(`${front}w`).length);
    return {
      conductance: blank(),
      reversal: blank(),
      sigma: grads[`${prefix}${front}sigma`]!,
      mu: grads[`${prefix}${front}mu`]!,
    };
  };
  const prepared: PreparedLtc = {
    neurons: group("", circuit.adjacency, circuit.units),
    sensors: group("sensory_", circuit.sensoryAdjacency, circuit.inputDim),
    leak: positive("gleak"),
    capacitance: positive("cm"),
    vleak: get("vleak"),
    dNeurons: zeros(""),
    dSensors: zeros("sensory_"),
    dLeak: new Float64Array(circuit.units),
    dCapacitance: new Float64Array(circuit.units),
  };
  return {
    step: (input) => ltcStep(options, prepared, { weights, grads }, input),
    finish: () => finishLtc(options, prepared, weights, grads),
  };
}

const signed = (erev: Float64Array, adjacency: Int8Array): Float64Array =>
  erev.map((value, k) => Math.abs(value) * adjacency[k]!);

/** Carries gradients through the constraints and polarities to the stored weights. */
function finishLtc(options: LtcOptions, prepared: PreparedLtc, weights: Weights, grads: Weights): void {
  const { prefix, implicitParamConstraints, polarity, circuit } = options;
  const carry = (name: string, d: Float64Array, slope: (value: number, k: number) => number): void => {
    const [w, into] = [weights[prefix + name]!, grads[prefix + name]!];
    d.forEach((value, k) => (into[k]! += value * slope(w[k]!, k)));
    d.fill(0);
  };
  const constraint = implicitParamConstraints ? softplusSlope : (): number => 1;
  const erevSlope = (adjacency: Int8Array) => (value: number, k: number) =>
    polarity === "signed" ? Math.sign(value) * adjacency[k]! : 1;
  carry("gleak", prepared.dLeak, constraint);
  carry("cm", prepared.dCapacitance, constraint);
  carry("w", prepared.dNeurons.conductance, constraint);
  carry("sensory_w", prepared.dSensors.conductance, constraint);
  carry("erev", prepared.dNeurons.reversal, erevSlope(circuit.adjacency));
  carry("sensory_erev", prepared.dSensors.reversal, erevSlope(circuit.sensoryAdjacency));
}

interface StoredWeights {
  readonly weights: Weights;
  readonly grads: Weights;
}

function ltcStep(
  options: LtcOptions,
  p: PreparedLtc,
  stored: StoredWeights,
  { input, state, elapsed, B }: StepInput,
): Step {
  const { odeUnfolds, epsilon, circuit, prefix } = options;
  const N = circuit.units;
  const size = { B, N };
  const mapped = mapColumns(input, B, options.inputMapping, `${prefix}input`, stored);
  const sensory = synapticCurrents(mapped.values, p.sensors, B, N);
  // c = cm / (elapsed / odeUnfolds)
  const c = state.map((_, k) => p.capacitance[k % N]! / (elapsed[Math.floor(k / N)]! / odeUnfolds));
  const potentials: Float64Array[] = [state];
  const denominators: Float64Array[] = [];
  for (let unfold = 0; unfold < odeUnfolds; unfold++) {
    const v = potentials[unfold]!;
    const synaptic = synapticCurrents(v, p.neurons, B, N);
    const denominator = v.map(
      (_, k) => c[k]! + p.leak[k % N]! + synaptic.denominator[k]! + sensory.denominator[k]! + epsilon,
    );
    const next = v.map((value, k) => {
      const leakCurrent = p.leak[k % N]! * p.vleak[k % N]!;
      return (c[k]! * value + leakCurrent + synaptic.numerator[k]! + sensory.numerator[k]!) / denominator[k]!;
    });
    potentials.push(next);
    denominators.push(denominator);
  }
  const next = potentials[odeUnfolds]!;
  const motor = Float64Array.from({ length: B * circuit.outputDim }, (_, k) => {
    return next[Math.floor(k / circuit.outputDim) * N + (k % circuit.outputDim)]!;
  });
  const output = mapColumns(motor, B, options.outputMapping, `${prefix}output`, stored);

  const backward: Step["backward"] = (dOutput, dState) => {
    let dV: Float64Array = dState.slice();
    output.backward(dOutput).forEach((d, k) => {
      dV[Math.floor(k / circuit.outputDim) * N + (k % circuit.outputDim)]! += d;
    });
    const dC = new Float64Array(B * N);
    const dSensory = { numerator: new Float64Array(B * N), denominator: new Float64Array(B * N) };
    for (let unfold = odeUnfolds - 1; unfold >= 0; unfold--) {
      const v = potentials[unfold]!;
      const after = potentials[unfold + 1]!;
      // next = numerator / denominator
      const dNumerator = dV.map((d, k) => d / denominators[unfold]![k]!);
      const dDenominator = dNumerator.map((d, k) => -d * after[k]!);
      dNumerator.forEach((d, k) => {
        const j = k % N;
        dC[k]! += d * v[k]! + dDenominator[k]!;
        p.dLeak[j]! += d * p.vleak[j]! + dDenominator[k]!;
        stored.grads[`${prefix}vleak`]![j]! += d * p.leak[j]!;
        dSensory.numerator[k]! += d;
        dSensory.denominator[k]! += dDenominator[k]!;
      });
      dV = dNumerator.map((d, k) => d * c[k]!);
      const d = { numerator: dNumerator, denominator: dDenominator };
      synapticCurrentsBackward(d, v, p.neurons, p.dNeurons, dV, size);
    }
    // c = cm odeUnfolds / elapsed
    const dElapsed = new Float64Array(B);
    dC.forEach((d, k) => {
      const [n, j] = [Math.floor(k / N), k % N];
      p.dCapacitance[j]! += (d * odeUnfolds) / elapsed[n]!;
      dElapsed[n]! -= (d * c[k]!) / elapsed[n]!;
    });
    const dMapped = new Float64Array(mapped.values.length);
    synapticCurrentsBackward(dSensory, mapped.values, p.sensors, p.dSensors, dMapped, size);
    return { dInput: mapped.backward(dMapped), dState: dV, dElapsed };
  };
  return { output: output.values, state: next, backward };
}

/** Per-column scale and shift [B, n]: affine w x + b, linear w x, or nothing. */
function mapColumns(
  x: Float64Array,
  B: number,
  mapping: LtcMapping,
  name: string,
  { weights, grads }: StoredWeights,
): { values: Float64Array; backward: (d: Float64Array) => Float64Array } {
  if (mapping === "none") return { values: x, backward: (d) => d };
  const n = x.length / B;
  const w = weights[`${name}_w`]!;
  const b = mapping === "affine" ? weights[`${name}_b`]! : null;
  const values = x.map((value, k) => value * w[k % n]! + (b?.[k % n] ?? 0));
  const backward = (d: Float64Array): Float64Array => {
    d.forEach((value, k) => {
      grads[`${name}_w`]![k % n]! += value * x[k]!;
      if (b !== null) grads[`${name}_b`]![k % n]! += value;
    });
    return d.map((value, k) => value * w[k % n]!);
  };
  return { values, backward };
}

function ltcParameters(options: LtcOptions): ParameterSpec[] {
  const { circuit, prefix, ranges } = options;
  const N = circuit.units;
  const uniform = (name: string): Initializer => ({ kind: "uniform", min: ranges[name]![0], max: ranges[name]![1] });
  const values = (adjacency: Int8Array): Initializer => ({ kind: "values", values: Float64Array.from(adjacency) });
  const spec = (name: string, shape: readonly number[], init: Initializer): ParameterSpec => ({
    name: prefix + name,
    shape,
    init,
  });
  const synaptic = (front: string, sources: number, adjacency: Int8Array): ParameterSpec[] => [
    ...["w", "sigma", "mu"].map((name) => spec(front + name, [sources, N], uniform(front + name))),
    spec(`${front}erev`, [sources, N], values(adjacency)),
    ...(options.flavour === "keras"
      ? []
      : [{ ...spec(`${front}sparsity_mask`, [sources, N], values(adjacency.map(Math.abs))), frozen: true }]),
  ];
  return [
    ...["gleak", "vleak", "cm"].map((name) => spec(name, [N], uniform(name))),
    ...synaptic("", N, circuit.adjacency),
    ...synaptic("sensory_", circuit.inputDim, circuit.sensoryAdjacency),
    ...mappingParameters(options.inputMapping, "input", circuit.inputDim, spec),
    ...mappingParameters(options.outputMapping, "output", circuit.outputDim, spec),
  ];
}

function mappingParameters(
  mapping: LtcMapping,
  name: string,
  n: number,
  spec: (name: string, shape: readonly number[], init: Initializer) => ParameterSpec,
): ParameterSpec[] {
  const scale = spec(`${name}_w`, [n], { kind: "constant", value: 1 });
  const shift = spec(`${name}_b`, [n], { kind: "constant", value: 0 });
  return mapping === "affine" ? [scale, shift] : mapping === "linear" ? [scale] : [];
}
