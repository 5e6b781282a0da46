export {
  type Circuit,
  type CircuitParts,
  type NeuronKind,
  type Polarity,
  createCircuit,
  sensorySynapseCount,
  synapseCount,
} from "./circuit.ts";
export {
  AutoNcpConfig,
  FullyConnectedConfig,
  LayeredConfig,
  ManualWiringConfig,
  NcpConfig,
  RandomConfig,
  WiringConfig,
} from "./wirings/config.ts";
