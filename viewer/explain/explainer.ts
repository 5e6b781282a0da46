import { createPolicyExplainerAsync } from "../../src/policy/explain/create-policy-explainer.ts";
import type { PolicyExplainer } from "../../src/policy/explain/policy-explainer.ts";
import type { PolicySpec } from "../../src/policy/policy-spec.ts";
import type { SavedPolicy } from "../../src/policy/saved-policy.ts";
import type { Episode } from "../episode/episode.ts";
import { observationsOf, type WorldOf } from "./observations.ts";
import { SynapseAttribution, type SynapseShare } from "./synapse-attribution.ts";

/** Steps before a decision that synapses are followed through. */
export const MEMORY_STEPS = 32;

/** What a decision rested on. */
export interface Explanation {
  readonly step: number;
  readonly motor: number;
  /** [D] gradient × input of every observation number; null where observations are pictures */
  readonly inputs: Float32Array | null;
  /** the picture that was seen, and where the decision came from, both [height, width] in [0, 1]; null where observations are numbers */
  readonly picture: Picture | null;
  /** every drawn synapse's share, strongest first; empty without a wired circuit */
  readonly synapses: readonly SynapseShare[];
}

/** A picture in shades of grey with two maps of what mattered in it. */
export interface Picture {
  readonly height: number;
  readonly width: number;
  readonly grey: Float32Array;
  readonly gradient: Float32Array;
  /** VisualBackProp; null without convolutions */
  readonly visual: Float32Array | null;
}

/** Explains the decisions of one policy, in the page. */
export class Explainer {
  readonly #spec: PolicySpec;
  readonly #explainer: PolicyExplainer;
  readonly #attribution: SynapseAttribution | null;

  private constructor(spec: PolicySpec, explainer: PolicyExplainer, attribution: SynapseAttribution | null) {
    this.#spec = spec;
    this.#explainer = explainer;
    this.#attribution = attribution;
  }

  static async create(saved: SavedPolicy): Promise<Explainer> {
    const [explainer, attribution] = await Promise.all([
      createPolicyExplainerAsync(saved),
      SynapseAttribution.create(saved, MEMORY_STEPS),
    ]);
    return new Explainer(saved.spec, explainer, attribution);
  }

  /** Explains output `motor` at a step of an episode. Rejects where the observation cannot be had. */
  async explain(episode: Episode, world: WorldOf, step: number, motor: number): Promise<Explanation> {
    const earliest = episode.shape.numObs > 0 ? 0 : 1;
    const first = Math.max(earliest, step - MEMORY_STEPS + 1);
    const observations = await observationsOf(episode, world, this.#spec, Math.min(first, step), step);
    const obs = observations.at(-1);
    if (obs === undefined) throw new Error("internal: no observation");
    const stateBefore = (t: number): Float32Array | null => (t === 0 ? null : episode.row(t - 1).state);
    const rest = new Float32Array(episode.shape.numNeurons);
    const moment = { obs, state: stateBefore(step) ?? rest, elapsed: episode.row(step).elapsed };
    const elapsed = observations.map((_, i) => episode.row(first + i).elapsed);
    const stretch = { obs: observations, elapsed, state: stateBefore(first) };
    const isPicture = this.#spec.obs.shape.length === 3 || this.#explainer.picture !== null;
    return {
      step,
      motor,
      inputs: isPicture ? null : this.#explainer.inputGradient(moment, motor),
      picture: isPicture ? this.#pictureOf(moment, motor) : null,
      synapses: (this.#attribution?.attribute(stretch, motor) ?? []).toSorted(
        (a, b) => Math.abs(b.share) - Math.abs(a.share),
      ),
    };
  }

  #pictureOf(moment: Parameters<PolicyExplainer["inputGradient"]>[0], motor: number): Picture {
    const [height = 1, width = 1, channels = 1] = this.#spec.obs.shape;
    const hasConvolutions = this.#explainer.picture !== null;
    const pushes = this.#explainer.inputGradient(moment, motor);
    return {
      height,
      width,
      grey: greyOf(moment.obs, channels, height * width),
      gradient: summedOverChannels(pushes, channels, height * width),
      visual: hasConvolutions && moment.obs instanceof Uint8Array ? this.#explainer.visualBackProp(moment.obs) : null,
    };
  }
}

/** Three channels are colours; of others the brightest counts: planes of things, or moments, newest last. */
function greyOf(pixels: ArrayLike<number>, channels: number, count: number): Float32Array {
  const grey = new Float32Array(count);
  for (let p = 0; p < count; p++) {
    const at = (c: number): number => pixels[p * channels + c] ?? 0;
    if (channels === 3) grey[p] = 0.299 * at(0) + 0.587 * at(1) + 0.114 * at(2);
    else for (let c = 0; c < channels; c++) grey[p] = Math.max(grey[p] ?? 0, at(c));
  }
  const largest = grey.reduce((a, b) => Math.max(a, b), 0);
  return largest > 1 ? grey.map((g) => g / 255) : grey;
}

function summedOverChannels(pushes: Float32Array, channels: number, count: number): Float32Array {
  const sums = new Float32Array(count);
  pushes.forEach((push, d) => (sums[Math.floor(d / channels)]! += Math.abs(push)));
  const largest = sums.reduce((a, b) => Math.max(a, b), 0);
  return largest > 0 ? sums.map((s) => s / largest) : sums;
}
