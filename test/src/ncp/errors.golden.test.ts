import { defaultRng } from "gymnasium-js";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import {
  type RecurrentModel,
  type Tensor,
  Wiring,
  circuitGraph,
  circuitSvg,
  createModel,
  initializeWeights,
} from "../../../src/ncp/index.ts";
import { describeGolden } from "../../helpers/golden.ts";
import { type ExpressionCall, type ExpressionValue, parseExpression } from "../../helpers/python-expression.ts";
import { toModelConfig } from "../../helpers/reference-model.ts";
import { makeReferenceWiring, nameArguments } from "../../helpers/reference-wiring.ts";

interface ErrorCase {
  readonly id: string;
  readonly call: string;
  readonly raises: string | null;
  readonly gist: string;
}

const modelArguments: Readonly<Record<string, readonly string[]>> = {
  CfC: ["input_size", "units"],
  LTC: ["input_size", "units"],
  LTCCell: ["wiring", "in_features"],
  WiredCfCCell: ["input_size", "wiring"],
};

type Value = Wiring | RecurrentModel | Tensor | number | string | boolean | null | undefined;

function evaluate(value: ExpressionValue): Value {
  if (value === null || typeof value !== "object") return value;
  if ("symbol" in value) return value.symbol === "x" ? tensor([2, 3, 5]) : tensor([2, 8]);
  const [first, ...rest] = value.chain;
  return rest.reduce<Value>(applyCall, construct(first!));
}

const tensor = (shape: readonly number[]): Tensor => ({
  shape,
  data: new Float64Array(shape.reduce((a, b) => a * b)).fill(0.5),
});

const evaluateAll = (named: ExpressionCall["named"]): Record<string, Value> =>
  Object.fromEntries(Object.entries(named).map(([key, value]) => [key, evaluate(value)]));

function construct({ name, args, named }: ExpressionCall): Value {
  const values = args.map(evaluate);
  if (["x", "h", "timespans"].includes(name!)) return tensor(values as number[]);
  const order = modelArguments[name!];
  if (order === undefined) {
    return makeReferenceWiring({ class: name!, args: { ...nameArguments(name!, values), ...evaluateAll(named) } });
  }
  const given = { ...Object.fromEntries(values.map((value, i) => [order[i]!, value])), ...evaluateAll(named) };
  const wiring = Object.values(given).find((value) => value instanceof Wiring);
  const { units, wiring: _, ...others } = given;
  const plain = wiring === undefined ? { ...others, units } : others;
  const config = toModelConfig({ kind: name!, construct: plain, wiring: null });
  return createModel(wiring === undefined ? config : ({ ...config, wiring: wiring.toConfig() } as typeof config));
}

function applyCall(target: Value, { name, args, named }: ExpressionCall): Value {
  const values = args.map(evaluate);
  if (name === null) return run(target as RecurrentModel, values as Tensor[], args);
  const wiring = target as Wiring;
  const [a, b, c] = values as number[];
  switch (name) {
    case "build":
      return wiring.setInputDim(a!);
    case "add_synapse":
      return wiring.addSynapse(a!, b!, c!);
    case "add_sensory_synapse":
      return wiring.addSensorySynapse(a!, b!, c!);
    case "get_neurons_of_layer":
      wiring.neuronsOfLayer(a!);
      return wiring;
    case "get_graph":
      circuitGraph(wiring.circuit());
      return wiring;
    case "draw_graph":
      circuitSvg(wiring.circuit(), evaluateAll(named) as Parameters<typeof circuitSvg>[1]);
      return wiring;
    default:
      throw new Error(`the test does not know the method ${name}`);
  }
}

/** Calls a model as the case says: input, then a state (h or a tensor) or timespans. */
function run(model: RecurrentModel, values: readonly Tensor[], args: readonly ExpressionValue[]): Value {
  const weights = initializeWeights(model.parameters, defaultRng(0));
  const [input, second] = values;
  const role = args[1];
  const isTimes = typeof role === "object" && role !== null && "chain" in role && role.chain[0]!.name === "timespans";
  const given = second === undefined ? {} : isTimes ? { elapsed: second } : { state: { h: second } };
  return model.forward(weights, { input: input!, ...given }).output;
}

describeGolden<{ cases: ErrorCase[] }>("ncps/errors.json", ({ cases }) => {
  describe("errors: what the reference refuses is refused, save its own defects", () => {
    test.each(cases.map((c) => [c.id, c] as const))("%s", (_, c) => {
      const call = (): Value => evaluate(parseExpression(c.call));
      const isDefect = c.gist.startsWith("reference bug");
      if (c.raises === null || isDefect) expect(call).not.toThrow();
      else expect(call).toThrow(ConfigError);
    });
  });
});
