import { describe, expect, test } from "vitest";
import { RandomState } from "../../../envs/index.ts";
import { describeGolden } from "../../helpers/golden.ts";
import { fnv1a } from "../../helpers/fnv1a.ts";

type RandintCase = { lo: number; hi: number; size: number | null; out: number | number[]; after_rand: number };
type SeedCase = { seed: number } & Record<string, unknown>;

describeGolden<{ seeds: SeedCase[] }>("envs/rng_mt19937.json", ({ seeds }) => {
  for (const data of seeds) {
    const fresh = (): RandomState => new RandomState(data.seed);
    describe(`MT19937 seed ${data.seed}`, () => {
      for (const [key, value] of Object.entries(data)) {
        const claim = (match: RegExp, check: (rng: RandomState, args: string[]) => void): void => {
          const found = match.exec(key);
          if (found) test(key, () => check(fresh(), found.slice(1)));
        };
        const list = value as number[];
        claim(/^raw_u32_\d+$/, (rng) => expect(list.map(() => rng.next32())).toEqual(list));
        claim(/^rand(\d+)$/, (rng, [n]) => expect([...rng.randomArray(Number(n))]).toEqual(list));
        claim(/^randint$/, () => {
          for (const c of value as RandintCase[]) {
            const rng = fresh();
            const got = c.size === null ? rng.randint(c.lo, c.hi) : rng.randintArray(c.size, c.lo, c.hi);
            expect(got, `randint(${c.lo}, ${c.hi})`).toEqual(c.out);
            expect(rng.random()).toBe(c.after_rand);
          }
        });
        claim(/^freeway_like$/, (rng) => {
          for (const [ints, doubles] of value as [number[], number[]][]) {
            expect(rng.randintArray(ints.length, 1, 6)).toEqual(ints);
            expect([...rng.randomArray(doubles.length)]).toEqual(doubles);
          }
        });
        claim(/^permutation\((\d+)\)$/, (rng, [n]) => expect(rng.permutation(Number(n))).toEqual(list));
        claim(/^choice\((\d+),(\d+),replace=False\)$/, (rng, [n, size]) =>
          expect(rng.choiceArray(Number(n), Number(size), { replace: false })).toEqual(list),
        );
        claim(/^choice\(\[(.*)\]\)x(\d+)$/, (rng, [values, n]) => {
          const from = values!.split(",").map(Number);
          expect(Array.from({ length: Number(n) }, () => rng.choice(from))).toEqual(list);
        });
        claim(/^rand(\d+)_fnv1a_le_bytes$/, (rng, [n]) =>
          expect(fnv1a(new Uint8Array(rng.randomArray(Number(n)).buffer))).toBe(value),
        );
        claim(/^minatar_like_chain$/, (rng) => {
          for (const [coin, draw, row, slot] of value as [boolean, number, number, number][]) {
            expect([rng.random() < 0.5, rng.random(), rng.randint(1, 9), rng.randint(8)]).toEqual([
              coin,
              draw,
              row,
              slot,
            ]);
          }
        });
      }
    });
  }
});
