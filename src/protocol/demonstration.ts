import * as z from "zod/mini";
import { FormatError } from "../errors.ts";

/** Most numbers of actions in one demonstration. */
const MAX_ACTIONS = 131_071;

/** Where a played episode ended, to see that playing it again elsewhere comes to the same. */
export const DemonstrationEnd = z.object({
  steps: z.int().check(z.positive()),
  return: z.number(),
  /** FNV-1a of the world's last snapshot without random streams, 8 hexadecimal digits */
  digest: z.string().check(z.regex(/^[0-9a-f]{8}$/)),
});
/** See the schema of the same name. */
export type DemonstrationEnd = z.infer<typeof DemonstrationEnd>;

/** Who played. */
const Player = z.object({
  /** what the hands were on */
  device: z.enum(["keyboard", "gamepad", "keyboard and gamepad"]),
  /** the policy that was corrected, where one drove as well */
  policySha256: z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/))),
});

/**
 * An episode that somebody played: enough to play it again in the same world, which gives every observation and reward. So nothing that a
 * page says about the world has to be believed.
 */
export const Demonstration = z.object({
  format: z.literal("elegans-demonstration"),
  version: z.literal(1),
  env: z.object({ id: z.string().check(z.maxLength(200)), args: z.record(z.string(), z.unknown()) }),
  seed: z.int().check(z.nonnegative(), z.maximum(2 ** 32 - 1)),
  /** one number per step for Discrete spaces (as the world takes it), else all numbers of one step after the other */
  actions: z.array(z.number()).check(z.minLength(1), z.maxLength(MAX_ACTIONS)),
  /** 1 where the human acted, 0 where the policy did; absent where no policy drove */
  human: z.optional(z.array(z.union([z.literal(0), z.literal(1)])).check(z.maxLength(MAX_ACTIONS))),
  player: Player,
  end: DemonstrationEnd,
});
/** See the schema of the same name. */
export type Demonstration = z.infer<typeof Demonstration>;

/** What the server says about a demonstration that it has kept. */
export const KeptDemonstration = z.object({
  /** folder of the dataset, as the command line takes it */
  path: z.string(),
  /** index of the dataset in `/api/datasets` */
  dataset: z.int(),
  episode: z.int(),
});
/** See the schema of the same name. */
export type KeptDemonstration = z.infer<typeof KeptDemonstration>;

/** A world that can be driven, as the server lists it. */
export const DrivenWorld = z.object({
  envId: z.string(),
  envArgs: z.record(z.string(), z.unknown()),
  /** index of a source whose policy acts in this world, or null */
  source: z.nullable(z.int()),
});
/** See the schema of the same name. */
export type DrivenWorld = z.infer<typeof DrivenWorld>;

/** Reads a demonstration. Throws FormatError `bad-demonstration` naming the field. */
export function parseDemonstration(text: string): Demonstration {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new FormatError("bad-demonstration", "demonstration: this is not JSON", { cause });
  }
  const parsed = Demonstration.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new FormatError(
    "bad-demonstration",
    `demonstration: ${issue?.path.join(".") || "top level"}: ${issue?.message ?? "invalid"}`,
  );
}
