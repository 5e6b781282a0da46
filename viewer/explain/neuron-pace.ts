import type { SavedPolicy } from "../../src/policy/saved-policy.ts";
import type { Episode } from "../episode/episode.ts";
import { observationsOf, type WorldOf } from "./observations.ts";
import type { Pace, PaceRule } from "./pace.ts";
import { paceRule } from "./pace-rule.ts";
import { SensorFeatures } from "./sensor-features.ts";

const UNHEARD = new Float32Array();

/** How fast one neuron was at the steps of an episode, worked out again from recorded states and observations. */
export class NeuronPace {
  /** [T] the gate at every step; null where there is none, or where every picture would have to be seen again for it */
  readonly gates: Float32Array | null;
  readonly #policy: SavedPolicy;
  readonly #episode: Episode;
  readonly #world: WorldOf;
  readonly #rule: PaceRule;
  /** null where the neuron does not hear them */
  readonly #features: SensorFeatures | null;

  private constructor(
    policy: SavedPolicy,
    episode: Episode,
    world: WorldOf,
    rule: PaceRule,
    features: SensorFeatures | null,
  ) {
    this.#policy = policy;
    this.#episode = episode;
    this.#world = world;
    this.#rule = rule;
    this.#features = features;
    this.gates = this.#isAtHand && this.#paceOfRow(0).gate !== null ? this.#allGates() : null;
  }

  /** Null for what is no neuron of a wired circuit. Rejects where the states are not at hand. */
  static async of(policy: SavedPolicy, episode: Episode, world: WorldOf, id: number): Promise<NeuronPace | null> {
    const rule = paceRule(policy, id);
    if (rule === null) return null;
    if (episode.columns.state.length === 0) throw new Error("the states of this recording are not at hand");
    const features = rule.hearsFeatures ? await SensorFeatures.of(policy) : null;
    return new NeuronPace(policy, episode, world, rule, features);
  }

  /** At step t. Rejects where its observation is needed and cannot be had. */
  async at(t: number): Promise<Pace> {
    if (this.#isAtHand) return this.#paceOfRow(t);
    const [obs] = await observationsOf(this.#episode, this.#world, this.#policy.spec, t, t);
    return this.#pace(t, obs ?? UNHEARD);
  }

  /** Whether all that the neuron hears was kept with the episode. */
  get #isAtHand(): boolean {
    return this.#features === null || this.#episode.shape.numObs > 0;
  }

  #allGates(): Float32Array {
    return Float32Array.from({ length: this.#episode.length }, (_, t) => this.#paceOfRow(t).gate ?? NaN);
  }

  #paceOfRow(t: number): Pace {
    return this.#pace(t, this.#episode.row(t).obs);
  }

  #pace(t: number, obs: Float32Array | Uint8Array): Pace {
    const { state: after, elapsed } = this.#episode.row(t);
    const before = t === 0 ? new Float32Array(after.length) : this.#episode.row(t - 1).state;
    return this.#rule.of({ features: this.#features?.of(obs) ?? UNHEARD, before, after, elapsed });
  }
}
