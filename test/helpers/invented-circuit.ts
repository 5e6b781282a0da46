import type { CircuitDescription } from "../../src/protocol/index.ts";

/** Synapses that each sensory, inter and command neuron sends on, and each command neuron to its like. */
export type FanOuts = Readonly<Record<"sensory" | "inter" | "command" | "recurrent", number>>;

const USUAL: FanOuts = { sensory: 5, inter: 4, command: 2, recurrent: 2 };

/** A circuit of the usual shape for pictures: every synapse follows from its index, nothing is random. */
export function inventedCircuit(
  numSensory: number,
  numInter: number,
  numCommand: number,
  numMotor: number,
  fanOuts = USUAL,
): CircuitDescription {
  const motor = Array.from({ length: numMotor }, (_, k) => k);
  const command = Array.from({ length: numCommand }, (_, k) => numMotor + k);
  const inter = Array.from({ length: numInter }, (_, k) => numMotor + numCommand + k);
  const sensory = Array.from({ length: numSensory }, (_, k) => -1 - k);
  const pairs: [number, number][] = [];
  const known = new Set<string>();
  const connect = (sources: readonly number[], targets: readonly number[], fanOut: number): void =>
    sources.forEach((source, i) => {
      for (let f = 0; f < fanOut; f++) {
        const target = targets[(i * 7 + f * 5 + i * f) % targets.length];
        if (target === undefined || known.has(`${source},${target}`)) continue;
        known.add(`${source},${target}`);
        pairs.push([source, target]);
      }
    });
  connect(sensory, inter, fanOuts.sensory);
  connect(inter, command, fanOuts.inter);
  connect(command, command, fanOuts.recurrent);
  connect(command, motor, fanOuts.command);
  return {
    wiring: `invented-${numSensory}-${numInter}-${numCommand}-${numMotor}`,
    policyVersion: 1,
    masking: "strict",
    numInputs: numSensory,
    sensory: sensory.map((_, k) => `input ${k}`),
    neurons: [
      ...motor.map((id) => ({ id, kind: "motor" as const, label: `motor ${id}` })),
      ...command.map((id, k) => ({ id, kind: "command" as const, label: `command ${k}` })),
      ...inter.map((id, k) => ({ id, kind: "inter" as const, label: `inter ${k}` })),
    ],
    from: pairs.map(([a]) => a),
    to: pairs.map(([, b]) => b),
    polarity: pairs.map((_, k) => (k % 3 === 1 ? -1 : 1)),
    strength: pairs.map((_, k) => 0.2 + ((k * 37) % 100) / 100),
  };
}
