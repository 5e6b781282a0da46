import { z } from "zod";
import { settingsError } from "./settings-issues.ts";
import type { SchemaNode } from "./settings-schema.ts";

/** Settings given by a program, checked and with every default. Throws ConfigError (`bad-setting`), one line for each that is wrong. */
export function parseSettings<Schema extends z.ZodType>(schema: Schema, settings: unknown): z.output<Schema> {
  const parsed = schema.safeParse(settings);
  if (parsed.success) return parsed.data;
  const node = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as SchemaNode; // a subset of it
  throw settingsError(parsed.error.issues, settings, node, () => null);
}
