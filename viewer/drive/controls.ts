import { worldNames } from "../../src/protocol/world-names.ts";

/** How hands become actions in a world. */
export type Scheme =
  /** a choice: which keys stand for which action; `idle` is taken without a key, null: the last action goes on */
  | { readonly kind: "choice"; readonly keys: ReadonlyMap<Direction, number>; readonly idle: number | null }
  /** one number (and a second for the throttle) in [-1, 1], times `scale`; `left` is its sign to the left */
  | { readonly kind: "axis"; readonly hasThrottle: boolean; readonly scale: number; readonly left: 1 | -1 };

/** What a key or a stick can ask for. */
export type Direction = "left" | "right" | "up" | "down" | "fire";

/** Hands at one moment: keys held down, and a gamepad's stick in [-1, 1] (0 without one; y grows downwards). */
export interface Hands {
  readonly held: ReadonlySet<Direction>;
  readonly stick: { readonly x: number; readonly y: number };
}

const WORDS: readonly (readonly [RegExp, Direction])[] = [
  [/left|−/, "left"],
  [/right|\+/, "right"],
  [/up/, "up"],
  [/down/, "down"],
  [/fire/, "fire"],
];
const IDLE = /^(stay|coast)$/;

/** Keys by their place on the keyboard, so that every layout works. */
export const KEYS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  KeyA: "left",
  ArrowRight: "right",
  KeyD: "right",
  ArrowUp: "up",
  KeyW: "up",
  ArrowDown: "down",
  KeyS: "down",
  Space: "fire",
};

/** What is known of a world's actions. */
export interface Actions {
  readonly envId: string;
  /** number of choices; null where actions are numbers */
  readonly numChoices: number | null;
  /** numbers per action */
  readonly width: number;
  /** largest number */
  readonly high: number;
}

/** The scheme of a world, or null where hands cannot act in it. */
export function schemeOf({ envId, numChoices, width, high }: Actions): Scheme | null {
  const names = worldNames(envId).actions;
  if (numChoices === null)
    return width > 2
      ? null
      : {
          kind: "axis",
          hasThrottle: width === 2,
          scale: Number.isFinite(high) ? high : 1,
          left: envId.startsWith("MountainCar") ? -1 : 1, // the others turn anticlockwise for positive numbers
        };
  if (names.length < numChoices) return null;
  const keys = new Map<Direction, number>();
  names.slice(0, numChoices).forEach((name, action) => {
    const direction = IDLE.test(name) ? undefined : WORDS.find(([word]) => word.test(name))?.[1];
    if (direction !== undefined && !keys.has(direction)) keys.set(direction, action);
  });
  const idle = names.slice(0, numChoices).findIndex((name) => IDLE.test(name));
  return keys.size === 0 ? null : { kind: "choice", keys, idle: idle < 0 ? null : idle };
}

/** Sticks never rest exactly in the middle. */
const DEAD_ZONE = 0.15;

/** Whether hands ask for anything at all. */
export const isActing = ({ held, stick }: Hands): boolean =>
  held.size > 0 || Math.abs(stick.x) > DEAD_ZONE || Math.abs(stick.y) > DEAD_ZONE;

/** The directions that hands ask for, the most deliberate first. */
function directionsOf({ held, stick }: Hands): Direction[] {
  const found: Direction[] = [...held];
  if (stick.x < -0.5) found.push("left");
  if (stick.x > 0.5) found.push("right");
  if (stick.y < -0.5) found.push("up");
  if (stick.y > 0.5) found.push("down");
  return found.toReversed(); // the key pressed last counts most
}

/** The choice that hands make; `last` is the one before. */
export function choose({ keys, idle }: Extract<Scheme, { kind: "choice" }>, hands: Hands, last: number): number {
  for (const direction of directionsOf(hands)) {
    const action = keys.get(direction);
    if (action !== undefined) return action;
  }
  return idle ?? last;
}

/** Keys turn the wheel this far, this fast, and let it come back faster [1 / s]. */
const KEY_REACH = 0.6;
const TURN_RATE = 1.4;
const RETURN_RATE = 2.8;

/** A number that keys move gradually and a stick sets directly, in [-1, 1]. A stick is finer in its middle. */
export function steer(now: number, negative: boolean, positive: boolean, stick: number, seconds: number): number {
  if (Math.abs(stick) > DEAD_ZONE) {
    const beyond = (Math.abs(stick) - DEAD_ZONE) / (1 - DEAD_ZONE);
    return Math.sign(stick) * Math.min(1, beyond) ** 1.6;
  }
  const target = KEY_REACH * (Number(positive) - Number(negative));
  const isReturning = target === 0 || target * now < 0;
  const reach = (isReturning ? RETURN_RATE : TURN_RATE) * seconds;
  return now + Math.max(-reach, Math.min(reach, target - now));
}
