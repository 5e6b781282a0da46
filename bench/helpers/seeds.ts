/** The seeds of `--seeds A..B` (both included) or of `--seeds A`; `usual` where the option is absent. */
export function seedsOf(args: readonly string[], usual: readonly number[]): readonly number[] {
  const at = args.indexOf("--seeds");
  if (at < 0) return usual;
  const [, first, last] = /^(\d+)(?:\.\.(\d+))?$/.exec(args[at + 1] ?? "") ?? [];
  if (first === undefined) throw new Error(`--seeds: got ${args[at + 1]}, expected A or A..B`);
  const [from, to] = [Number(first), Number(last ?? first)];
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
