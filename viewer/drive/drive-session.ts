import { make, type Env, type Frame, type Info } from "gymnasium-js";
import type { Demonstration } from "../../src/protocol/index.ts";
import { digestOf } from "../../src/recording/snapshot-digest.ts";
import type { LabPolicy } from "../lab/lab-policy.ts";
import { flat } from "../lab/simulate.ts";
import type { Actions } from "./controls.ts";

/** What a session is about. */
export interface DriveOptions {
  readonly envId: string;
  readonly envArgs: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** drives where the human does not; null: the human alone */
  readonly policy: LabPolicy | null;
}

/** One episode that is played by hand, step by step, and can be played again from what it keeps. */
export class DriveSession {
  readonly options: DriveOptions;
  readonly stepsPerSecond: number;
  readonly actions: Actions;
  readonly #env: Env;
  readonly #taken: number[] = [];
  readonly #human: (0 | 1)[] = [];
  #seen: { readonly obs: unknown; readonly info: Info };
  #return = 0;
  #ended: "terminated" | "truncated" | null = null;

  /** Throws what the world throws on its arguments. */
  constructor(options: DriveOptions) {
    const env = make(options.envId, options.envArgs);
    this.options = options;
    this.#env = env;
    this.stepsPerSecond = env.metadata.renderFps;
    this.actions = actionsOf(env, options.envId);
    const [obs, info] = env.reset({ seed: options.seed });
    this.#seen = { obs, info };
    options.policy?.reset();
  }

  get numSteps(): number {
    return this.#human.length;
  }
  get return(): number {
    return this.#return;
  }
  get ended(): "terminated" | "truncated" | null {
    return this.#ended;
  }
  /** steps in which the human acted */
  get numByHand(): number {
    return this.#human.reduce<number>((sum, h) => sum + h, 0);
  }
  /** the last action, its first number */
  get lastAction(): number {
    return this.#taken.at(-this.actions.width) ?? 0;
  }

  frame(): Frame | null {
    return this.#env.render();
  }

  /** One step with the human's action, or, where that is null, the policy's. It watches all the time. */
  step(command: number | Float32Array | null): void {
    if (this.#ended !== null) return;
    const { policy } = this.options;
    const { obs, info } = this.#seen;
    const response = policy?.step(flat(obs), info.elapsedTime ?? 1);
    const action = command ?? response?.envAction;
    if (action === undefined) throw new Error("internal: nobody acts");
    const [next, reward, terminated, truncated, nextInfo] = this.#env.step(action);
    if (typeof action === "number") this.#taken.push(action);
    else this.#taken.push(...action);
    this.#human.push(command === null ? 0 : 1);
    this.#seen = { obs: next, info: nextInfo };
    this.#return += reward;
    if (terminated || truncated) this.#ended = terminated ? "terminated" : "truncated";
  }

  /** What is needed to play the episode again; only after the first step. */
  demonstration(player: Demonstration["player"]): Demonstration {
    const { envId, envArgs, seed, policy } = this.options;
    return {
      format: "elegans-demonstration",
      version: 1,
      env: { id: envId, args: { ...envArgs } },
      seed,
      actions: [...this.#taken],
      ...(policy !== null && { human: [...this.#human] }),
      player,
      end: { steps: this.numSteps, return: this.#return, digest: digestOf(this.#env) },
    };
  }

  close(): void {
    this.#env.close();
  }
}

function actionsOf({ actionSpace }: Env, envId: string): Actions {
  if ("n" in actionSpace && typeof actionSpace.n === "number")
    return { envId, numChoices: actionSpace.n, width: 1, high: actionSpace.n - 1 };
  const width = (actionSpace.shape ?? []).reduce((a, b) => a * b, 1);
  const high = "high" in actionSpace && actionSpace.high instanceof Float64Array ? (actionSpace.high[0] ?? 1) : 1;
  return { envId, numChoices: null, width, high };
}
