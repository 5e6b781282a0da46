import type { Frame } from "gymnasium-js";
import type { StepRecord } from "../../src/protocol/index.ts";
import type { LiveSource, Rollout } from "../../src/server/index.ts";
import { inventedCircuit, type FanOuts } from "./invented-circuit.ts";

/** A run that was never trained, for tests of how things are shown: records follow from their index. */
export function inventedSource(title = "invented run"): LiveSource {
  const records = Array.from({ length: 60 }, (_, i) => ({
    steps: (i + 1) * 640,
    "rollout/return": 20 + 480 / (1 + Math.exp(-(i - 25) / 5)) + 12 * Math.sin(i * 1.7),
    loss: 0.6 * Math.exp(-i / 18) + 0.03 * Math.sin(i * 2.3),
  }));
  return {
    title,
    env: { id: "CartPole-v1", args: {} },
    policy: () => ({ version: 1, bytes: new Uint8Array() }),
    metrics: () => records,
    status: () => ({ phase: "finished", steps: 38_400, totalSteps: 38_400 }),
  };
}

/** Plays a pole that swings by itself through an invented circuit. Episodes last `episodeSteps`. */
export function inventedRollout(
  episodeSteps = 120,
  [sensory, inter, command, motor]: readonly [number, number, number, number] = [4, 18, 10, 2],
  fanOuts?: FanOuts,
): () => Rollout {
  return () => {
    let step = -1;
    let episode = 0;
    const numNeurons = inter + command + motor;
    return {
      load: () => inventedCircuit(sensory, inter, command, motor, fanOuts),
      step: (): StepRecord => {
        step++;
        const swing = Math.sin(step / 9) * 0.25;
        const state = Float32Array.from(
          { length: numNeurons },
          (_, i) => Math.sin(step / 9 + i * 0.9) * Math.cos(i * 2.1 + step / 31),
        );
        const logits = Float32Array.from({ length: motor }, (_, m) => 3 * (state[m] ?? 0));
        const sum = logits.reduce((total, l) => total + Math.exp(l), 0);
        const isLast = step === episodeSteps - 1;
        const record: StepRecord = {
          episode,
          step,
          elapsed: 1,
          reward: 1,
          return: step + 1,
          value: 30,
          policyVersion: 1,
          terminated: isLast,
          truncated: false,
          obs: Float32Array.of(Math.sin(step / 40), swing, swing * 2, -swing),
          state,
          motor: state.slice(0, motor),
          action: Float32Array.of(logits.indexOf(Math.max(...logits))),
          logits,
          probabilities: logits.map((l) => Math.exp(l) / sum),
          scene: cart(Math.sin(step / 40) * 1.2, swing),
        };
        if (isLast) {
          step = -1;
          episode++;
        }
        return record;
      },
      restart: () => {
        step = -1;
        episode++;
      },
      close: () => {},
    };
  };
}

function cart(x: number, angle: number): Frame {
  const tip = { x: x + Math.sin(angle), y: 0.25 + Math.cos(angle) };
  return {
    view: { x: -2.4, y: -0.8, width: 4.8, height: 3.2 },
    yAxis: "up",
    background: 0xffffff,
    primitives: [
      { kind: "line", points: [-2.4, 0, 2.4, 0], stroke: 0x222222, width: 0.01 },
      { kind: "polygon", points: [x - 0.25, -0.15, x + 0.25, -0.15, x + 0.25, 0.15, x - 0.25, 0.15], fill: 0x202830 },
      { kind: "line", points: [x, 0.1, tip.x, tip.y], stroke: 0xca9865, width: 0.1 },
      { kind: "circle", x, y: 0.1, radius: 0.05, fill: 0x8184cb },
    ],
  };
}
