import { ValueError } from "../errors.ts";
import { iterate } from "../spaces/batch-values.ts";
import { sizeOf } from "../spaces/dtype.ts";
import type { Space } from "../spaces/space.ts";

/** The action of each env from a batched one. Throws ValueError when there are more or fewer than `numEnvs`. */
export function splitActions(space: Space<unknown>, actions: unknown, numEnvs: number): unknown[] {
  if (space.shape === null) return iterate(space, actions, numEnvs);
  const isList = Array.isArray(actions) || (ArrayBuffer.isView(actions) && !(actions instanceof DataView));
  const length = isList ? (actions as unknown as ArrayLike<unknown>).length : -1;
  const isPerEnv = length === numEnvs && Array.isArray(actions);
  if (isPerEnv) return actions as unknown[];
  if (length !== numEnvs * sizeOf(space.shape)) {
    throw new ValueError(
      `step: got ${length < 0 ? String(actions) : `${length} action numbers`}, expected actions of ${numEnvs} envs in ${String(space)}`,
    );
  }
  return iterate(space, actions, numEnvs);
}
