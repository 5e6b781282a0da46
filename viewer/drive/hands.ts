import { KEYS, type Direction, type Hands } from "./controls.ts";

/** Watches the keyboard and asks the gamepad. */
export class HandsWatcher {
  readonly #held = new Set<Direction>();
  /** pressed since they were last asked for, even if let go again */
  readonly #tapped = new Set<Direction>();
  readonly #onPress: () => void;
  #usedKeyboard = false;
  #usedGamepad = false;

  /** `onPress` is told of every first press of a key that means something. */
  constructor(onPress: () => void) {
    this.#onPress = onPress;
    addEventListener("keydown", this.#down);
    addEventListener("keyup", this.#up);
    addEventListener("blur", this.#letGo);
  }

  /** What the hands do now; a short tap counts once. */
  now(): Hands {
    const pad = navigator.getGamepads?.().find((p) => p !== null && p.connected) ?? null;
    const [x = 0, y = 0] = pad?.axes ?? [];
    const pressed = (button: number): boolean => pad?.buttons[button]?.pressed === true;
    const held = new Set([...this.#held, ...this.#tapped]);
    this.#tapped.clear();
    for (const [button, direction] of PAD_BUTTONS) if (pressed(button)) held.add(direction);
    if (PAD_BUTTONS.some(([button]) => pressed(button)) || Math.abs(x) > 0.3 || Math.abs(y) > 0.3)
      this.#usedGamepad = true;
    return { held, stick: { x, y } };
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
  }

  readonly #down = (event: KeyboardEvent): void => {
    const direction = KEYS[event.code];
    if (direction === undefined || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    event.preventDefault();
    if (event.repeat) return;
    this.#held.delete(direction);
    this.#held.add(direction); // last
    this.#tapped.add(direction);
    this.#usedKeyboard = true;
    this.#onPress();
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

const PAD_BUTTONS: readonly (readonly [number, Direction])[] = [
  [0, "fire"],
  [12, "up"],
  [13, "down"],
  [14, "left"],
  [15, "right"],
];

/** Keys that a control or a dialog needs for itself. */
function isTyping({ target, code }: KeyboardEvent): boolean {
  if (document.querySelector("dialog[open]") !== null) return true;
  if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLButtonElement && code === "Space";
}
