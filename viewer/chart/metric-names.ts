/** A metrics record as it is charted. */
type Record_ = Readonly<Record<string, number | null>>;

/** Records that are searched for names; evaluations come seldom. */
const MAX_LOOKED_AT = 500;
const X_NAMES = ["steps", "numSteps", "step", "frames"];

/** Names of the numbers in the records, without the one they are drawn over. */
export function metricNames(records: readonly Record_[]): string[] {
  const names = new Set<string>();
  for (const record of records.slice(-MAX_LOOKED_AT)) for (const name of Object.keys(record)) names.add(name);
  return [...names].filter((name) => !X_NAMES.includes(name));
}

/** The name to show first: the earliest wish that some name fulfils. */
export function preferredMetric(names: readonly string[], wishes: readonly RegExp[]): string | null {
  for (const wish of wishes) {
    const found = names.find((name) => wish.test(name));
    if (found !== undefined) return found;
  }
  return names[0] ?? null;
}

/** x (env steps, or the record's number) and y of one metric; records without it are left out. */
export function metricSeries(records: readonly Record_[], name: string): [x: number[], y: number[]] {
  const xName = X_NAMES.find((x) => typeof records[0]?.[x] === "number");
  const x: number[] = [];
  const y: number[] = [];
  records.forEach((record, i) => {
    const value = record[name];
    if (typeof value !== "number") return;
    x.push(xName === undefined ? i : (record[xName] ?? i));
    y.push(value);
  });
  return [x, y];
}
