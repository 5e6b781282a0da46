import { useEffect, useMemo } from "preact/hooks";
import type { DrivenWorld } from "../../src/protocol/index.ts";
import { worldNames } from "../../src/protocol/world-names.ts";
import { Panel } from "../app/panel.tsx";
import { WorldView } from "../world/world-view.tsx";
import type { Backend } from "../source/backend.ts";
import type { Direction, Scheme } from "./controls.ts";
import { ToolButton } from "../app/tool-button.tsx";
import { DRIVE_SPEEDS, DriveState, type KeptEntry } from "./drive-state.ts";

let state: DriveState | null = null;

/** Play a world by hand, and keep what was played as demonstrations. `openDataset` shows a dataset in the library. */
export function DrivePage({ backend, openDataset }: { readonly backend: Backend; openDataset(dataset: number): void }) {
  const drive = useMemo(() => (state ??= new DriveState(backend)), [backend]);
  useEffect(() => {
    void drive.open();
    const onKey = (event: KeyboardEvent): void => onCommandKey(event, drive);
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener("keydown", onKey);
      drive.leave();
    };
  }, [drive]);
  return (
    <main class="drive">
      <Panel name="world" title="Drive" note={drive.chosen.value?.envId} tools={<WorldTools drive={drive} />}>
        <div class="body">
          <WorldView scene={drive.frame} label="The world that you drive" />
          <Curtain drive={drive} />
          {drive.withPolicy.value && drive.phase.value === "running" && (
            <span class={drive.isHuman.value ? "tag accent" : "tag"} data-testid="driver">
              {drive.isHuman.value ? "you drive" : "the policy drives"}
            </span>
          )}
        </div>
        <Readouts drive={drive} />
      </Panel>
      <div class="drive-side">
        <Panel name="keys" title="Controls">
          <Controls drive={drive} />
        </Panel>
        <Panel name="kept" title="Demonstrations" note={drive.kept.value.length === 0 ? "" : "newest first"}>
          <Kept drive={drive} openDataset={openDataset} />
        </Panel>
      </div>
    </main>
  );
}

/** Keys that mean something to the page, not to the world. */
function onCommandKey(event: KeyboardEvent, drive: DriveState): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
  if (document.querySelector("dialog[open]") !== null || event.target instanceof HTMLSelectElement) return;
  if (event.target instanceof HTMLButtonElement && event.key === "Enter") return;
  if (event.code === "KeyP") drive.toggle();
  else if (event.code === "KeyR") void drive.again();
  else if (event.code === "KeyF") drive.finish();
  else if (event.key === "Enter" && ["over", "kept"].includes(drive.phase.value)) drive.confirm();
  else return;
  event.preventDefault();
}

function WorldTools({ drive }: { readonly drive: DriveState }) {
  const worlds = drive.worlds.value ?? [];
  const phase = drive.phase.value;
  return (
    <div class="tools">
      <select
        class="select"
        aria-label="World"
        value={drive.world.value}
        onChange={(event) => {
          event.currentTarget.blur(); // the arrow keys drive from now on
          void drive.choose(Number(event.currentTarget.value));
        }}
      >
        {worlds.map((w, i) => (
          <option key={i} value={i}>
            {nameOf(w)}
          </option>
        ))}
      </select>
      <ToolButton
        icon={phase === "running" ? "pause" : "play"}
        label={phase === "running" ? "Pause" : "Go on"}
        hint={phase === "running" ? "Pause (P)" : "Go on (P)"}
        isOff={phase !== "running" && phase !== "paused"}
        onClick={() => drive.toggle()}
      />
      <ToolButton icon="restart" label="New episode" hint="New episode (R)" onClick={() => void drive.again()} />
    </div>
  );
}

const nameOf = ({ envId, envArgs }: DrivenWorld): string =>
  Object.keys(envArgs).length === 0 ? envId : `${envId} ${JSON.stringify(envArgs)}`;

/** What lies over the world while nobody drives. */
function Curtain({ drive }: { readonly drive: DriveState }) {
  const problem = drive.work.problem.value;
  const phase = drive.phase.value;
  if (problem !== null)
    return (
      <div class="curtain" role="alert">
        <strong>That did not work</strong>
        <p>{problem}</p>
        <div class="actions">
          {phase === "over" && (
            <button class="button outlined" type="button" onClick={() => drive.download()}>
              Download instead
            </button>
          )}
          <button class="button outlined" type="button" onClick={() => void drive.again()}>
            New episode
          </button>
        </div>
      </div>
    );
  if (phase === "running" || drive.worlds.value?.length === 0) return null;
  if (phase === "loading") return <div class="curtain">Preparing…</div>;
  if (phase === "over") return <Verdict drive={drive} />;
  return (
    <div class="curtain" role="status">
      <strong>{HEADINGS[phase]}</strong>
      <p>
        {phase === "kept" ? (
          <>
            Press <kbd>R</kbd> for another one.
          </>
        ) : (
          <>Press one of the keys on the right{phase === "paused" ? " to go on" : " to begin"}.</>
        )}
      </p>
    </div>
  );
}

const HEADINGS = { ready: "Ready when you are", paused: "Paused", kept: "Kept" } as const;

function Verdict({ drive }: { readonly drive: DriveState }) {
  const ended = drive.ended.value;
  return (
    <div class="curtain" role="status" data-testid="verdict">
      <strong>
        {ended === "terminated" ? "The episode is over" : ended === "truncated" ? "You reached the end" : "Stopped"}
      </strong>
      <p>
        {drive.steps.value.toLocaleString("en")} steps, return <b class="number">{shortNumber(drive.return.value)}</b>
        {drive.withPolicy.value && `, ${drive.byHand.value.toLocaleString("en")} steps by hand`}
      </p>
      <div class="actions">
        {drive.canSave && (
          <button class="button primary" type="button" title="Enter" onClick={() => void drive.keep()}>
            Keep as demonstration
          </button>
        )}
        <button
          class={drive.canSave ? "button outlined" : "button primary"}
          type="button"
          onClick={() => drive.download()}
        >
          Download
        </button>
        <button class="button outlined" type="button" title="R" onClick={() => void drive.again()}>
          Discard
        </button>
      </div>
    </div>
  );
}

const shortNumber = (x: number): string => (Number.isInteger(x) ? String(x) : x.toFixed(2));

function Readouts({ drive }: { readonly drive: DriveState }) {
  const items: [string, string][] = [
    ["Step", drive.steps.value.toLocaleString("en")],
    ["Return", shortNumber(drive.return.value)],
    ["Action", actionText(drive)],
    ["Seed", String(drive.seed.value)],
  ];
  return (
    <dl class="readouts">
      {items.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd data-testid={`drive-${name.toLowerCase()}`} class={/[a-z]/.test(value) ? "text" : ""}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function actionText(drive: DriveState): string {
  const scheme = drive.scheme.value;
  const action = drive.action.value;
  if (drive.steps.value === 0 || scheme === null) return "–";
  if (scheme.kind === "axis") return `${action < 0 ? "−" : "+"}${Math.abs(action).toFixed(2)}`;
  return worldNames(drive.chosen.value?.envId ?? "").actions[action] ?? String(action);
}

const CAPS: Readonly<Record<Direction, readonly [string, string]>> = {
  left: ["←", "A"],
  right: ["→", "D"],
  up: ["↑", "W"],
  down: ["↓", "S"],
  fire: ["Space", ""],
};

function Controls({ drive }: { readonly drive: DriveState }) {
  const scheme = drive.scheme.value;
  const chosen = drive.chosen.value;
  return (
    <div class="body controls">
      {scheme === null ? (
        <p class="kind">{drive.worlds.value?.length === 0 ? "No world to drive here." : "…"}</p>
      ) : (
        <dl class="key-list">
          {meanings(scheme, chosen?.envId ?? "").map(([direction, what]) => (
            <div key={direction}>
              <dt>
                {CAPS[direction].filter(Boolean).map((cap) => (
                  <kbd key={cap}>{cap}</kbd>
                ))}
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
          <div>
            <dt>
              <kbd>P</kbd>
              <kbd>R</kbd>
              <kbd>F</kbd>
            </dt>
            <dd>pause, new episode, stop here</dd>
          </div>
        </dl>
      )}
      {scheme?.kind === "axis" && <Wheel toLeft={(scheme.left * drive.action.value) / scheme.scale} />}
      {scheme?.kind === "choice" && scheme.idle === null && (
        <p class="kind">There is always an action: the last one goes on until another key is pressed.</p>
      )}
      <label class="condition">
        <span>Speed</span>
        <select
          class="select"
          aria-label="Speed"
          value={drive.speed.value}
          onChange={(event) => {
            event.currentTarget.blur();
            drive.speed.value = Number(event.currentTarget.value);
          }}
        >
          {DRIVE_SPEEDS.map((s) => (
            <option key={s} value={s}>
              {s}×
            </option>
          ))}
        </select>
      </label>
      {chosen !== null && chosen.source !== null && (
        <label class="check">
          <input
            type="checkbox"
            checked={drive.withPolicy.value}
            onChange={(event) => {
              event.currentTarget.blur();
              drive.withPolicy.value = event.currentTarget.checked;
              void drive.prepare();
            }}
          />
          <span>
            The run's policy drives; a key takes over while it is held, to correct it. What you did is marked in the
            recording.
          </span>
        </label>
      )}
      <p class="kind">
        A gamepad works too: stick or cross, first button to fire, Start to pause, keep and play again.
      </p>
    </div>
  );
}

function meanings(scheme: Scheme, envId: string): [Direction, string][] {
  const names = worldNames(envId).actions;
  if (scheme.kind === "choice") return [...scheme.keys].map(([d, action]) => [d, names[action] ?? `action ${action}`]);
  return [
    ["left", `${names[0] ?? "first number"} to the left`],
    ["right", `${names[0] ?? "first number"} to the right`],
    ...(scheme.hasThrottle
      ? ([
          ["up", "faster"],
          ["down", "slower"],
        ] satisfies [Direction, string][])
      : []),
  ];
}

/** How far to the left the hands are. */
function Wheel({ toLeft }: { readonly toLeft: number }) {
  return (
    <div class="wheel" role="img" aria-label={`${Math.abs(toLeft).toFixed(2)} to the ${toLeft < 0 ? "right" : "left"}`}>
      <i style={{ left: `${50 - 50 * Math.max(-1, Math.min(1, toLeft))}%` }} />
    </div>
  );
}

function Kept({ drive, openDataset }: { readonly drive: DriveState; openDataset(dataset: number): void }) {
  const entries = drive.kept.value;
  if (entries.length === 0)
    return (
      <p class="hint">
        {drive.canSave
          ? "What you keep is played again by the server and added to a dataset, ready for elegans clone."
          : "This page cannot save. Download an episode and hand it to elegans data import."}
      </p>
    );
  return (
    <div class="body kept-list">
      <ol>
        {entries.map((entry, i) => (
          <li key={entries.length - i}>
            <KeptRow entry={entry} openDataset={openDataset} />
          </li>
        ))}
      </ol>
      <p class="kind command" data-testid="next-command">
        {commandFor(entries[0])}
      </p>
    </div>
  );
}

function KeptRow({ entry, openDataset }: { readonly entry: KeptEntry; openDataset(dataset: number): void }) {
  const { kept } = entry;
  return (
    <>
      <span>
        {kept === null ? (
          "downloaded"
        ) : (
          <button class="link" type="button" title={kept.path} onClick={() => openDataset(kept.dataset)}>
            episode {kept.episode} of {kept.path.split(/[\\/]/).at(-1)}
          </button>
        )}
      </span>
      <span class="number">{entry.steps} steps</span>
      <span class="number">{shortNumber(entry.return)}</span>
    </>
  );
}

function commandFor(entry: KeptEntry | undefined): string {
  if (entry === undefined) return "";
  if (entry.kept === null)
    return `elegans data import FILE.demo.json --env ${entry.envId} --out data/${entry.envId.replaceAll("/", "-")}-human`;
  return `elegans clone ${entry.envId} --data ${entry.kept.path}`;
}
