import type { Circuit } from "../circuit.ts";
import { type GraphEdge, type GraphNode, circuitGraph } from "../graph.ts";
import { circuitColors } from "./circuit-colors.ts";
import { type CircuitLayoutKind, layoutCircuit } from "./circuit-layout.ts";

/** What a circuit drawing shows besides the circuit. */
export interface CircuitSvgOptions {
  /** default "layered" */
  readonly layout?: CircuitLayoutKind;
  /** heading; default "Circuit" */
  readonly title?: string;
  /** names of the sensors, in order */
  readonly sensorLabels?: readonly string[];
  /** names of the motor neurons, in action order */
  readonly motorLabels?: readonly string[];
  /** strength of a synapse, which becomes its line width; all equal when absent */
  readonly strength?: (edge: GraphEdge) => number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const RADIUS = 11;
const HEADER = 44;
const FOOTER = 40;
const LEGEND_GAP = 90;
/** look of a synapse when no strengths are given, between 0 and 1 */
const PLAIN = 0.3;

/**
 * A circuit as a standalone SVG document: columns from sensors to motor neurons, synapses coloured by polarity
 * (arrow: excitatory, bar: inhibitory). Throws ConfigError (`ncp-layout`) for an unknown layout.
 */
export function circuitSvg(circuit: Circuit, options: CircuitSvgOptions = {}): string {
  const layout = layoutCircuit(circuit, options.layout ?? "layered");
  const graph = circuitGraph(circuit);
  const isLayered = (options.layout ?? "layered") === "layered";
  const at = (name: string): Point => {
    const { x, y } = layout.positions.get(name)!;
    return { x, y: y + HEADER };
  };
  const widest = Math.max(...graph.edges.map((edge) => options.strength?.(edge) ?? 1), 1e-9);
  const left = labelSpace(options.sensorLabels);
  const width = Math.max(layout.width + left + labelSpace(options.motorLabels), 560);
  const height = layout.height + HEADER + FOOTER;
  const shift = Math.max(left, (width - layout.width) / 2);
  const synapses = graph.edges.map((edge) =>
    drawSynapse(
      edge,
      at(edge.source),
      at(edge.destination),
      options.strength === undefined ? PLAIN : options.strength(edge) / widest,
      isLayered,
    ),
  );
  const neurons = graph.nodes.map((node) => drawNode(node, at(node.name), options));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" role="img">`,
    `<title>${escapeXml(options.title ?? "Circuit")}</title>`,
    markers(),
    `<rect width="100%" height="100%" fill="#fbfbf9"/>`,
    heading(circuit, options, graph.edges),
    `<g transform="translate(${round(shift)} 0)">`,
    `<g fill="none">`,
    ...synapses,
    `</g>`,
    ...neurons,
    `</g>`,
    legend(circuit, width, height),
    `</svg>`,
    "",
  ].join("\n");
}

/** Text made safe for XML. */
export const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Room beside a column for its labels, beyond the margin. */
const labelSpace = (labels: readonly string[] = []): number =>
  Math.max(0, Math.max(0, ...labels.map((label) => label.length)) * 6.4 - 40);

const round = (value: number): string => String(Math.round(value * 10) / 10);

function heading(circuit: Circuit, { title }: CircuitSvgOptions, edges: readonly GraphEdge[]): string {
  const excitatory = edges.filter((edge) => edge.polarity === "excitatory").length;
  const counts = `${circuit.inputDim} sensors, ${circuit.units} neurons, ${excitatory} excitatory and ${edges.length - excitatory} inhibitory synapses`;
  return [
    `<text x="20" y="26" font-size="15" font-weight="600" fill="#222">${escapeXml(title ?? "Circuit")}</text>`,
    `<text x="20" y="44" font-size="11" fill="#666">${counts}</text>`,
  ].join("\n");
}

/** Ends of synapses: an arrow for excitation, a bar for inhibition. */
function markers(): string {
  const frame = `viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"`;
  return [
    "<defs>",
    `<marker id="excitatory" ${frame}><path d="M0,0.5 L7.5,4 L0,7.5 z" fill="${circuitColors.excitatory}"/></marker>`,
    `<marker id="inhibitory" ${frame}><path d="M6.5,0 V8" stroke="${circuitColors.inhibitory}" stroke-width="2.4"/></marker>`,
    "</defs>",
  ].join("\n");
}

function drawSynapse(
  { source, destination, polarity }: GraphEdge,
  from: Point,
  to: Point,
  strength: number,
  isLayered: boolean,
): string {
  const path = source === destination ? loop(from) : curve(from, to, isLayered);
  const [lineWidth, opacity] = [0.7 + 1.8 * strength, 0.3 + 0.45 * strength];
  const style = `stroke="${circuitColors[polarity]}" stroke-width="${round(lineWidth)}" stroke-opacity="${opacity.toFixed(2)}"`;
  return `<path d="${path}" ${style} marker-end="url(#${polarity})"><title>${source} to ${destination}, ${polarity}</title></path>`;
}

/** A small loop above a neuron, back to itself. */
const loop = ({ x, y }: Point): string =>
  `M${round(x - 6)},${round(y - 9)} C${round(x - 22)},${round(y - 30)} ${round(x + 22)},${round(y - 30)} ${round(x + 7)},${round(y - 10)}`;

/** A curve between the rims of two neurons: across columns flat at both ends, within a column bowed to the right. */
function curve(from: Point, to: Point, isLayered: boolean): string {
  if (isLayered && Math.abs(to.x - from.x) < 1) {
    const bow = 24 + 0.28 * Math.abs(to.y - from.y);
    const [start, end] = [
      { x: from.x + RADIUS, y: from.y },
      { x: to.x + RADIUS + 1, y: to.y },
    ];
    return `M${round(start.x)},${round(start.y)} C${round(start.x + bow)},${round(start.y)} ${round(end.x + bow)},${round(end.y)} ${round(end.x)},${round(end.y)}`;
  }
  if (isLayered) {
    const side = Math.sign(to.x - from.x);
    const [x0, x1] = [from.x + side * RADIUS, to.x - side * (RADIUS + 1)];
    const bend = (x1 - x0) * 0.45;
    return `M${round(x0)},${round(from.y)} C${round(x0 + bend)},${round(from.y)} ${round(x1 - bend)},${round(to.y)} ${round(x1)},${round(to.y)}`;
  }
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const end = { x: to.x - ux * (RADIUS + 1), y: to.y - uy * (RADIUS + 1) };
  return `M${round(from.x + ux * RADIUS)},${round(from.y + uy * RADIUS)} L${round(end.x)},${round(end.y)}`;
}

function drawNode(
  { name, kind, index }: GraphNode,
  { x, y }: Point,
  { sensorLabels, motorLabels }: CircuitSvgOptions,
): string {
  const label = kind === "sensory" ? sensorLabels?.[index] : kind === "motor" ? motorLabels?.[index] : undefined;
  const beside = kind === "sensory" ? [x - RADIUS - 6, "end"] : [x + RADIUS + 7, "start"];
  const text =
    label === undefined
      ? ""
      : `<text x="${round(Number(beside[0]))}" y="${round(y + 4)}" font-size="11" fill="#333" text-anchor="${beside[1]}">${escapeXml(label)}</text>`;
  const shape =
    kind === "sensory"
      ? `<rect x="${round(x - 9)}" y="${round(y - 9)}" width="18" height="18" rx="3" fill="${circuitColors.sensory}"/>`
      : `<circle cx="${round(x)}" cy="${round(y)}" r="${RADIUS}" fill="${circuitColors[kind]}" stroke="#fbfbf9" stroke-width="1.5"/>`;
  return `<g id="${name}"><title>${kind} ${index}</title>${shape}<text x="${round(x)}" y="${round(y + 3.5)}" font-size="9.5" fill="#fff" text-anchor="middle">${index}</text>${text}</g>`;
}

/** The kinds that occur and the two polarities, along the bottom. */
function legend(circuit: Circuit, width: number, height: number): string {
  const kinds = (["inter", "command", "motor"] as const).filter((kind) =>
    Array.from({ length: circuit.units }, (_, id) => circuit.neuronKind(id)).includes(kind),
  );
  const items = [...(["sensory", ...kinds] as const), "excitatory", "inhibitory"] as const;
  const start = width / 2 - (items.length * LEGEND_GAP) / 2 + 6;
  return items
    .map((item, i) => {
      const x = start + i * LEGEND_GAP;
      const y = height - 18;
      const isSynapse = item === "excitatory" || item === "inhibitory";
      const sign = isSynapse
        ? `<path d="M${round(x - 4)},${y} H${round(x + 12)}" stroke="${circuitColors[item]}" stroke-width="2" marker-end="url(#${item})"/>`
        : `<circle cx="${round(x + 4)}" cy="${y}" r="6" fill="${circuitColors[item]}"/>`;
      return `${sign}<text x="${round(x + 17)}" y="${y + 4}" font-size="11" fill="#444">${item}</text>`;
    })
    .join("\n");
}
