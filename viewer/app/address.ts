import { SPEEDS } from "../player/player.ts";
import { readLayout, writeLayout, type PageLayout } from "../replay/page-layout.ts";

/** What the address says besides the token: all of it survives in a link. */
export interface Address {
  readonly view: "live" | "inspect" | "compare" | "library" | "drive";
  readonly source: number;
  /** episode played in the page, unless a recorded one is shown */
  readonly seed: number;
  readonly recorded: { readonly dataset: number; readonly episode: number } | null;
  readonly step: number;
  readonly selection: number | null;
  /** recorded episodes side by side */
  readonly compared: readonly { readonly dataset: number; readonly episode: number }[];
  /** playback speed */
  readonly speed: number;
  /** steps that the charts are zoomed to; null for all */
  readonly zoom: { readonly from: number; readonly to: number } | null;
  /** how the inspect page is arranged */
  readonly layout: PageLayout;
  /** look of the page; null as the system wants it */
  readonly theme: "dark" | "light" | null;
}

const VIEWS = ["live", "inspect", "compare", "library", "drive"] as const;

/** Reads the part of an address behind `#`. Whatever is missing or senseless gets its default. */
export function parseAddress(hash: string): Address {
  const params = new URLSearchParams(hash.replace(/^#/, ""));
  const whole = (name: string, fallback: number): number => {
    const text = params.get(name);
    return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : fallback;
  };
  const selection = params.get("neuron");
  const zoom = /^(\d{1,9})-(\d{1,9})$/.exec(params.get("zoom") ?? "");
  const [from, to] = [Number(zoom?.[1]), Number(zoom?.[2])];
  const speed = Number(params.get("speed"));
  return {
    view: VIEWS.find((v) => v === params.get("view")) ?? "live",
    source: whole("run", 0),
    seed: whole("seed", 1),
    recorded: params.has("episode") ? { dataset: whole("data", 0), episode: whole("episode", 0) } : null,
    step: whole("step", 0),
    compared: comparedIn(params.get("with") ?? ""),
    selection: selection !== null && /^-?\d{1,6}$/.test(selection) ? Number(selection) : null,
    speed: SPEEDS.find((s) => s === speed) ?? 1,
    zoom: from < to ? { from, to } : null,
    layout: readLayout(params),
    theme: (["dark", "light"] as const).find((t) => t === params.get("theme")) ?? null,
  };
}

/** Such as `0.3,1.12`: dataset and episode, four at most. */
function comparedIn(text: string): Address["compared"] {
  const pairs = text.split(",").filter((pair) => /^\d{1,6}\.\d{1,9}$/.test(pair));
  return pairs.slice(0, 4).map((pair) => {
    const [dataset = 0, episode = 0] = pair.split(".").map(Number);
    return { dataset, episode };
  });
}

/** The part behind `#` for an address; `token` goes first, as the command line prints it. */
export function formatAddress(address: Address, token: string): string {
  const params = new URLSearchParams();
  if (token !== "") params.set("token", token);
  if (address.view !== "live") params.set("view", address.view);
  if (address.source !== 0) params.set("run", String(address.source));
  if (address.view === "inspect") {
    if (address.recorded === null) params.set("seed", String(address.seed));
    else {
      if (address.recorded.dataset > 0) params.set("data", String(address.recorded.dataset));
      params.set("episode", String(address.recorded.episode));
    }
    if (address.step > 0) params.set("step", String(address.step));
    if (address.selection !== null) params.set("neuron", String(address.selection));
    if (address.speed !== 1) params.set("speed", String(address.speed));
    if (address.zoom !== null) params.set("zoom", `${Math.floor(address.zoom.from)}-${Math.ceil(address.zoom.to)}`);
    writeLayout(address.layout, params);
  }
  if (address.view === "compare") {
    if (address.compared.length > 0)
      params.set("with", address.compared.map(({ dataset, episode }) => `${dataset}.${episode}`).join(","));
    if (address.step > 0) params.set("step", String(address.step));
  }
  if (address.theme !== null) params.set("theme", address.theme);
  return `#${params.toString()}`;
}
