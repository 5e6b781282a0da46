// How each wrapper is made again from the arguments that it records. Wrappers made of functions (Transform...) record none; TimeLimit,
// OrderEnforcing and PassiveEnvChecker are fields of the spec.
import type { Env } from "../env.ts";
import { AtariFrames } from "../raster/atari-frames.ts";
import type { Kwargs } from "../registration/env-spec.ts";
import { AddRenderObservation } from "./add-render-observation.ts";
import { AddWhiteNoise } from "./add-white-noise.ts";
import { Autoreset } from "./autoreset.ts";
import { ClipAction } from "./clip-action.ts";
import { ClipReward } from "./clip-reward.ts";
import { DelayObservation } from "./delay-observation.ts";
import { DiscretizeAction } from "./discretize-action.ts";
import { DiscretizeObservation } from "./discretize-observation.ts";
import { DtypeObservation } from "./dtype-observation.ts";
import { FilterObservation } from "./filter-observation.ts";
import { FlattenObservation } from "./flatten-observation.ts";
import { FrameStackObservation } from "./frame-stack-observation.ts";
import { GrayscaleObservation } from "./grayscale-observation.ts";
import { IrregularSampling } from "./irregular-sampling.ts";
import { MaxAndSkipObservation } from "./max-and-skip-observation.ts";
import { NormalizeObservation } from "./normalize-observation.ts";
import { NormalizeReward } from "./normalize-reward.ts";
import type { NoisyRenderOptions } from "./noisy-render.ts";
import { ObservationNoise } from "./observation-noise.ts";
import { ObstructView } from "./obstruct-view.ts";
import { RecordEpisodeStatistics } from "./record-episode-statistics.ts";
import { RenderCollection } from "./render-collection.ts";
import { RepeatAction } from "./repeat-action.ts";
import { RescaleAction } from "./rescale-action.ts";
import { RescaleObservation } from "./rescale-observation.ts";
import { ReshapeObservation } from "./reshape-observation.ts";
import { ResizeObservation } from "./resize-observation.ts";
import { StickyAction } from "./sticky-action.ts";
import { TimeAwareObservation } from "./time-aware-observation.ts";

/** Recorded arguments come from our own constructors or from JSON; each constructor checks what it is given. */
type Wrap = (env: never, kwargs: never) => unknown;

const table = {
  AddRenderObservation: (env: Env, kwargs: object) => new AddRenderObservation(env, kwargs),
  AddWhiteNoise: (
    env: Env,
    { probabilityOfNoisePerPixel, ...options }: { probabilityOfNoisePerPixel: number } & NoisyRenderOptions,
  ) => new AddWhiteNoise(env, probabilityOfNoisePerPixel, options),
  AtariFrames: (env: Env, kwargs: object) => new AtariFrames(env, kwargs),
  Autoreset: (env: Env) => new Autoreset(env),
  ClipAction: (env: never) => new ClipAction(env),
  ClipReward: (env: Env, { minReward, maxReward }: Record<"minReward" | "maxReward", number | null>) =>
    new ClipReward(env, minReward, maxReward),
  DelayObservation: (env: Env, { delay }: { delay: number }) => new DelayObservation(env, delay),
  DiscretizeAction: (env: never, { bins, multidiscrete }: BinOptions) => new DiscretizeAction(env, bins, multidiscrete),
  DiscretizeObservation: (env: Env, { bins, multidiscrete }: BinOptions) =>
    new DiscretizeObservation(env, bins, multidiscrete),
  DtypeObservation: (env: Env, { dtype }: { dtype: never }) => new DtypeObservation(env, dtype),
  FilterObservation: (env: Env, { filterKeys }: { filterKeys: string[] }) => new FilterObservation(env, filterKeys),
  FlattenObservation: (env: Env) => new FlattenObservation(env),
  FrameStackObservation: (env: Env, { stackSize, paddingType }: { stackSize: number; paddingType: unknown }) =>
    new FrameStackObservation(env, stackSize, paddingType),
  GrayscaleObservation: (env: Env, { keepDim }: { keepDim: boolean }) => new GrayscaleObservation(env, keepDim),
  IrregularSampling: (env: Env, kwargs: object) => new IrregularSampling(env, kwargs),
  MaxAndSkipObservation: (env: Env, { skip }: { skip: number }) => new MaxAndSkipObservation(env, skip),
  NormalizeObservation: (env: never, { epsilon }: { epsilon: number }) => new NormalizeObservation(env, epsilon),
  NormalizeReward: (env: Env, { gamma, epsilon }: Record<"gamma" | "epsilon", number>) =>
    new NormalizeReward(env, gamma, epsilon),
  ObservationNoise: (env: Env, { std }: { std: number }) => new ObservationNoise(env, std),
  ObstructView: (
    env: Env,
    {
      obstructedPixelsRatio,
      obstructionWidth,
      ...options
    }: Record<"obstructedPixelsRatio" | "obstructionWidth", number> & NoisyRenderOptions,
  ) => new ObstructView(env, obstructedPixelsRatio, obstructionWidth, options),
  RecordEpisodeStatistics: (env: Env, { bufferLength }: { bufferLength: number }) =>
    new RecordEpisodeStatistics(env, bufferLength),
  RenderCollection: (env: Env, kwargs: object) => new RenderCollection(env, kwargs),
  RepeatAction: (env: Env, { numRepeats }: { numRepeats: number }) => new RepeatAction(env, numRepeats),
  RescaleAction: (env: never, { minAction, maxAction }: Record<"minAction" | "maxAction", number>) =>
    new RescaleAction(env, minAction, maxAction),
  RescaleObservation: (env: Env, { minObs, maxObs }: Record<"minObs" | "maxObs", number>) =>
    new RescaleObservation(env, minObs, maxObs),
  ReshapeObservation: (env: Env, { shape }: { shape: number[] }) => new ReshapeObservation(env, shape),
  ResizeObservation: (env: Env, { shape }: { shape: [number, number] }) => new ResizeObservation(env, shape),
  StickyAction: (
    env: Env,
    {
      repeatActionProbability,
      repeatActionDuration,
    }: { repeatActionProbability: number; repeatActionDuration: number | [number, number] },
  ) => new StickyAction(env, repeatActionProbability, repeatActionDuration),
  TimeAwareObservation: (env: Env, kwargs: object) => new TimeAwareObservation(env, kwargs),
} satisfies Readonly<Record<string, Wrap>>;

interface BinOptions {
  readonly bins: number | readonly number[];
  readonly multidiscrete: boolean;
}

/** Every wrapper of this package that records its arguments, by the name of its class. */
export const builtInWrappers = table as unknown as Readonly<Record<string, (env: Env, kwargs: Kwargs) => Env>>;
