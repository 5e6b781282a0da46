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
  return {
    view: VIEWS.find((v) => v === params.get("view")) ?? "live",
    source: whole("run", 0),
    seed: whole("seed", 1),
    recorded: params.has("episode") ? { dataset: whole("data", 0), episode: whole("episode", 0) } : null,
    step: whole("step", 0),
    compared: comparedIn(params.get("with") ?? ""),
    selection: selection !== null && /^-?\d{1,6}$/.test(selection) ? Number(selection) : null,
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
  }
  if (address.view === "compare") {
    if (address.compared.length > 0)
      params.set("with", address.compared.map(({ dataset, episode }) => `${dataset}.${episode}`).join(","));
    if (address.step > 0) params.set("step", String(address.step));
  }
  return `#${params.toString()}`;
}
