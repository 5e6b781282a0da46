import type { CheckpointEntry, LiveStatus } from "../protocol/index.ts";

/** A policy as it is now. */
export interface PolicyVersion {
  /** grows with every change */
  readonly version: number;
  /** safetensors bytes */
  readonly bytes: Uint8Array;
}

/**
 * Something to watch: a run in training, or a finished one. The server only ever asks for what is there already, so watching cannot
 * hold back or change training.
 */
export interface LiveSource {
  /** what people call it: the run's folder name */
  readonly title: string;
  readonly env: { readonly id: string; readonly args: Readonly<Record<string, unknown>> };
  /** env steps per second at speed 1; the world's own pace when absent */
  readonly stepsPerSecond?: number;
  /** the latest policy, or null while there is none */
  policy(): PolicyVersion | null;
  /** all metric records so far, oldest first; the same array grows */
  metrics(): readonly Readonly<Record<string, number>>[];
  status(): LiveStatus;
  /** earlier policies that can be watched as well, oldest first; absent where none are kept */
  kept?(): readonly CheckpointEntry[];
  /** One of them. Rejects where it is damaged or gone. */
  keptPolicy?(step: number): Promise<Uint8Array>;
}
