/**
 * Base of what this package throws on purpose (`gymnasium.error.Error`), beside JavaScript's own TypeError and RangeError. `code` is the class
 * name, for tests and callers.
 */
export class GymError extends Error {
  readonly code: string;
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = new.target.name;
  }
}

/** A broken promise between two parts (Python's AssertionError). */
export class AssertionError extends GymError {}
/** An environment id that is not registered. */
export class UnregisteredEnv extends GymError {}
/** The namespace of an id (the part before the slash) is unknown. */
export class NamespaceNotFound extends UnregisteredEnv {}
/** No environment of that name in the namespace. */
export class NameNotFound extends UnregisteredEnv {}
/** The environment exists, the asked version is newer than any. */
export class VersionNotFound extends UnregisteredEnv {}
/** The environment exists, the asked version is gone: there are newer ones. */
export class DeprecatedEnv extends GymError {}
/** A registration that contradicts another one. */
export class RegistrationError extends GymError {}
/** Something optional that is not installed. For your own environments: this package does not throw it. */
export class DependencyNotInstalled extends GymError {}
/** A mode the environment does not have. For your own environments: this package does not throw it. */
export class UnsupportedMode extends GymError {}
/** `metadata` does not have the asked form. For your own environments: this package does not throw it. */
export class InvalidMetadata extends GymError {}
/** `step` or `render` before `reset`, or `step` after an end. */
export class ResetNeeded extends AssertionError {}
/** An action outside the action space. */
export class InvalidAction extends AssertionError {}
/** A seed that numpy would not take. */
export class InvalidSeed extends GymError {}
/** A required argument is missing. For your own environments: this package does not throw it. */
export class MissingArgument extends GymError {}
/** A probability outside [0, 1], or probabilities that do not sum to 1. */
export class InvalidProbability extends GymError {}
/** A bound that makes no sense. */
export class InvalidBound extends GymError {}
/** Bytes that are not a snapshot of this world. */
export class InvalidSnapshot extends GymError {}
/** A value of the right type that makes no sense (Python's ValueError). */
export class ValueError extends GymError {}
/** A name that an object does not have (Python's AttributeError). */
export class AttributeError extends GymError {}
/** Things that do not fit together at run time (Python's RuntimeError). */
export class RuntimeError extends GymError {}
/** A space, or values of one, that cannot be batched or flattened. */
export class CustomSpaceError extends GymError {}
/** Something took longer than it may. */
export class TimeoutError extends GymError {}
/** A vector environment used after `close`. */
export class ClosedEnvironmentError extends GymError {}

/** An asynchronous call while another one is under way; `pending` is the name of that one. */
export class AlreadyPendingCallError extends GymError {
  readonly pending: string;
  constructor(message: string, pending: string) {
    super(message);
    this.pending = pending;
  }
}

/** A wait without a call before it; `pending` is the name of the call that was expected. */
export class NoAsyncCallError extends GymError {
  readonly pending: string;
  constructor(message: string, pending: string) {
    super(message);
    this.pending = pending;
  }
}
