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

/** Keeps what people play below `folder`: the worlds of the runs and datasets that are shown first, then the usual ones. */
export function demonstrationStore(
  folder: string,
  sources: readonly LiveSource[],
  datasets: readonly DatasetSource[],
): DemonstrationStore {
  const worlds: DrivenWorld[] = [];
  const add = (envId: string, envArgs: Readonly<Record<string, unknown>>, source: number | null): void => {
    const isKnown = worlds.some((w) => w.envId === envId && JSON.stringify(w.envArgs) === JSON.stringify(envArgs));
    if (!isKnown) worlds.push({ envId, envArgs: { ...envArgs }, source });
  };
  sources.forEach(({ env }, i) => add(env.id, env.args, i));
  for (const { env } of datasets) if (env !== null) add(env.id, env.args, null);
  for (const id of ALWAYS) add(id, {}, null);
  return new DemonstrationStore(folder, worlds);
}
