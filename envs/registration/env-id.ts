import { GymError } from "../errors.ts";

/** The parts of an id such as `MinAtar/Breakout-v1`. */
export interface EnvId {
  /** Before the slash; null without one. */
  readonly namespace: string | null;
  readonly name: string;
  /** Number after `-v`; null without one. */
  readonly version: number | null;
}

const GRAMMAR = /^(?:(?<namespace>[\w:-]+)\/)?(?<name>[\w:.-]+?)(?:-v(?<version>\d+))?$/;

/** Splits an id such as `MinAtar/Breakout-v1` into its parts. Throws GymError (Gymnasium's `Error`) when it is none. */
export function parseEnvId(id: string): EnvId {
  const groups = typeof id === "string" ? GRAMMAR.exec(id)?.groups : undefined;
  if (!groups?.["name"]) {
    throw new GymError(`env id: got ${JSON.stringify(id)}, expected [namespace/]name[-vVERSION], such as CartPole-v1`);
  }
  const { namespace, name, version } = groups;
  return { namespace: namespace ?? null, name, version: version === undefined ? null : Number(version) };
}

/** Writes an id from its parts. */
export function formatEnvId({ namespace, name, version }: EnvId): string {
  return `${namespace === null ? "" : `${namespace}/`}${name}${version === null ? "" : `-v${version}`}`;
}
