/** One size and its cost. */
export interface ScalingPoint {
  readonly envs: number;
  readonly neurons: number;
  readonly threads: number;
  readonly microsecondsPerStep: number;
}

const [WIDTH, HEIGHT, LEFT, TOP, PANEL, GAP] = [880, 340, 64, 48, 340, 96];
const BOTTOM = HEIGHT - 56;
const COLOURS: Readonly<Record<number, string>> = { 1: "#c2571a", 2: "#2563a8" };

/** Two panels, both axes logarithmic: cost of a step by environments and by neurons, a line per number of threads. */
export function drawScaling(byEnvs: readonly ScalingPoint[], byNeurons: readonly ScalingPoint[]): string {
  const costs = [...byEnvs, ...byNeurons].map((p) => p.microsecondsPerStep);
  const range = [
    2 ** Math.floor(Math.log2(Math.min(...costs))),
    2 ** Math.ceil(Math.log2(Math.max(...costs))),
  ] as const;
  const panels = [
    panel(LEFT, "environments (48 neurons)", byEnvs, (p) => p.envs, range),
    panel(LEFT + PANEL + GAP, "neurons (32 environments)", byNeurons, (p) => p.neurons, range),
  ];
  const style = "font-family:system-ui,sans-serif;font-size:13px;fill:#333";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" style="${style}">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<text x="${LEFT}" y="24" font-weight="600">µs per step of the whole PPO loop, MinAtar Breakout</text>
${panels.join("\n")}
</svg>
`;
}

function panel(
  left: number,
  label: string,
  points: readonly ScalingPoint[],
  at: (p: ScalingPoint) => number,
  [low, high]: readonly [number, number],
): string {
  const all = [...new Set(points.map(at))];
  const first = Math.log2(all[0]!);
  const span = Math.max(1, Math.log2(all.at(-1)!) - first);
  const x = (n: number): string => (left + (PANEL * (Math.log2(n) - first)) / span).toFixed(1);
  const y = (cost: number): string =>
    (BOTTOM - ((BOTTOM - TOP) * Math.log2(cost / low)) / Math.log2(high / low)).toFixed(1);
  const parts = [`<text x="${left + PANEL / 2}" y="${HEIGHT - 12}" text-anchor="middle">${label}</text>`];
  for (const n of all) parts.push(`<text x="${x(n)}" y="${BOTTOM + 20}" text-anchor="middle">${n}</text>`);
  for (let cost = low; cost <= high; cost *= 2)
    parts.push(
      `<line x1="${left}" x2="${left + PANEL}" y1="${y(cost)}" y2="${y(cost)}" stroke="#ddd"/>`,
      `<text x="${left - 8}" y="${Number(y(cost)) + 4}" text-anchor="end">${cost}</text>`,
    );
  for (const threads of [1, 2]) {
    const line = points.filter((p) => p.threads === threads);
    const colour = COLOURS[threads]!; // both are listed
    const places = line.map((p) => `${x(at(p))},${y(p.microsecondsPerStep)}`);
    const last = line.at(-1)!; // every size was measured with both
    parts.push(
      `<polyline points="${places.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...places.map(
        (place) => `<circle cx="${place.split(",")[0]}" cy="${place.split(",")[1]}" r="3" fill="${colour}"/>`,
      ),
      `<text x="${left + PANEL + 6}" y="${Number(y(last.microsecondsPerStep)) + 4}" fill="${colour}">${threads}</text>`,
    );
  }
  parts.push(`<text x="${left + PANEL + 6}" y="${TOP - 8}" text-anchor="middle">threads</text>`);
  return parts.join("\n");
}
