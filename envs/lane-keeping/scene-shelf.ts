import type { LaneKeepingConfig } from "./config.ts";
import type { DriveState } from "./drive-state.ts";
import { Scene } from "./scene.ts";

/**
 * Scenes of one world. Each state that is reset owns its scene and builds anew in it. States that are loaded from snapshots share
 * the scene last loaded as long as they are on the same road, so that looking at snapshot after snapshot does not rebuild it.
 */
export class SceneShelf {
  /** Stands in until a state's first reset. */
  readonly empty: Scene;
  readonly #config: LaneKeepingConfig;
  readonly #owned = new WeakSet<Scene>();
  #loaded: { readonly key: string; readonly scene: Scene } | null = null;

  constructor(config: LaneKeepingConfig) {
    this.#config = config;
    this.empty = new Scene(config);
  }

  /** Builds a scene for a state, in the one it owns if it does. */
  build(drive: DriveState, seed: number, config: LaneKeepingConfig): void {
    if (!this.#owned.has(drive.scene)) {
      drive.scene = new Scene(this.#config);
      this.#owned.add(drive.scene);
    }
    drive.scene.build(seed, config);
  }

  /** Gives a state the scene of a snapshot, shared with others of the same seed and arguments. */
  load(drive: DriveState, seed: number, config: LaneKeepingConfig): void {
    const key = `${seed} ${JSON.stringify(config)}`;
    if (this.#loaded?.key !== key) {
      const scene = new Scene(this.#config);
      scene.build(seed, config);
      this.#loaded = { key, scene };
    }
    drive.scene = this.#loaded.scene;
  }
}
