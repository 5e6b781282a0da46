export { activationKinds, type Activation } from "./activation-kind.ts";
export { Engine, type KernelBuild } from "./engine.ts";
export type { Kernels } from "./kernels/kernels.ts";
export type { BackboneDropout } from "./layers/backbone-dropout.ts";
export { AffineMotor, type AffineMotorOptions } from "./layers/affine-motor.ts";
export {
  circuitMasks,
  type CircuitShape,
  type LayerMasks,
  type Masking,
  type PolarityRule,
} from "./layers/circuit-masks.ts";
export {
  ConvEncoder,
  laneKeepingEncoder,
  minatarEncoder,
  natureEncoder,
  type ConvEncoderOptions,
  type ConvEncoderSpec,
  type ConvSpec,
  type EncoderHead,
} from "./layers/conv-encoder.ts";
export { Conv2d, type Conv2dOptions } from "./layers/conv2d.ts";
export { convGeometry, type ConvGeometry, type Padding } from "./layers/conv-geometry.ts";
export { Cfc, type CfcOptions } from "./layers/cfc.ts";
export type { CfcMode, Flavour } from "./layers/cfc-mode.ts";
export { Dense, type DenseOptions } from "./layers/dense.ts";
export type { ImageShape } from "./layers/image-shape.ts";
export type { ByteImages, FloatImages, ImageSource } from "./layers/image-source.ts";
export type { FeedForwardLayer, Layer, RecurrentLayer, Uniform } from "./layers/layer.ts";
export { Gru, type GruOptions } from "./layers/gru.ts";
export { Lstm, type LstmOptions } from "./layers/lstm.ts";
export { LayeredCircuit } from "./layers/layered-circuit.ts";
export { Ltc, type LtcOptions } from "./layers/ltc.ts";
export type { Mapping } from "./layers/mapped-columns.ts";
export { Mlp, type MlpOptions } from "./layers/mlp.ts";
export { PerFilterDense, type PerFilterDenseOptions } from "./layers/per-filter-dense.ts";
export { WiredCfc, type WiredCfcOptions } from "./layers/wired-cfc.ts";
export { NUM_PPO_STATS, ppoStats } from "./loss/ppo-stats.ts";
export { MemoryPlan } from "./memory-plan.ts";
export { Adam, type AdamOptions } from "./optimiser/adam.ts";
export { ParameterBlock, type ParameterInfo } from "./parameter-block.ts";
export {
  ByteTensor,
  DoubleTensor,
  IntTensor,
  padded,
  Tensor,
  type DifferentiableSignal,
  type Signal,
} from "./tensor.ts";
