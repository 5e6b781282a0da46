import { cp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Box, Discrete, make } from "gymnasium-js";
import { expect, test } from "vitest";
import { type DemonstrationSpaces, readDemonstrations } from "../../../agents/bc/read-demonstrations.ts";
import { newEpisode, openDataset } from "../../../src/recording/env-episodes.ts";
import { inFolder } from "../../helpers/cli.ts";

const CART_POLE: DemonstrationSpaces = {
  observation: make("CartPole-v1").observationSpace as Box, // as its page says
  action: new Discrete(2),
};
const CAMERA: DemonstrationSpaces = {
  observation: new Box(0, 255, { shape: [39, 100, 3], dtype: "uint8" }),
  action: new Box(-1, 1, { shape: [1] }),
};

/** Records three steps of a world; the last label and the second elapsed time may be given. */
async function record(
  path: string,
  id: string,
  args: Record<string, unknown> = {},
  {
    label,
    elapsed = 1,
    human,
  }: {
    readonly label?: number | readonly number[];
    readonly elapsed?: number;
    readonly human?: readonly number[];
  } = {},
): Promise<void> {
  const env = make(id, args);
  const writer = await openDataset(path, { id, args }, env);
  const builder = newEpisode(env);
  let [obs] = env.reset({ seed: 1 });
  env.actionSpace.seed(1);
  for (let t = 0; t < 3; t++) {
    const action = env.actionSpace.sample() as number | Float32Array; // Box or Discrete worlds alone are recorded here
    const info = human === undefined ? {} : { human: human[t] };
    builder.moment({ obs, elapsed: t === 1 ? elapsed : 1, info, snapshot: null, response: null });
    builder.deed({
      action,
      ...(label === undefined ? {} : { label: t === 2 ? label : action }),
      reward: 1,
      terminated: false,
      truncated: t === 2,
    });
    [obs] = env.step(action);
  }
  builder.moment({ obs, elapsed: 1, info: human === undefined ? {} : { human: 0 }, snapshot: null, response: null });
  const note = { seed: 1, return: 3, terminated: false, truncated: true, actor: { kind: "expert", name: "test" } };
  await writer.add(builder.finish(), note);
}

const file = (path: string, id = 0): string => join(path, "data", String(id), "part-0.arrow");

/** Takes the episode's checksum out, as in a dataset that Minari wrote. */
async function forgetChecksum(path: string, id = 0): Promise<void> {
  const name = join(path, "data", String(id), "metadata.json");
  const { elegans: _, ...rest } = JSON.parse(await readFile(name, "utf8"));
  await writeFile(name, JSON.stringify(rest));
}

const cases: readonly [
  what: string,
  spoil: (path: string) => Promise<void>,
  spaces: DemonstrationSpaces,
  message: (path: string) => string,
][] = [
  [
    "a truncated file",
    async (path) => {
      await record(path, "CartPole-v1");
      await truncate(file(path), 200);
    },
    CART_POLE,
    (path) => `episode 0 (${file(path)}) has 200 bytes, expected`,
  ],
  [
    "a truncated file of a dataset without checksums",
    async (path) => {
      await record(path, "CartPole-v1");
      await truncate(file(path), 900);
      await forgetChecksum(path);
    },
    CART_POLE,
    (path) => `episode 0 (${file(path)})`,
  ],
  [
    "another observation space",
    (path) => record(path, "Acrobot-v1"),
    CART_POLE,
    (path) => `${path}: its observation space is Box`,
  ],
  [
    "another camera",
    (path) => record(path, "LaneKeeping-v0", { camera: "full" }),
    CAMERA,
    () => "record with the same --env-arg",
  ],
  [
    "a label that is NaN",
    (path) => record(path, "LaneKeeping-v0", {}, { label: [NaN] }),
    CAMERA,
    (path) => `episode 0 (${file(path)}), actions, row 2: NaN, expected a finite number`,
  ],
  [
    "an elapsed time that is infinite",
    (path) => record(path, "CartPole-v1", {}, { elapsed: Infinity }),
    CART_POLE,
    (path) => `episode 0 (${file(path)}), infos.elapsedTime, row 1: Infinity, expected a finite number`,
  ],
  [
    "a step half by hand",
    (path) => record(path, "CartPole-v1", {}, { human: [1, 0.5, 0] }),
    CART_POLE,
    (path) => `episode 0 (${file(path)}), infos.human, row 1: 0.5, expected 0 or 1`,
  ],
  [
    "a choice that does not exist",
    (path) => record(path, "CartPole-v1", {}, { label: 5 }),
    CART_POLE,
    (path) => `episode 0 (${file(path)}), actions, row 2: 5, expected Discrete(2)`,
  ],
  [
    "no episode",
    async (path) => {
      await record(path, "CartPole-v1");
      await rm(join(path, "data", "0"), { recursive: true });
    },
    CART_POLE,
    (path) => `${path} holds no episodes; elegans record makes some`,
  ],
  [
    "an episode of another environment among the others",
    async (path) => {
      await record(path, "CartPole-v1");
      await record(`${path}-other`, "Acrobot-v1");
      await cp(join(`${path}-other`, "data", "0"), join(path, "data", "1"), { recursive: true });
    },
    CART_POLE,
    (path) => `episode 1 (${file(path, 1)}), observations: 6 numbers per row, expected 4; is the episode from another`,
  ],
  [
    "an episode of another camera among the others",
    async (path) => {
      await record(path, "LaneKeeping-v0");
      await record(`${path}-other`, "LaneKeeping-v0", { camera: "full" });
      await cp(join(`${path}-other`, "data", "0"), join(path, "data", "1"), { recursive: true });
    },
    CAMERA,
    (path) => `episode 1 (${file(path, 1)}), observations, row 0: a picture of 78 × 200, expected 39 × 100`,
  ],
];

test.each(cases)("%s: one error names file, episode and field", (_, spoil, spaces, message) =>
  inFolder(async (folder) => {
    const path = join(folder, "d");
    await spoil(path);
    const error = await readDemonstrations(path, spaces).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toContain(message(path));
    expect((error as Error).message).not.toContain("\n");
  }),
);

test("the same recordings unspoilt are read", () =>
  inFolder(async (folder) => {
    await record(join(folder, "a"), "CartPole-v1");
    await record(join(folder, "b"), "LaneKeeping-v0");
    expect(await readDemonstrations(join(folder, "a"), CART_POLE)).toMatchObject([{ numSteps: 3 }]);
    expect(await readDemonstrations(join(folder, "b"), CAMERA)).toMatchObject([{ numSteps: 3, obs: { kind: "png" } }]);
  }));

test("which steps a human made is read; nothing where nobody took over", () =>
  inFolder(async (folder) => {
    await record(join(folder, "a"), "CartPole-v1", {}, { human: [1, 0, 1] });
    await record(join(folder, "b"), "CartPole-v1");
    const [corrected] = await readDemonstrations(join(folder, "a"), CART_POLE);
    const [plain] = await readDemonstrations(join(folder, "b"), CART_POLE);
    expect([...(corrected?.byHand ?? [])]).toEqual([1, 0, 1]);
    expect(plain?.byHand).toBeUndefined();
  }));
