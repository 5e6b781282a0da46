import { createHash } from "node:crypto";
import { z } from "zod";

/** Version of the checkpoint folder. A reader refuses any other. */
export const checkpointVersion = 1;

/** `manifest.json`: what a checkpoint folder must hold, byte for byte. */
export const Manifest = z.strictObject({
  format: z.literal("elegans-checkpoint"),
  version: z.literal(checkpointVersion),
  step: z.int().nonnegative(),
  files: z.record(
    z.string().regex(/^[\w.-]+$/),
    z.strictObject({ bytes: z.int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
});
/** See the schema of the same name. */
export type Manifest = z.infer<typeof Manifest>;

/** Lower-case hex SHA-256. */
export const sha256 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

/** The manifest of these files. */
export function manifestOf(step: number, files: ReadonlyMap<string, Uint8Array>): Manifest {
  const entries = [...files].map(([name, bytes]) => [name, { bytes: bytes.length, sha256: sha256(bytes) }] as const);
  return { format: "elegans-checkpoint", version: checkpointVersion, step, files: Object.fromEntries(entries) };
}
