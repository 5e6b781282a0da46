export {
  type Circuit,
  type CircuitParts,
  type NeuronKind,
  type Polarity,
  createCircuit,
  sensorySynapseCount,
  synapseCount,
} from "./circuit.ts";
export { ConfigError, ElegansError, FormatError } from "../errors.ts";
export { type Activation, activations } from "./equations/activation.ts";
export { Adam, type AdamOptions, clipGradientNorm, gradientNorm } from "./equations/adam.ts";
export type { Cell, PreparedCell, Step, StepGradient, StepInput } from "./equations/cell.ts";
export { type CfcCellOptions, type CfcMasks, cfcCell } from "./equations/cfc-cell.ts";
export { type CfcMode, type Flavour, cfcModes } from "./equations/cfc-gate.ts";
export {
  type MaskOptions,
  type Masking,
  type PolarityRule,
  cfcCellMask,
  cfcLayerMasks,
} from "./equations/cfc-masks.ts";
export { gruCell, lstmCell } from "./equations/gated-cells.ts";
export { ltcCell } from "./equations/ltc-cell.ts";
export type { InitializationRanges, LtcMapping, LtcOptions } from "./equations/ltc-options.ts";
export { type MixedMemoryOptions, mixedMemoryCell } from "./equations/mixed-memory-cell.ts";
export { type Sequence, type SequenceGradient, type SequenceInput, runSequence } from "./equations/sequence.ts";
export { type SynapseMask, maskWeights, maskWeightsBackward } from "./equations/synapse-mask.ts";
export { type Initializer, type ParameterSpec, type Weights, zeroGradients } from "./equations/weights.ts";
export { type WiredCfcOptions, wiredCfcCell } from "./equations/wired-cfc-cell.ts";
export { circuitColors } from "./drawing/circuit-colors.ts";
export { circuitDot } from "./drawing/circuit-dot.ts";
export { type CircuitLayout, type CircuitLayoutKind, circuitColumns, layoutCircuit } from "./drawing/circuit-layout.ts";
export { type CircuitSvgOptions, circuitSvg } from "./drawing/circuit-svg.ts";
export { type CircuitGraph, type GraphEdge, type GraphNode, circuitGraph } from "./graph.ts";
export { inspectCircuit } from "./inspect/inspect-circuit.ts";
export { type ModelLabels, inspectModel } from "./inspect/inspect-model.ts";
export type {
  CircuitInspection,
  InspectedCell,
  InspectionInput,
  NeuronReport,
  ParameterCount,
  ReceptiveField,
  SensorShare,
  SynapseReport,
  TimeConstant,
} from "./inspect/inspection.ts";
export { inspectionHtml } from "./inspect/inspection-html.ts";
export { inspectionText } from "./inspect/inspection-text.ts";
export { type CreatedCell, type Prefixes, createCell, modelPrefixes } from "./models/create-cell.ts";
export { initializeWeights } from "./models/initialize-weights.ts";
export { defaultLtcRanges, ltcRanges } from "./models/ltc-ranges.ts";
export {
  CfcConfig,
  GruConfig,
  LstmConfig,
  LtcConfig,
  ModelConfig,
  type ModelConfigInput,
  parseModelConfig,
} from "./models/model-config.ts";
export {
  type ModelGradient,
  type ModelInput,
  type ModelOutput,
  type ModelOutputGradient,
  type RecurrentModel,
  createModel,
} from "./models/recurrent-model.ts";
export type { ModelState } from "./models/model-state.ts";
export type { Elapsed } from "./models/sequence-layout.ts";
export type { Tensor } from "./models/tensor.ts";
export { applyWeightConstraints } from "./models/weight-constraints.ts";
export { fromKerasWeights, toKerasWeights } from "./weights/keras-weights.ts";
export { type LoadedModel, decodeModel, encodeModel } from "./weights/model-file.ts";
export { type StoredPrecision, fromStateDict, toStateDict } from "./weights/state-dict.ts";
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
