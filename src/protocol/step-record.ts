import type { Bitmap, Frame } from "gymnasium-js";
import { FormatError } from "../errors.ts";
import { encodeBinaryFrame, FrameKind, type BinaryFrame, type Section, type SectionData } from "./binary-frame.ts";
import { decodeScene, encodeScene } from "./scene-codec.ts";

/** One moment of an episode: what was seen, what every neuron said, what was done and what came of it. */
export interface StepRecord {
  /** counts episodes of this session from 0 */
  readonly episode: number;
  /** steps since the episode began; 0 is the first action */
  readonly step: number;
  /** elapsed time that went into the policy, in nominal control periods */
  readonly elapsed: number;
  /** reward of this step's action */
  readonly reward: number;
  /** sum of rewards of the episode up to and including this step */
  readonly return: number;
  /** critic's value of the observation; NaN without a critic */
  readonly value: number;
  /** which policy acted */
  readonly policyVersion: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
  /** [D] observation acted on; empty where it is an image */
  readonly obs: Float32Array;
  /** [H] by neuron id */
  readonly state: Float32Array;
  /** [M] motor neurons before scale and bias */
  readonly motor: Float32Array;
  /** Discrete: [1] chosen index. Box: [A] */
  readonly action: Float32Array;
  /** [A] logits or means */
  readonly logits: Float32Array;
  /** Discrete: [A] softmax of the logits. Box: empty */
  readonly probabilities: Float32Array;
  /** the world the observation was made of, or null where there is nothing to see */
  readonly scene: Frame | null;
}

/** Section numbers of a step frame. */
export const StepSection = {
  scalars: 1,
  obs: 2,
  state: 3,
  motor: 4,
  action: 5,
  logits: 6,
  probabilities: 7,
  sceneOps: 8,
  scenePixels: 9,
} as const;

const TERMINATED = 1;
const TRUNCATED = 2;

/** Packs a step. `seq`, `dropped` and `sentAt` are stamped per client afterwards. */
export function encodeStep(record: StepRecord, bitmapId: (bitmap: Bitmap) => number): Uint8Array<ArrayBuffer> {
  const flags = (record.terminated ? TERMINATED : 0) | (record.truncated ? TRUNCATED : 0);
  const { episode, step, elapsed, reward, value, policyVersion } = record;
  const sections: Section[] = [
    {
      id: StepSection.scalars,
      data: Float64Array.of(episode, step, elapsed, reward, record.return, value, policyVersion, flags),
    },
    { id: StepSection.obs, data: record.obs },
    { id: StepSection.state, data: record.state },
    { id: StepSection.motor, data: record.motor },
    { id: StepSection.action, data: record.action },
    { id: StepSection.logits, data: record.logits },
    { id: StepSection.probabilities, data: record.probabilities },
  ];
  if (record.scene !== null) {
    const { ops, pixels } = encodeScene(record.scene, bitmapId);
    sections.push({ id: StepSection.sceneOps, data: ops });
    if (pixels.length > 0) sections.push({ id: StepSection.scenePixels, data: pixels });
  }
  return encodeBinaryFrame({ kind: FrameKind.step, seq: 0, dropped: 0, sentAt: 0 }, sections);
}

/** Unpacks a step; arrays are views into the frame. Throws FormatError. */
export function decodeStep({ sections }: BinaryFrame, bitmap: (id: number) => Bitmap | undefined): StepRecord {
  const scalars = sections.get(StepSection.scalars);
  if (!(scalars instanceof Float64Array) || scalars.length < 8)
    throw new FormatError("bad-step", "step frame: the section of scalars is missing or short");
  const [episode = 0, step = 0, elapsed = 1, reward = 0, episodeReturn = 0, value = NaN, policyVersion = 0, flags = 0] =
    scalars;
  const ops = sections.get(StepSection.sceneOps);
  const pixels = sections.get(StepSection.scenePixels);
  return {
    episode,
    step,
    elapsed,
    reward,
    return: episodeReturn,
    value,
    policyVersion,
    terminated: (flags & TERMINATED) !== 0,
    truncated: (flags & TRUNCATED) !== 0,
    obs: floats(sections.get(StepSection.obs)),
    state: floats(sections.get(StepSection.state)),
    motor: floats(sections.get(StepSection.motor)),
    action: floats(sections.get(StepSection.action)),
    logits: floats(sections.get(StepSection.logits)),
    probabilities: floats(sections.get(StepSection.probabilities)),
    scene:
      ops instanceof Float32Array
        ? decodeScene({ ops, pixels: pixels instanceof Uint8Array ? pixels : new Uint8Array() }, bitmap)
        : null,
  };
}

function floats(data: SectionData | undefined): Float32Array {
  if (data === undefined) return new Float32Array();
  if (!(data instanceof Float32Array)) throw new FormatError("bad-step", "step frame: a section is not float32");
  return data;
}
