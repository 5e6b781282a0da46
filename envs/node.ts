export type { EnvSpec } from "./registry.ts";
export { zlibDeflate } from "./raster/zlib-deflate.ts";
