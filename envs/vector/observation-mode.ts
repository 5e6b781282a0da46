import { RuntimeError, ValueError } from "../errors.ts";
import { batchDifferingSpaces } from "../spaces/batch-differing-spaces.ts";
import { batchSpace } from "../spaces/batch-space.ts";
import { isSpaceDtypeShapeEquiv } from "../spaces/is-space-dtype-shape-equiv.ts";
import type { Space } from "../spaces/space.ts";

/** Spaces of one copy's observations and of all copies' together. */
export interface ObservationSpaces {
  readonly singleObservationSpace: Space<unknown>;
  readonly observationSpace: Space<unknown>;
}

/**
 * How far the observation spaces of a vector env's copies may differ. same: not at all. different: in their bounds and counts; the batched space
 * has each copy's own. Two spaces: in whatever does not change the form of a value; these are then the vector env's.
 */
export type ObservationMode = "same" | "different" | ObservationSpaces;

/** What counts of a copy. */
interface Copy {
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
}

/**
 * The observation spaces of copies, which are at least one.
 *
 * Throws RuntimeError where their spaces differ more than the mode allows, ValueError where they cannot be batched together and on an unknown mode.
 */
export function agreeOnSpaces(owner: string, copies: readonly Copy[], mode: ObservationMode): ObservationSpaces {
  const spaces = spacesOf(owner, copies, mode);
  const { observationSpace: firstObs, actionSpace: firstAction } = copies[0]!;
  const { singleObservationSpace: single } = spaces;
  for (const [i, { observationSpace, actionSpace }] of copies.entries()) {
    if (!firstAction.equals(actionSpace)) throw differs(owner, i, "actionSpace", actionSpace, firstAction);
    const isFine =
      mode === "same" ? firstObs.equals(observationSpace) : isSpaceDtypeShapeEquiv(single, observationSpace);
    if (isFine) continue;
    if (mode === "same") throw differs(owner, i, "observationSpace", observationSpace, firstObs);
    throw new RuntimeError(
      `${owner}: env ${i} has observationSpace ${String(observationSpace)}, expected the form of ${String(single)}`,
    );
  }
  return spaces;
}

function spacesOf(owner: string, copies: readonly Copy[], mode: ObservationMode): ObservationSpaces {
  const first = copies[0]!.observationSpace;
  if (mode === "same") return { singleObservationSpace: first, observationSpace: batchSpace(first, copies.length) };
  if (mode === "different") {
    const all = copies.map(({ observationSpace }) => observationSpace);
    return { singleObservationSpace: first, observationSpace: batchDifferingSpaces(all) };
  }
  const { singleObservationSpace: single, observationSpace: batched } = (mode ?? {}) as Partial<ObservationSpaces>;
  if (single === undefined || batched === undefined)
    throw new ValueError(
      `${owner}: observationMode: got ${JSON.stringify(mode)}, expected same, different or { singleObservationSpace, observationSpace }`,
    );
  const expected = batchSpace(single, copies.length);
  if (!isSpaceDtypeShapeEquiv(batched, expected))
    throw new ValueError(
      `${owner}: observationMode: got observationSpace ${String(batched)}, expected the form of ${String(expected)}`,
    );
  return { singleObservationSpace: single, observationSpace: batched };
}

function differs(owner: string, i: number, name: string, came: Space<unknown>, expected: Space<unknown>): RuntimeError {
  const advice = name === "observationSpace" ? '; observationMode "different" allows other bounds' : "";
  return new RuntimeError(`${owner}: env ${i} has ${name} ${String(came)}, but env 0 has ${String(expected)}${advice}`);
}
