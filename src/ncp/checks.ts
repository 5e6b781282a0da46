import { ConfigError } from "../errors.ts";

/** A ConfigError of this room: `code` is prefixed with `ncp-`. */
export const configError = (code: string, message: string): ConfigError => new ConfigError(`ncp-${code}`, message);

/** Returns value when it is an integer in min .. max; throws ConfigError naming `where` otherwise. */
export function requireInteger(where: string, value: number, min: number, max = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `in ${min} .. ${max}`;
  throw configError("range", `${where} is ${value}; expected an integer ${range}`);
}
