import { expect, test } from "vitest";
import { defaultRng, Generator, PCG64, RandomState, SeedSequence } from "../../../envs/index.ts";
import { callGenerator } from "../../helpers/call-generator.ts";
import { callRandomState } from "../../helpers/call-random-state.ts";
import { describeGolden } from "../../helpers/golden.ts";
import { parsePythonCall, pythonValue } from "../../helpers/python-call.ts";

interface Case {
  readonly seed: number;
  readonly call: string;
  readonly values: readonly unknown[];
  readonly note?: string;
}
interface Cases {
  readonly cases: readonly Case[];
}

/** Calls that are described in words rather than written as one Python expression. */
const generatorWords: [RegExp, (seed: number, count: number) => unknown[]][] = [
  [/generate_state\((\d+), uint64\) as hex/, (seed, n) => seedWords(seed, n)],
  [/\[state, inc\] after seeding/, (seed) => [hex(new PCG64(seed).state), hex(new PCG64(seed).inc)]],
  [/raw uint64 output as hex/, (seed, n) => rawWords(new PCG64(seed), n)],
];
const randomStateWords: [RegExp, (seed: number, count: number) => unknown[]][] = [
  [
    /^raw uint32 output/,
    (seed, n) =>
      repeat(
        n,
        bind(new RandomState(seed), (rng) => rng.next32()),
      ),
  ],
  [/^state words key\[0\.\.\d+\] after seeding/, (seed, n) => keyWords(seed, n)],
];

describeGolden<Cases>("ncps/rng_generator.json", ({ cases }) => {
  for (const c of cases) {
    test(`Generator seed ${c.seed}: ${c.call}`, () => {
      const rng = defaultRng(c.seed);
      const words = generatorWords.find(([match]) => match.test(c.call));
      const got = words
        ? words[1](c.seed, c.values.length)
        : run(c, (text) => callOf(rng, text, parsed(callGenerator)));
      expectSame(c, got);
    });
  }
});

describeGolden<Cases>("ncps/rng_randomstate.json", ({ cases }) => {
  for (const c of cases) {
    test(`RandomState seed ${c.seed}: ${c.call}`, () => {
      const rng = new RandomState(c.seed);
      const words = randomStateWords.find(([match]) => match.test(c.call));
      const got = words
        ? words[1](c.seed, c.values.length)
        : run(c, (text) => callOf(rng, text, parsed(callRandomState)));
      expectSame(c, got);
    });
  }
});

type Call<R> = (rng: R, text: string) => unknown;

function parsed<R>(call: (rng: R, parsedCall: NonNullable<ReturnType<typeof parsePythonCall>>) => unknown): Call<R> {
  return (rng, text) => {
    const found = parsePythonCall(text);
    if (!found) throw new Error(`not a call: ${text}`);
    return call(rng, found);
  };
}

function callOf<R extends { shuffle(values: number[]): void }>(rng: R, text: string, call: Call<R>): unknown {
  const shuffled = /^a=(.*); shuffle\(a\)$/.exec(text);
  if (!shuffled) return call(rng, text);
  const values = pythonValue(shuffled[1]!) as number[];
  rng.shuffle(values);
  return values;
}

/** Runs the text of a case: one call, a list comprehension over calls, or one of the two interleavings written in words. */
function run({ call: text, values }: Case, call: (text: string) => unknown): unknown[] {
  const comprehension = /^\[(.*) for _ in range\((\d+)\)\]$/.exec(text);
  if (comprehension) return repeat(Number(comprehension[2]), () => call(comprehension[1]!));
  const strings = /^\[str\(v\) for v in (.*)\]$/.exec(text);
  if (strings) return (call(strings[1]!) as number[]).map(String);
  const interleaved = /^interleaved (\d+)x: \[(.*)\]$/.exec(text);
  if (interleaved) return repeat(Number(interleaved[1]), () => splitCalls(interleaved[2]!).map(call));
  const nested = /^for (\d+)x: for d in (.*): record d, (.*)$/.exec(text);
  if (nested) {
    return repeat(Number(nested[1]), () => (call(nested[2]!) as number[]).map((d) => [d, call(nested[3]!)])).flat();
  }
  const got = call(text);
  if (!Array.isArray(got)) throw new Error(`${text}: expected ${values.length} values`);
  return got;
}

function expectSame({ call, values }: Case, got: unknown[]): void {
  if (call.startsWith("interleaved") && got.length * 2 === values.length) expect(got.flat()).toEqual(values);
  else if (!/normal/.test(call)) expect(got).toEqual(values);
  else for (const [i, value] of (values as number[]).entries()) expectUlp(got[i] as number, value);
}

/** Doubles at most two units in the last place apart: these go through log and sqrt. */
function expectUlp(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(Math.abs(expected) * 2 ** -51);
}

function splitCalls(text: string): string[] {
  return text.split(/,\s*(?=\w+\()/);
}
function repeat(count: number, make: () => unknown): unknown[] {
  return Array.from({ length: count }, make);
}
function bind<R>(rng: R, draw: (rng: R) => unknown): () => unknown {
  return () => draw(rng);
}
function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
function seedWords(seed: number, count: number): string[] {
  const words = new SeedSequence(seed).generateState(2 * count);
  return Array.from({ length: count }, (_, i) => hex((BigInt(words[2 * i + 1]!) << 32n) | BigInt(words[2 * i]!)));
}
function rawWords(bits: PCG64, count: number): unknown[] {
  return repeat(count, () => hex(bits.nextBigInt()));
}
function keyWords(seed: number, count: number): number[] {
  const rng = new RandomState(seed);
  const words = new Uint32Array(rng.numStateWords);
  rng.saveState(words);
  return [...words.subarray(0, count)];
}

test("a generator and its clone draw the same numbers", () => {
  const rng = new Generator(new PCG64(5));
  rng.integers(10); // leaves half a draw buffered
  const copy = rng.clone();
  expect(copy.integersArray(5, 1000)).toEqual(rng.integersArray(5, 1000));
});
