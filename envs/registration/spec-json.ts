import type { EnvSpecFields } from "./env-spec.ts";

/** Numbers that JSON does not have are written as `{ "$number": "Infinity" }`. */
const NUMBER_KEY = "$number";

/** Data as JSON text: typed arrays as lists, non-finite numbers in a form of their own. Throws TypeError on functions, naming `where` and the key. */
export function toJsonText(where: string, data: unknown): string {
  return JSON.stringify(data, (key, value: unknown) => {
    if (typeof value === "function" || typeof value === "bigint" || typeof value === "symbol") {
      throw new TypeError(`${where}: ${key} is a ${typeof value} and cannot be written as JSON`);
    }
    if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array);
    return typeof value === "number" && !Number.isFinite(value) ? { [NUMBER_KEY]: String(value) } : value;
  });
}

/** The fields of a spec in JSON text. Throws TypeError on anything else, naming the wrong field. */
export function readSpecFields(text: string): EnvSpecFields {
  const fields: unknown = parse(text);
  if (!isRecord(fields)) throw wrong("the text", fields, "an object with the fields of a spec");
  for (const [key, value] of Object.entries(fields)) {
    const field = fieldTypes[key];
    if (field === undefined) throw new TypeError(`EnvSpec.fromJson: ${key} is no field of a spec`);
    if (!field.accepts(value)) throw wrong(key, value, field.expected);
  }
  if (fields["id"] === undefined) throw wrong("id", undefined, "a string");
  return fields as unknown as EnvSpecFields; // every field has been looked at
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text, (_, value: unknown) =>
      isRecord(value) && typeof value[NUMBER_KEY] === "string" ? Number(value[NUMBER_KEY]) : value,
    );
  } catch (cause) {
    throw new TypeError(`EnvSpec.fromJson: the text is no JSON (${(cause as Error).message})`, { cause });
  }
}

interface FieldType {
  readonly expected: string;
  accepts(value: unknown): boolean;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === "string";
const isFlag = (value: unknown): boolean => typeof value === "boolean";
const orNull = (accepts: (value: unknown) => boolean, expected: string): FieldType => ({
  expected: `${expected} or null`,
  accepts: (value) => value === null || accepts(value),
});
const flag: FieldType = { expected: "true or false", accepts: isFlag };
const name = orNull(isText, "the id of a registered world");

const fieldTypes: Readonly<Record<string, FieldType>> = {
  id: { expected: "a string", accepts: isText },
  entryPoint: name,
  vectorEntryPoint: name,
  batchEntryPoint: name,
  rewardThreshold: orNull((value) => typeof value === "number", "a number"),
  nondeterministic: flag,
  maxEpisodeSteps: orNull((value) => Number.isInteger(value) && (value as number) > 0, "a positive integer"),
  orderEnforce: flag,
  disableEnvChecker: flag,
  kwargs: { expected: "an object", accepts: isRecord },
  additionalWrappers: {
    expected: "a list of { name, entryPoint, kwargs }",
    accepts: (value) => Array.isArray(value) && value.every(isWrapper),
  },
};

function isWrapper(value: unknown): boolean {
  if (!isRecord(value)) return false;
  return (
    isText(value["name"]) && isText(value["entryPoint"]) && (value["kwargs"] === null || isRecord(value["kwargs"]))
  );
}

function wrong(field: string, value: unknown, expected: string): TypeError {
  return new TypeError(`EnvSpec.fromJson: ${field}: got ${JSON.stringify(value)}, expected ${expected}`);
}
