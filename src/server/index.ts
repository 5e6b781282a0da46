export { openDatasetSource } from "./dataset-source.ts";
export type { DatasetSource } from "./dataset-source.ts";
export type { LiveSource, PolicyVersion } from "./live-source.ts";
export type { Rollout, RolloutFactory } from "./rollout.ts";
export { startServer } from "./start-server.ts";
export type { ServerOptions, ViewerServer } from "./start-server.ts";
export { DemonstrationStore } from "./demonstration-store.ts";
