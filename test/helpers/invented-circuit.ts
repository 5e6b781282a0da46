import type { CircuitDescription } from "../../src/protocol/index.ts";

/** A circuit of the usual shape for pictures: every synapse follows from its index, nothing is random. */
export function inventedCircuit(
  numSensory: number,
  numInter: number,
  numCommand: number,
  numMotor: number,
): CircuitDescription {
  const motor = Array.from({ length: numMotor }, (_, k) => k);
  const command = Array.from({ length: numCommand }, (_, k) => numMotor + k);
  const inter = Array.from({ length: numInter }, (_, k) => numMotor + numCommand + k);
  const sensory = Array.from({ length: numSensory }, (_, k) => -1 - k);
  const pairs: [number, number][] = [];
  const connect = (sources: readonly number[], targets: readonly number[], fanOut: number): void =>
    sources.forEach((source, i) => {
      for (let f = 0; f < fanOut; f++) {
        const target = targets[(i * 7 + f * 5 + i * f) % targets.length];
        if (target !== undefined && !pairs.some(([a, b]) => a === source && b === target)) pairs.push([source, target]);
      }
    });
  connect(sensory, inter, 5);
  connect(inter, command, 4);
  connect(command, command, 2);
  connect(command, motor, 2);
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
