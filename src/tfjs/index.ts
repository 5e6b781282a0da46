export type { ActivationName } from "./activations.ts";
export { CfC, CfCCell, type CellArgs, type SequenceArgs, WiredCfCCell, cfc } from "./cfc.ts";
export { LTC, LTCCell, ltc } from "./ltc.ts";
export type { CfcOptions, Flavour, LtcOptions, LtcRangeName, WiringArg } from "./options.ts";
export { layersModelFiles } from "./layers-model-files.ts";
export { PolicyStep, type PolicyStepArgs, policyLayersModel } from "./policy-step.ts";
export {
  type ReferenceTensor,
  type WeightLayout,
  loadReferenceWeights,
  referenceWeights,
} from "./reference-weights.ts";
export { AutoNCP, FullyConnected, Layered, NCP, Random, Wiring } from "../ncp/index.ts";
export { registerWasmTrainingKernels } from "./wasm-training-kernels.ts";
