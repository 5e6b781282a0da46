import { convGeometry, Engine, MemoryPlan } from "../../engine/index.ts";
import { ConfigError } from "../../errors.ts";
import { checkObs } from "../obs-input.ts";
import { PolicyNetwork } from "../policy-network.ts";
import { actionSize, obsSize, type PolicySpec } from "../policy-spec.ts";
import { loadPolicy, type SavedPolicy } from "../saved-policy.ts";
import type { PolicyExplainer, PolicyMoment } from "./policy-explainer.ts";
import { type FeatureMap, visualBackProp } from "./visual-back-prop.ts";

/**
 * An explainer of a saved policy, with an engine of its own. For Node and workers: pages use `createPolicyExplainerAsync`.
 *
 * Throws KernelError where the platform has no WebAssembly SIMD (`no-webassembly`, `no-simd`) or not enough memory (`out-of-memory`),
 * FormatError (`policy-tensors`) where weights are missing, left over or of another shape.
 */
export function createPolicyExplainer(saved: SavedPolicy): PolicyExplainer {
  const { plan, network } = plannedNetwork(saved.spec);
  Engine.create(plan);
  loadPolicy(network, saved);
  return new NetworkExplainer(network);
}

/** `createPolicyExplainer` without blocking while the kernels compile, as pages need it; rejects with what that throws. */
export async function createPolicyExplainerAsync(saved: SavedPolicy): Promise<PolicyExplainer> {
  const { plan, network } = plannedNetwork(saved.spec);
  await Engine.createAsync(plan);
  loadPolicy(network, saved);
  return new NetworkExplainer(network);
}

function plannedNetwork(spec: PolicySpec): { plan: MemoryPlan; network: PolicyNetwork } {
  const plan = new MemoryPlan();
  return { plan, network: new PolicyNetwork(plan, spec, { maxRows: 1, maxBatch: 1, hasObsGradient: true }) };
}

/** Runs single moments through a network, forward and backward. */
class NetworkExplainer implements PolicyExplainer {
  readonly picture: PolicyExplainer["picture"];
  readonly #network: PolicyNetwork;
  readonly #maps: readonly FeatureMap[];

  constructor(network: PolicyNetwork) {
    const { obs, encoder } = network.spec;
    const [height = 1, width = 1, channels = 1] = obs.shape;
    this.picture = encoder.kind === "conv" ? { height, width, channels } : null;
    this.#network = network;
    this.#maps = featureMapsOf(network);
  }

  visualBackProp(obs: Uint8Array): Float32Array<ArrayBuffer> {
    const picture = this.#needPicture("VisualBackProp needs a policy with convolutions");
    this.#write(obs);
    this.#network.encode(1);
    return visualBackProp(this.#maps, picture);
  }

  inputGradient({ obs, state, elapsed }: PolicyMoment, motor: number): Float32Array<ArrayBuffer> {
    const network = this.#network;
    this.#check(state, motor);
    this.#write(obs);
    network.writeTime(0, elapsed, 0);
    network.setState(state, 1);
    network.forward(1, 1);
    network.dLogits.data.fill(0);
    network.dLogits.data[motor] = 1;
    network.parameters.zeroGradients();
    network.backward(1, 1, false);
    const D = obsSize(network.spec);
    const [x, dx] = [network.observations.data, network.dObservations.data];
    return Float32Array.from({ length: D }, (_, d) => x[d]! * dx[d]!);
  }

  inputGradientPicture(moment: PolicyMoment, motor: number): Float32Array<ArrayBuffer> {
    const { height, width, channels } = this.#needPicture("a picture needs observations that are images");
    const pushes = this.inputGradient(moment, motor);
    const picture = new Float32Array(height * width);
    pushes.forEach((push, d) => (picture[Math.floor(d / channels)]! += Math.abs(push)));
    const largest = picture.reduce((a, b) => Math.max(a, b), 0);
    return largest > 0 ? picture.map((size) => size / largest) : picture;
  }

  #write(obs: Float32Array | Uint8Array): void {
    checkObs("explain", obs, obsSize(this.#network.spec));
    this.#network.writeObs(obs, 0, 0);
  }

  #check(state: Float32Array, motor: number): void {
    const { spec, stateSize } = this.#network;
    const A = actionSize(spec);
    if (state.length !== stateSize)
      throw new ConfigError("wrong-state", `explain: a state of ${state.length} neurons, expected ${stateSize}`);
    if (!Number.isInteger(motor) || motor < 0 || motor >= A)
      throw new ConfigError("wrong-motor", `explain: motor neuron ${motor}, expected 0 … ${A - 1}`);
  }

  #needPicture(need: string): NonNullable<PolicyExplainer["picture"]> {
    if (this.picture === null)
      throw new ConfigError("no-picture", `explain: ${need}; this one's encoder is ${this.#network.spec.encoder.kind}`);
    return this.picture;
  }
}

/** A network's feature maps with the geometry of their convolutions. */
function featureMapsOf({ spec, featureMaps }: PolicyNetwork): FeatureMap[] {
  if (spec.encoder.kind !== "conv") return [];
  const { convs, padding } = spec.encoder;
  const [height = 1, width = 1, channels = 1] = spec.obs.shape;
  const inputs = [{ height, width, channels, pitch: channels }, ...featureMaps.map(({ shape }) => shape)];
  return featureMaps.map(({ output, shape }, i) => {
    const { kernel, stride } = convs[i]!; // one map per convolution
    return { values: output.value, shape, kernel, stride, geometry: convGeometry(inputs[i]!, kernel, stride, padding) };
  });
}
