import { defaultRng, draw, make, type Env, type Generator } from "gymnasium-js";
import { describeCircuit } from "../../src/protocol/describe-circuit.ts";
import { worldNames } from "../../src/protocol/world-names.ts";
import { actionSize, obsSize, type PolicySpec } from "../../src/policy/policy-spec.ts";
import { EpisodeTape, type Episode, type EpisodeShape } from "../episode/episode.ts";
import type { Clamp } from "./interventions.ts";
import type { LabPolicy, Response } from "./lab-policy.ts";

/** What the page plays. */
export interface Simulation {
  readonly title: string;
  readonly policy: LabPolicy;
  readonly policyVersion: number;
  readonly envId: string;
  readonly envArgs: Readonly<Record<string, unknown>>;
  /** where it begins: a new episode, or a step of an earlier one */
  readonly from:
    | { readonly kind: "seed"; readonly seed: number }
    | {
        readonly kind: "step";
        readonly episode: Episode;
        readonly step: number;
        /** of the episode's world, where they differ from these */
        readonly envArgs?: Readonly<Record<string, unknown>>;
      };
  /** neurons that the policy was changed to hold: the episode shows what is heard of them */
  readonly clamps: readonly Clamp[];
  /** standard deviation of what is added to every observation number */
  readonly obsNoise: number;
  /** share of observations that do not arrive: the policy then sees the last one, and later that more time has passed */
  readonly dropRate: number;
  /** seed of noise and drops */
  readonly noiseSeed: number;
  readonly maxSteps: number;
  /** called now and then with the steps so far; rejects to stop */
  readonly breathe?: (numSteps: number) => Promise<void>;
}

type FromStep = Extract<Simulation["from"], { kind: "step" }>;

const MAX_KEPT_OBS = 512;

/** Plays an episode to its end in the page; the same arguments give the same episode. Rejects with what the world throws. */
export async function simulate(options: Simulation): Promise<EpisodeTape> {
  const { policy, envId, envArgs, from } = options;
  const env = make(envId, envArgs);
  try {
    const circuit = describeCircuit(policy.saved, options.policyVersion, worldNames(envId));
    const about = {
      title: options.title,
      envId,
      stepsPerSecond: env.metadata.renderFps,
      shape: shapeOf(policy.saved.spec, policy.numNeurons),
      circuit,
    };
    const tape = new EpisodeTape(about, (snapshot) => draw(envId, snapshot, envArgs));
    const first = from.kind === "seed" ? beginAnew(env, policy, from.seed) : await goOn(env, options, from, tape);
    tape.keepFirstObs(first.obs);
    await play(env, options, tape, first);
    return tape;
  } finally {
    env.close();
  }
}

function shapeOf(spec: PolicySpec, numNeurons: number): EpisodeShape {
  const D = obsSize(spec);
  const A = actionSize(spec);
  const isDiscrete = spec.action.kind === "discrete";
  const numObs = spec.obs.dtype === "float32" && D <= MAX_KEPT_OBS ? D : 0;
  return { numObs, numNeurons, numMotor: A, actionSize: isDiscrete ? 1 : A, isDiscrete };
}

/** What a policy gets. */
interface Seen {
  readonly obs: Float32Array | Uint8Array;
  /** in nominal control periods */
  readonly elapsed: number;
}

function beginAnew(env: Env, policy: LabPolicy, seed: number): Seen {
  const [obs, info] = env.reset({ seed });
  policy.reset();
  return { obs: flat(obs), elapsed: info.elapsedTime ?? 1 };
}

/**
 * Copies the steps before, then continues world and circuit as they were. The first observation comes from the recording, or, where that
 * keeps none, from the last repeated action.
 */
async function goOn(
  env: Env,
  { policy, envId, envArgs }: Simulation,
  from: FromStep,
  tape: EpisodeTape,
): Promise<Seen> {
  const { episode, step } = from;
  tape.beginWith(episode, step);
  const bytes = await episode.obsBytes(step);
  const isObsKept = episode.shape.numObs > 0 || bytes !== null;
  if (step === 0 && !isObsKept)
    throw new Error("this episode keeps no observations: choose a later step to begin from");
  const start = episode.restorePoint(isObsKept ? step : step - 1);
  const past = make(envId, from.envArgs ?? envArgs);
  const repeated = await repeatActions(past, episode, start, step, policy.saved.spec).finally(() => past.close());
  env.reset();
  env.restore(repeated.snapshot);
  if (step === 0) policy.reset();
  else policy.setState(episode.row(step - 1).state);
  const { obs, elapsed } = episode.row(step);
  const kept = { obs: bytes ?? obs.slice(), elapsed };
  return isObsKept ? kept : (repeated.moments.at(-1) ?? kept);
}

/** Repeats an episode's actions of steps [from, to) in its own world, from the full snapshot at `from`. */
export async function repeatActions(
  env: Env,
  episode: Episode,
  from: number,
  to: number,
  spec: PolicySpec,
): Promise<{ readonly moments: readonly Seen[]; readonly snapshot: Uint8Array }> {
  env.reset();
  env.restore(await episode.snapshot(from));
  const moments: Seen[] = [];
  for (let t = from; t < to; t++) {
    const [obs, , , , info] = env.step(envActionOf(episode.row(t).action, spec));
    moments.push({ obs: flat(obs), elapsed: info.elapsedTime ?? 1 });
  }
  return { moments, snapshot: env.snapshot() };
}

/** An action of a recording as its environment takes it. */
function envActionOf(action: Float32Array, { action: spec }: PolicySpec): number | Float32Array {
  return spec.kind === "discrete" ? (action[0] ?? 0) + spec.start : action.slice();
}

/** A dropped observation leaves the policy as it was: the last action is repeated, and more time has passed at the next one. */
async function play(env: Env, options: Simulation, tape: EpisodeTape, first: Seen): Promise<void> {
  const { policy, obsNoise, dropRate, maxSteps, breathe } = options;
  const rng = defaultRng(options.noiseSeed);
  let seen = first;
  let last: Response | null = null;
  let missed = 0;
  for (let t = tape.length; t < maxSteps; t++) {
    const isDropped = last !== null && dropRate > 0 && rng.random() < dropRate;
    const obs = withNoise(seen.obs, obsNoise, rng);
    const elapsed = seen.elapsed + missed;
    const response: Response = isDropped && last !== null ? last : holding(policy.step(obs, elapsed), options.clamps);
    missed = isDropped ? elapsed : 0;
    last = response;
    const snapshot = env.snapshot();
    const [next, reward, terminated, truncated, info] = env.step(response.envAction);
    const kept = obs instanceof Float32Array && tape.shape.numObs > 0 ? obs : new Float32Array();
    tape.push({ ...response, obs: kept, reward, elapsed }, snapshot, isDropped);
    if (terminated || truncated) return tape.end(terminated ? "terminated" : "truncated");
    seen = { obs: flat(next), elapsed: info.elapsedTime ?? 1 };
    await breathe?.(tape.length);
  }
}

function holding(response: Response, clamps: readonly Clamp[]): Response {
  for (const { neuron, value } of clamps) {
    if (neuron >= 0) response.state[neuron] = value;
    if (neuron >= 0 && neuron < response.motor.length) response.motor[neuron] = value;
  }
  return response;
}

function withNoise(obs: Float32Array | Uint8Array, deviation: number, rng: Generator): Float32Array | Uint8Array {
  return deviation > 0 && obs instanceof Float32Array ? obs.map((x) => x + deviation * rng.standardNormal()) : obs;
}

/** Observations as policies take them. */
export function flat(obs: unknown): Float32Array | Uint8Array {
  if (obs instanceof Float32Array || obs instanceof Uint8Array) return obs.slice();
  if (typeof obs === "number") return Float32Array.of(obs);
  if (obs instanceof Float64Array || obs instanceof Int32Array || obs instanceof Int8Array)
    return Float32Array.from(obs);
  throw new TypeError("the page can play worlds whose observations are arrays of numbers only");
}
