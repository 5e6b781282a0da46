export type { BatchEnv, BatchStep, ObsArray } from "./batch-env.ts";
export type { Env, Info, ResetOptions, Seed } from "./env.ts";
export type { Bitmap, Color, Frame, Primitive } from "./frame.ts";
export type { EnvSpec } from "./registry.ts";
export type { Space } from "./spaces/space.ts";
