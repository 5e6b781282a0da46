import { expect, test } from "vitest";
import { elegans, inFolder } from "../../helpers/cli.ts";

const broken = `${process.cwd()}/test/helpers/broken-envs.mjs`;
const check = (id: string, ...more: string[]): ReturnType<typeof elegans> =>
  elegans(["check-env", id, "--import", broken, ...more], process.cwd());

test("a sound environment keeps the contract: exit code 0, and one JSON object on stdout", async () => {
  const end = await check("broken/None-v0", "--json");
  expect(end.exitCode, end.stderr).toBe(0);
  expect(JSON.parse(end.stdout)).toEqual({
    env: "broken/None-v0",
    ok: true,
    error: null,
    warnings: [],
    trainable: true,
  });
  const known = await elegans(["check-env", "CartPole-v1"], process.cwd());
  expect(known.exitCode).toBe(0);
  expect(known.stdout).toContain("infinite bounds at indices 1, 3");
  expect(known.stdout).toContain("CartPole-v1 keeps the contract");
});

test.each([
  ["Obs", /AssertionError: reset: .*\[0\] = 5 is outside \[-1, 1\]; \[2\] = NaN is outside/],
  ["Throws", /RangeError: the wheel came off\n +at .*broken-envs\.mjs:\d+/],
  ["Space", /AttributeError: .*observationSpace is missing/],
])(
  "broken/%s-v0 breaks it: exit code 1, and the message names the method and every wrong index",
  async (id, message) => {
    const end = await check(`broken/${id}-v0`, "--json");
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toMatch(message);
    expect(JSON.parse(end.stdout)).toMatchObject({ ok: false, trainable: null });
  },
);

test("spaces that training cannot take are warned about; unknown ids and wrong arguments are the caller's mistake", async () => {
  const action = await check("broken/Action-v0", "--json");
  expect(action.exitCode, action.stderr).toBe(0);
  expect(JSON.parse(action.stdout)).toMatchObject({
    ok: true,
    trainable: false,
    warnings: [expect.stringMatching(/train cannot use it/)],
  });
  await inFolder(async (folder) => {
    for (const [args, message] of [
      [["CartPol-v1"], "did you mean CartPole-v1?"],
      [["CartPole-v1", "--env-arg", "gravity=3"], "gravity"],
    ] as const) {
      const end = await elegans(["check-env", ...args], folder);
      expect(end.exitCode, args.join(" ")).toBe(2);
      expect(end.stderr).toContain(message);
    }
  });
});
