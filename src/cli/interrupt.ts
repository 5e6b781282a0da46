/**
 * Calls `first` at the first Ctrl-C (or SIGTERM) and ends the process at the second. Returns how to stop listening.
 */
export function onInterrupt(first: () => void): () => void {
  let isSecond = false;
  const listener = (): void => {
    if (isSecond) process.exit(130);
    isSecond = true;
    first();
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}

/** Resolves at Ctrl-C (or SIGTERM). */
export async function interrupted(): Promise<void> {
  await new Promise<void>((resolve) => {
    const stop = onInterrupt(() => {
      stop();
      resolve();
    });
  });
}
