// A thread of AsyncVectorEnv: makes its envs, then does what it is asked, one reply per command.
import { parentPort, workerData } from "node:worker_threads";
import type { Env } from "../env.ts";
import { RuntimeError } from "../errors.ts";
import "../index.ts"; // registers the built-in worlds
import { make } from "../make.ts";
import { EnvSpec, resolve } from "../registry.ts";
import { putRow } from "../spaces/batch-values.ts";
import { spaceToData } from "../spaces/space-data.ts";
import { EnvCopy } from "../vector/env-copy.ts";
import { getWrapperAttr, setWrapperAttr } from "../wrappers/wrapper-attr.ts";
import type { Command, EnvRecipe, MadeEnv, Reply, ResetReply, StepReply, ThreadData } from "./messages.ts";
import { packError } from "./packed-error.ts";
import type { PackedError } from "./packed-error.ts";
import type { SharedStep } from "./shared-step.ts";

const { port, numReplies, threadIndex, firstEnv, recipes, imports, autoresetMode } = workerData as ThreadData;
const copies: EnvCopy[] = [];
let memory: SharedStep | null = null;
/** Index of the env at work, for errors. */
let envIndex = firstEnv;
let isClosing = false;
let fatal: PackedError | null = null;

await start();

async function start(): Promise<void> {
  try {
    for (const name of imports) await import(name);
    const envs = recipes.map((recipe, i) => {
      envIndex = firstEnv + i;
      return makeFrom(recipe);
    });
    process.on("uncaughtException", (error) => {
      fatal = packError(error);
      process.exit(1);
    });
    process.on("exit", () => {
      if (!isClosing) send({ kind: "ended", error: fatal });
    });
    port.on("message", (command: Command) => reply(command));
    parentPort!.postMessage({ kind: "made", envs });
  } catch (error) {
    parentPort!.postMessage({ kind: "failed", envIndex, error: packError(error) });
  }
}

function makeFrom({ id, kwargs, options }: EnvRecipe): MadeEnv {
  const spec = typeof id === "string" ? resolve(id) : EnvSpec.fromJson(id.json);
  const env = make(spec, kwargs, options);
  copies.push(new EnvCopy(env, autoresetMode));
  return {
    observationSpace: spaceToData(env.observationSpace),
    actionSpace: spaceToData(env.actionSpace),
    metadata: env.metadata,
    spec: spec.with({ kwargs: { ...spec.kwargs, ...kwargs } }).toJson(),
  };
}

function reply(command: Command): void {
  envIndex = firstEnv;
  let answer: Reply;
  try {
    answer = run(command);
  } catch (error) {
    answer = { kind: "error", envIndex, error: packError(error) };
  }
  send(answer);
  if (isClosing) port.close();
}

function send(answer: Reply): void {
  try {
    port.postMessage(answer);
  } catch (cause) {
    const error = new RuntimeError(`what it returned cannot be sent to another thread: ${(cause as Error).message}`);
    port.postMessage({ kind: "error", envIndex: uncloneable(answer), error: packError(error) } satisfies Reply);
  }
  Atomics.add(numReplies, threadIndex, 1);
  Atomics.notify(numReplies, threadIndex);
}

/** The env whose part of an answer cannot be copied. */
function uncloneable(answer: Reply): number {
  const parts: readonly unknown[] = "results" in answer ? answer.results : "values" in answer ? answer.values : [];
  const isBad = (part: unknown): boolean => {
    try {
      structuredClone(part);
      return false;
    } catch {
      return true;
    }
  };
  return firstEnv + Math.max(0, parts.findIndex(isBad));
}

function run(command: Command): Reply {
  switch (command.kind) {
    case "share":
      memory = command.memory;
      return { kind: "done" };
    case "reset":
      return {
        kind: "reset",
        results: command.resets.map((options, i) => (options === null ? null : reset(i, options))),
      };
    case "step":
      return { kind: "step", results: command.actions.map((action, i) => step(i, action)) };
    case "call":
      return { kind: "values", values: each((env) => callOrGet(env, command.name, command.args)) };
    case "set":
      each((env, i) => setWrapperAttr(env, command.name, command.values[i]));
      return { kind: "done" };
    case "close":
      isClosing = true;
      each((env) => env.close());
      return { kind: "done" };
    default:
      return command satisfies never;
  }
}

function reset(i: number, options: Parameters<EnvCopy["reset"]>[0]): ResetReply {
  envIndex = firstEnv + i;
  const [obs, info] = copies[i]!.reset(options);
  return { info, ...keepObs(i, obs) };
}

function step(i: number, action: unknown): StepReply {
  envIndex = firstEnv + i;
  const { obs, reward, terminated, truncated, info, final } = copies[i]!.step(action);
  const { rewards, terminated: ends, truncated: cuts } = memory!; // shared before the first command
  rewards[envIndex] = reward;
  ends[envIndex] = Number(terminated);
  cuts[envIndex] = Number(truncated);
  return { info, final, ...keepObs(i, obs) };
}

/** Writes an observation into shared memory; where that cannot hold it, it goes with the reply. */
function keepObs(i: number, obs: unknown): { readonly obs?: unknown } {
  if (memory!.obs === null) return { obs };
  putRow(copies[i]!.env.observationSpace, memory!.obs, firstEnv + i, obs);
  return {};
}

function each<T>(act: (env: Env, i: number) => T): T[] {
  return copies.map(({ env }, i) => {
    envIndex = firstEnv + i;
    return act(env, i);
  });
}

function callOrGet(env: Env, name: string, args: readonly unknown[]): unknown {
  const value = getWrapperAttr(env, name);
  return typeof value === "function" ? (value as (...all: readonly unknown[]) => unknown).apply(env, [...args]) : value;
}
