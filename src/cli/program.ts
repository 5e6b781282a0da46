import { Command } from "commander";
import { packageVersion } from "../run/run-info.ts";
import { commandEntries } from "./commands.ts";

/**
 * The command line that `args` ask for: the command they name is whole, with its options and its help, the others are known by name and
 * summary. Parsing throws instead of ending the process.
 */
export async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command("elegans")
    .description("Train, replay and audit neural circuit policies.")
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError("(add --help for what there is)")
    .configureHelp({ showGlobalOptions: false })
    .addHelpText("after", "\nA first look:  elegans start\nOne command:   elegans train --help");
  const asked = args[0] === "help" ? args[1] : args[0];
  for (const { usage, summary, load } of commandEntries) {
    if (usage.split(" ")[0] === asked) (await load())(program);
    else program.command(usage);
    program.commands.at(-1)!.summary(summary);
  }
  return program;
}
