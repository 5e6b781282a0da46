/** Where progress is written: a terminal, or a file or pipe. */
export interface ProgressOutput {
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string): void;
}

/** What the progress line shows. Null: not known yet. */
export interface ProgressState {
  readonly step: number;
  readonly totalSteps: number;
  /** seconds of training so far, evaluation left out */
  readonly seconds: number;
  readonly stepsPerSecond: number | null;
  /** mean return of recent training episodes */
  readonly return: number | null;
  /** newest loss, shown where there is no return: cloning */
  readonly loss?: number | null;
  /** mean return of the best evaluation */
  readonly best: number | null;
}

const redrawMs = 100;
const sparseMs = 10_000;

/**
 * Shows how training goes: one line that is rewritten in place on a terminal; elsewhere a line every ten seconds. Lines that should stay
 * go through `note`.
 */
export class ProgressLine {
  readonly #out: ProgressOutput;
  readonly #now: () => number;
  #shown = false;
  #lastMs = -Infinity;

  constructor(out: ProgressOutput, now: () => number = () => performance.now()) {
    this.#out = out;
    this.#now = now;
  }

  /** Draws the state if it is time to. */
  update(state: ProgressState): void {
    this.#draw((width) => progressText(state, width));
  }

  /** Draws a line of another kind if it is time to. */
  updateText(text: string): void {
    this.#draw((width) => text.slice(0, width));
  }

  #draw(textOf: (width: number) => string): void {
    const now = this.#now();
    if (!this.#out.isTTY && this.#lastMs === -Infinity) this.#lastMs = now; // short runs print no line at all
    if (now - this.#lastMs < (this.#out.isTTY ? redrawMs : sparseMs)) return;
    this.#lastMs = now;
    const text = textOf(this.#out.isTTY ? this.#out.columns - 1 : Infinity);
    this.#out.write(this.#out.isTTY ? `\r\u001B[K${text}` : `${text}\n`);
    this.#shown = this.#out.isTTY;
  }

  /** Writes a line that stays. */
  note(text: string): void {
    this.clear();
    this.#out.write(`${text}\n`);
  }

  /** Removes the line from the terminal. */
  clear(): void {
    if (this.#shown) this.#out.write("\r\u001B[K");
    this.#shown = false;
  }
}

/** The progress line as text; parts at the end are left out until it fits `width` characters. */
export function progressText(state: ProgressState, width = Infinity): string {
  const share = Math.min(1, state.step / state.totalSteps);
  const parts = [
    `${count(state.step)} / ${count(state.totalSteps)}`,
    `${bar(share, 16)} ${String(Math.floor(share * 100)).padStart(3)} %`,
    `ETA ${state.stepsPerSecond === null ? "–" : duration((state.totalSteps - state.step) / state.stepsPerSecond)}`,
    state.return === null && typeof state.loss === "number"
      ? `loss ${state.loss.toPrecision(3)}`
      : `return ${state.return?.toFixed(1) ?? "–"}`,
    `${state.stepsPerSecond === null ? "–" : count(Math.round(state.stepsPerSecond))} steps/s`,
    ...(state.best === null ? [] : [`best evaluation ${state.best.toFixed(1)}`]),
  ];
  while (parts.length > 1 && parts.join("   ").length + 2 > width) parts.pop();
  return `  ${parts.join("   ")}`;
}

/** 1234567 as 1,234,567. */
export const count = (n: number): string => n.toLocaleString("en-US");

/** Says how far playing episodes is. */
export const episodesText = (doing: string, of: number, done: number, steps: number): string =>
  `${doing}: ${count(done)} / ${count(of)} episodes${steps > 0 ? `, ${count(steps)} steps of the next` : ""}`;

/** Seconds as 0:07, 12:34 or 1:02:03. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const ss = String(s).padStart(2, "0");
  return h > 0 ? `${h}:${String(m).padStart(2, "0")}:${ss}` : `${m}:${ss}`;
}

function bar(share: number, width: number): string {
  const eighths = Math.round(share * width * 8);
  const full = "█".repeat(Math.floor(eighths / 8));
  const part = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]!;
  return `${full}${part}`.padEnd(width, "░");
}
