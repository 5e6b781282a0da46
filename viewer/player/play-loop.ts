import { effect, type Signal } from "@preact/signals";
import { advance, type PlayerState } from "./player.ts";

/** Longest time that one picture may cover: a page that was hidden does not jump [ms]. */
const MAX_FRAME_MS = 100;

/** Moves a player on, picture by picture, whenever it plays. Ends by the returned function. */
export function playLoop(player: Signal<PlayerState>, length: () => number, stepsPerSecond: () => number): () => void {
  let last = 0;
  const frame = (now: number): void => {
    const elapsedMs = Math.max(0, Math.min(MAX_FRAME_MS, now - last));
    last = now;
    player.value = advance(player.peek(), elapsedMs, length(), stepsPerSecond());
    if (player.peek().isPlaying) requestAnimationFrame(frame);
    else last = 0;
  };
  return effect(() => {
    if (!player.value.isPlaying || last !== 0) return;
    last = performance.now();
    requestAnimationFrame(frame);
  });
}
