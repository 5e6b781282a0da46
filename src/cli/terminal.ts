import type { ProgressOutput } from "../run/progress-line.ts";

/** Where a command writes. */
export interface Terminal {
  /** results for people */
  say(text: string): void;
  /** progress, notes and errors: never on stdout */
  note(text: string): void;
  /** the one JSON object of a `--json` command */
  json(value: unknown): void;
  readonly progress: ProgressOutput;
}

/** The process's own terminal. With `isJson`, stdout is kept for the JSON object and people read on stderr. */
export function processTerminal(isJson: boolean): Terminal {
  const note = (text: string): void => void process.stderr.write(`${text}\n`);
  return {
    say: isJson ? note : (text) => void process.stdout.write(`${text}\n`),
    note,
    json: (value) => void process.stdout.write(`${JSON.stringify(value)}\n`),
    progress: {
      isTTY: process.stderr.isTTY,
      get columns() {
        return process.stderr.columns ?? 80;
      },
      write: (text) => void process.stderr.write(text),
    },
  };
}
