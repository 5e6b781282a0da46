import type { Place } from "./step-program.ts";

/** What an exported policy is made of: a program for the step machine, and how its outputs become actions. */
export interface PolicyParts {
  /** base64 */
  readonly machine: string;
  /** base64 */
  readonly image: string;
  readonly base: number;
  readonly program: readonly [from: number, to: number];
  readonly pages: number;
  readonly obs: Place;
  readonly state: Place;
  readonly elapsed: Place;
  readonly logits: Place;
  readonly nextState: Place | null;
  readonly action:
    | { readonly kind: "discrete"; readonly n: number; readonly start: number }
    | { readonly kind: "box"; readonly low: readonly (number | null)[]; readonly high: readonly (number | null)[] };
  /** log deviations of Box actions; null for Discrete */
  readonly logStd: readonly number[] | null;
}

/** One step of an exported policy. Arrays are views that the next step overwrites. */
export interface ExportedStep {
  /** Discrete: the chosen index. Box: values inside the action space. */
  readonly action: number | Float32Array;
  /** logits (Discrete) or means (Box) */
  readonly logits: Float32Array;
  /** every neuron by id (motor first), then memories */
  readonly state: Float32Array;
}

/** What an exported module gives. */
export interface ExportedRunner {
  reset(): void;
  step(obs: ArrayLike<number>, elapsed?: number, random?: () => number): ExportedStep;
}

/** The parts of the platform that the function below uses: this room compiles without the DOM library. */
interface Platform {
  readonly WebAssembly: {
    readonly Memory: new (limits: { initial: number }) => { readonly buffer: ArrayBuffer };
    instantiate(
      bytes: Uint8Array,
      imports: object,
    ): Promise<{ readonly instance: { readonly exports: { readonly run: (from: number, to: number) => void } } }>;
  };
}

/**
 * Makes a policy from its parts. Its source text is what an exported module holds, so it refers to nothing outside of itself.
 *
 * Throws RangeError from `step` where the observation has another size, or the elapsed time is not positive.
 */
export async function createPolicyFrom(parts: PolicyParts): Promise<ExportedRunner> {
  const { WebAssembly } = globalThis as unknown as Platform;
  const decode = (text: string): Uint8Array => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const memory = new WebAssembly.Memory({ initial: parts.pages });
  const abort = (): void => {};
  const { instance } = await WebAssembly.instantiate(decode(parts.machine), { env: { memory, abort } });
  new Uint8Array(memory.buffer).set(decode(parts.image), parts.base);
  const view = ({ address, size }: Place): Float32Array => new Float32Array(memory.buffer, address, size);
  const [obs, state, elapsed, logits] = [parts.obs, parts.state, parts.elapsed, parts.logits].map(view) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const nextState = parts.nextState === null ? state : view(parts.nextState);
  const { action, logStd } = parts;
  const values = new Float32Array(logits.length);

  const best = (): number => logits.indexOf(Math.max(...logits));
  const drawn = (random: () => number): number => {
    const top = Math.max(...logits);
    let left = random() * logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0);
    for (let a = 0; a < logits.length - 1; a++) if ((left -= Math.exp(logits[a]! - top)) < 0) return a;
    return logits.length - 1;
  };
  const normal = (random: () => number): number =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const choose = (random?: () => number): number | Float32Array => {
    if (action.kind === "discrete") return action.start + (random ? drawn(random) : best());
    for (let a = 0; a < values.length; a++) {
      const value = logits[a]! + (random ? Math.exp(logStd![a]!) * normal(random) : 0); // Box policies have deviations
      values[a] = Math.min(Math.max(value, action.low[a] ?? -Infinity), action.high[a] ?? Infinity);
    }
    return values;
  };

  return {
    reset: () => void state.fill(0),
    step(observation, time = 1, random) {
      if (observation.length !== obs.length)
        throw new RangeError(`policy: the observation has ${observation.length} numbers, expected ${obs.length}`);
      if (!(time > 0)) throw new RangeError(`policy: the elapsed time is ${time}, expected a number > 0`);
      obs.set(observation);
      elapsed[0] = time;
      instance.exports.run(parts.program[0], parts.program[1]);
      state.set(nextState);
      return { action: choose(random), logits, state };
    },
  };
}
