import type { Signal } from "@preact/signals";
import type { Address } from "./address.ts";
import type { LiveState } from "./live-state.ts";
import { Mark } from "./icons.tsx";
import { ToolButton } from "./tool-button.tsx";
import { theme, toggleTheme } from "./theme.ts";

const CONNECTION_TEXT = {
  connecting: "Connecting…",
  live: "Live",
  retrying: "Reconnecting…",
  refused: "Wrong token",
} as const;

const PHASE_TEXT = {
  waiting: "Waiting for a policy",
  training: "Training",
  finished: "Training finished",
  failed: "Training failed",
  viewing: "",
} as const;

/** What the bar at the top needs. */
export interface TopBarProps {
  readonly live: LiveState;
  readonly view: Signal<Address["view"]>;
  /** without a server nothing is live */
  readonly isStatic: boolean;
  showHelp(): void;
}

const TABS = [
  ["live", "Live"],
  ["inspect", "Inspect"],
  ["compare", "Compare"],
  ["library", "Library"],
  ["drive", "Drive"],
] as const;

/** Name, what is shown, how training stands, the connection, the look. */
export function TopBar({ live, view, isStatic, showHelp }: TopBarProps) {
  const index = live.watched.value;
  const source = index === null ? undefined : live.sources.value?.[index];
  return (
    <header class="topbar">
      <h1 class="brand">
        <Mark />
        elegans
      </h1>
      {source !== undefined && (
        <div class="subject">
          <strong>{source.envId}</strong>
          <SourceName live={live} />
        </div>
      )}
      <nav class="tabs" aria-label="Pages">
        {TABS.filter(([id]) => !isStatic || id !== "live").map(([id, name]) => (
          <button
            key={id}
            class="tab"
            type="button"
            aria-current={view.value === id ? "page" : undefined}
            onClick={() => (view.value = id)}
          >
            {name}
          </button>
        ))}
      </nav>
      <div class="spacer" />
      <Progress live={live} />
      {!isStatic && <ConnectionPill live={live} />}
      <ToolButton icon="help" label="Keys" hint="Keys (?)" onClick={showHelp} />
      <ToolButton
        icon={theme.value === "dark" ? "sun" : "moon"}
        label={`Use the ${theme.value === "dark" ? "light" : "dark"} theme`}
        hint="Light or dark"
        onClick={toggleTheme}
      />
    </header>
  );
}

function SourceName({ live }: { readonly live: LiveState }) {
  const sources = live.sources.value ?? [];
  const index = live.watched.value ?? 0;
  if (sources.length < 2) return <span title={sources[index]?.title}>{sources[index]?.title}</span>;
  return (
    <select
      class="select"
      aria-label="Run"
      value={index}
      onChange={(event) => live.watch(Number(event.currentTarget.value))}
    >
      {sources.map(({ title }, i) => (
        <option key={i} value={i}>
          {title}
        </option>
      ))}
    </select>
  );
}

function Progress({ live }: { readonly live: LiveState }) {
  const status = live.status.value;
  if (status === null) return null;
  const { steps, totalSteps, phase, text } = status;
  const share = totalSteps === undefined || totalSteps === 0 ? null : Math.min(1, steps / totalSteps);
  return (
    <div class="progress" title={text}>
      <span>{PHASE_TEXT[phase]}</span>
      {share !== null && (
        <span class="bar" aria-hidden="true">
          <i style={{ width: `${share * 100}%` }} />
        </span>
      )}
      <span class="number">
        {steps.toLocaleString("en")} {totalSteps === undefined ? "steps" : `/ ${totalSteps.toLocaleString("en")} steps`}
      </span>
    </div>
  );
}

function ConnectionPill({ live }: { readonly live: LiveState }) {
  const state = live.connection.value;
  const { ageMs, dropped } = live.delivery.value;
  const detail =
    state === "live" ? `newest frame ${Math.max(0, ageMs)} ms old, ${dropped} left out` : "click to try now";
  return (
    <button
      class="pill button"
      type="button"
      data-state={state}
      data-testid="connection"
      title={detail}
      onClick={() => live.retryNow()}
    >
      <span role="status">{CONNECTION_TEXT[state]}</span>
    </button>
  );
}
