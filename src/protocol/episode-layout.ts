import * as z from "zod/mini";

/** Where something lies in an episode's file: first byte, and number of bytes. */
const Extent = z.tuple([z.int().check(z.nonnegative()), z.int().check(z.nonnegative())]);
/** See the schema of the same name. */
export type Extent = z.infer<typeof Extent>;

/** Where one column lies, and how its rows are to be read. `name` is the path in the table, such as `infos.policy.state`. */
export const ColumnLayout = z.discriminatedUnion("kind", [
  /** R rows of numbers of one shape, row-major */
  z.object({
    kind: z.literal("numbers"),
    name: z.string(),
    type: z.enum(["float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]),
    shape: z.array(z.int().check(z.nonnegative())),
    at: Extent,
  }),
  /** R bits, lowest first */
  z.object({ kind: z.literal("flags"), name: z.string(), at: Extent }),
  /** R byte strings: row t is data[offsets[t]] to data[offsets[t + 1]]; offsets are R + 1 int32. An empty string stands for none. */
  z.object({ kind: z.literal("bytes"), name: z.string(), offsets: Extent, at: Extent }),
]);
/** See the schema of the same name. */
export type ColumnLayout = z.infer<typeof ColumnLayout>;

/** What is where in an episode's Arrow file, so that a reader may ask for the parts that it shows. */
export const EpisodeLayout = z.object({
  /** T; every column has T + 1 rows */
  numSteps: z.int().check(z.positive()),
  /** of the whole file */
  bytes: z.int().check(z.positive()),
  columns: z.array(ColumnLayout),
});
/** See the schema of the same name. */
export type EpisodeLayout = z.infer<typeof EpisodeLayout>;
