import { createPolicyExplainerAsync } from "../../src/policy/explain/create-policy-explainer.ts";
import type { PolicyExplainer } from "../../src/policy/explain/policy-explainer.ts";
import type { PolicySpec } from "../../src/policy/policy-spec.ts";
import type { Episode } from "../episode/episode.ts";
import type { ChangedPolicy } from "../lab/interventions.ts";
import { observationsOf, type WorldOf } from "./observations.ts";
import { SynapseAttribution, type Stretch, type SynapseShare } from "./synapse-attribution.ts";

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

  static async create(policy: ChangedPolicy): Promise<Explainer> {
    const [explainer, attribution] = await Promise.all([
      createPolicyExplainerAsync(policy.saved),
      SynapseAttribution.create(policy, MEMORY_STEPS),
    ]);
    return new Explainer(policy.saved.spec, explainer, attribution);
  }

  /**
   * Explains output `motor` at a step that was decided in this episode. A step whose observation never arrived rests on the last one that
   * did, and is answered for that. Rejects where the observation cannot be had.
   */
  async explain(episode: Episode, world: WorldOf, asked: number, motor: number): Promise<Explanation> {
    const step = lastSeen(episode, asked);
    const stretch = await this.#stretchTo(episode, world, step);
    const obs = stretch.obs.at(-1);
    if (obs === undefined) throw new Error("internal: no observation");
    const state = stateBefore(episode, step) ?? new Float32Array(episode.shape.numNeurons);
    const moment = { obs, state, elapsed: episode.row(step).elapsed };
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

  /** What led up to a step, as far as synapses are followed: not beyond the first step, where another policy may have acted. */
  async #stretchTo(episode: Episode, world: WorldOf, step: number): Promise<Stretch> {
    const earliest = Math.max(episode.begins, step - MEMORY_STEPS + 1);
    const seen = await observationsOf(episode, world, this.#spec, earliest, step);
    const first = step - seen.length + 1;
    const steps = [...seen.keys()].filter((i) => !episode.isMissed(first + i));
    return {
      obs: steps.map((i) => seen[i] ?? new Uint8Array()),
      elapsed: steps.map((i) => episode.row(first + i).elapsed),
      state: stateBefore(episode, first),
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

/** The last step up to t whose observation arrived. */
function lastSeen(episode: Episode, t: number): number {
  let step = t;
  while (step > 0 && episode.isMissed(step)) step--;
  return step;
}

/** [H] neurons before step t; null before the first step, where all are at rest. */
const stateBefore = (episode: Episode, t: number): Float32Array | null => (t === 0 ? null : episode.row(t - 1).state);

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
