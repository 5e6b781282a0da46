import { effect, signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { seek } from "../player/player.ts";
import { offerExport } from "../replay/unattended.ts";
import { ReplayState } from "../replay/replay-state.ts";
import { formatAddress, parseAddress, type Address } from "./address.ts";
import { LibraryPage } from "../library/library-page.tsx";
import { LibraryState } from "../library/library-state.ts";
import { siteFolder, StaticBackend } from "../source/static-backend.ts";
import { ServerBackend } from "../source/server-backend.ts";
import { Lazy } from "./lazy.tsx";
import { CompareState } from "../compare/compare-state.ts";
import { HelpSheet } from "./help-sheet.tsx";
import { ToolButton } from "./tool-button.tsx";
import { LivePage } from "./live-page.tsx";
import { LiveState } from "./live-state.ts";
import { showTheme } from "./theme.ts";
import { TopBar } from "./top-bar.tsx";
import { messageOf } from "../../src/errors.ts";

/** First the list itself is drawn. */
const FETCH_AHEAD_MS = 100;

const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
const first = parseAddress(location.hash);
const site = siteFolder();
const backend = site === null ? new ServerBackend(token) : new StaticBackend(site);
const view = signal<Address["view"]>(backend.isStatic && first.view === "live" ? "library" : first.view);
const isHelpShown = signal(false);
if (first.theme !== null) showTheme(first.theme);
const live = new LiveState(backend.isStatic ? null : token);
const replay = new ReplayState(backend);
const library = new LibraryState(backend);
const compare = new CompareState(backend);
live.watched.value = first.source;
replay.seed.value = first.seed;
replay.selection.value = first.selection;
replay.arrange(first.layout);

offerExport(replay);
void backend.sources().then(
  (sources) => sources !== null && live.show(sources),
  (error: unknown) => void (live.notice.value = messageOf(error)),
);

if (first.recorded !== null) void replay.openRecorded(library, first.recorded.dataset, first.recorded.episode);

/** Where nothing runs, what was recorded comes first. */
const stopGreeting = effect(() => {
  const sources = live.sources.value;
  if (sources === null) return;
  queueMicrotask(() => stopGreeting());
  if (sources.length > 0 || view.peek() !== "live") return;
  void library.load().then(() => {
    if ((library.datasets.value?.length ?? 0) > 0) view.value = "library";
  });
});

/** Once the first episode is there, the address's step is gone to; from then on the address follows the page. */
const stopRestoring = effect(() => {
  if (replay.episode.value === null) return;
  replay.player.value = { ...seek(replay.player.peek(), first.step, replay.episode.value.length), speed: first.speed };
  replay.zoom.value = first.zoom;
  queueMicrotask(() => stopRestoring());
});

let pending: ReturnType<typeof setTimeout> | undefined;
effect(() => {
  const hasEpisode = replay.episode.value !== null;
  const address = formatAddress(
    {
      view: view.value,
      source: live.watched.value ?? first.source,
      seed: replay.seed.value,
      recorded: replay.recorded.value ?? (hasEpisode ? null : first.recorded),
      step: view.value === "compare" ? compare.step.value : hasEpisode ? replay.step.value : first.step,
      compared: compare.entries.value.flatMap(({ recorded }) => recorded ?? []),
      selection: replay.selection.value,
      speed: hasEpisode ? replay.player.value.speed : first.speed,
      zoom: hasEpisode ? replay.zoom.value : first.zoom,
      layout: replay.layout,
      theme: first.theme,
    },
    token,
  );
  clearTimeout(pending);
  pending = setTimeout(() => history.replaceState(null, "", address), 200);
});

/** The whole page. */
export function App() {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "?" && !(event.target instanceof HTMLInputElement)) isHelpShown.value = !isHelpShown.value;
    };
    // A button that was clicked with the mouse gives the focus back, so that Space plays instead of clicking it again.
    const onClick = (event: MouseEvent): void => {
      if (event.detail > 0 && event.target instanceof Element) event.target.closest("button")?.blur();
    };
    addEventListener("keydown", onKey);
    addEventListener("click", onClick);
    return () => {
      removeEventListener("keydown", onKey);
      removeEventListener("click", onClick);
    };
  }, []);
  return (
    <div class="app">
      <TopBar live={live} view={view} isStatic={backend.isStatic} showHelp={() => (isHelpShown.value = true)} />
      <Page />
      {isHelpShown.value && <HelpSheet close={() => (isHelpShown.value = false)} />}
      {live.notice.value !== null && (
        <div class="notice" role="alert">
          <span>{live.notice.value}</span>
          <ToolButton icon="close" label="Close message" onClick={() => (live.notice.value = null)} />
        </div>
      )}
    </div>
  );
}

function Page() {
  switch (view.value) {
    case "live":
      return <LivePage live={live} />;
    case "inspect":
      return <Lazy key="inspect" load={loadReplayPage} />;
    case "compare":
      return <Lazy key="compare" load={loadComparePage} />;
    case "library":
      return (
        <LibraryPage
          library={library}
          runs={live.sources.value ?? []}
          openPolicy={openPolicy}
          open={openRecorded}
          compare={replay.episode.value === null ? null : (dataset, episode) => void compareRecorded(dataset, episode)}
        />
      );
    case "drive":
      return <Lazy key="drive" load={loadDrivePage} />;
    default:
      return view.value satisfies never;
  }
}

const loadReplayPage = async (): Promise<() => ComponentChildren> => {
  const { ReplayPage } = await import("../replay/replay-page.tsx");
  return () => <ReplayPage live={live} replay={replay} />;
};

const loadComparePage = async (): Promise<() => ComponentChildren> => {
  const { ComparePage } = await import("../compare/compare-page.tsx");
  return () => <ComparePage compare={compare} live={live} library={library} backend={backend} />;
};

/** The kernels and worlds that it needs come only when somebody drives. */
const loadDrivePage = async (): Promise<() => ComponentChildren> => {
  const { DrivePage } = await import("../lab/index.ts");
  return () => <DrivePage backend={backend} openDataset={showDataset} />;
};

/** What an episode needs to be opened is fetched while people still look for one. */
const stopFetchingAhead = effect(() => {
  if (view.value !== "library" || library.episodes.value === null) return;
  queueMicrotask(() => stopFetchingAhead());
  setTimeout(() => void Promise.allSettled([loadReplayPage(), import("../lab/index.ts")]), FETCH_AHEAD_MS);
});

function showDataset(dataset: number): void {
  library.chosen.value = dataset;
  view.value = "library";
}

/** Shows a run's policy at work: live, or, where there is no server, in an episode that the page plays. */
function openPolicy(run: number, checkpoint: number | null): void {
  const info = live.sources.peek()?.[run];
  if (info === undefined) return;
  live.watch(run, checkpoint);
  view.value = backend.isStatic ? "inspect" : "live";
  if (backend.isStatic) void replay.play(run, info, replay.seed.peek());
}

function openRecorded(dataset: number, episode: number): void {
  view.value = "inspect";
  void replay.openRecorded(library, dataset, episode);
}

/** Puts an episode beside the open one. */
async function compareRecorded(dataset: number, episode: number): Promise<void> {
  const open = replay.recorded.peek();
  const played = replay.episode.peek();
  view.value = "compare";
  if (open !== null) await compare.addRecorded(library, open);
  else if (played !== null) compare.add({ key: "open", name: played.title, recorded: null, episode: played });
  await compare.addRecorded(library, { dataset, episode });
}

/** Episodes that the address compares; its step is gone to when they are there. */
async function restoreComparison({ compared, step }: Address): Promise<void> {
  for (const at of compared) await compare.addRecorded(library, at);
  if (first.view === "compare") compare.control((s, n) => seek(s, step, n));
}
void restoreComparison(first);
