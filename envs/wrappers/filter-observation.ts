import type { Env } from "../env.ts";
import { ValueError } from "../errors.ts";
import { Dict } from "../spaces/dict.ts";
import { Tuple } from "../spaces/tuple.ts";
import { ObservationWrapper } from "./wrapper.ts";

/** Keeps some keys of a Dict or some places of a Tuple. */
export class FilterObservation extends ObservationWrapper {
  readonly #keys: readonly (string | number)[];

  /** Throws ValueError for other spaces and unknown keys. */
  constructor(env: Env, filterKeys: readonly (string | number)[]) {
    super(env, { filterKeys });
    const space = env.observationSpace;
    if (!(space instanceof Dict || space instanceof Tuple)) {
      throw new ValueError(`FilterObservation: got ${String(space)}, expected a Dict or Tuple`);
    }
    const known: readonly (string | number)[] =
      space instanceof Dict ? [...space.spaces.keys()] : [...space.spaces.keys()];
    const unknown = filterKeys.find((key) => !known.includes(key));
    if (unknown !== undefined || filterKeys.length === 0) {
      throw new ValueError(
        `FilterObservation: got ${String(unknown ?? "no keys")}, expected some of ${known.join(", ")}`,
      );
    }
    this.#keys = known.filter((key) => filterKeys.includes(key));
    this.observationSpace =
      space instanceof Dict
        ? new Dict(this.#keys.map((key) => [String(key), space.get(String(key))] as const))
        : new Tuple(this.#keys.map((key) => space.spaces[Number(key)]!));
  }

  override observation(obs: unknown): unknown {
    const whole = obs as Readonly<Record<string | number, unknown>>;
    if (Array.isArray(obs)) return this.#keys.map((key) => whole[key]);
    return Object.fromEntries(this.#keys.map((key) => [key, whole[key]]));
  }
}
