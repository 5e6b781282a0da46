import { useEffect, useRef, useState } from "preact/hooks";
import { canEncodeVideo, type FilmFormat } from "../export/film.ts";
import { saveFile } from "../export/save-file.ts";
import { savePicture } from "../export/save-picture.ts";
import { SPEEDS } from "../player/player.ts";
import { SpeedSelect } from "../player/speed-select.tsx";
import { filmEpisode } from "./film-episode.ts";
import { ToolButton } from "../app/tool-button.tsx";
import type { ReplayState } from "./replay-state.ts";
import { messageOf } from "../../src/errors.ts";

const root = (): HTMLElement => document.querySelector<HTMLElement>("main") ?? document.body;

const nameOf = (replay: ReplayState): string => {
  const episode = replay.episode.value;
  return `${episode?.envId ?? "elegans"}-${episode?.title ?? ""}-step-${replay.step.value}`;
};

/** A picture of the page, and a film of it. */
export function ExportTools({ replay }: { readonly replay: ReplayState }) {
  const [isFilming, setFilming] = useState(false);
  const isOff = replay.episode.value === null;
  return (
    <div class="tools">
      <ToolButton
        icon="camera"
        label="Save a picture"
        hint="Save a picture (PNG)"
        isOff={isOff}
        onClick={() => void savePicture(root(), nameOf(replay))}
      />
      <ToolButton
        icon="film"
        label="Save a film"
        hint="Save a film (WebM, MP4, GIF)"
        isOff={isOff}
        onClick={() => setFilming(true)}
      />
      {isFilming && <FilmDialog replay={replay} close={() => setFilming(false)} />}
    </div>
  );
}

const FORMATS: readonly (readonly [FilmFormat, string])[] = [
  ["webm", "WebM"],
  ["mp4", "MP4"],
  ["gif", "GIF"],
];

function FilmDialog({ replay, close }: { readonly replay: ReplayState; close(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [format, setFormat] = useState<FilmFormat>(canEncodeVideo() ? "webm" : "gif");
  const [isFromHere, setFromHere] = useState(false);
  const [speed, setSpeed] = useState(1);
  const [share, setShare] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => {
    dialog.current?.showModal();
    return () => abort.current?.abort();
  }, []);
  const make = async (): Promise<void> => {
    abort.current = new AbortController();
    setShare(0);
    setProblem(null);
    try {
      const from = isFromHere ? replay.step.value : 0;
      const { signal } = abort.current;
      const film = await filmEpisode(replay, { format, root: root(), from, speed, signal, progress: setShare });
      saveFile(film, `${nameOf(replay)}.${format}`);
      dialog.current?.close();
    } catch (error) {
      if (!abort.current.signal.aborted) setProblem(messageOf(error));
      setShare(null);
    }
  };
  return (
    <dialog class="help film" ref={dialog} onClose={close} aria-labelledby="film-title">
      <header>
        <h2 id="film-title">Save a film</h2>
        <ToolButton icon="close" label="Close" onClick={() => dialog.current?.close()} />
      </header>
      <fieldset disabled={share !== null}>
        <label class="field">
          Format
          <select
            class="select"
            value={format}
            onChange={(event) => setFormat(event.currentTarget.value as FilmFormat)} // one of its options
          >
            {FORMATS.map(([id, name]) => (
              <option key={id} value={id} disabled={id !== "gif" && !canEncodeVideo()}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          Speed
          <SpeedSelect speeds={SPEEDS} value={speed} onChoose={setSpeed} />
        </label>
        <label class="field">
          <input type="checkbox" checked={isFromHere} onChange={(event) => setFromHere(event.currentTarget.checked)} />
          from the shown step on
        </label>
      </fieldset>
      {share !== null && <progress value={share} max={1} aria-label="How much of the film is done" />}
      {problem !== null && <p role="alert">{problem}</p>}
      <div class="actions">
        <button class="button primary" type="button" disabled={share !== null} onClick={() => void make()}>
          Make the film
        </button>
        <button class="button outlined" type="button" onClick={() => dialog.current?.close()}>
          Cancel
        </button>
      </div>
    </dialog>
  );
}
