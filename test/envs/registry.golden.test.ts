import { describe, expect, test } from "vitest";
import {
  DeprecatedEnv,
  EnvSpec,
  formatEnvId,
  GymError,
  make,
  NamespaceNotFound,
  parseEnvId,
  register,
  RegistrationError,
  ValueError,
  VersionNotFound,
} from "../../envs/index.ts";
import { describeGolden } from "../helpers/golden.ts";

type Parts = [namespace: string | null, name: string, version: number | null];
interface ApiGolden {
  readonly registration?: {
    readonly parse_env_id?: [id: string, result: { readonly ok?: Parts; readonly error?: string }][];
    readonly get_env_id?: [Parts, string][];
  };
}

describeGolden<ApiGolden>("envs/gym_api.json", ({ registration = {} }) => {
  describe("ids", () => {
    for (const [id, { ok }] of registration.parse_env_id ?? []) {
      test(`${JSON.stringify(id)} ${ok ? "has its parts" : "is refused"}`, () => {
        if (!ok) expect(() => parseEnvId(id)).toThrow(GymError);
        else expect(parseEnvId(id)).toEqual({ namespace: ok[0], name: ok[1], version: ok[2] });
      });
    }
    for (const [[namespace, name, version], id] of registration.get_env_id ?? []) {
      test(`${id} is written from its parts`, () => expect(formatEnvId({ namespace, name, version })).toBe(id));
    }
  });
});

test("a spec written as JSON makes the same environment again", () => {
  const env = make("CartPole-v1", { suttonBartoReward: true }, { maxEpisodeSteps: 7 });
  const spec = EnvSpec.fromJson(env.spec!.toJson());
  expect(spec.toJson()).toBe(env.spec!.toJson());
  const again = make(spec);
  expect(String(again)).toBe(String(env));
  for (const one of [env, again]) one.reset({ seed: 1 });
  for (let t = 0; t < 7; t++) expect(again.step(t % 2)).toEqual(env.step(t % 2));
});

test("registrations that contradict each other are refused, and the right class says why", () => {
  const entryPoint = (): never => {
    throw new Error("never made");
  };
  register({ id: "regtest/Tst-v1", entryPoint });
  register({ id: "regtest/Tst-v3", entryPoint });
  register({ id: "regtest/Plain", entryPoint });
  expect(() => register({ id: "regtest/Tst", entryPoint })).toThrow(RegistrationError);
  expect(() => register({ id: "regtest/Plain-v1", entryPoint })).toThrow(RegistrationError);
  expect(() => register({ id: "regtest/X-v0" })).toThrow(ValueError);
  expect(() => make("regtest/Tst-v2")).toThrow(DeprecatedEnv);
  expect(() => make("regtest/Tst-v9")).toThrow(VersionNotFound);
  expect(() => make("regtest/Tts-v1")).toThrow(/did you mean regtest\/Tst-v3\?/);
  expect(() => make("regtset/Tst-v1")).toThrow(NamespaceNotFound);
  expect(() => make("regtest/Plain-v4")).toThrow(DeprecatedEnv);
});
