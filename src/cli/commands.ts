import type { Command } from "commander";

/** A command as the list of commands shows it; what it does is loaded when it is asked for, so that others need not wait for it. */
export interface CommandEntry {
  /** name and arguments */
  readonly usage: string;
  readonly summary: string;
  /** Loads what adds the command to a program. */
  readonly load: () => Promise<(program: Command) => void>;
}

/** Every command, in the order of the help. */
export const commandEntries: readonly CommandEntry[] = [
  {
    usage: "start",
    summary: "train CartPole-v1 and watch it: the quickest first look",
    load: async () => (await import("./commands/start.ts")).addStart,
  },
  {
    usage: "train [env]",
    summary: "train a policy",
    load: async () => (await import("./commands/train.ts")).addTrain,
  },
  {
    usage: "clone [env]",
    summary: "learn from recorded episodes of an expert",
    load: async () => (await import("./commands/train.ts")).addClone,
  },
  {
    usage: "evaluate <run>",
    summary: "play episodes with a trained policy and sum them up",
    load: async () => (await import("./commands/evaluate.ts")).addEvaluate,
  },
  {
    usage: "record <env>",
    summary: "record episodes of an expert, a policy or random actions",
    load: async () => (await import("./commands/record.ts")).addRecord,
  },
  {
    usage: "gif <dataset>",
    summary: "draw a recorded episode as an animated GIF",
    load: async () => (await import("./commands/gif.ts")).addGif,
  },
  {
    usage: "data",
    summary: "list, show, check and import datasets",
    load: async () => (await import("./commands/data.ts")).addData,
  },
  {
    usage: "view [path...]",
    summary: "watch runs and look through episodes in the browser",
    load: async () => (await import("./commands/view.ts")).addView,
  },
  {
    usage: "plot <run...>",
    summary: "draw learning curves of one or many runs, and compare what they reached",
    load: async () => (await import("./commands/plot.ts")).addPlot,
  },
  {
    usage: "tune <env>",
    summary: "search for good settings",
    load: async () => (await import("./commands/tune.ts")).addTune,
  },
  {
    usage: "inspect <run-or-file>",
    summary: "explain the circuit of a policy: neurons, synapses, time constants, receptive fields",
    load: async () => (await import("./commands/inspect.ts")).addInspect,
  },
  {
    usage: "export <run-or-file>",
    summary: "write a policy for use outside this project",
    load: async () => (await import("./commands/export.ts")).addExport,
  },
  {
    usage: "envs",
    summary: "list the environments",
    load: async () => (await import("./commands/envs.ts")).addEnvs,
  },
  {
    usage: "bench [env]",
    summary: "measure how fast this machine trains and plays",
    load: async () => (await import("./commands/bench.ts")).addBench,
  },
  {
    usage: "check-env <env>",
    summary: "check that an environment keeps the contract",
    load: async () => (await import("./commands/check-env.ts")).addCheckEnv,
  },
];
