import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Env, Info, ResetOptions } from "../env.ts";
import { ValueError } from "../errors.ts";
import type { Frame } from "../frame.ts";
import { framesToGif } from "../raster/frame-export.ts";
import { Wrapper } from "./wrapper.ts";

/** Options of `RecordVideo`. */
export interface RecordVideoOptions {
  /** Where films go; made where it is missing. */
  readonly folder: string;
  /** Whether a film begins with episode n, from 0 on. Default, where `stepTrigger` is absent too: `cappedCubicSchedule`. */
  readonly episodeTrigger?: (episode: number) => boolean;
  /** Whether a film begins with step n, from 1 on and over all episodes. */
  readonly stepTrigger?: (step: number) => boolean;
  /** Pictures of a film, over the ends of episodes where it must be; default 0: until the episode's end. */
  readonly videoLength?: number;
  /** What files' names begin with; default `rl-video`. */
  readonly namePrefix?: string;
  /** Pictures per second; default the world's own pace. */
  readonly fps?: number;
  /** Pixels of the longer side; default 320. */
  readonly longSide?: number;
}

/** Episodes 0, 1, 8, 27, … to 729, then every thousandth. */
export const cappedCubicSchedule = (episode: number): boolean =>
  episode < 1000 ? Math.round(Math.cbrt(episode)) ** 3 === episode : episode % 1000 === 0;

/**
 * Films some episodes as GIFs, `rl-video-episode-8.gif` or `rl-video-step-200.gif`: `gymnasium.wrappers.RecordVideo`. A film is written when it is
 * over, at the latest by `close`. In Node alone. Throws ValueError where `videoLength` is no whole number of at least 0, and what writing a file throws.
 */
export class RecordVideo<Obs = unknown, Action = unknown> extends Wrapper<Obs, Action> {
  readonly #options: RecordVideoOptions;
  readonly #videoLength: number;
  readonly #beginsEpisode: (episode: number) => boolean;
  #episode = -1;
  #step = 0;
  #film: { readonly name: string; readonly frames: Frame[] } | null = null;

  constructor(env: Env<Obs, Action>, options: RecordVideoOptions) {
    super(env);
    const { episodeTrigger, stepTrigger, videoLength = 0 } = options;
    if (!Number.isInteger(videoLength) || videoLength < 0)
      throw new ValueError(`RecordVideo: videoLength: got ${videoLength}, expected a whole number of at least 0`);
    this.#options = options;
    this.#videoLength = videoLength;
    this.#beginsEpisode = episodeTrigger ?? (stepTrigger === undefined ? cappedCubicSchedule : () => false);
    mkdirSync(options.folder, { recursive: true });
  }

  override reset(options?: ResetOptions): [Obs, Info] {
    const result = super.reset(options);
    this.#episode++;
    if (this.#videoLength === 0) this.#finish();
    if (this.#beginsEpisode(this.#episode)) this.#begin(`episode-${this.#episode}`);
    this.#keep();
    return result;
  }

  override step(action: Action): [Obs, number, boolean, boolean, Info] {
    const result = super.step(action);
    this.#step++;
    if (this.#options.stepTrigger?.(this.#step) === true) this.#begin(`step-${this.#step}`);
    this.#keep();
    return result;
  }

  override close(): void {
    super.close();
    this.#finish();
  }

  #begin(what: string): void {
    this.#finish();
    this.#film = { name: `${this.#options.namePrefix ?? "rl-video"}-${what}`, frames: [] };
  }

  #keep(): void {
    const frame = this.#film === null ? null : this.env.render();
    if (frame !== null) this.#film?.frames.push(frame);
    if (this.#videoLength > 0 && this.#film?.frames.length === this.#videoLength) this.#finish();
  }

  #finish(): void {
    const film = this.#film;
    this.#film = null;
    if (film === null || film.frames.length === 0) return;
    const { folder, fps = this.metadata.renderFps, longSide } = this.#options;
    const gif = framesToGif(film.frames, { fps, ...(longSide !== undefined && { longSide }) });
    writeWhole(join(folder, `${film.name}.gif`), gif);
  }
}

/** Writes a file that is there whole or not at all. */
function writeWhole(path: string, bytes: Uint8Array): void {
  const partial = `${path}.${process.pid}.partial`;
  try {
    writeFileSync(partial, bytes);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}
