import type { LtcMapping, LtcOptions } from "./ltc-options.ts";
import type { Initializer, ParameterSpec } from "./weights.ts";

/** Parameters of an LTC with their starts, in the order of the reference's state_dict; masks only in the torch flavour. */
export function ltcParameters(options: LtcOptions): ParameterSpec[] {
  const { circuit, prefix, ranges } = options;
  const N = circuit.units;
  const uniform = (name: string): Initializer => ({ kind: "uniform", min: ranges[name]![0], max: ranges[name]![1] });
  const values = (adjacency: Int8Array): Initializer => ({ kind: "values", values: Float64Array.from(adjacency) });
  const spec = (name: string, shape: readonly number[], init: Initializer): ParameterSpec => ({
    name: prefix + name,
    shape,
    init,
  });
  const synaptic = (front: string, sources: number, adjacency: Int8Array): ParameterSpec[] => [
    ...["w", "sigma", "mu"].map((name) => spec(front + name, [sources, N], uniform(front + name))),
    spec(`${front}erev`, [sources, N], values(adjacency)),
    ...(options.flavour === "keras"
      ? []
      : [{ ...spec(`${front}sparsity_mask`, [sources, N], values(adjacency.map(Math.abs))), frozen: true }]),
  ];
  return [
    ...["gleak", "vleak", "cm"].map((name) => spec(name, [N], uniform(name))),
    ...synaptic("", N, circuit.adjacency),
    ...synaptic("sensory_", circuit.inputDim, circuit.sensoryAdjacency),
    ...mappingParameters(options.inputMapping, "input", circuit.inputDim, spec),
    ...mappingParameters(options.outputMapping, "output", circuit.outputDim, spec),
  ];
}

function mappingParameters(
  mapping: LtcMapping,
  name: string,
  n: number,
  spec: (name: string, shape: readonly number[], init: Initializer) => ParameterSpec,
): ParameterSpec[] {
  const scale = spec(`${name}_w`, [n], { kind: "constant", value: 1 });
  const shift = spec(`${name}_b`, [n], { kind: "constant", value: 0 });
  return mapping === "affine" ? [scale, shift] : mapping === "linear" ? [scale] : [];
}
