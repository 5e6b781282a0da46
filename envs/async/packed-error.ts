import * as errors from "../errors.ts";

/** An error on its way to another thread. */
export interface PackedError {
  /** name of its class */
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

/** Anything that was thrown, as data. */
export function packError(thrown: unknown): PackedError {
  if (!(thrown instanceof Error)) return { name: "Error", message: String(thrown), stack: "" };
  return { name: thrown.constructor.name, message: thrown.message, stack: thrown.stack ?? "" };
}

const nativeClasses: Readonly<Record<string, new (message: string, options: ErrorOptions) => Error>> = {
  Error,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
};

/**
 * The error again, of the same class where it is one of this package or of JavaScript itself and otherwise a RuntimeError that names the
 * class. `where` begins the message; `cause` has the stack of the thread.
 */
export function unpackError({ name, message, stack }: PackedError, where: string): Error {
  const cause = Object.assign(new Error(message), { name, stack });
  const Class = ownClass(name) ?? nativeClasses[name];
  if (Class !== undefined) return new Class(`${where}: ${message}`, { cause });
  return new errors.RuntimeError(`${where}: ${name}: ${message}`, { cause });
}

function ownClass(name: string): typeof errors.GymError | undefined {
  const found = (errors as Readonly<Record<string, unknown>>)[name];
  const isOwn =
    typeof found === "function" && (found === errors.GymError || found.prototype instanceof errors.GymError);
  return isOwn ? (found as typeof errors.GymError) : undefined; // constructors of GymErrors begin with the message
}
