import type { CheckpointEntry } from "../protocol/index.ts";
import type { LiveSource, PolicyVersion } from "./live-source.ts";

/**
 * A source pinned to one of its kept policies. The policy is read in the background; until it is there the source has none, and where it
 * cannot be read `policy` throws what is wrong.
 */
export function pinnedSource(source: LiveSource, { step }: Pick<CheckpointEntry, "step">): LiveSource {
  let found: PolicyVersion | null = null;
  let failure: unknown = null;
  const reading = source.keptPolicy?.(step) ?? Promise.reject(new Error("no policies are kept here"));
  reading.then(
    (bytes) => (found = { version: step, bytes }),
    (error: unknown) => (failure = error),
  );
  return {
    title: source.title,
    env: source.env,
    ...(source.stepsPerSecond !== undefined && { stepsPerSecond: source.stepsPerSecond }),
    policy: () => {
      if (failure !== null) throw failure instanceof Error ? failure : new Error("its policy cannot be read");
      return found;
    },
    metrics: () => source.metrics(),
    status: () => source.status(),
    kept: () => source.kept?.() ?? [],
  };
}
