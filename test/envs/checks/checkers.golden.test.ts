import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  Box,
  checkEnv,
  dataEquivalence,
  defaultRng,
  Dict,
  Discrete,
  EnvSpec,
  make as gymMake,
  PassiveEnvChecker,
  setWarningHandler,
  unwrapped,
} from "../../../envs/index.ts";
import type { Env, Generator, ResetOptions, WarningHandler } from "../../../envs/index.ts";
import { describeGolden } from "../../helpers/golden.ts";
import { thrownClasses } from "../../helpers/thrown-classes.ts";

interface Verdict {
  readonly error?: string;
  readonly warnings?: string[];
}
interface Case {
  readonly defect: string;
  readonly check_env: Verdict;
  readonly passive_make: Verdict;
}

/** A sound env of two numbers, whose parts the defects replace. */
class Sound {
  observationSpace: unknown = new Box(-1, 1, { shape: [2] });
  actionSpace: unknown = new Discrete(2);
  readonly metadata = { renderFps: 30 };
  readonly spec: EnvSpec | null = null;
  random: Generator = defaultRng(0);
  reset({ seed }: ResetOptions = {}): unknown {
    if (seed !== undefined) this.random = defaultRng(seed);
    return [this.observe(), {}];
  }
  step(_action: unknown): unknown {
    return [this.observe(), 1, false, false, {}];
  }
  observe(): Float32Array {
    return Float32Array.of(this.random.random(), 0);
  }
  render(): null {
    return null;
  }
  snapshot(): Uint8Array {
    const words = new Uint32Array(this.random.numStateWords);
    this.random.saveState(words);
    return new Uint8Array(words.buffer);
  }
  restore(bytes: Uint8Array): void {
    this.random.loadState(new Uint32Array(bytes.slice().buffer));
  }
  close(): void {}
}

type Step = (good: unknown[]) => unknown;
const withStep = (change: Step) => (): Sound => {
  const env = new Sound();
  const step = env.step.bind(env);
  env.step = (action) => change(step(action) as unknown[]);
  return env;
};
const withReset = (change: Step) => (): Sound => {
  const env = new Sound();
  const reset = env.reset.bind(env);
  env.reset = (options) => change(reset(options) as unknown[]);
  return env;
};
const withSpaces = (spaces: Partial<Pick<Sound, "observationSpace" | "actionSpace">>) => (): Sound =>
  Object.assign(new Sound(), spaces);
const replace =
  (index: number, value: unknown): Step =>
  (good) =>
    good.map((part, i) => (i === index ? value : part));

/** The defects of the golden file that JavaScript can have. */
const defects: Record<string, () => Sound> = {
  good: () => new Sound(),
  "obs dtype float64": withStep(replace(0, Float64Array.of(0, 0))),
  "obs out of space": withStep(replace(0, Float32Array.of(0, 5))),
  "obs list": withStep(replace(0, [0, 0])),
  "obs wrong shape": withStep(replace(0, Float32Array.of(0, 0, 0))),
  "reward str": withStep(replace(1, "1")),
  "reward nan": withStep(replace(1, NaN)),
  "reward inf": withStep(replace(1, Infinity)),
  "terminated int": withStep(replace(2, 0)),
  "truncated int": withStep(replace(3, 1)),
  "truncates at step 1": withStep(replace(3, true)),
  "info list": withStep(replace(4, [])),
  "step returns 4": withStep(([obs, reward, done, , info]) => [obs, reward, done, info]),
  "step returns 3": withStep((good) => good.slice(0, 3)),
  "reset returns obs only": withReset(([obs]) => obs),
  "reset returns 3": withReset((good) => [...good, {}]),
  "reset info list": withReset(replace(1, [])),
  "reset ignores seed": () => {
    const env = new Sound();
    env.reset = () => [env.observe(), {}];
    return env;
  },
  "reset obs outside": withReset(replace(0, Float32Array.of(9, 9))),
  "nondeterministic step": () => {
    let t = 0;
    return withStep(([, ...rest]) => [Float32Array.of(0, (t = (t + 0.13) % 1)), ...rest])();
  },
  "has seed()": () => Object.assign(new Sound(), { seed: () => {} }),
  "no action_space": withSpaces({ actionSpace: undefined }),
  "action_space int": withSpaces({ actionSpace: 5 }),
  "Box action asymmetric": withSpaces({ actionSpace: new Box(-1, 3, { shape: [1] }) }),
  "Box obs infinite": withSpaces({ observationSpace: new Box(-Infinity, Infinity, { shape: [2] }) }),
  "Box obs low==high": withSpaces({ observationSpace: new Box(0, 0, { shape: [2] }) }),
  "empty Dict obs": withSpaces({ observationSpace: new Dict({}) }),
};

let warnings: string[] = [];
let before: WarningHandler;
beforeAll(() => {
  before = setWarningHandler(() => {});
});
afterAll(() => {
  setWarningHandler(before);
});

/** Class names of what was thrown ("ok" when nothing was), and whether anything was warned about. */
function verdictOf(run: () => void): { readonly thrown: string[]; readonly hasWarned: boolean } {
  warnings = [];
  setWarningHandler((message) => warnings.push(message)); // also forgets earlier warnings
  const thrown = thrownClasses(run);
  return { thrown, hasWarned: warnings.length > 0 };
}

function runPassively(env: Sound): void {
  const checked = new PassiveEnvChecker(env as unknown as Env); // a defect may break the type
  checked.reset({ seed: 1 });
  checked.step(0);
}

interface CheckersGolden {
  readonly checkers?: Case[];
  readonly checkers_with_spec?: { readonly defect: string; readonly check_env_with_spec: Verdict }[];
  readonly data_equivalence?: [label: string, isClose: boolean, isExact: boolean][];
}

/** The pairs of the golden file that JavaScript can tell apart. */
const pairs: Record<string, readonly [unknown, unknown]> = {
  "1,1": [1, 1],
  "True,1": [true, 1],
  "arr eq": [Float64Array.of(1, 2), Float64Array.of(1, 2)],
  "arr close 1e-6": [Float64Array.of(1, 2), Float64Array.of(1 + 1e-6, 2)],
  "arr 1e-4": [Float64Array.of(1, 2), Float64Array.of(1 + 1e-4, 2)],
  "dtype differ": [Float64Array.of(1, 2), Float32Array.of(1, 2)],
  shape: [Float64Array.of(1, 2), Float64Array.of(1, 2, 3)],
  dict: [
    { a: 1, b: Int32Array.of(1) },
    { a: 1, b: Int32Array.of(1) },
  ],
  "dict order": [
    { a: 1, b: 2 },
    { b: 2, a: 1 },
  ],
  "dict keys": [{ a: 1 }, { b: 1 }],
  tuple: [
    [1, "x"],
    [1, "x"],
  ],
  "nan arr": [Float64Array.of(NaN), Float64Array.of(NaN)],
  str: ["x", "x"],
};

/** The env of a case with a spec: a defect, or a registered world with or without its wrappers. */
function envWithSpec(defect: string): Env {
  const [, id, wrapped] = /^(\S+-v\d+)( wrapped)?$/.exec(defect) ?? [];
  if (id !== undefined) return wrapped === undefined ? unwrapped(gymMake(id)) : gymMake(id);
  const spec = new EnvSpec({ id: "Defect-v0", entryPoint: () => defects[defect]!() as unknown as Env }); // a defect may break the type
  return Object.assign(defects[defect]!(), { spec }) as unknown as Env;
}

describeGolden<CheckersGolden>("envs/gym_api.json", (golden) => {
  const { checkers = [], checkers_with_spec: withSpec = [], data_equivalence: equivalences = [] } = golden;
  for (const { defect, check_env_with_spec: want } of withSpec) {
    test(`checkEnv with a spec, ${defect}: ${want.error ?? "passes"}`, () => {
      const { thrown, hasWarned } = verdictOf(() => checkEnv(envWithSpec(defect)));
      expect(thrown).toContain(want.error ?? "ok");
      if (want.error === undefined) expect(hasWarned).toBe(want.warnings !== undefined);
    });
  }
  for (const [label, isClose, isExact] of equivalences) {
    const pair = pairs[label];
    if (pair === undefined) {
      test.skip(`dataEquivalence, ${label} (the same thing in JavaScript)`, () => {});
      continue;
    }
    test(`dataEquivalence, ${label}: ${isClose}, exactly ${isExact}`, () => {
      expect([dataEquivalence(...pair), dataEquivalence(...pair, true)]).toEqual([isClose, isExact]);
    });
  }
  for (const c of checkers) {
    const make = defects[c.defect];
    if (make === undefined) {
      test.skip(`${c.defect} (JavaScript has no such thing)`, () => {});
      continue;
    }
    describe(`defect: ${c.defect}`, () => {
      test(`checkEnv: ${c.check_env.error ?? "passes"}`, () => {
        const { thrown, hasWarned } = verdictOf(() => checkEnv(make() as unknown as Env)); // as above
        expect(thrown).toContain(c.check_env.error ?? "ok");
        if (c.check_env.warnings && c.check_env.error === undefined) expect(hasWarned).toBe(true);
      });
      const isSeedBroken = c.defect === "reset ignores seed"; // the file's env lacks an attribute there
      if (!isSeedBroken) {
        test(`PassiveEnvChecker: ${c.passive_make.error ?? "passes"}`, () => {
          const { thrown, hasWarned } = verdictOf(() => runPassively(make()));
          expect(thrown).toContain(c.passive_make.error ?? "ok");
          expect(hasWarned).toBe(c.passive_make.warnings !== undefined);
        });
      }
    });
  }
});
