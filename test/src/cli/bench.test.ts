import { expect, test } from "vitest";
import { elegans, inFolder } from "../../helpers/cli.ts";

test("bench measures training with one thread and with all, and playing", () =>
  inFolder(async (folder) => {
    const { exitCode, stdout, stderr } = await elegans(["bench", "--total-steps", "1024", "--json"], folder);
    expect(exitCode, stderr).toBe(0);
    const { env, training, playing } = JSON.parse(stdout);
    expect(env).toBe("CartPole-v1");
    expect(training[0].workers).toBe(1);
    for (const { stepsPerSecond } of [...training, playing]) expect(stepsPerSecond).toBeGreaterThan(0);
    expect(stderr).toContain("playing greedily");
  }));
