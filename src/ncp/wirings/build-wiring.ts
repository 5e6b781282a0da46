import type { Circuit } from "../circuit.ts";
import { configError } from "../checks.ts";
import { AutoNCP } from "./auto-ncp.ts";
import type { ManualWiringConfig, WiringConfig } from "./config.ts";
import { FullyConnected } from "./fully-connected.ts";
import { Layered } from "./layered.ts";
import { NCP } from "./ncp.ts";
import { Random } from "./random-wiring.ts";
import { Wiring } from "./wiring.ts";

/** The wiring a config describes: unbuilt, except for a manual one that was stored built. Throws ConfigError as the wiring's class does. */
export function wiringFromConfig(config: WiringConfig): Wiring {
  switch (config.kind) {
    case "Wiring":
      return manualWiring(config);
    case "FullyConnected":
      return new FullyConnected(config.units, config);
    case "Random":
      return new Random(config.units, config);
    case "NCP":
      return new NCP(config);
    case "AutoNCP":
      return new AutoNCP(config.units, config.outputSize, config);
    case "Layered":
      return new Layered(config);
    default:
      return config satisfies never;
  }
}

/** Builds the circuit of a config for a number of sensors; same config and size, same circuit. Throws ConfigError. */
export function buildWiring(config: WiringConfig, inputDim: number): Circuit {
  const wiring = wiringFromConfig(config);
  let circuit = wiring.build(inputDim);
  const builds = config.kind === "Wiring" ? 1 : (config.builds ?? 1);
  for (let i = 1; i < builds; i++) circuit = wiring.buildAgain();
  return circuit;
}

function manualWiring(config: ManualWiringConfig): Wiring {
  const { units, outputDim, inputDim, adjacency, sensoryAdjacency, layers, kinds } = config;
  const wiring = new Wiring(units);
  if (outputDim !== null) wiring.setOutputDim(outputDim);
  if (layers !== undefined) wiring.setLayers(layers, kinds);
  checkMatrix("adjacency", adjacency, units, units);
  connectRows(adjacency, (src, dest, polarity) => wiring.addSynapse(src, dest, polarity));
  if (inputDim !== null) {
    checkMatrix("sensoryAdjacency", sensoryAdjacency ?? [], inputDim, units);
    wiring.setInputDim(inputDim);
    connectRows(sensoryAdjacency!, (src, dest, polarity) => wiring.addSensorySynapse(src, dest, polarity));
  }
  return wiring;
}

function connectRows(
  rows: readonly (readonly number[])[],
  connect: (src: number, dest: number, polarity: number) => void,
): void {
  rows.forEach((row, src) => row.forEach((polarity, dest) => polarity !== 0 && connect(src, dest, polarity)));
}

function checkMatrix(name: string, rows: readonly (readonly number[])[], numRows: number, columns: number): void {
  if (rows.length === numRows && rows.every((row) => row.length === columns)) return;
  const came = `${rows.length} rows of lengths ${[...new Set(rows.map((row) => row.length))].join(", ")}`;
  throw configError("matrix", `wiring.${name} has ${came}; expected ${numRows} rows of ${columns}`);
}
