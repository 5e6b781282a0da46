import type { Env } from "gymnasium-js";

/** A scripted driver or player that may see the whole state of its world. It makes demonstrations. */
export interface Expert {
  /** Name on the command line. */
  readonly name: string;
  /** One line on how it decides. */
  readonly summary: string;
  /** Names of the worlds it knows, without version: `LaneKeeping`. */
  readonly worlds: readonly string[];
  /** Action for the env's present state, inside its action space; Box: [A]. Throws EnvError (`wrong-world`) on a world it does not know. */
  act(env: Env): number | Float32Array;
}
