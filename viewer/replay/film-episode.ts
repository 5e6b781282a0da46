import { makeFilm, type FilmFormat } from "../export/film.ts";
import { seek } from "../player/player.ts";
import type { ReplayState } from "./replay-state.ts";

/** What is filmed, and how fast. */
export interface EpisodeFilm {
  readonly format: FilmFormat;
  readonly root: HTMLElement;
  /** first step shown */
  readonly from: number;
  /** 1 is the world's own speed */
  readonly speed: number;
  progress?(share: number): void;
  readonly signal?: AbortSignal;
}

const FPS: Readonly<Record<FilmFormat, number>> = { webm: 30, mp4: 30, gif: 12 };
/** How long a film shows its last moment. */
const LAST_SECONDS = 0.5;

/** Films the open episode to its end, picture by picture. The cursor is put back afterwards. Rejects as `makeFilm` does. */
export async function filmEpisode(replay: ReplayState, options: EpisodeFilm): Promise<Blob> {
  const episode = replay.episode.peek();
  if (episode === null) throw new Error("no episode is open");
  const fps = FPS[options.format];
  const last = replay.length.peek() - 1;
  const stepsPerPicture = (episode.stepsPerSecond * options.speed) / fps;
  const numMoving = Math.max(1, Math.ceil((last - options.from) / stepsPerPicture) + 1);
  const numPictures = numMoving + Math.round(LAST_SECONDS * fps);
  const before = replay.player.peek();
  try {
    return await makeFilm({
      format: options.format,
      root: options.root,
      fps,
      numPictures,
      ...(options.signal !== undefined && { signal: options.signal }),
      progress: (done) => options.progress?.(done / numPictures),
      show: (i) => showStep(replay, Math.min(last, options.from + i * stepsPerPicture)),
    });
  } finally {
    replay.player.value = before;
  }
}

async function showStep(replay: ReplayState, time: number): Promise<void> {
  for (const episode of [replay.episode.peek(), replay.whatIf.peek()])
    await episode?.snapshot(Math.min(time, episode.length - 1)).catch(() => null); // its picture is here then
  replay.control((s, n) => ({ ...seek(s, time, n), isPlaying: false }));
  await new Promise((resolve) => setTimeout(resolve)); // lists and readouts are rendered in a task of their own
}
