import {
  Box,
  Dict,
  Discrete,
  Graph,
  MultiBinary,
  MultiDiscrete,
  OneOf,
  Sequence,
  Text,
  Tuple,
} from "../../envs/index.ts";
import type { DType, Space } from "../../envs/index.ts";
import { parsePython } from "./python-literal.ts";
import type { PythonLiteral } from "./python-literal.ts";

/** Thrown for Python constructors that have no counterpart here. */
export class NoCounterpart extends Error {}

/** The space that a Python constructor call makes. Throws NoCounterpart when it cannot be read or has no counterpart. */
export function spaceFromPython(text: string): Space<unknown> {
  if (/^CartPole observation space$/i.test(text)) {
    const bound = [4.8, Infinity, (24 * Math.PI) / 180, Infinity].map(Math.fround);
    return new Box(
      bound.map((b) => -b),
      bound,
    );
  }
  const expression = parsePython(text);
  if (expression === null) throw new NoCounterpart(`not a constructor: ${text}`);
  const space = evaluate(expression);
  return space as Space<unknown>; // or a throw: the text names a space
}

/** Plain data for lists, tuples, dicts, numbers and names; spaces for calls. */
export function evaluate(expression: PythonLiteral): unknown {
  switch (expression.kind) {
    case "value":
      return expression.value;
    case "name":
      return evaluateName(expression.name);
    case "list":
    case "tuple":
      return expression.items.map(evaluate);
    case "dict":
      return Object.fromEntries(expression.entries.map(([key, value]) => [String(evaluate(key)), evaluate(value)]));
    case "call":
      return construct(
        expression.name,
        expression.args.map(evaluate),
        new Map([...expression.named].map(([k, v]) => [k, evaluate(v)])),
      );
    default:
      return expression satisfies never;
  }
}

function evaluateName(name: string): unknown {
  const bare = name.replace(/^-/, "").replace(/^np\./, "");
  if (bare === "inf") return name.startsWith("-") ? -Infinity : Infinity;
  return bare === "nan" ? NaN : bare;
}

function construct(name: string, args: readonly unknown[], named: ReadonlyMap<string, unknown>): Space<unknown> {
  const dtype = (named.get("dtype") ?? args.find((arg) => typeof arg === "string")) as DType | undefined;
  const seed = named.get("seed") as number | undefined;
  const common = { ...(dtype === undefined ? {} : { dtype }), ...(seed === undefined ? {} : { seed }) };
  switch (name) {
    case "Box": {
      const shape = (named.get("shape") ?? args.slice(2).find((arg) => typeof arg !== "string")) as
        number[] | undefined;
      return new Box(args[0] as number, args[1] as number, { ...common, ...(shape === undefined ? {} : { shape }) });
    }
    case "Discrete":
      return new Discrete(args[0] as number, {
        ...common,
        ...optional("start", named.get("start") as number | undefined),
      });
    case "MultiDiscrete":
      return new MultiDiscrete(args[0] as number[], {
        ...common,
        ...optional("start", named.get("start") as number[] | undefined),
      });
    case "MultiBinary":
      return new MultiBinary(args[0] as number, common);
    case "Text": {
      const maxLength = (args[0] ?? named.get("max_length")) as number;
      return new Text(maxLength, {
        ...optional("seed", seed),
        ...optional("minLength", named.get("min_length") as number | undefined),
        ...optional("charset", named.get("charset") as string | undefined),
      });
    }
    case "Tuple":
      return new Tuple(args[0] as Space<unknown>[], common);
    case "OneOf":
      return new OneOf(args[0] as Space<unknown>[], common);
    case "Sequence":
      return new Sequence(args[0] as Space<unknown>, {
        ...common,
        ...optional("stack", named.get("stack") as boolean | undefined),
      });
    case "Graph":
      return new Graph(args[0] as Space<unknown>, (args[1] ?? null) as Space<unknown> | null, common);
    case "Dict": {
      const first = (args[0] ?? {}) as Record<string, Space<unknown>> | [string, Space<unknown>][];
      return new Dict(
        named.size > 0
          ? {
              ...(first as Record<string, Space<unknown>>),
              ...(Object.fromEntries(named) as Record<string, Space<unknown>>),
            }
          : first,
        common,
      );
    }
    default:
      throw new NoCounterpart(`${name} is not part of this package`);
  }
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
