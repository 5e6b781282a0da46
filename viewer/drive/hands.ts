import { isActing, KEYS, type Direction, type Hands } from "./controls.ts";

/** What hands can ask for besides acting. */
export interface HandSignals {
  /** Something that acts was pressed or pushed that was not before. */
  onPress(): void;
  /** The gamepad's Start button went down. */
  onStart(): void;
}

/** Watches the keyboard and the gamepad. */
export class HandsWatcher {
  readonly #held = new Set<Direction>();
  /** pressed since they were last asked for, even if let go again */
  readonly #tapped = new Set<Direction>();
  readonly #signals: HandSignals;
  #usedKeyboard = false;
  #usedGamepad = false;
  #padPoll: number | null = null;
  #pad: PadState = AT_REST;

  constructor(signals: HandSignals) {
    this.#signals = signals;
    addEventListener("keydown", this.#down);
    addEventListener("keyup", this.#up);
    addEventListener("blur", this.#letGo);
    addEventListener("gamepadconnected", this.#watchPad);
    if (firstPad() !== null) this.#watchPad();
  }

  /** What the hands do now; a short tap counts once. */
  now(): Hands {
    const { held: padHeld, stick } = padHands();
    if (isActing({ held: padHeld, stick })) this.#usedGamepad = true;
    const held = new Set([...this.#held, ...this.#tapped, ...padHeld]);
    this.#tapped.clear();
    return { held, stick };
  }

  /** What was used since the last call. */
  takeDevice(): "keyboard" | "gamepad" | "keyboard and gamepad" {
    const device = this.#usedGamepad ? (this.#usedKeyboard ? "keyboard and gamepad" : "gamepad") : "keyboard";
    this.#usedGamepad = this.#usedKeyboard = false;
    return device;
  }

  close(): void {
    removeEventListener("keydown", this.#down);
    removeEventListener("keyup", this.#up);
    removeEventListener("blur", this.#letGo);
    removeEventListener("gamepadconnected", this.#watchPad);
    if (this.#padPoll !== null) cancelAnimationFrame(this.#padPoll);
  }

  /** A gamepad sends no events: it is asked once per picture, as long as there is one. */
  readonly #watchPad = (): void => {
    if (this.#padPoll !== null) cancelAnimationFrame(this.#padPoll);
    const before = this.#pad;
    this.#pad = padState();
    if (this.#pad.acts && !before.acts) this.#signals.onPress();
    if (this.#pad.starts && !before.starts) this.#signals.onStart();
    this.#padPoll = firstPad() === null ? null : requestAnimationFrame(this.#watchPad);
  };

  readonly #down = (event: KeyboardEvent): void => {
    const direction = KEYS[event.code];
    if (direction === undefined || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    event.preventDefault();
    if (event.repeat) return;
    this.#held.delete(direction);
    this.#held.add(direction); // last
    this.#tapped.add(direction);
    this.#usedKeyboard = true;
    this.#signals.onPress();
  };

  readonly #up = (event: KeyboardEvent): void => {
    const direction = KEYS[event.code];
    if (direction !== undefined) this.#held.delete(direction);
  };

  readonly #letGo = (): void => {
    this.#held.clear();
    this.#tapped.clear();
  };
}

/** What of a gamepad counts when it changes. */
interface PadState {
  readonly acts: boolean;
  readonly starts: boolean;
}

const AT_REST: PadState = { acts: false, starts: false };
/** Buttons of the standard layout. */
const START_BUTTON = 9;
const PAD_BUTTONS: readonly (readonly [number, Direction])[] = [
  [0, "fire"],
  [12, "up"],
  [13, "down"],
  [14, "left"],
  [15, "right"],
];

const firstPad = (): Gamepad | null => navigator.getGamepads?.().find((pad) => pad?.connected === true) ?? null;

function padState(): PadState {
  return { acts: isActing(padHands()), starts: firstPad()?.buttons[START_BUTTON]?.pressed === true };
}

/** What the hands on the gamepad do; nothing without one. */
function padHands(): Hands {
  const { axes = [], buttons = [] } = firstPad() ?? {};
  const held = PAD_BUTTONS.filter(([button]) => buttons[button]?.pressed === true).map(([, direction]) => direction);
  return { held: new Set(held), stick: { x: axes[0] ?? 0, y: axes[1] ?? 0 } };
}

/** Keys that a control or a dialog needs for itself. */
function isTyping({ target, code }: KeyboardEvent): boolean {
  if (document.querySelector("dialog[open]") !== null) return true;
  if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLButtonElement && code === "Space";
}
