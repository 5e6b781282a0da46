import {
  Adam,
  ConvEncoder,
  Engine,
  MemoryPlan,
  ParameterBlock,
  WiredCfc,
  type ConvEncoderSpec,
  type KernelBuild,
} from "../../src/engine/index.ts";
import { buildWiring } from "../../src/ncp/index.ts";

/** Frames through a conv encoder and a wired CfC: forward, full BPTT, Adam. */
export interface FramesWorkload {
  readonly bench: string;
  readonly peer: string;
  readonly spec: ConvEncoderSpec;
  /** of a square frame */
  readonly size: number;
  readonly channels: number;
  readonly units: number;
  readonly motors: number;
  readonly T: number;
  readonly B: number;
}

/** One thread's network, its check and its update. */
export interface FramesUpdate {
  readonly block: ParameterBlock;
  /** Throws where the gradient is not the slope of the loss. */
  check(): void;
  /** Forward and back, into the block's gradients. */
  gradient(): void;
  /** Adam. */
  step(): void;
}

/** Builds the network of a workload; frames and losses are drawn from `seed`, weights are always the same. */
export function makeUpdate(
  { spec, size, channels, units, motors, T, B }: FramesWorkload,
  build?: KernelBuild,
  seed = 1,
): FramesUpdate {
  const plan = new MemoryPlan();
  const block = new ParameterBlock(plan);
  const numImages = T * B;
  const bytes = plan.bytes("frames", numImages * size * size * channels);
  const shape = { height: size, width: size, channels, pitch: channels };
  const source = { kind: "bytes", bytes, numImages, shape, factor: 1 / 255, isStandardized: false } as const;
  const encoder = new ConvEncoder(plan, block, { name: "encoder", source, spec });
  const features = encoder.output.value.cols;
  const wiring = { kind: "AutoNCP", units, outputSize: motors, sparsityLevel: 0.5, seed: 22222 } as const;
  const circuit = new WiredCfc(plan, block, {
    name: "rnn_cell",
    input: encoder.output,
    circuit: buildWiring(wiring, features),
    masking: "ncps",
    maxBatch: B,
  });
  const adam = new Adam(plan, block);
  Engine.create(plan, build);
  let state = 1;
  const uniform = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  encoder.initialize(uniform);
  circuit.initialize(uniform);
  state = seed;
  bytes.data.forEach((_, i) => (bytes.data[i] = uniform() * 256));
  const { value: y, gradient: dy } = circuit.output;
  const dLoss = Float32Array.from(y.data, (_, i) => (i % y.stride < y.cols ? 2 * uniform() - 1 : 0));
  const prepare = (): void => {
    encoder.prepare();
    circuit.prepare();
  };
  const forward = (): void => {
    encoder.forward(numImages);
    circuit.forward(T, B);
  };
  const gradient = (): void => {
    forward();
    dy.data.set(dLoss);
    block.zeroGradients();
    circuit.backward(T, B);
    encoder.backward(numImages);
  };
  prepare();
  /** The slope of the loss along the gradient is the gradient's squared norm. */
  const check = (): void => {
    gradient();
    const [w, g] = [block.values.slice(), block.gradients.slice()];
    const norm2 = g.reduce((sum, x) => sum + x * x, 0);
    const h = 3e-3 / Math.sqrt(norm2);
    const lossAt = (step: number): number => {
      w.forEach((x, i) => (block.values[i] = x + step * g[i]!));
      prepare();
      forward();
      return y.data.reduce((sum, value, i) => sum + value * dLoss[i]!, 0);
    };
    const slope = (lossAt(h) - lossAt(-h)) / (2 * h);
    lossAt(0);
    if (!(Math.abs(slope / norm2 - 1) < 2e-2)) throw new Error(`gradient is wrong: slope ${slope}, expected ${norm2}`);
  };
  const step = (): void => {
    adam.step(1e-3);
    prepare();
  };
  return { block, check, gradient, step };
}
