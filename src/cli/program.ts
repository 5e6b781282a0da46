import { Command } from "commander";
import { packageVersion } from "../run/run-info.ts";
import { addCheckEnv } from "./commands/check-env.ts";
import { addBench } from "./commands/bench.ts";
import { addData } from "./commands/data.ts";
import { addEnvs } from "./commands/envs.ts";
import { addEvaluate } from "./commands/evaluate.ts";
import { addExport } from "./commands/export.ts";
import { addGif } from "./commands/gif.ts";
import { addInspect } from "./commands/inspect.ts";
import { addPlot } from "./commands/plot.ts";
import { addRecord } from "./commands/record.ts";
import { addStart } from "./commands/start.ts";
import { addClone, addTrain } from "./commands/train.ts";
import { addTune } from "./commands/tune.ts";
import { addView } from "./commands/view.ts";

/** The command line: every command, its options and its help. Parsing throws instead of ending the process. */
export function createProgram(): Command {
  const program = new Command("elegans")
    .description("Train, replay and audit neural circuit policies.")
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError("(add --help for what there is)")
    .configureHelp({ showGlobalOptions: false })
    .addHelpText("after", "\nA first look:  elegans start\nOne command:   elegans train --help");
  const commands = [
    addStart,
    addTrain,
    addClone,
    addEvaluate,
    addRecord,
    addGif,
    addData,
    addView,
    addPlot,
    addTune,
    addInspect,
    addExport,
    addEnvs,
    addBench,
    addCheckEnv,
  ];
  for (const add of commands) add(program);
  return program;
}
