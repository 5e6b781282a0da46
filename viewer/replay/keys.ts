import { changeSpeed, seek, stepBy, togglePlay } from "../player/player.ts";
import type { Playable } from "../player/player-bar.tsx";
import type { ReplayState } from "./replay-state.ts";

/** Steps an arrow key goes. */
const ARROW_STEPS = 10;

/** What the keys do, for the help sheet. */
export const KEY_HELP: readonly (readonly [keys: string, what: string])[] = [
  ["Space", "play or pause"],
  [", .", "one step back, one step on"],
  ["← →", `${ARROW_STEPS} steps back, ${ARROW_STEPS} steps on`],
  ["Home End", "first step, last step"],
  ["- +", "slower, faster"],
  ["L", "loop"],
  ["S", "silence the chosen neuron, or let it go"],
  ["Enter", "play on from here with what was changed"],
  ["Esc", "no neuron, no help"],
  ["?", "this sheet"],
];

type Actions<Target> = Readonly<Record<string, (target: Target) => void>>;

/** Keys of every timeline. */
const PLAYER_ACTIONS: Actions<Pick<Playable, "control">> = {
  " ": (r) => r.control(togglePlay),
  ",": (r) => r.control((s, n) => stepBy(s, -1, n)),
  ".": (r) => r.control((s, n) => stepBy(s, 1, n)),
  ArrowLeft: (r) => r.control((s, n) => stepBy(s, -ARROW_STEPS, n)),
  ArrowRight: (r) => r.control((s, n) => stepBy(s, ARROW_STEPS, n)),
  Home: (r) => r.control((s, n) => seek(s, 0, n)),
  End: (r) => r.control((s, n) => seek(s, n - 1, n)),
  "-": (r) => r.control((s) => changeSpeed(s, -1)),
  "+": (r) => r.control((s) => changeSpeed(s, 1)),
  "=": (r) => r.control((s) => changeSpeed(s, 1)),
  l: (r) => r.control((s) => ({ ...s, isLooping: !s.isLooping })),
};

/** Keys of the inspect page besides. */
const REPLAY_ACTIONS: Actions<ReplayState> = {
  ...PLAYER_ACTIONS,
  s: (r) => toggleSilence(r),
  Enter: (r) => void r.tryWhatIf(false),
  Escape: (r) => void (r.selection.value = null),
};

function toggleSilence(replay: ReplayState): void {
  const id = replay.selection.value;
  const circuit = replay.episode.value?.circuit;
  const isBundle = id !== null && id < 0 && (circuit?.numInputs ?? 0) > (circuit?.sensory.length ?? 0);
  if (id === null || isBundle) return;
  const isHeld = replay.interventions.value.some((i) => i.kind === "clamp" && i.neuron === id);
  replay.clamp(id, isHeld ? null : 0);
}

/** Whether a key belongs to the control that has the focus, or to a dialog above the page. The timeline's keys are those of the page. */
function belongsToControl({ target, key }: KeyboardEvent): boolean {
  if (document.querySelector("dialog[open]") !== null) return true;
  const isMoving = key.startsWith("Arrow") || key === "Home" || key === "End";
  const isPressing = key === " " || key === "Enter";
  if (target instanceof HTMLSelectElement) return isPressing || isMoving;
  if (target instanceof HTMLButtonElement) return isPressing;
  if (!(target instanceof HTMLInputElement)) return false;
  return target.type === "range" ? isMoving && target.closest(".timeline") === null : true;
}

/** The inspect page obeys keys until the returned function is called. */
export const listenForKeys = (replay: ReplayState): (() => void) => listen(replay, REPLAY_ACTIONS);

/** A timeline obeys keys until the returned function is called. */
export const listenForPlayerKeys = (player: Playable): (() => void) => listen(player, PLAYER_ACTIONS);

function listen<Target>(target: Target, actions: Actions<Target>): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || belongsToControl(event)) return;
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (action === undefined) return;
    event.preventDefault();
    action(target);
  };
  addEventListener("keydown", onKey);
  return () => removeEventListener("keydown", onKey);
}
