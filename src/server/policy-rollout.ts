import { make, type Env, type Frame } from "gymnasium-js";
import { EnvError } from "../errors.ts";
import { createPolicyRunner } from "../policy/create-policy-runner.ts";
import type { PolicyRunner, PolicyStep } from "../policy/policy-runner.ts";
import type { ActionSpec } from "../policy/policy-spec.ts";
import { decodePolicy } from "../policy/saved-policy.ts";
import { describeCircuit } from "../protocol/describe-circuit.ts";
import type { CircuitDescription, StepRecord } from "../protocol/index.ts";
import { worldNames } from "../protocol/world-names.ts";
import type { LiveSource, PolicyVersion } from "./live-source.ts";
import type { Rollout } from "./rollout.ts";

/** Observations longer than this are not sent: nobody reads them as numbers. */
const MAX_SENT_OBS = 512;

/** Plays a source's policies in its own copy of the source's world. Throws what `make` throws for an unknown world. */
export function playPolicies(source: LiveSource): Rollout {
  return new PolicyRollout(source, make(source.env.id, source.env.args));
}

/** One loaded policy. */
interface Actor {
  readonly runner: PolicyRunner;
  readonly action: ActionSpec;
  readonly version: number;
}

/** Where the episode stands. */
interface Moment {
  obs: Float32Array | Uint8Array;
  elapsed: number;
}

class PolicyRollout implements Rollout {
  readonly stepsPerSecond: number;
  readonly #source: LiveSource;
  readonly #env: Env;
  #actor: Actor | null = null;
  #moment: Moment | null = null;
  #episode = -1;
  #step = 0;
  #return = 0;

  constructor(source: LiveSource, env: Env) {
    this.#source = source;
    this.stepsPerSecond = env.metadata.renderFps;
    this.#env = env;
  }

  load(policy: PolicyVersion): CircuitDescription | null {
    const saved = decodePolicy(policy.bytes);
    this.#actor = { runner: createPolicyRunner(saved), action: saved.spec.action, version: policy.version };
    this.restart();
    return describeCircuit(saved, policy.version, worldNames(this.#source.env.id));
  }

  restart(): void {
    this.#moment = null;
  }

  close(): void {
    this.#env.close();
  }

  step(isStochastic: boolean): StepRecord {
    if (this.#actor === null)
      throw new EnvError("no-policy", "internal: a step was asked for before a policy was loaded");
    const { runner, action: actionSpec, version } = this.#actor;
    this.#moment ??= this.#begin(runner);
    const { obs, elapsed } = this.#moment;
    const scene = this.#render();
    const response = copyOf(runner.step(obs, elapsed, isStochastic ? Math.random : undefined), actionSpec);
    const [next, reward, terminated, truncated, info] = this.#env.step(response.envAction);
    this.#return += reward;
    this.#moment = terminated || truncated ? null : { obs: flat(next), elapsed: info.elapsedTime ?? 1 };
    return {
      episode: this.#episode,
      step: this.#step++,
      elapsed,
      reward,
      return: this.#return,
      value: response.value,
      policyVersion: version,
      terminated,
      truncated,
      obs: obs instanceof Float32Array && obs.length <= MAX_SENT_OBS ? obs.slice() : new Float32Array(),
      state: response.state,
      motor: response.motor,
      action: response.action,
      logits: response.logits,
      probabilities: response.probabilities,
      scene,
    };
  }

  #begin(runner: PolicyRunner): Moment {
    const [obs, info] = this.#env.reset();
    runner.reset();
    this.#episode++;
    this.#step = 0;
    this.#return = 0;
    return { obs: flat(obs), elapsed: info.elapsedTime ?? 1 };
  }

  #render(): Frame | null {
    return this.#env.render();
  }
}

/** The runner's arrays are overwritten by its next step. */
function copyOf({ action, motor, state, logits, value }: PolicyStep, spec: ActionSpec) {
  return {
    envAction: typeof action === "number" ? action : action.slice(),
    action:
      typeof action === "number"
        ? Float32Array.of(action - (spec.kind === "discrete" ? spec.start : 0))
        : action.slice(),
    motor: motor.slice(),
    state: state.slice(),
    logits: logits.slice(),
    probabilities: spec.kind === "discrete" ? softmax(logits) : new Float32Array(),
    value,
  };
}

function softmax(logits: Float32Array): Float32Array {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = logits.map((l) => Math.exp(l - largest));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}

/** Observations as policies take them. */
function flat(obs: unknown): Float32Array | Uint8Array {
  if (obs instanceof Float32Array || obs instanceof Uint8Array) return obs;
  if (typeof obs === "number") return Float32Array.of(obs);
  if (obs instanceof Float64Array || obs instanceof Int32Array || obs instanceof Int8Array)
    return Float32Array.from(obs);
  if (Array.isArray(obs) && obs.every((v) => typeof v === "number")) return Float32Array.from(obs);
  throw new EnvError("obs-kind", "the viewer can play worlds whose observations are arrays of numbers only");
}
