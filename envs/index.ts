import { registerClassicControl } from "./classic-control/register.ts";
import { registerLaneKeeping } from "./lane-keeping/register.ts";
import { registerMinatar } from "./minatar/register.ts";
import { registerFrames } from "./raster/register.ts";

registerClassicControl();
registerLaneKeeping();
registerMinatar();
registerFrames();

export type { EnvSlots } from "./batch/env-slots.ts";
export type { IrregularSamplingOptions } from "./batch/irregular-slots.ts";
export { SlotsBatch } from "./batch/slots-batch.ts";
export { createBatchStep } from "./batch-env.ts";
export type { BatchEnv, BatchStep, ObsArray } from "./batch-env.ts";
export { benchmarkInit, benchmarkRender, benchmarkStep, benchmarkVectorStep } from "./checks/benchmark.ts";
export type { BenchmarkOptions } from "./checks/benchmark.ts";
export { checkEnv, checkEnvironmentsMatch } from "./checks/check-env.ts";
export { dataEquivalence } from "./checks/data-equivalence.ts";
export { PassiveEnvChecker } from "./checks/passive-env-checker.ts";
export { describeOutside } from "./checks/space-checks.ts";
export { acrobot } from "./classic-control/acrobot.ts";
export type { AcrobotState } from "./classic-control/acrobot.ts";
export { mountainCar, mountainCarContinuous } from "./classic-control/mountain-car.ts";
export type { MountainCarState } from "./classic-control/mountain-car.ts";
export { pendulum } from "./classic-control/pendulum.ts";
export type { PendulumState } from "./classic-control/pendulum.ts";
export { cartPoleNoVel } from "./classic-control/cart-pole-no-vel.ts";
export { cartPole } from "./classic-control/cart-pole.ts";
export { CartPoleVectorEnv } from "./classic-control/cart-pole-vector-env.ts";
export type { CartPoleKwargs, CartPoleState } from "./classic-control/cart-pole.ts";
export type { Env, EnvMetadata, Info, ResetOptions, Seed, SnapshotOptions } from "./env.ts";
export {
  AlreadyPendingCallError,
  AssertionError,
  AttributeError,
  ClosedEnvironmentError,
  CustomSpaceError,
  DependencyNotInstalled,
  DeprecatedEnv,
  GymError,
  InvalidAction,
  InvalidBound,
  InvalidMetadata,
  InvalidProbability,
  InvalidSeed,
  InvalidSnapshot,
  MissingArgument,
  NameNotFound,
  NamespaceNotFound,
  NoAsyncCallError,
  RegistrationError,
  ResetNeeded,
  RuntimeError,
  TimeoutError,
  UnregisteredEnv,
  UnsupportedMode,
  ValueError,
  VersionNotFound,
} from "./errors.ts";
export type { Bitmap, Color, Frame, Primitive } from "./frame.ts";
export { laneKeeping } from "./lane-keeping/lane-keeping.ts";
export type { LaneKeepingConfig } from "./lane-keeping/config.ts";
export type { DriveState } from "./lane-keeping/drive-state.ts";
export { understeerGradient, wheelbase } from "./lane-keeping/bicycle.ts";
export type { BicycleParameters } from "./lane-keeping/bicycle.ts";
export { laneView } from "./lane-keeping/lane-view.ts";
export type { LaneView, PointAhead } from "./lane-keeping/lane-view.ts";
export { addPixelNoise } from "./lane-keeping/pixel-noise.ts";
export { summarizeDriving } from "./lane-keeping/metrics.ts";
export type { DrivingMetrics } from "./lane-keeping/metrics.ts";
export { draw, make, makeBatch, makeVec } from "./make.ts";
export type { MakeOptions, MakeVecOptions } from "./make.ts";
export { defaultRng, Generator } from "./random/generator.ts";
export type { ChoiceOptions, IntegersOptions, IntegerType } from "./random/generator.ts";
export { PCG64 } from "./random/pcg64.ts";
export { RandomState } from "./random/random-state.ts";
export type { LegacyChoiceOptions } from "./random/random-state.ts";
export { SeedSequence } from "./random/seed-sequence.ts";
export { ASTERIX } from "./minatar/asterix/state.ts";
export { BREAKOUT } from "./minatar/breakout/state.ts";
export { FREEWAY } from "./minatar/freeway/state.ts";
export { SHARED as MINATAR } from "./minatar/game.ts";
export type { Game, GameRandom, SpritePainter } from "./minatar/game.ts";
export { GameStream } from "./minatar/game-stream.ts";
export { GAMES as minatarGames } from "./minatar/games.ts";
export { SEAQUEST } from "./minatar/seaquest/state.ts";
export { SPACE_INVADERS } from "./minatar/space-invaders/state.ts";
export { AtariFrames } from "./raster/atari-frames.ts";
export type { AtariFramesOptions } from "./raster/atari-frames.ts";
export { framesToGif, frameToPng } from "./raster/frame-export.ts";
export type { ExportSize, GifExport } from "./raster/frame-export.ts";
export type { FrameOptions } from "./raster/frame-options.ts";
export { framesWorld } from "./raster/frames-world.ts";
export type { FramesState, FramesStream, Paint } from "./raster/frames-world.ts";
export { encodeGif } from "./raster/gif.ts";
export type { GifOptions } from "./raster/gif.ts";
export type { PixelImage } from "./raster/pixel-image.ts";
export { encodePng } from "./raster/png.ts";
export { Rasterizer } from "./raster/rasterizer.ts";
export type { RasterOptions } from "./raster/rasterizer.ts";
export { pixelSize, rgbArray } from "./raster/rgb-array.ts";
export type { Compress } from "./raster/zlib-stored.ts";
export { closestMatch } from "./registration/closest-match.ts";
export { formatEnvId, parseEnvId } from "./registration/env-id.ts";
export type { EnvId } from "./registration/env-id.ts";
export type {
  BatchEntryPoint,
  EntryPoint,
  EnvSpecFields,
  Kwargs,
  VectorEntryPoint,
  WrapperSpec,
} from "./registration/env-spec.ts";
export type { PprintRegistryOptions } from "./registration/pprint.ts";
export { EnvSpec, pprintRegistry, register, registerEnvs, registry, spec, withinNamespace } from "./registry.ts";
export { ByteReader } from "./snapshot/byte-reader.ts";
export { ByteWriter } from "./snapshot/byte-writer.ts";
export { decodeLayer, encodeLayer } from "./snapshot/layer.ts";
export type { Layer } from "./snapshot/layer.ts";
export { BaseSpace } from "./spaces/base-space.ts";
export { batchDifferingSpaces } from "./spaces/batch-differing-spaces.ts";
export { batchSpace } from "./spaces/batch-space.ts";
export { concatenate, createEmptyArray, iterate } from "./spaces/batch-values.ts";
export { Box } from "./spaces/box.ts";
export type { Bound, BoxOptions } from "./spaces/box.ts";
export { Dict } from "./spaces/dict.ts";
export type { DictValue } from "./spaces/dict.ts";
export { Discrete } from "./spaces/discrete.ts";
export type { DiscreteOptions } from "./spaces/discrete.ts";
export type { DType, NumberArray, ValueArray } from "./spaces/dtype.ts";
export { flatdim, flatten, flattenSpace, unflatten } from "./spaces/flatten.ts";
export type { FlatValue } from "./spaces/flatten.ts";
export { Graph } from "./spaces/graph.ts";
export type { GraphSampleOptions, GraphValue } from "./spaces/graph.ts";
export { isSpaceDtypeShapeEquiv } from "./spaces/is-space-dtype-shape-equiv.ts";
export { MultiBinary } from "./spaces/multi-binary.ts";
export { MultiDiscrete } from "./spaces/multi-discrete.ts";
export type { MultiDiscreteOptions } from "./spaces/multi-discrete.ts";
export { OneOf } from "./spaces/one-of.ts";
export type { OneOfValue } from "./spaces/one-of.ts";
export { Sequence } from "./spaces/sequence.ts";
export type { SequenceOptions } from "./spaces/sequence.ts";
export type { SampleOptions, Space, SpaceSeed } from "./spaces/space.ts";
export { Text } from "./spaces/text.ts";
export type { TextOptions } from "./spaces/text.ts";
export { Tuple } from "./spaces/tuple.ts";
export { addInfo, splitInfo } from "./vector/batch-info.ts";
export type { BatchedInfo } from "./vector/batch-info.ts";
export type { ObservationMode, ObservationSpaces } from "./vector/observation-mode.ts";
export { SyncVectorEnv } from "./vector/sync-vector-env.ts";
export type { SyncVectorOptions } from "./vector/sync-vector-env.ts";
export { VectorWrapper } from "./vector/vector-wrapper.ts";
export { DictInfoToList } from "./vector/dict-info-to-list.ts";
export { VectorClipReward } from "./vector/vector-clip-reward.ts";
export { VectorNormalizeObservation } from "./vector/vector-normalize-observation.ts";
export { VectorNormalizeReward } from "./vector/vector-normalize-reward.ts";
export { VectorRecordEpisodeStatistics } from "./vector/vector-record-episode-statistics.ts";
export { VectorTransformReward } from "./vector/vector-transform-reward.ts";
export { VectorizeAction } from "./vector/vectorize-action.ts";
export { VectorizeObservation } from "./vector/vectorize-observation.ts";
export type { VectorStatisticsOptions } from "./vector/vector-record-episode-statistics.ts";
export type { AutoresetMode, VectorEnv, VectorResetOptions, VectorStep } from "./vector/vector-env.ts";
export { setWarningHandler } from "./warn.ts";
export type { WarningHandler } from "./warn.ts";
export { checkKwargs } from "./world/check-kwargs.ts";
export type { RandomStream } from "./world/random-stream.ts";
export { registerWorld } from "./world/register-world.ts";
export { WorldBatch } from "./world/world-batch.ts";
export type { BatchOptions } from "./batch/world-slots.ts";
export { WorldEnv } from "./world/world-env.ts";
export type { ActionArray, Outcome, World } from "./world/world.ts";
export { ClipAction } from "./wrappers/clip-action.ts";
export { DiscretizeAction } from "./wrappers/discretize-action.ts";
export { RepeatAction } from "./wrappers/repeat-action.ts";
export { RescaleAction } from "./wrappers/rescale-action.ts";
export { StickyAction } from "./wrappers/sticky-action.ts";
export { AddRenderObservation } from "./wrappers/add-render-observation.ts";
export type { AddRenderOptions } from "./wrappers/add-render-observation.ts";
export { AddWhiteNoise } from "./wrappers/add-white-noise.ts";
export type { NoisyRenderOptions } from "./wrappers/noisy-render.ts";
export { ObstructView } from "./wrappers/obstruct-view.ts";
export { RenderCollection } from "./wrappers/render-collection.ts";
export { Autoreset } from "./wrappers/autoreset.ts";
export { DelayObservation } from "./wrappers/delay-observation.ts";
export { FrameStackObservation } from "./wrappers/frame-stack-observation.ts";
export { MaxAndSkipObservation } from "./wrappers/max-and-skip-observation.ts";
export { TimeAwareObservation } from "./wrappers/time-aware-observation.ts";
export type { TimeAwareOptions } from "./wrappers/time-aware-observation.ts";
export { NormalizeObservation } from "./wrappers/normalize-observation.ts";
export { NormalizeReward } from "./wrappers/normalize-reward.ts";
export { DiscretizeObservation } from "./wrappers/discretize-observation.ts";
export { DtypeObservation } from "./wrappers/dtype-observation.ts";
export { FilterObservation } from "./wrappers/filter-observation.ts";
export { FlattenObservation } from "./wrappers/flatten-observation.ts";
export { GrayscaleObservation } from "./wrappers/grayscale-observation.ts";
export { RescaleObservation } from "./wrappers/rescale-observation.ts";
export { ReshapeObservation } from "./wrappers/reshape-observation.ts";
export { ResizeObservation } from "./wrappers/resize-observation.ts";
export { RecordEpisodeStatistics } from "./wrappers/record-episode-statistics.ts";
export type { EpisodeStatistics } from "./wrappers/record-episode-statistics.ts";
export { RunningMeanStd } from "./wrappers/running-mean-std.ts";
export { ClipReward } from "./wrappers/clip-reward.ts";
export { TransformAction } from "./wrappers/transform-action.ts";
export { TransformObservation } from "./wrappers/transform-observation.ts";
export { TransformReward } from "./wrappers/transform-reward.ts";
export { registerWrapper } from "./wrappers/wrapper-registry.ts";
export type { WrapperEntryPoint } from "./wrappers/wrapper-registry.ts";
export { getWrapperAttr, hasWrapperAttr, setWrapperAttr } from "./wrappers/wrapper-attr.ts";
export { OrderEnforcing } from "./wrappers/order-enforcing.ts";
export { IrregularSampling } from "./wrappers/irregular-sampling.ts";
export { ObservationNoise } from "./wrappers/observation-noise.ts";
export { TimeLimit } from "./wrappers/time-limit.ts";
export { ActionWrapper, ObservationWrapper, RewardWrapper, unwrapped, Wrapper } from "./wrappers/wrapper.ts";
