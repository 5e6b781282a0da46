/** How long a call took: by the clock, and of processor time (what counts on a machine that others use too). */
export function timed(run: () => void): { readonly wallMs: number; readonly cpuMs: number } {
  const cpu = process.cpuUsage();
  const start = performance.now();
  run();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}
