import { computed, effect, signal } from "@preact/signals";
import type { Episode } from "../episode/episode.ts";
import type { ReplayState } from "../replay/replay-state.ts";
import type { SavedPolicy } from "../../src/policy/saved-policy.ts";
import type { Explainer, Explanation } from "./explainer.ts";
import { messageOf } from "../../src/errors.ts";

/** Explains the decision under the time cursor while somebody looks; always the latest, one at a time. */
export class ExplainState {
  /** whether anybody looks */
  readonly isOpen = signal(false);
  /** output that is explained; null for the one that decided */
  readonly chosenMotor = signal<number | null>(null);
  readonly explanation = signal<Explanation | null>(null);
  readonly problem = signal<string | null>(null);
  readonly #replay: ReplayState;
  readonly motor = computed(() => this.chosenMotor.value ?? this.#decided());
  /** [E] how much each drawn synapse mattered, as a share of the strongest; null while nothing is explained */
  readonly weights = computed(() => this.#weights());
  #made: { readonly saved: SavedPolicy; readonly explainer: Promise<Explainer> } | null = null;
  #isWorking = false;
  /** Stops looking at the replay. */
  readonly close: () => void;

  constructor(replay: ReplayState) {
    this.#replay = replay;
    this.close = effect(() => {
      void [replay.step.value, this.motor.value, replay.canTry.value, replay.episode.value];
      if (this.isOpen.value) void this.#work();
      else this.explanation.value = null;
    });
  }

  /** The action taken (Discrete); the first output otherwise. */
  #decided(): number {
    const record = this.#replay.record.value;
    return record !== null && record.probabilities.length > 0 ? (record.action[0] ?? 0) : 0;
  }

  /** What was asked for meanwhile is explained next; what was asked for before that never. */
  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    try {
      for (;;) {
        const [episode, step, motor] = [this.#replay.episode.peek(), this.#replay.step.peek(), this.motor.peek()];
        if (episode === null || !this.isOpen.peek()) return;
        await this.#explain(episode, Math.min(step, episode.length - 1), motor);
        if (this.#replay.episode.peek() === episode && this.#replay.step.peek() === step && this.motor.peek() === motor)
          return;
      }
    } finally {
      this.#isWorking = false;
    }
  }

  async #explain(episode: Episode, step: number, motor: number): Promise<void> {
    const { subject } = this.#replay;
    this.problem.value = subject === null ? "The policy that acted is not at hand: start the viewer on its run." : null;
    if (subject === null) return void (this.explanation.value = null);
    try {
      const explainer = await this.#explainerOf(subject.saved);
      this.explanation.value = await explainer.explain(episode, subject.info, step, motor);
    } catch (error) {
      this.explanation.value = null;
      this.problem.value = messageOf(error);
    }
    await new Promise(requestAnimationFrame); // the page goes first
  }

  #explainerOf(saved: SavedPolicy): Promise<Explainer> {
    if (this.#made?.saved !== saved)
      this.#made = { saved, explainer: import("../lab/index.ts").then((lab) => lab.Explainer.create(saved)) };
    return this.#made.explainer;
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
