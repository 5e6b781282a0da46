import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  DeprecatedEnv,
  EnvSpec,
  formatEnvId,
  GymError,
  make,
  makeVec,
  NamespaceNotFound,
  parseEnvId,
  register,
  RegistrationError,
  setWarningHandler,
  spec,
  ValueError,
  VersionNotFound,
  WorldEnv,
  cartPole,
} from "../../envs/index.ts";
import type { WarningHandler } from "../../envs/index.ts";
import { describeGolden } from "../helpers/golden.ts";
import { thrownClasses } from "../helpers/thrown-classes.ts";

type Parts = [namespace: string | null, name: string, version: number | null];
interface Outcome {
  readonly ok?: unknown;
  readonly error?: string;
  readonly warnings?: readonly string[];
}
type LogEntry = [what: string, outcome: Outcome];
interface ApiGolden {
  readonly registration?: {
    readonly parse_env_id?: [id: string, result: { readonly ok?: Parts; readonly error?: string }][];
    readonly get_env_id?: [Parts, string][];
    readonly log?: LogEntry[];
    readonly callable_spec_to_json?: Outcome;
    readonly unwrapped_spec_of_make?: Readonly<Record<string, unknown>>;
  };
}

let warnings: string[] = [];
let before: WarningHandler;
beforeEach(() => {
  warnings = [];
  before = setWarningHandler((message) => warnings.push(message));
});
afterEach(() => {
  setWarningHandler(before);
});

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

  const { log = [], callable_spec_to_json: callable, unwrapped_spec_of_make: bare } = registration;
  // One after the other: each entry builds on the registrations before it.
  describe("log of registrations and what make says to them", { sequential: true }, () => {
    for (const [what, outcome] of log) {
      const act = interpret(what, log);
      if (act === null) test.skip(`${what} (no such thing here)`, () => {});
      else test(`${what}: ${outcome.error ?? "passes"}`, () => checkEntry(act, outcome));
    }
  });

  if (callable) {
    test(`a function among the arguments cannot be written as JSON: ${callable.error}`, () => {
      const withFunction = new EnvSpec({ id: "X-v0", entryPoint: "CartPole-v1", kwargs: { f: () => 1 } });
      expect(thrownClasses(() => withFunction.toJson())).toContain(callable.error);
    });
  }
  if (bare) {
    test("the spec of the innermost env says what the bare world is", () => {
      const inner = make(bare["id"] as string) as unknown as { env: { env: { env: { spec: EnvSpec } } } }; // the usual three layers
      const { id, maxEpisodeSteps, orderEnforce, disableEnvChecker, rewardThreshold } = inner.env.env.env.spec;
      expect({
        id,
        max_episode_steps: maxEpisodeSteps,
        order_enforce: orderEnforce,
        disable_env_checker: disableEnvChecker,
        reward_threshold: rewardThreshold,
      }).toEqual(bare);
    });
  }
});

/** What a line of the log does; null for what this package does not have (modules in ids, render modes). */
function interpret(what: string, log: readonly LogEntry[]): (() => unknown) | null {
  const [, call, id] = /^(register|make|spec)\('([^']*)'\)/.exec(what) ?? [];
  if (call === "register") return () => register({ id: id!, ...fieldsOf(id!, what, log) });
  if (call === "make" && !/^\w+:/.test(id!)) return () => String(make(id!));
  if (call === "spec") return () => (what.endsWith(".max_episode_steps") ? spec(id!).maxEpisodeSteps : spec(id!));
  if (what === "make(5)") return () => make(5 as never);
  if (what === "make_vec(5)") return () => makeVec(5 as never);
  if (what === "make(spec)") return () => String(make(spec("CartPole-v1")));
  if (what === "make with unknown kwarg") return () => make("CartPole-v1", { nope: 1 });
  if (what === "make disable_env_checker=True")
    return () => String(make("CartPole-v1", {}, { disableEnvChecker: true }));
  const steps = /^make max_episode_steps=(.*)$/.exec(what)?.[1];
  // 2.0 is an integer in JavaScript: what is no integer in both is taken.
  if (steps !== undefined)
    return () => String(make("CartPole-v1", {}, { maxEpisodeSteps: /\./.test(steps) ? 2.5 : Number(steps) }));
  return null;
}

/** The fields that the file's registration must have had: read off the layers that `make` of the id shows. */
function fieldsOf(
  id: string,
  what: string,
  log: readonly LogEntry[],
): Partial<ConstructorParameters<typeof EnvSpec>[0]> {
  if (/without entry points/.test(what)) return {};
  const made = log.find(([made, { ok }]) => made.startsWith("make(") && String(ok).includes(`<${id}>`))?.[1].ok;
  const layers = String(made ?? "");
  return {
    entryPoint: () => new WorldEnv(cartPole()),
    maxEpisodeSteps: layers.includes("TimeLimit") ? 10 : null,
    orderEnforce: made === undefined || layers.includes("OrderEnforcing"),
    disableEnvChecker: made !== undefined && !layers.includes("PassiveEnvChecker"),
  };
}

function checkEntry(act: () => unknown, outcome: Outcome): void {
  let result: unknown;
  const thrown = thrownClasses(() => (result = act()));
  expect(thrown).toContain(outcome.error ?? "ok");
  if (outcome.error === undefined && outcome.ok !== null) expect(result).toBe(outcome.ok);
  if (outcome.error === undefined) expect(warnings.length > 0).toBe(outcome.warnings !== undefined);
  const suggestion = /Did you mean: `(\w+)`/.exec(String((outcome as { message?: string }).message))?.[1];
  if (suggestion !== undefined) expect(act).toThrow(new RegExp(`did you mean .*${suggestion}`));
}

test("a spec written as JSON makes the same environment again", () => {
  const env = make("CartPole-v1", { suttonBartoReward: true }, { maxEpisodeSteps: 7 });
  const again = make(EnvSpec.fromJson(env.spec!.toJson()));
  expect(again.spec!.toJson()).toBe(env.spec!.toJson());
  expect(String(again)).toBe(String(env));
  for (const one of [env, again]) one.reset({ seed: 1 });
  for (let t = 0; t < 7; t++) expect(again.step(t % 2)).toEqual(env.step(t % 2));
});

test("JSON that is no spec is refused, and the message names the field", () => {
  const good: Record<string, unknown> = JSON.parse(spec("CartPole-v1").toJson());
  expect(() => EnvSpec.fromJson("{")).toThrow(TypeError);
  for (const text of ["5", "null", "[]", "{}"]) expect(() => EnvSpec.fromJson(text)).toThrow(TypeError);
  for (const [field, value] of Object.entries({
    id: 5,
    entryPoint: 1,
    maxEpisodeSteps: 2.5,
    orderEnforce: "yes",
    kwargs: [],
    additionalWrappers: [{ name: "ClipReward" }],
    rewardThreshold: "high",
    unknownField: 1,
  }))
    expect(() => EnvSpec.fromJson(JSON.stringify({ ...good, [field]: value }))).toThrow(new RegExp(`: ${field}`));
  expect(() => EnvSpec.fromJson(JSON.stringify({ ...good, id: "no id" }))).toThrow(GymError);
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
