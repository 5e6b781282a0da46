import type { Generator, IntegerType } from "../../envs/index.ts";
import type { PythonCall } from "./python-call.ts";

/** Runs one Generator call parsed from its Python text. */
export function callGenerator(rng: Generator, { name, args, named, take }: PythonCall): unknown {
  const size = named["size"] as number | undefined;
  switch (name) {
    case "random":
      return args.length === 0 ? rng.random() : [...rng.randomArray(args[0] as number)];
    case "standard_normal":
      return args.length === 0 ? rng.standardNormal() : [...rng.standardNormalArray(args[0] as number)];
    case "standard_exponential":
      return rng.standardExponential();
    case "uniform": {
      const [low, high] = args as number[];
      return size === undefined ? rng.uniform(low, high) : [...rng.uniformArray(size, low, high)];
    }
    case "integers": {
      const [low, high] = args as number[];
      const options = named["dtype"] === undefined ? {} : { dtype: named["dtype"] as IntegerType };
      return size === undefined ? rng.integers(low!, high, options) : rng.integersArray(size, low!, high, options);
    }
    case "choice": {
      const from = args[0] as number[]; // or a number: the overloads take both
      const options = {
        replace: named["replace"] !== false,
        shuffle: named["shuffle"] !== false,
        ...(named["p"] === undefined ? {} : { p: named["p"] as number[] }),
      };
      return size === undefined ? rng.choice(from) : rng.choiceArray(from, size, options).slice(0, take ?? size);
    }
    case "permutation":
      return rng.permutation(args[0] as number[]);
    case "shuffle": {
      const values = args[0] as number[];
      rng.shuffle(values);
      return values;
    }
    default:
      throw new Error(`unknown Generator call ${name}`);
  }
}
