export type { EnvSpec } from "./registry.ts";
