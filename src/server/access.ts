import { createHash, timingSafeEqual } from "node:crypto";

/** What a caller may do: `read` watches, `control` may also pause, restart and change playback. */
export type Role = "control" | "read";

/** Who may come in. */
export interface AccessRules {
  /** port the server listens on */
  readonly port: number;
  /** address it was bound to */
  readonly host: string;
  readonly token: string;
  /** a second token that may only watch */
  readonly readToken?: string | undefined;
}

/** The parts of a request that decide about access. */
export interface Caller {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly token: string | null;
}

/** An HTTP status to answer with, and why. */
export interface Refusal {
  readonly status: 401 | 403;
  readonly reason: string;
}

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];
const WILDCARDS = ["0.0.0.0", "::"];

/**
 * First check, for everything: the Host header must name this server, so that a foreign name that resolves to the loopback address
 * (DNS rebinding) reaches nothing; then the Origin, when a browser sends one, must be this very page. Null when the caller may go on.
 */
export function refuseStranger({ host, origin }: Caller, rules: AccessRules): Refusal | null {
  if (host === undefined || !isOwnHost(host.toLowerCase(), rules))
    return { status: 403, reason: "this Host is not served here" };
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`)
    return { status: 403, reason: "this Origin may not connect" };
  return null;
}

function isOwnHost(host: string, { host: bound, port }: AccessRules): boolean {
  if (WILDCARDS.includes(bound)) return true; // reachable under names we cannot know; the token, then obligatory, guards alone
  const names = [...LOOPBACK, bound.includes(":") ? `[${bound}]` : bound];
  return names.some((name) => host === `${name}:${port}` || (port === 80 && host === name));
}

/** Second check, for everything but the page itself: the token's role, or a refusal. */
export function roleOf({ token }: Caller, rules: AccessRules): Role | Refusal {
  if (token !== null && sameText(token, rules.token)) return "control";
  if (token !== null && rules.readToken !== undefined && sameText(token, rules.readToken)) return "read";
  return { status: 401, reason: "the token is missing or wrong" };
}

/** Compares in constant time, whatever the lengths. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
