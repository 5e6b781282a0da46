import type { ExportedPolicy } from "./exported-policy.ts";

/** What an export wrote. */
export interface ExportedFiles {
  /** file or folder, as it was asked for */
  readonly path: string;
  readonly bytes: number;
  /** one line on how to use it */
  readonly use: string;
}

/** One way to take a policy elsewhere. */
export interface ExportFormat {
  /** for the help: what comes out */
  readonly summary: string;
  /** name of the file or folder where none is given, without the run's name before it */
  readonly suffix: string;
  write(policy: ExportedPolicy, path: string): Promise<ExportedFiles>;
}

/** Where a policy comes from, for files that can carry it. */
export function provenance({ env, step, policySha256, name }: ExportedPolicy): Readonly<Record<string, string>> {
  return {
    "elegans.policySha256": policySha256,
    "elegans.run": name,
    ...(env === null ? {} : { "elegans.env": env }),
    ...(step === null ? {} : { "elegans.step": String(step) }),
  };
}
