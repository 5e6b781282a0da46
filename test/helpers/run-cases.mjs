// Runs command lines one after the other in one process, each in a fresh folder, and prints how they ended as JSON. Only for commands that
// end by themselves and leave nothing running. Arguments: a JSON array of arrays of arguments.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "../../dist/src/cli/run-cli.js";

const write = process.stdout.write.bind(process.stdout);
const ends = [];
for (const args of JSON.parse(process.argv[2])) {
  const folder = mkdtempSync(join(tmpdir(), "elegans-cli-"));
  process.chdir(folder);
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"])
    process[name].write = (text) => {
      printed[name] += text;
      return true;
    };
  const exitCode = await runCli(args);
  ends.push({ exitCode, ...printed, left: readdirSync(folder) });
  process.chdir(tmpdir());
  rmSync(folder, { recursive: true });
}
write(JSON.stringify(ends));
