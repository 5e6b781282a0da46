import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Command } from "commander";
import { writeFileAtomic } from "../../checkpoint/atomic-file.ts";
import { ConfigError, FormatError } from "../../errors.ts";
import {
  type Circuit,
  type CircuitInspection,
  circuitDot,
  circuitSvg,
  decodeModel,
  inspectModel,
  inspectionHtml,
  inspectionText,
} from "../../ncp/index.ts";
import { inspectPolicy } from "../../policy/inspect-policy.ts";
import { decodeSafetensors } from "../../policy/safetensors.ts";
import { decodePolicy } from "../../policy/saved-policy.ts";
import { worldNames } from "../../protocol/world-names.ts";
import { checkpointChoice } from "../option-parsers.ts";
import { readRunPolicy } from "../saved-run.ts";
import { processTerminal } from "../terminal.ts";

interface InspectOptions {
  readonly checkpoint?: "latest" | "best" | number;
  readonly env?: string;
  readonly html?: string;
  readonly svg?: string;
  readonly dot?: string;
  readonly json?: boolean;
}

/** A circuit with its report, and what to call it. */
interface Inspected {
  readonly title: string;
  readonly circuit: Circuit;
  readonly report: CircuitInspection;
}

/** Adds the command `inspect`. */
export function addInspect(program: Command): void {
  program
    .command("inspect")
    .description(
      "Explains the circuit of a run's policy, of a policy file or of a model file (both .safetensors). What the numbers mean: docs/ncp.md.",
    )
    .argument("<run-or-file>", "folder of a run, or a .safetensors file")
    .option("--checkpoint <which>", "policy of a run: latest, best or a step (default: best)", checkpointChoice)
    .option("--env <id>", "world whose names a policy file's inputs and actions get (a run knows its own)", String)
    .option("--html <file>", "write one standalone page with the drawing and every table", String)
    .option("--svg <file>", "write the drawing", String)
    .option("--dot <file>", "write the circuit for Graphviz", String)
    .option("--json", "print one JSON object on stdout; everything else goes to stderr")
    .action(inspect);
}

async function inspect(path: string, options: InspectOptions): Promise<void> {
  const terminal = processTerminal(options.json ?? false);
  const { title, circuit, report } = await readInspected(path, options);
  terminal.say(`${title}\n${inspectionText(report)}`);
  const labels = {
    title,
    sensorLabels: report.sensors.map(({ label }) => label),
    motorLabels: report.receptiveFields.map(({ label }) => label),
  };
  const files: [string | undefined, () => string][] = [
    [options.html, () => inspectionHtml(report, circuit, title)],
    [options.svg, () => circuitSvg(circuit, labels)],
    [options.dot, () => circuitDot(circuit)],
  ];
  for (const [file, render] of files) {
    if (file === undefined) continue;
    await writeFileAtomic(file, render());
    terminal.note(`wrote ${file}`);
  }
  if (options.json) terminal.json(report);
}

async function readInspected(path: string, options: InspectOptions): Promise<Inspected> {
  if ((await kindOf(path)) === "file") return naming(path, await readFile(path), options);
  const run = await readRunPolicy(path, options.checkpoint ?? "best");
  const env = run.config.env.id;
  const title = `${env}: ${basename(run.folder.path)} at step ${run.step}`;
  return inspectSavedPolicy(path, run.policy, env, title);
}

async function kindOf(path: string): Promise<"file" | "folder"> {
  const found = await stat(path).catch(() => null);
  if (found === null)
    throw new ConfigError("no-run", `${path} does not exist; expected the folder of a run or a .safetensors file`);
  return found.isFile() ? "file" : "folder";
}

/** Puts the file's name before what is wrong with it. */
function naming(path: string, bytes: Uint8Array, options: InspectOptions): Inspected {
  try {
    return inspectFile(path, bytes, options);
  } catch (error) {
    if (!(error instanceof FormatError) || error.message.startsWith(path)) throw error;
    throw new FormatError(error.code, `${path}: ${error.message}`, { cause: error });
  }
}

function inspectFile(path: string, bytes: Uint8Array, { env = "" }: InspectOptions): Inspected {
  const title = basename(path);
  const { metadata } = decodeSafetensors(bytes);
  if (metadata["elegans.model"] === undefined) return inspectSavedPolicy(path, bytes, env, title);
  const { model, weights } = decodeModel(bytes);
  const { obs, actions } = worldNames(env);
  const report = inspectModel(model, weights, { sensorLabels: obs, motorLabels: actions });
  if (report === null || model.circuit === null) throw withoutCircuit(path);
  return { title, circuit: model.circuit, report };
}

function inspectSavedPolicy(path: string, bytes: Uint8Array, env: string, title: string): Inspected {
  const inspected = inspectPolicy(decodePolicy(bytes), worldNames(env));
  if (inspected === null) throw withoutCircuit(path);
  return { title, ...inspected };
}

const withoutCircuit = (path: string): FormatError =>
  new FormatError(
    "no-circuit",
    `${path} holds a network without a wired circuit: there are no neurons and synapses to explain`,
  );
