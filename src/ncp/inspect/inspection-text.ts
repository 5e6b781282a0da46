import type { CircuitInspection, Degree, NeuronReport, TimeConstant } from "./inspection.ts";

/** An inspection as plain text for a terminal. */
export function inspectionText(report: CircuitInspection): string {
  const synapses = report.synapses.length;
  const stored = report.parameters.reduce((sum, { stored: count }) => sum + count, 0);
  const active = report.parameters.reduce((sum, part) => sum + part.active, 0);
  return [
    `${describeCell(report)}: ${report.sensors.length} sensors, ${report.neurons.length} neurons, ${synapses} synapses, ${active} of ${stored} parameters active`,
    "",
    "layers",
    ...report.layers.map(({ ids, kinds }, i) => `  ${i}  ${kinds.join(" and ")}: ${ids.length} (ids ${ids.join(" ")})`),
    "",
    "parameters",
    ...table(
      report.parameters.map((p) => [p.part, String(p.stored), p.active === p.stored ? "" : `${p.active} active`]),
    ),
    "",
    "neurons (synapses +excitatory -inhibitory; time constants in control periods)",
    ...table([["neuron", "in", "out", "time constant"], ...report.neurons.map(neuronRow)]),
    "",
    "receptive fields of motor neurons (share of drive, average sign, shortest path)",
    ...report.receptiveFields.flatMap(({ label, sensors }) => [
      `  ${label}`,
      ...table(
        sensors.map(({ label: sensor, share, sign, hops }) => [
          `  ${sensor}`,
          `${(100 * share).toFixed(1)}%`,
          sign.toFixed(2),
          hops === null ? "no path" : `${hops} synapses`,
        ]),
      ),
    ]),
    "",
    "strongest synapses",
    ...table(
      strongest(report, 12).map(({ from, to, strength, effect }) => [
        nameOf(report, from),
        "to",
        report.neurons[to]!.label,
        strength.toFixed(3),
        effect >= 0 ? "excites" : "inhibits",
      ]),
    ),
    "",
  ].join("\n");
}

/** The n synapses of greatest strength. */
export const strongest = ({ synapses }: CircuitInspection, n: number): CircuitInspection["synapses"] =>
  synapses.toSorted((a, b) => b.strength - a.strength).slice(0, n);

/** Label of a synapse's source. */
export const nameOf = (
  report: CircuitInspection,
  from: { readonly kind: "sensor" | "neuron"; readonly index: number },
): string => (from.kind === "sensor" ? report.sensors : report.neurons)[from.index]!.label;

/** Kind of cell with what distinguishes it, such as "cfc (default, strict masking)". */
export function describeCell({ cell }: CircuitInspection): string {
  if (cell.kind === "cfc")
    return `cfc (${cell.mode}, ${cell.masking} masking, ${cell.flavour}, ${cell.polarity} polarity)`;
  return `ltc (${cell.implicitParamConstraints ? "implicit" : "explicit"} constraints, ${cell.polarity} polarity)`;
}

/** A time constant in words, in control periods. */
export function timeText(time: TimeConstant): string {
  switch (time.kind) {
    case "membrane":
      return `${short(time.fastest)} to ${short(time.slowest)}`;
    case "gate":
      return `${short(time.atRest)} (gate ${time.gateAtRest.toFixed(2)})`;
    case "decay":
      return short(time.atRest);
    default:
      return time satisfies never;
  }
}

/** Such as "+3 -1". */
export const degreeText = ({ excitatory, inhibitory }: Degree): string => `+${excitatory} -${inhibitory}`;

const neuronRow = (neuron: NeuronReport): string[] => [
  neuron.label === `${neuron.kind} ${neuron.id}` ? neuron.label : `${neuron.label} (${neuron.kind} ${neuron.id})`,
  degreeText(neuron.in),
  degreeText(neuron.out),
  timeText(neuron.timeConstant),
];

const short = (value: number): string => (Number.isFinite(value) ? value.toPrecision(3) : "never");

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, i) => Math.max(all[i] ?? 0, cell.length)), []);
  return rows.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ")}`.trimEnd());
}
