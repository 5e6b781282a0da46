// A process that runs command lines, one after the other, as they are sent to it: starting Node and loading the program takes longer than most
// of them. Answers how each ended, what it printed, and which open resources it left that would have kept a process of its own from ending.
import { setTimeout as wait } from "node:timers/promises";
import { runCli } from "../../dist/src/cli/run-cli.js";

const PATIENCE_MS = 5000;
process.on("disconnect", () => process.exit());
process.on("message", ({ args, cwd }) => void run(args, cwd).then((end) => process.send(end)));
const outputs = [process.stdout, process.stderr]; // open from here on
const quiet = process.getActiveResourcesInfo();

async function run(args, cwd) {
  const printed = ["", ""];
  outputs.forEach((output, i) => {
    output.write = (text) => {
      printed[i] += text;
      return true;
    };
  });
  process.chdir(cwd);
  const exitCode = await runCli(args);
  process.chdir("/");
  return { end: { exitCode, stdout: printed[0], stderr: printed[1] }, leftOpen: await resourcesLeft() };
}

/** What is still open once all had time to close. */
async function resourcesLeft() {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const left = process.getActiveResourcesInfo();
    for (const known of quiet) if (left.includes(known)) left.splice(left.indexOf(known), 1);
    if (left.length === 0 || performance.now() > deadline) return left;
    await wait(5);
  }
}
