import { z } from "zod";

/** What was tried, and what came out. */
export const Trial = z
  .strictObject({
    id: z.int().nonnegative(),
    parameters: z.record(z.string(), z.json()),
    state: z.enum(["running", "complete", "pruned", "failed"]),
    /** mean return of the final evaluation (complete) or the best one before it was given up (pruned); null: not yet, or failed */
    value: z.number().nullable(),
    /** environment steps or frames done */
    steps: z.int().nonnegative(),
    /** best mean return so far after every evaluation, by step */
    progress: z.array(z.tuple([z.number(), z.number()])).readonly(),
    /** why it failed */
    message: z.string().optional(),
  })
  .readonly();
/** See the schema of the same name. */
export type Trial = z.infer<typeof Trial>;

/** Trials that ended well or were given up, best first: by value, then fewer steps; what was given up comes after what was not. */
export function ranked(trials: readonly Trial[]): Trial[] {
  const ended = trials.filter(({ state, value }) => value !== null && (state === "complete" || state === "pruned"));
  const order = (trial: Trial): number => (trial.state === "complete" ? 0 : 1);
  return ended.toSorted((a, b) => order(a) - order(b) || b.value! - a.value! || a.steps - b.steps);
}
