import { describe, expect, test } from "vitest";
import { defaultRng, type Generator, PCG64, SeedSequence } from "../../../envs/index.ts";
import type { IntegerType } from "../../../envs/index.ts";
import { describeGolden } from "../../helpers/golden.ts";
import { callGenerator } from "../../helpers/call-generator.ts";
import { parsePythonCall } from "../../helpers/python-call.ts";
import { fnv1a } from "../../helpers/fnv1a.ts";

type Value = number | string | boolean;
type IntegersCase = {
  lo: number | string;
  hi: number | string;
  dtype: IntegerType;
  size: number | null;
  out: Value | Value[];
  after_random: number;
};
type Child = { spawn_key: number[]; generate_state_u32_4: number[]; pcg64_first_raw?: string };
type Tail = { tail: [number, number][]; fnv1a_le_bytes_non_tail: string };
type SeedCase = { seed: string } & Record<string, unknown>;

/** Float64 neighbours at most one unit in the last place apart. */
function expectClose(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(Math.abs(expected) * 2 ** -52);
}

describeGolden<{ seeds: SeedCase[] }>("envs/rng_pcg64.json", ({ seeds }) => {
  for (const data of seeds) {
    const seed = BigInt(data.seed);
    const fresh = (): Generator => defaultRng(seed);
    const section = <T>(key: string): T => data[key] as T;
    const when = (key: string, make: () => void): void => {
      if (key in data) test(key, make);
    };

    describe(`PCG64 seed ${data.seed}`, () => {
      when("seed_sequence", () => {
        const want = section<{ pool: number[]; generate_state_u32_9: number[]; generate_state_u64_4: string[] }>(
          "seed_sequence",
        );
        const sequence = new SeedSequence(seed);
        expect([...sequence.pool]).toEqual(want.pool);
        expect([...sequence.generateState(9)]).toEqual(want.generate_state_u32_9);
        const words = sequence.generateState(8);
        const wide = [0, 2, 4, 6].map((i) => String((BigInt(words[i + 1]!) << 32n) | BigInt(words[i]!)));
        expect(wide).toEqual(want.generate_state_u64_4);
      });

      when("spawn4", () => {
        const sequence = new SeedSequence(seed);
        const check = (children: SeedSequence[], want: Child[] | undefined): void => {
          if (!want) return;
          expect(children.map((c) => [...c.spawnKey])).toEqual(want.map((w) => w.spawn_key));
          expect(children.map((c) => [...c.generateState(4)])).toEqual(want.map((w) => w.generate_state_u32_4));
          for (const [i, w] of want.entries()) {
            if (w.pcg64_first_raw) expect(String(new PCG64(children[i]!).nextBigInt())).toBe(w.pcg64_first_raw);
          }
        };
        const children = sequence.spawn(4);
        check(children, section("spawn4"));
        check(children[2]!.spawn(2), section("spawn_grandchildren_of_2"));
        check(sequence.spawn(2), section("spawn_again_2"));
      });

      when("pcg64_initial", () => {
        const bits = new PCG64(seed);
        expect({ state: String(bits.state), inc: String(bits.inc) }).toEqual(section("pcg64_initial"));
      });
      when("raw20", () => {
        const bits = new PCG64(seed);
        const want = section<string[]>("raw20");
        expect(want.map(() => String(bits.nextBigInt()))).toEqual(want);
      });
      when("next_u32_pairs", () => {
        const bits = new PCG64(seed);
        const want = section<{ out: number[] }>("next_u32_pairs").out;
        expect(want.map(() => bits.next32())).toEqual(want);
      });
      when("integers_100_scalars_of_7", () => {
        const rng = fresh();
        const want = section<number[]>("integers_100_scalars_of_7");
        expect(want.map(() => rng.integers(7))).toEqual(want);
      });
      when("integers", () => {
        for (const c of section<IntegersCase[]>("integers")) checkIntegers(fresh(), c);
      });
      when("uniform_scalars", () => {
        const rng = fresh();
        for (const [low, high, want] of section<[number, number, number][]>("uniform_scalars")) {
          expect(rng.uniform(low, high)).toBe(want);
        }
      });
      when("uniform_arrays", () => {
        const want = section<{ low: number[]; high: number[]; out: number[]; out_size_2x3: number[][] }>(
          "uniform_arrays",
        );
        const rng = fresh();
        expect([...rng.uniformArray(want.out.length, want.low, want.high)]).toEqual(want.out);
        for (const row of want.out_size_2x3)
          expect([...rng.uniformArray(row.length, want.low, want.high)]).toEqual(row);
      });
      when("mixed_chain", () => {
        const rng = fresh();
        for (const [call, want] of section<[string, unknown][]>("mixed_chain"))
          expect(callByText(rng, call), call).toEqual(want);
        const last = section<{ state: string; has_uint32: number; uinteger: number }>("mixed_chain_final_state");
        expect(String(rng.bits.state)).toBe(last.state);
        expect(rng.bits.bufferedHalf).toBe(last.has_uint32 ? last.uinteger : null);
      });

      for (const key of Object.keys(data)) {
        const want = (): number[] => section<number[]>(key);
        const claim = (match: RegExp, check: (args: string[]) => void): void => {
          const found = match.exec(key);
          if (found) test(key, () => check(found.slice(1)));
        };
        claim(/^random(\d+)$/, ([n]) => expect([...fresh().randomArray(Number(n))]).toEqual(want()));
        claim(/^random_f32_(\d+)$/, () => {
          const rng = fresh();
          for (const value of want()) expect(rng.randomFloat32()).toBe(Math.fround(value));
        });
        claim(/^uniform_(-?[\d.]+)_(-?[\d.]+)_(\d+)$/, ([low, high, n]) =>
          expect([...fresh().uniformArray(Number(n), Number(low), Number(high))]).toEqual(want()),
        );
        claim(/^integers_endpoint_(-?\d+)_(-?\d+)$/, ([low, high]) => {
          const options = { endpoint: true };
          expect(fresh().integersArray(want().length, Number(low), Number(high), options)).toEqual(want());
        });
        claim(/^standard_normal(\d+)$/, ([n]) => expect([...fresh().standardNormalArray(Number(n))]).toEqual(want()));
        claim(/^normal_([\d.]+)_([\d.]+)_(\d+)$/, ([mean, std, n]) =>
          expect([...fresh().normalArray(Number(n), Number(mean), Number(std))]).toEqual(want()),
        );
        claim(/^standard_exponential(\d+)$/, ([n]) =>
          expect([...fresh().standardExponentialArray(Number(n))]).toEqual(want()),
        );
        claim(/^geometric_([\d.]+)_(\d+)$/, ([p]) => {
          const rng = fresh();
          expect(want().map(() => rng.geometric(Number(p)))).toEqual(want());
        });
        claim(/^(normal|exponential)(\d+)$/, ([kind, n]) => {
          const rng = fresh();
          const size = Number(n);
          checkLong(
            kind === "normal" ? rng.standardNormalArray(size) : rng.standardExponentialArray(size),
            section<Tail>(key),
          );
        });
      }

      for (const group of ["choice", "permutation"]) {
        for (const [call, want] of Object.entries((data[group] ?? {}) as Record<string, unknown[]>)) {
          test(call, () => expect(callByText(fresh(), call)).toEqual(want));
        }
      }
    });
  }
});

function checkIntegers(rng: Generator, c: IntegersCase): void {
  const size = c.size ?? 1;
  const want = [c.out].flat();
  const label = `integers(${c.lo}, ${c.hi}, ${c.dtype})`;
  if (typeof c.lo === "string" || typeof c.hi === "string") {
    const got = Array.from({ length: size }, () => rng.integersBigInt(BigInt(c.lo), BigInt(c.hi)));
    expect(got, label).toEqual(want.map(BigInt as (value: Value) => bigint));
  } else {
    const options = { dtype: c.dtype };
    const got = c.size === null ? [rng.integers(c.lo, c.hi, options)] : rng.integersArray(size, c.lo, c.hi, options);
    expect(got, label).toEqual(want.map(Number));
  }
  expect(rng.random(), `${label} leaves the stream where numpy does`).toBe(c.after_random);
}

/** Long streams: a fingerprint of all values but those that go through log1p, which may differ in the last place. */
function checkLong(values: Float64Array, want: Tail): void {
  for (const [index, value] of want.tail) expectClose(values[index]!, value);
  const isTail = new Set(want.tail.map(([index]) => index));
  const rest = values.filter((_, i) => !isTail.has(i));
  expect(fnv1a(new Uint8Array(rest.buffer))).toBe(want.fnv1a_le_bytes_non_tail);
}

/** Runs one call written as in Python, such as `choice(10,size=4,replace=False)` or `integers(2**40)`, perhaps followed by `x10`. */
function callByText(rng: Generator, text: string): unknown {
  if (text === "random_f32") return rng.randomFloat32();
  const repeated = /^(.*\))x(\d+)$/.exec(text);
  if (repeated) return Array.from({ length: Number(repeated[2]) }, () => callByText(rng, repeated[1]!));
  const call = parsePythonCall(text);
  if (!call) throw new Error(`not a call: ${text}`);
  return callGenerator(rng, call);
}
