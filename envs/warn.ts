/** Takes a warning: something is likely not meant so, but goes on correctly. */
export type WarningHandler = (message: string) => void;

let handler: WarningHandler = (message) => {
  // oxlint-disable-next-line no-console -- the one place where this package speaks by itself
  console.warn(`gymnasium-js: ${message}`);
};
const seen = new Set<string>();

/** Warns, once per message. */
export function warn(message: string): void {
  if (seen.has(message)) return;
  seen.add(message);
  handler(message);
}

/** Sends warnings elsewhere and forgets which were given. Returns the handler before, for putting it back. */
export function setWarningHandler(next: WarningHandler): WarningHandler {
  const before = handler;
  handler = next;
  seen.clear();
  return before;
}
