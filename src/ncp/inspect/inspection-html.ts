import type { Circuit } from "../circuit.ts";
import { circuitSvg, escapeXml } from "../drawing/circuit-svg.ts";
import type { CircuitInspection } from "./inspection.ts";
import { degreeText, describeCell, nameOf, strongest, timeText } from "./inspection-text.ts";

/** An inspection as one standalone HTML page: the drawing, then every table; nothing is loaded from elsewhere. */
export function inspectionHtml(report: CircuitInspection, circuit: Circuit, title = "Circuit"): string {
  const strengths = new Map(
    report.synapses.map(({ from, to, strength }) => [
      `${from.kind === "sensor" ? "sensory" : "neuron"}_${from.index} neuron_${to}`,
      strength,
    ]),
  );
  const svg = circuitSvg(circuit, {
    title: "As drawn",
    sensorLabels: report.sensors.map(({ label }) => label),
    motorLabels: report.receptiveFields.map(({ label }) => label),
    strength: ({ source, destination }) => strengths.get(`${source} ${destination}`) ?? 0,
  });
  const active = report.parameters.reduce((sum, part) => sum + part.active, 0);
  const summary = `${describeCell(report)}; ${report.sensors.length} sensors, ${report.neurons.length} neurons, ${report.synapses.length} synapses, ${active} active parameters`;
  return [
    `<!doctype html>`,
    `<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<title>${escapeXml(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escapeXml(title)}</h1><p>${escapeXml(summary)}</p>`,
    `<figure>${svg}<figcaption>Line width: strength of the synapse. Colour: polarity as drawn.</figcaption></figure>`,
    section(
      "Receptive fields",
      "Where walks back from a motor neuron, along synapses chosen in proportion to their strength, end.",
      receptiveTables(report),
    ),
    `<div class="columns">`,
    section("Neurons", "Synapses as +excitatory -inhibitory; time constants in control periods.", neuronTable(report)),
    `<div>`,
    section("Parameters", "Active: not masked away.", parameterTable(report)),
    section(
      "Strongest synapses",
      "Effect: what the weights make of the synapse; bold where it is not what was drawn.",
      synapseTable(report),
    ),
    `</div></div>`,
    `</body></html>`,
    "",
  ].join("\n");
}

const STYLE = [
  "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:76rem;padding:0 1rem;color:#222;background:#fbfbf9}",
  "h1{font-size:1.4rem;margin-bottom:0}h2{font-size:1.1rem;margin:2rem 0 0}p{margin:.2rem 0 .6rem;color:#555}",
  "figure{margin:1rem 0;overflow-x:auto;text-align:center}figcaption{font-size:.85rem;color:#555}",
  "figure svg{min-width:560px;max-width:100%;height:auto}",
  "table{border-collapse:collapse;font-variant-numeric:tabular-nums}",
  "th,td{text-align:left;padding:.15rem .9rem .15rem 0;border-bottom:1px solid #e5e5e0;white-space:nowrap}th{font-weight:600}",
  ".n{text-align:right}.columns{display:flex;flex-wrap:wrap;gap:0 3rem;align-items:flex-start}.columns p{max-width:27rem}",
  ".bar{display:inline-block;height:.7rem;border-radius:2px;background:#3b6fb6;vertical-align:middle}.fields{display:flex;flex-wrap:wrap;gap:2rem}",
].join("");

const section = (title: string, note: string, body: string): string =>
  `<section><h2>${title}</h2><p>${note}</p>${body}</section>`;

/** Columns that are set flush right. */
const numbers: ReadonlySet<string> = new Set([
  "id",
  "layer",
  "in",
  "out",
  "sign",
  "stored",
  "active",
  "strength",
  "effect",
]);

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((cell, i) => `<${tag}${numbers.has(head[i]!) ? ' class="n"' : ""}>${cell}</${tag}>`).join("")}</tr>`;
  return `<table><thead>${line("th", head)}</thead><tbody>${rows.map((row) => line("td", row)).join("\n")}</tbody></table>`;
}

function receptiveTables({ receptiveFields }: CircuitInspection): string {
  const bar = (share: number): string =>
    `<span class="bar" style="width:${(120 * share).toFixed(1)}px"></span> ${(100 * share).toFixed(1)}%`;
  const tables = receptiveFields.map(({ label, sensors }) => {
    const rows = sensors.map((s) => [
      escapeXml(s.label),
      bar(s.share),
      s.sign.toFixed(2),
      s.hops === null ? "no path" : String(s.hops),
    ]);
    return `<div><strong>${escapeXml(label)}</strong>${table(["sensor", "share", "sign", "shortest path"], rows)}</div>`;
  });
  return `<div class="fields">${tables.join("\n")}</div>`;
}

const neuronTable = ({ neurons }: CircuitInspection): string =>
  table(
    ["id", "kind", "name", "layer", "in", "out", "time constant"],
    neurons.map((n) => [
      String(n.id),
      n.kind,
      escapeXml(n.label),
      String(n.layer),
      degreeText(n.in),
      degreeText(n.out),
      timeText(n.timeConstant),
    ]),
  );

const parameterTable = ({ parameters }: CircuitInspection): string =>
  table(
    ["part", "stored", "active"],
    parameters.map(({ part, stored, active }) => [escapeXml(part), String(stored), String(active)]),
  );

const synapseTable = (report: CircuitInspection): string =>
  table(
    ["from", "to", "drawn", "strength", "effect"],
    strongest(report, 30).map(({ from, to, polarity, strength, effect }) => [
      escapeXml(nameOf(report, from)),
      escapeXml(report.neurons[to]!.label),
      polarity === 1 ? "excitatory" : "inhibitory",
      strength.toFixed(3),
      Math.sign(effect) === polarity ? effect.toFixed(3) : `<strong>${effect.toFixed(3)}</strong>`,
    ]),
  );
