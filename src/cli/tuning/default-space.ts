import type { RunConfig } from "../run-config.ts";
import { type SearchSpace, parseDimension } from "../../tune/search-space.ts";

const cloning = [
  "algo.learningRate=3e-4..1e-2:log",
  "algo.sequenceLength=8,16,32",
  "algo.weightDecay=1e-6..1e-2:log",
  "algo.maxGradNorm=0.5,1,2",
];

/** What is searched where nothing else is said: what matters most for how well an algorithm learns. */
const spaces: Readonly<Record<RunConfig["algo"]["kind"], readonly string[]>> = {
  ppo: [
    "algo.learningRate=3e-4..1e-2:log",
    "algo.gamma=0.9,0.95,0.98,0.99,0.995",
    "algo.gaeLambda=0.7..0.98",
    "algo.entropyCoef=1e-5..3e-2:log",
    "algo.clipRange=0.1..0.4",
    "algo.numEpochs=2..10",
    "algo.maxGradNorm=0.3,0.5,1,2",
  ],
  bc: cloning,
  dagger: [...cloning, "algo.beta=0..0.9"],
};

/** The dimensions asked for, or the default ones of an algorithm. Throws ConfigError `bad-space`. */
export const searchSpace = (kind: RunConfig["algo"]["kind"], asked: readonly string[]): SearchSpace =>
  Object.fromEntries((asked.length > 0 ? asked : spaces[kind]).map(parseDimension));

/** The default dimensions as they would be written on the command line. */
export const defaultSpaceText = (): string =>
  Object.entries(spaces)
    .map(([kind, dimensions]) => `  ${kind}:  ${dimensions.join("\n        ")}`)
    .join("\n");
