import type { DrivenWorld } from "../../protocol/index.ts";
import { type DatasetSource, DemonstrationStore, type LiveSource } from "../../server/index.ts";

/** Worlds that anybody can drive, whatever the viewer was started on. */
const ALWAYS = [
  "CartPole-v1",
  "LaneKeeping-v0",
  "MinAtar/Asterix-v1",
  "MinAtar/Breakout-v1",
  "MinAtar/Freeway-v1",
  "MinAtar/Seaquest-v1",
  "MinAtar/SpaceInvaders-v1",
  "MountainCar-v0",
  "MountainCarContinuous-v0",
  "Acrobot-v1",
  "Pendulum-v1",
];

interface World {
  readonly id: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** Worlds to drive: those of runs (whose policies can be corrected) and datasets first, then the usual ones. */
export function drivenWorlds(ofRuns: readonly World[], ofDatasets: readonly World[]): DrivenWorld[] {
  const worlds: DrivenWorld[] = [];
  const add = ({ id: envId, args }: World, source: number | null): void => {
    const isKnown = worlds.some((w) => w.envId === envId && JSON.stringify(w.envArgs) === JSON.stringify(args));
    if (!isKnown) worlds.push({ envId, envArgs: { ...args }, source });
  };
  ofRuns.forEach(add);
  for (const world of ofDatasets) add(world, null);
  for (const id of ALWAYS) add({ id, args: {} }, null);
  return worlds;
}

/** Keeps what people play below `folder`. */
export function demonstrationStore(
  folder: string,
  sources: readonly LiveSource[],
  datasets: readonly DatasetSource[],
): DemonstrationStore {
  const worlds = drivenWorlds(
    sources.map(({ env }) => env),
    datasets.flatMap(({ env }) => env ?? []),
  );
  return new DemonstrationStore(folder, worlds);
}
