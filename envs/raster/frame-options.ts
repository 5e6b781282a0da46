import { ValueError } from "../errors.ts";
import type { Kwargs } from "../registration/env-spec.ts";
import { Box } from "../spaces/box.ts";
import { checkKwargs } from "../world/check-kwargs.ts";

/** How a world's pictures become observations. The usual numbers (Machado et al. 2018, doi:10.1613/jair.5699): 4, 30, 0, 84, 4, true. */
export interface FrameOptions {
  /** World steps per action; their rewards are summed and the last two pictures merged by maximum. */
  readonly frameSkip: number;
  /** At most this many `noopAction`s are taken after a reset, at least one; 0: none. */
  readonly noopMax: number;
  /** Number of the action that does nothing. */
  readonly noopAction: number;
  /** Side of the square picture in pixels. */
  readonly screenSize: number;
  /** Pictures per observation. */
  readonly stackSize: number;
  /** Whether rewards become -1, 0 or 1. */
  readonly clipReward: boolean;
}

/** The usual preprocessing of Atari games (Machado et al. 2018, doi:10.1613/jair.5699), without sticky actions. */
export const ATARI_DEFAULTS: FrameOptions = {
  frameSkip: 4,
  noopMax: 30,
  noopAction: 0,
  screenSize: 84,
  stackSize: 4,
  clipReward: true,
};

/** What `make` uses for worlds whose every step already is a decision: no skipping, no random start, rewards as they are. */
export const EVERY_FRAME: FrameOptions = { ...ATARI_DEFAULTS, frameSkip: 1, noopMax: 0, clipReward: false };

/**
 * Options with defaults for the absent ones.
 *
 * @throws TypeError on unknown names or wrong types, ValueError on numbers that make no sense; `where` begins the message
 */
export function checkFrameOptions(where: string, given: Kwargs, defaults: FrameOptions): FrameOptions {
  const options = checkKwargs<FrameOptions & Kwargs>(where, given, { ...defaults });
  const limits = { frameSkip: [1, 1000], noopMax: [0, 10_000], screenSize: [1, 1024], stackSize: [1, 64] } as const;
  for (const [name, [low, high]] of Object.entries(limits)) {
    const value = options[name];
    if (Number.isInteger(value) && (value as number) >= low && (value as number) <= high) continue;
    throw new ValueError(`${where}.${name}: got ${String(value)}, expected an integer from ${low} to ${high}`);
  }
  return options;
}

/** Observations under these options: [screenSize, screenSize, stackSize] bytes, the newest picture last. */
export function frameSpace({ screenSize, stackSize }: FrameOptions): Box {
  return new Box(0, 255, { shape: [screenSize, screenSize, stackSize], dtype: "uint8" });
}
