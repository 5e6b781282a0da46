export { AsyncVectorEnv } from "./async/async-vector-env.ts";
export type { AsyncVectorOptions, ThreadEnv } from "./async/async-vector-env.ts";
export { makeAsyncVec } from "./async/make-async-vec.ts";
export type { MakeAsyncVecOptions } from "./async/make-async-vec.ts";
export { zlibDeflate } from "./raster/zlib-deflate.ts";
export { cappedCubicSchedule, RecordVideo } from "./wrappers/record-video.ts";
export type { RecordVideoOptions } from "./wrappers/record-video.ts";
