import { batch, computed, signal } from "@preact/signals";
import { WorkState } from "../app/work-state.ts";
import type { Frame } from "gymnasium-js";
import type { DrivenWorld, KeptDemonstration } from "../../src/protocol/index.ts";
import type { Backend } from "../source/backend.ts";
import { LabPolicy } from "../lab/lab-policy.ts";
import { decodePolicy } from "../../src/policy/saved-policy.ts";
import { saveFile } from "../export/save-file.ts";
import { choose, isActing, schemeOf, steer, type Scheme } from "./controls.ts";
import { DriveSession } from "./drive-session.ts";
import { HandsWatcher } from "./hands.ts";

/** Where a session stands. */
export type Phase = "loading" | "ready" | "running" | "paused" | "over" | "kept";

/** Speeds offered; 1 is the world's own, often too fast for hands. */
export const DRIVE_SPEEDS = [0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2] as const;

/** How long the human keeps the wheel after letting go, where a policy drives too. */
const GRACE_MS = 400;
/** Longest stretch that is caught up with after the page was busy. */
const MAX_FRAME_MS = 100;

/** An episode that was kept (or offered as a file). */
export interface KeptEntry {
  readonly envId: string;
  readonly steps: number;
  readonly return: number;
  /** null: it was downloaded */
  readonly kept: KeptDemonstration | null;
}

/** Everything the drive page shows. */
export class DriveState {
  readonly worlds = signal<readonly DrivenWorld[] | null>(null);
  readonly world = signal(0);
  readonly phase = signal<Phase>("loading");
  readonly frame = signal<Frame | null>(null);
  readonly steps = signal(0);
  readonly return = signal(0);
  readonly byHand = signal(0);
  readonly action = signal(0);
  readonly isHuman = signal(true);
  readonly ended = signal<"terminated" | "truncated" | null>(null);
  readonly speed = signal(0.5);
  readonly seed = signal(1);
  /** whether the policy drives until the human does */
  readonly withPolicy = signal(false);
  readonly kept = signal<readonly KeptEntry[]>([]);
  readonly work = new WorkState();
  readonly scheme = signal<Scheme | null>(null);
  readonly chosen = computed<DrivenWorld | null>(() => this.worlds.value?.[this.world.value] ?? null);
  readonly canSave: boolean;
  readonly #backend: Backend;
  #session: DriveSession | null = null;
  #policy: { readonly lab: LabPolicy; readonly sha256: string | undefined; readonly source: number } | null = null;
  #hands: HandsWatcher | null = null;
  #wheel = 0;
  #pedal = 0;
  #actedAt = -Infinity;
  #last = 0;
  #owed = 0;
  #isLooping = false;

  constructor(backend: Backend) {
    this.#backend = backend;
    this.canSave = !backend.isStatic;
  }

  /** Begins to listen and shows the first world. */
  async open(): Promise<void> {
    this.#hands ??= new HandsWatcher({ onPress: () => this.#pressed(), onStart: () => this.confirm() });
    if (this.worlds.value !== null) return;
    await this.work.run(async () => {
      this.worlds.value = await this.#backend.worlds();
      await this.prepare();
    });
  }

  /** Stops listening and playing. */
  leave(): void {
    this.#hands?.close();
    this.#hands = null;
    if (this.phase.value === "running") this.phase.value = "paused";
  }

  async choose(world: number): Promise<void> {
    this.world.value = world;
    this.withPolicy.value = false;
    await this.prepare();
  }

  /** A new episode of the chosen world, which waits for the first key, or push of a stick. */
  async prepare(): Promise<void> {
    const chosen = this.chosen.value;
    if (chosen === null) return;
    await this.work.run(async () => {
      this.phase.value = "loading";
      const policy = this.withPolicy.value ? await this.#policyOf(chosen) : null;
      this.#session?.close();
      const { envId, envArgs } = chosen;
      const session = new DriveSession({ envId, envArgs, seed: this.seed.value, policy });
      this.#session = session;
      this.#wheel = this.#pedal = this.#owed = 0;
      this.#actedAt = -Infinity;
      batch(() => {
        this.scheme.value = schemeOf(session.actions);
        this.ended.value = null;
        this.isHuman.value = policy === null;
        this.phase.value = "ready";
        this.#show(session);
      });
    });
  }

  /** Another episode, with the next seed. */
  async again(): Promise<void> {
    this.seed.value = (this.seed.value + 1) % 2 ** 32;
    await this.prepare();
  }

  toggle(): void {
    if (this.phase.value === "running") this.phase.value = "paused";
    else if (this.phase.value === "paused" || this.phase.value === "ready") this.#begin();
  }

  /** The next thing to do, whatever the moment: begin, pause, go on, keep what was played, or play again. */
  confirm(): void {
    const phase = this.phase.value;
    if (phase === "over") void (this.canSave ? this.keep() : Promise.resolve(this.download()));
    else if (phase === "kept") void this.again();
    else this.toggle();
  }

  /** Ends the episode here: what was played so far can be kept. */
  finish(): void {
    if (this.steps.value > 0 && (this.phase.value === "running" || this.phase.value === "paused"))
      this.phase.value = "over";
  }

  /** Hands the episode to the server, which plays it again and keeps it as a demonstration. */
  async keep(): Promise<void> {
    const session = this.#session;
    if (session === null || this.phase.value !== "over" || this.work.isBusy.value) return;
    await this.work.run(async () => {
      const kept = await this.#backend.keepDemonstration(this.#demonstrationOf(session));
      this.#entered(session, kept);
    });
  }

  /** Offers the episode as a file for `elegans data import`. */
  download(): void {
    const session = this.#session;
    if (session === null || session.numSteps === 0) return;
    const content = JSON.stringify(this.#demonstrationOf(session));
    const name = `${session.options.envId}-seed-${session.options.seed}.demo.json`;
    saveFile(new Blob([content], { type: "application/json" }), name);
    this.#entered(session, null);
  }

  #demonstrationOf(session: DriveSession) {
    const sha256 = session.options.policy === null ? undefined : this.#policy?.sha256;
    const device = this.#hands?.takeDevice() ?? "keyboard";
    return session.demonstration({ device, ...(sha256 !== undefined && { policySha256: sha256 }) });
  }

  #entered(session: DriveSession, kept: KeptDemonstration | null): void {
    const { options, numSteps: steps, return: total } = session;
    batch(() => {
      this.kept.value = [{ envId: options.envId, steps, return: total, kept }, ...this.kept.value];
      this.phase.value = "kept";
    });
  }

  async #policyOf({ source }: DrivenWorld): Promise<LabPolicy | null> {
    if (source === null) return null;
    if (this.#policy?.source !== source) {
      const { bytes } = await this.#backend.policy(source);
      this.#policy = { lab: await LabPolicy.create(decodePolicy(bytes)), sha256: await sha256Of(bytes), source };
    }
    return this.#policy.lab;
  }

  #pressed(): void {
    if (this.phase.value === "ready" || this.phase.value === "paused") this.#begin();
  }

  #begin(): void {
    this.phase.value = "running";
    if (this.#isLooping) return;
    this.#isLooping = true;
    this.#last = performance.now();
    const frame = (now: number): void => {
      this.#advance(Math.min(MAX_FRAME_MS, Math.max(0, now - this.#last)));
      this.#last = now;
      this.#isLooping = this.phase.value === "running";
      if (this.#isLooping) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  #advance(elapsedMs: number): void {
    const session = this.#session;
    if (session === null || this.phase.value !== "running") return;
    this.#owed += (elapsedMs / 1000) * session.stepsPerSecond * this.speed.value;
    const due = Math.floor(this.#owed);
    this.#owed -= due;
    for (let i = 0; i < due && session.ended === null; i++) session.step(this.#command(session, elapsedMs / due));
    if (due === 0) return;
    batch(() => {
      this.#show(session);
      if (session.ended === null) return;
      this.ended.value = session.ended;
      this.phase.value = "over";
    });
  }

  #show(session: DriveSession): void {
    this.frame.value = session.frame();
    this.steps.value = session.numSteps;
    this.return.value = session.return;
    this.byHand.value = session.numByHand;
    this.action.value = session.lastAction;
  }

  /** The human's action, or null where the policy is to act. */
  #command(session: DriveSession, elapsedMs: number): number | Float32Array | null {
    const hands = this.#hands?.now() ?? { held: new Set(), stick: { x: 0, y: 0 } };
    const now = performance.now();
    if (isActing(hands)) this.#actedAt = now;
    const scheme = this.scheme.value;
    const isHuman = session.options.policy === null || now - this.#actedAt < GRACE_MS;
    this.isHuman.value = isHuman;
    if (scheme === null || !isHuman) {
      this.#wheel = scheme?.kind === "axis" ? session.lastAction / scheme.scale : 0; // taking over goes on from here
      return null;
    }
    if (scheme.kind === "choice") return choose(scheme, hands, session.lastAction);
    const { held, stick } = hands;
    const seconds = elapsedMs / 1000;
    const [negative, positive] = scheme.left > 0 ? (["right", "left"] as const) : (["left", "right"] as const);
    this.#wheel = steer(this.#wheel, held.has(negative), held.has(positive), -scheme.left * stick.x, seconds);
    this.#pedal = steer(this.#pedal, held.has("down"), held.has("up"), -stick.y, seconds);
    const numbers = scheme.hasThrottle ? [this.#wheel, this.#pedal] : [this.#wheel];
    return Float32Array.from(numbers, (v) => v * scheme.scale);
  }
}

/** Null-safe: pages on plain HTTP elsewhere than this machine have no such function. */
async function sha256Of(bytes: Uint8Array): Promise<string | undefined> {
  if (globalThis.crypto?.subtle === undefined) return undefined;
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
  return Array.from(new Uint8Array(digest), (b) => b.toString(16).padStart(2, "0")).join("");
}
