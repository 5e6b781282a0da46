import type { Command } from "commander";
import { type EnvSpec, type Space, makeBatch, registry } from "gymnasium-js";
import { ppoPresets } from "../../../agents/presets/presets.ts";
import { absoluteImport, importModules } from "../import-modules.ts";
import { collect } from "../option-parsers.ts";
import { textTable } from "../text-table.ts";
import { processTerminal } from "../terminal.ts";

interface EnvsOptions {
  readonly import?: readonly string[];
  readonly json?: boolean;
}

/** One line of `envs`, one element of `envs --json`. */
interface EnvEntry {
  readonly id: string;
  readonly observations: string;
  readonly actions: string;
  readonly maxEpisodeSteps: number | null;
  readonly rewardThreshold: number | null;
  readonly presets: readonly string[];
}

/** Adds the command `envs`. */
export function addEnvs(program: Command): void {
  program
    .command("envs")
    .description("Lists every registered environment with its spaces, time limit, solved threshold and presets.")
    .option("--import <file>", "module that registers environments; may be repeated", collect)
    .option("--json", "print one JSON array on stdout")
    .action(listEnvs);
}

async function listEnvs(options: EnvsOptions): Promise<void> {
  const terminal = processTerminal(options.json ?? false);
  await importModules((options.import ?? []).map(absoluteImport));
  const entries = [...registry.values()].map(describe).toSorted((a, b) => a.id.localeCompare(b.id));
  if (options.json) return terminal.json(entries);
  const orDash = (value: number | null): string => (value === null ? "–" : String(value));
  const rows = entries.map((e) => [
    e.id,
    e.observations,
    e.actions,
    orDash(e.maxEpisodeSteps),
    orDash(e.rewardThreshold),
    e.presets.join(", ") || "–",
  ]);
  terminal.say(textTable(["environment", "observations", "actions", "time limit", "solved at", "presets"], rows));
}

function describe(spec: EnvSpec): EnvEntry {
  const env = makeBatch(spec.id, 1);
  try {
    return {
      id: spec.id,
      observations: spaceText(env.singleObservationSpace),
      actions: spaceText(env.singleActionSpace),
      maxEpisodeSteps: spec.maxEpisodeSteps,
      rewardThreshold: spec.rewardThreshold,
      presets: ppoPresets.filter((preset) => preset.env === spec.id).map((preset) => preset.name),
    };
  } finally {
    env.close();
  }
}

/** A space in a few characters: `4 × float32`, `2 choices`. */
function spaceText(space: Space<unknown>): string {
  if ("n" in space) return `${Number(space.n)} choices`;
  const dtype = "dtype" in space && typeof space.dtype === "string" ? ` ${space.dtype}` : "";
  return space.shape === null ? space.constructor.name : `${space.shape.join("×") || "1"}${dtype}`;
}
