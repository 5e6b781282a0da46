export {
  type Circuit,
  type CircuitParts,
  type NeuronKind,
  type Polarity,
  createCircuit,
  sensorySynapseCount,
  synapseCount,
} from "./circuit.ts";
export { type CircuitGraph, type GraphEdge, type GraphNode, circuitGraph } from "./graph.ts";
export { AutoNCP, type AutoNcpOptions } from "./wirings/auto-ncp.ts";
export { buildWiring, wiringFromConfig } from "./wirings/build-wiring.ts";
export {
  AutoNcpConfig,
  FullyConnectedConfig,
  LayeredConfig,
  ManualWiringConfig,
  NcpConfig,
  RandomConfig,
  WiringConfig,
} from "./wirings/config.ts";
export { FullyConnected, type FullyConnectedOptions } from "./wirings/fully-connected.ts";
export { Layered, type LayeredOptions } from "./wirings/layered.ts";
export { NCP, type NcpOptions } from "./wirings/ncp.ts";
export { Random, type RandomOptions } from "./wirings/random-wiring.ts";
export { Wiring } from "./wirings/wiring.ts";
