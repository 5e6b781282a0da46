import { expect, test } from "vitest";
import { commandEntries } from "../../../src/cli/commands.ts";
import { createProgram } from "../../../src/cli/program.ts";

test.each(commandEntries.map(({ usage, summary }) => ({ usage, summary })))(
  "$usage is, once loaded, the command that the list announces",
  async ({ usage, summary }) => {
    const [name, ...args] = usage.split(" ");
    const program = await createProgram([name!]);
    const command = program.commands.find((c) => c.name() === name)!;
    expect(command.summary()).toBe(summary);
    expect(command.description()).not.toBe("");
    const own = command.registeredArguments.map((a) => `${a.name()}${a.variadic ? "..." : ""}`);
    expect(args.map((a) => a.slice(1, -1))).toEqual(own);
    expect(program.commands.map((c) => c.name())).toEqual(commandEntries.map((e) => e.usage.split(" ")[0]));
  },
);
