import { type ExitCode, explainFailure } from "./failure.ts";
import { createProgram } from "./program.ts";

/** Runs one command line (without node and script) and says how it went. Never throws; a user's mistake is one clear message. */
export async function runCli(args: readonly string[]): Promise<ExitCode> {
  try {
    const program = await createProgram(args);
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    const { exitCode, message } = explainFailure(error);
    if (message !== null) process.stderr.write(`${message}\n`);
    return exitCode;
  }
}
