/** What the address says besides the token: all of it survives in a link. */
export interface Address {
  readonly view: "live" | "inspect" | "library" | "drive";
  readonly source: number;
  /** episode played in the page, unless a recorded one is shown */
  readonly seed: number;
  readonly recorded: { readonly dataset: number; readonly episode: number } | null;
  readonly step: number;
  readonly selection: number | null;
}

const VIEWS = ["live", "inspect", "library", "drive"] as const;

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
    selection: selection !== null && /^-?\d{1,6}$/.test(selection) ? Number(selection) : null,
  };
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
  return `#${params.toString()}`;
}
