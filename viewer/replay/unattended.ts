import { filmEpisode } from "./film-episode.ts";
import { pagePng } from "../export/save-picture.ts";
import { seek } from "../player/player.ts";
import type { ReplayState } from "./replay-state.ts";

/** Kinds of files that the page makes of the episode it shows. */
type Format = "webm" | "mp4" | "gif" | "png";

declare global {
  /** For programs that steer this page: makes a file of the episode that the address names, as base64. `elegans view --export` does. */
  var elegansExport: ((format: Format, step: number | null) => Promise<string>) | undefined;
}

/** Lets programs export what the page shows. */
export function offerExport(replay: ReplayState): void {
  globalThis.elegansExport = async (format, step) => {
    await opened(replay);
    const root = document.querySelector<HTMLElement>("main") ?? document.body;
    if (step !== null) replay.control((s, n) => seek(s, step, n));
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const blob =
      format === "png" ? await pagePng(root) : await filmEpisode(replay, { format, root, from: step ?? 0, speed: 1 });
    return base64Of(blob);
  };
}

/** Scenes and charts are made one after the other when an episode opens. */
const SETTLE_MS = 1500;
const POLL_MS = 50;

async function opened(replay: ReplayState): Promise<void> {
  while (replay.episode.peek() === null) {
    const problem = replay.work.problem.peek();
    if (problem !== null) throw new Error(problem);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function base64Of(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(new Error("the file could not be read back"));
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ""));
    reader.readAsDataURL(blob);
  });
}
