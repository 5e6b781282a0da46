import { softplus, softplusSlope } from "./activation.ts";
import type { Cell, PreparedCell, Step, StepInput } from "./cell.ts";
import { type StoredWeights, mapColumns } from "./column-mapping.ts";
import { addColumns, sliceColumns } from "./linear.ts";
import type { LtcOptions } from "./ltc-options.ts";
import { ltcParameters } from "./ltc-parameters.ts";
import {
  type Currents,
  type SynapseGradient,
  type SynapseGroup,
  synapticCurrents,
  synapticCurrentsBackward,
} from "./synaptic-currents.ts";
import type { Weights } from "./weights.ts";

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

/** One step forward with what its backward pass needs. */
interface Solved {
  /** [B, N] potentials before the first solver step, then after each */
  readonly potentials: readonly Float64Array[];
  /** [B, N] of each solver step */
  readonly denominators: readonly Float64Array[];
  /** [B, N] capacitance per solver step of time, cm odeUnfolds / elapsed */
  readonly c: Float64Array;
}

function ltcStep(options: LtcOptions, p: PreparedLtc, stored: StoredWeights, given: StepInput): Step {
  const { circuit, prefix } = options;
  const { input, B } = given;
  const [N, M] = [circuit.units, circuit.outputDim];
  const mapped = mapColumns(input, B, options.inputMapping, `${prefix}input`, stored);
  const sensory = synapticCurrents(mapped.values, p.sensors, B, N);
  const solved = solve(options, p, sensory, given);
  const next = solved.potentials[options.odeUnfolds]!;
  const output = mapColumns(sliceColumns(next, B, 0, M), B, options.outputMapping, `${prefix}output`, stored);

  const backward: Step["backward"] = (dOutput, dState) => {
    const dNext = dState.slice();
    addColumns(dNext, output.backward(dOutput), B, 0);
    const d = solveBackward(options, p, { solved, dNext, dVleak: stored.grads[`${prefix}vleak`]!, given });
    const dMapped = new Float64Array(mapped.values.length);
    synapticCurrentsBackward(d.sensory, mapped.values, p.sensors, p.dSensors, dMapped, { B, N });
    return { dInput: mapped.backward(dMapped), dState: d.dState, dElapsed: d.dElapsed };
  };
  return { output: output.values, state: next, backward };
}

/** The solver steps of one time step: v <- (c v + leak vleak + currents) / (c + leak + conductances + epsilon). */
function solve(
  { odeUnfolds, epsilon, circuit }: LtcOptions,
  p: PreparedLtc,
  sensory: Currents,
  { state, elapsed, B }: StepInput,
): Solved {
  const N = circuit.units;
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
  return { potentials, denominators, c };
}

interface SolveGradient {
  readonly solved: Solved;
  /** [B, N] gradient of the potentials after the last solver step */
  readonly dNext: Float64Array;
  /** [N] where the gradient of vleak is added */
  readonly dVleak: Float64Array;
  readonly given: StepInput;
}

/** Backward of `solve`, from the last solver step to the first; adds to the gradients in `p` and to dVleak. */
function solveBackward(
  { odeUnfolds, circuit }: LtcOptions,
  p: PreparedLtc,
  { solved, dNext, dVleak, given }: SolveGradient,
): { sensory: Currents; dState: Float64Array; dElapsed: Float64Array } {
  const { elapsed, B } = given;
  const { potentials, denominators, c } = solved;
  const N = circuit.units;
  const sensory = { numerator: new Float64Array(B * N), denominator: new Float64Array(B * N) };
  const dC = new Float64Array(B * N);
  let dV: Float64Array = dNext;
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
      dVleak[j]! += d * p.leak[j]!;
      sensory.numerator[k]! += d;
      sensory.denominator[k]! += dDenominator[k]!;
    });
    dV = dNumerator.map((d, k) => d * c[k]!);
    const currents = { numerator: dNumerator, denominator: dDenominator };
    synapticCurrentsBackward(currents, v, p.neurons, p.dNeurons, dV, { B, N });
  }
  // c = cm odeUnfolds / elapsed
  const dElapsed = new Float64Array(B);
  dC.forEach((d, k) => {
    const [n, j] = [Math.floor(k / N), k % N];
    p.dCapacitance[j]! += (d * odeUnfolds) / elapsed[n]!;
    dElapsed[n]! -= (d * c[k]!) / elapsed[n]!;
  });
  return { sensory, dState: dV, dElapsed };
}
