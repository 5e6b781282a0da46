/**
 * The errors that `src` and `agents` throw on purpose. A message says where, what came, what was expected and what to do; `code` is
 * for programs and tests. Anything else that is thrown is our own bug. Browser-safe.
 */

/** Base of every error a user can act on. */
export abstract class ElegansError extends Error {
  /** Stable, kebab-case, for programs: `unknown-env`, `bad-checksum`, … */
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A setting, option or argument is wrong: the user can fix it by asking differently. */
export class ConfigError extends ElegansError {
  override readonly name = "ConfigError";
}

/** A world misbehaved: wrong shapes, a NaN reward, a step after the end, a module that does not load. */
export class EnvError extends ElegansError {
  override readonly name = "EnvError";
}

/** A file or message is damaged, unreadable, or of a version this program does not know. */
export class FormatError extends ElegansError {
  override readonly name = "FormatError";
}

/** The engine cannot compute what was asked: memory, shapes, a missing WebAssembly feature. */
export class KernelError extends ElegansError {
  override readonly name: string = "KernelError";
}

/** What became NaN or infinite, and when. */
export interface NonFinite {
  /** `loss`, `gradient norm`, `reward`, … */
  readonly quantity: string;
  readonly value: number;
  /** env steps (or training frames) done when it happened */
  readonly step: number;
  /** where it came from and what may help, in one sentence */
  readonly hint?: string;
}

/** A number that training rests on became NaN or infinite. Thrown before it reaches the policy. */
export class NonFiniteError extends KernelError {
  override readonly name = "NonFiniteError";
  readonly what: NonFinite;
  constructor(what: NonFinite, options?: ErrorOptions) {
    const hint = what.hint === undefined ? "" : ` ${what.hint}`;
    super("non-finite", `${what.quantity} became ${what.value} at step ${what.step}.${hint}`, options);
    this.what = what;
  }
}

/** An error as plain data, for messages between threads (structured clone drops classes and codes). */
export interface ErrorData {
  readonly name: string;
  readonly code: string | null;
  readonly message: string;
  readonly stack: string | null;
  readonly what: NonFinite | null;
}

/** Packs any thrown value so that `unpackError` gives back the same class, code and message on the other side. */
export function packError(thrown: unknown): ErrorData {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return {
    name: error.name,
    code: error instanceof ElegansError ? error.code : null,
    message: error.message,
    stack: error.stack ?? null,
    what: error instanceof NonFiniteError ? error.what : null,
  };
}

const classes = { ConfigError, EnvError, FormatError, KernelError } as const;

/** The error that `packError` packed; one of a foreign class comes back as a plain Error of the same name. */
export function unpackError(data: ErrorData): Error {
  const error = rebuild(data);
  if (data.stack !== null) error.stack = data.stack;
  return error;
}

function rebuild(data: ErrorData): Error {
  if (data.what !== null) return new NonFiniteError(data.what);
  if (data.code !== null && Object.hasOwn(classes, data.name))
    return new classes[data.name as keyof typeof classes](data.code, data.message);
  const error = new Error(data.message);
  error.name = data.name;
  return error;
}

/** What an error says; whatever else was thrown, as text. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
