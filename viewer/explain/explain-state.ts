import { computed, effect, signal } from "@preact/signals";
import type { SavedPolicy } from "../../src/policy/saved-policy.ts";
import { messageOf } from "../../src/errors.ts";
import { LatestOnly } from "../app/latest-only.ts";
import type { Episode } from "../episode/episode.ts";
import type { ChangedPolicy } from "../lab/interventions.ts";
import type { Actor, ReplayState } from "../replay/replay-state.ts";
import type { Explainer, Explanation } from "./explainer.ts";

/** Whose decisions can be explained. */
export const WHOSE = ["episode", "what if"] as const;
/** Whose decisions are explained. */
export type Whose = (typeof WHOSE)[number];

/** What is to be explained. */
interface Question {
  readonly episode: Episode;
  readonly actor: Actor | null;
  readonly step: number;
  readonly motor: number;
}

/** Explains the decision under the time cursor while somebody looks; always the latest, one at a time. */
export class ExplainState {
  /** whether anybody looks */
  readonly isOpen = signal(false);
  /** whose decisions are explained while there is a what-if: at first its, as circuit and lists show it too */
  readonly whose = signal<Whose>("what if");
  /** output that is explained; null for the one that decided */
  readonly chosenMotor = signal<number | null>(null);
  readonly explanation = signal<Explanation | null>(null);
  readonly problem = signal<string | null>(null);
  readonly #replay: ReplayState;
  readonly #isOfWhatIf = computed(() => this.whose.value === "what if" && this.#replay.whatIf.value !== null);
  /** the episode whose decisions are explained */
  readonly episode = computed(() => (this.#isOfWhatIf.value ? this.#replay.whatIf.value : this.#replay.episode.value));
  /** the step that is explained: the last where the cursor is beyond it */
  readonly step = computed(() => Math.min(this.#replay.step.value, (this.episode.value?.length ?? 1) - 1));
  readonly motor = computed(() => this.chosenMotor.value ?? this.#decided());
  /** [E] how much each drawn synapse mattered, as a share of the strongest; null while nothing is explained */
  readonly weights = computed(() => this.#weights());
  readonly #explainers = new WeakMap<SavedPolicy, Promise<Explainer>>();
  readonly #questions = new LatestOnly((question: Question) => this.#explain(question));
  /** whose decision was asked for last */
  #asked: Episode | null = null;
  /** Stops looking at the replay. */
  readonly close: () => void;

  constructor(replay: ReplayState) {
    this.#replay = replay;
    this.close = effect(() => {
      void replay.canTry.value; // the policy may come later than its episode
      const question = this.#question();
      if (question?.episode !== this.#asked) this.explanation.value = null; // not another one's under its name
      this.#asked = question?.episode ?? null;
      if (this.isOpen.value && question !== null) return this.#questions.ask(question);
      this.#questions.forget();
      this.explanation.value = null;
    });
  }

  /** The action taken (Discrete); the first output otherwise. */
  #decided(): number {
    const { whatIfRecord, record } = this.#replay;
    const decision = this.#isOfWhatIf.value ? whatIfRecord.value : record.value;
    return decision !== null && decision.probabilities.length > 0 ? (decision.action[0] ?? 0) : 0;
  }

  /** Before a what-if begins, its steps are the episode's, and so is whoever decided. */
  #question(): Question | null {
    const [explained, step, motor] = [this.episode.value, this.step.value, this.motor.value];
    if (explained === null) return null;
    const isOwnStep = this.#isOfWhatIf.value && step >= explained.begins;
    const episode = isOwnStep ? explained : (this.#replay.episode.value ?? explained);
    return { episode, actor: this.#replay.actorOf(episode), step, motor };
  }

  async #explain({ episode, actor, step, motor }: Question): Promise<void> {
    this.problem.value = actor === null ? "The policy that acted is not at hand: start the viewer on its run." : null;
    if (actor === null) return void (this.explanation.value = null);
    try {
      const explainer = await this.#explainerOf(actor.policy);
      const explanation = await explainer.explain(episode, actor.world, step, motor);
      this.explanation.value = this.isOpen.peek() && episode === this.#asked ? explanation : null;
    } catch (error) {
      this.explanation.value = null;
      this.problem.value = messageOf(error);
    }
    await new Promise(requestAnimationFrame); // the page goes first
  }

  #explainerOf(policy: ChangedPolicy): Promise<Explainer> {
    const made =
      this.#explainers.get(policy.saved) ?? import("../lab/index.ts").then((lab) => lab.Explainer.create(policy));
    this.#explainers.set(policy.saved, made);
    return made;
  }

  #weights(): Float32Array | null {
    const explanation = this.explanation.value;
    const circuit = this.#replay.episode.value?.circuit ?? null;
    if (explanation === null || circuit === null || explanation.synapses.length === 0) return null;
    const bundle = circuit.numInputs > circuit.sensory.length;
    const shares = new Map<string, number>();
    for (const { from, to, share } of explanation.synapses) {
      const key = `${bundle && from < 0 ? -1 : from},${to}`;
      shares.set(key, (shares.get(key) ?? 0) + share);
    }
    const sizes = circuit.from.map((from, e) => Math.abs(shares.get(`${from},${circuit.to[e]}`) ?? 0));
    const largest = Math.max(1e-12, ...sizes);
    return Float32Array.from(sizes, (size) => size / largest);
  }
}
