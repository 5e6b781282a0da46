import type { RandomState } from "../../envs/index.ts";
import type { PythonCall } from "./python-call.ts";

/** Runs one RandomState call parsed from its Python text. */
export function callRandomState(rng: RandomState, { name, args, named }: PythonCall): unknown {
  const size = named["size"] as number | undefined;
  const many = (draw: () => unknown, n: number | undefined): unknown =>
    n === undefined ? draw() : Array.from({ length: n }, draw);
  switch (name) {
    case "random_sample":
    case "rand":
      return many(() => rng.random(), args[0] as number | undefined);
    case "standard_normal":
      return many(() => rng.standardNormal(), args[0] as number | undefined);
    case "uniform":
      return many(() => rng.uniform(...(args as number[])), size);
    case "randint": {
      const [low, high] = args as number[];
      return many(() => rng.randint(low!, high), size);
    }
    case "binomial": {
      const [n, p] = args as [number, number];
      return many(() => rng.binomial(n, p), size);
    }
    case "choice": {
      const from = args[0] as number[]; // or a number: the overloads take both
      const p = named["p"] as number[] | undefined;
      if (size === undefined) return rng.choice(from);
      return rng.choiceArray(from, size, { replace: named["replace"] !== false, ...(p ? { p } : {}) });
    }
    case "permutation":
      return rng.permutation(args[0] as number[]);
    default:
      throw new Error(`unknown RandomState call ${name}`);
  }
}
