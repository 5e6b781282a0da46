import { Engine, MemoryPlan } from "../engine/index.ts";
import { argmax, categoricalLogProbs, sampleCategorical } from "./categorical.ts";
import { standardNormal } from "./diagonal-gaussian.ts";
import { PolicyNetwork } from "./policy-network.ts";
import { checkObs } from "./obs-input.ts";
import type { PolicyRunner, PolicyStep } from "./policy-runner.ts";
import { actionSize, type ActionSpec, obsSize, type PolicySpec } from "./policy-spec.ts";
import { loadPolicy, type SavedPolicy } from "./saved-policy.ts";

/**
 * A runner of a saved policy, with an engine of its own. For Node and workers: pages use `createPolicyRunnerAsync`.
 *
 * Throws KernelError where the platform has no WebAssembly SIMD (`no-webassembly`, `no-simd`) or not enough memory (`out-of-memory`),
 * FormatError (`policy-tensors`) where weights are missing, left over or of another shape.
 */
export function createPolicyRunner(saved: SavedPolicy): PolicyRunner {
  const { plan, network } = plannedNetwork(saved.spec);
  Engine.create(plan);
  return runnerOf(network, saved);
}

/** `createPolicyRunner` without blocking while the kernels compile, as pages need it; rejects with what that throws. */
export async function createPolicyRunnerAsync(saved: SavedPolicy): Promise<PolicyRunner> {
  const { plan, network } = plannedNetwork(saved.spec);
  await Engine.createAsync(plan);
  return runnerOf(network, saved);
}

function plannedNetwork(spec: PolicySpec): { plan: MemoryPlan; network: PolicyNetwork } {
  const plan = new MemoryPlan();
  return { plan, network: new PolicyNetwork(plan, spec, { maxRows: 1, maxBatch: 1 }) };
}

function runnerOf(network: PolicyNetwork, saved: SavedPolicy): PolicyRunner {
  loadPolicy(network, saved);
  return new NetworkRunner(network);
}

/** Steps one sample through a network. */
class NetworkRunner implements PolicyRunner {
  readonly #network: PolicyNetwork;
  readonly #action: ActionSpec;
  readonly #hasCritic: boolean;
  readonly #D: number;
  readonly #state: Float32Array;
  readonly #boxAction: Float32Array;
  readonly #logProbs: Float64Array;
  readonly #motor: Float32Array;
  readonly #logits: Float32Array;
  #starts = 1;

  constructor(network: PolicyNetwork) {
    const A = actionSize(network.spec);
    this.#network = network;
    this.#action = network.spec.action;
    this.#hasCritic = network.spec.critic !== null;
    this.#D = obsSize(network.spec);
    this.#state = new Float32Array(network.stateSize);
    this.#boxAction = new Float32Array(A);
    this.#logProbs = new Float64Array(A);
    this.#motor = network.motor.data.subarray(0, A);
    this.#logits = network.logits.data.subarray(0, A);
  }

  reset(): void {
    this.#starts = 1;
  }

  step(obs: Float32Array | Uint8Array, elapsed: number, uniform?: () => number): PolicyStep {
    const network = this.#network;
    checkObs("policy", obs, this.#D);
    network.writeObs(obs, 0, 0);
    network.writeTime(0, elapsed, this.#starts);
    this.#starts = 0;
    network.step(1);
    if (this.#hasCritic) network.evaluate(1);
    network.getState(this.#state, 1);
    return {
      action: this.#choose(uniform),
      motor: this.#motor,
      state: this.#state,
      logits: this.#logits,
      value: this.#hasCritic ? network.values.data[0]! : NaN,
    };
  }

  #choose(uniform: (() => number) | undefined): number | Float32Array {
    const action = this.#action;
    const logits = this.#logits;
    if (action.kind === "discrete") {
      if (!uniform) return action.start + argmax(logits, 0, action.n);
      categoricalLogProbs(logits, 0, action.n, this.#logProbs);
      return action.start + sampleCategorical(this.#logProbs, action.n, uniform());
    }
    const logStd = this.#network.logStd!; // Box policies have one
    for (let a = 0; a < logits.length; a++) {
      const noise = uniform ? Math.exp(logStd[a]!) * standardNormal(uniform) : 0;
      this.#boxAction[a] = Math.min(
        Math.max(logits[a]! + noise, action.low[a] ?? -Infinity),
        action.high[a] ?? Infinity,
      );
    }
    return this.#boxAction;
  }
}
