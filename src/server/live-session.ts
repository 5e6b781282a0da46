import type { Bitmap } from "gymnasium-js";
import {
  encodeBitmap,
  encodeStep,
  SPEED_RANGE,
  type CheckpointEntry,
  type CircuitDescription,
  type StepRecord,
} from "../protocol/index.ts";
import type { Client } from "./client.ts";
import type { LiveSource } from "./live-source.ts";
import type { Rollout, RolloutFactory } from "./rollout.ts";
import { messageOf } from "../errors.ts";

/** Twice per picture of a usual screen, so that none waits for the next. */
const TICK_MS = 8;
/** A machine that was asleep does not run to catch up. */
const MAX_CATCH_UP_MS = 80;
/** How long the last moment of an episode stays on screen. */
const HOLD_MS = 400;
/** After this long in one episode, a newer policy is taken without waiting for its end. */
const STALE_MS = 12_000;
/** Steps per second at speed 1 where nobody says. */
const DEFAULT_PACE = 50;
const NEWS_MS = 250;
const METRICS_PER_MESSAGE = 500;

/** What the watchers of a source have chosen together. */
interface Playback {
  speed: number;
  paused: boolean;
  stochastic: boolean;
}

/**
 * Rolls out the latest policy of one source while somebody watches, and sends every watcher the latest moment it has credit for.
 * Without watchers nothing runs.
 */
export class LiveSession {
  readonly source: LiveSource;
  readonly #makeRollout: RolloutFactory;
  readonly #watchers = new Set<Client>();
  readonly #playback: Playback = { speed: 1, paused: false, stochastic: false };
  readonly #bitmaps = new Map<Bitmap, number>();
  #rollout: Rollout | null = null;
  #policyVersion: number | null = null;
  #circuit: CircuitDescription | null = null;
  #latest: Uint8Array | null = null;
  #timer: NodeJS.Timeout | null = null;
  #news: NodeJS.Timeout | null = null;
  #lastStatus = "";
  #lastKept = "";
  #failure: string | null = null;
  #episodeBegan = 0;
  #holdUntil = 0;
  #lastTick = 0;
  #owedSteps = 0;

  constructor(source: LiveSource, makeRollout: RolloutFactory) {
    this.source = source;
    this.#makeRollout = makeRollout;
  }

  /** Adds a watcher and brings it up to date. */
  watch(client: Client): void {
    this.#watchers.add(client);
    client.metricsSent = 0;
    client.send({ type: "status", status: this.source.status() });
    client.send({ type: "playback", ...this.#playback });
    client.send({ type: "circuit", circuit: this.#circuit });
    client.send({ type: "checkpoints", checkpoints: [...this.#kept()] });
    if (this.#failure !== null) client.send({ type: "notice", level: "error", text: this.#failure });
    for (const [bitmap, id] of this.#bitmaps) this.#giveBitmap(client, id, bitmap);
    this.#sendMetrics(client);
    if (this.#latest !== null) client.sendState(this.#latest);
    this.#run();
  }

  /** Forgets a watcher; with the last one the rollout stops. */
  leave(client: Client): void {
    if (!this.#watchers.delete(client)) return;
    client.forgetState();
    if (this.#watchers.size === 0) this.#stop();
  }

  /** Whether nobody watches. */
  get isDeserted(): boolean {
    return this.#watchers.size === 0;
  }

  isWatchedBy(client: Client): boolean {
    return this.#watchers.has(client);
  }

  /** Changes playback for everybody who watches. */
  setPlayback(change: { [K in keyof Playback]?: Playback[K] | undefined }): void {
    const [slowest, fastest] = SPEED_RANGE;
    if (change.speed !== undefined) this.#playback.speed = Math.min(fastest, Math.max(slowest, change.speed));
    if (change.paused !== undefined) this.#playback.paused = change.paused;
    if (change.stochastic !== undefined) this.#playback.stochastic = change.stochastic;
    for (const client of this.#watchers) client.send({ type: "playback", ...this.#playback });
  }

  /** Begins a new episode. */
  restart(): void {
    this.#rollout?.restart();
    this.#beginEpisode();
  }

  close(): void {
    this.#watchers.clear();
    this.#stop();
    this.#rollout?.close();
    this.#rollout = null;
  }

  #run(): void {
    if (this.#timer !== null) return;
    this.#lastTick = performance.now();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#news = setInterval(() => this.#tellNews(), NEWS_MS);
  }

  #stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    if (this.#news !== null) clearInterval(this.#news);
    this.#timer = this.#news = null;
  }

  /** A world or policy that fails is reported once and then left alone: the server and the other sources go on. */
  #tick(): void {
    if (this.#failure !== null) return;
    try {
      this.#advance(performance.now());
    } catch (error) {
      this.#failure = `cannot show ${this.source.title}: ${messageOf(error)}`;
      for (const client of this.#watchers) client.send({ type: "notice", level: "error", text: this.#failure });
    }
  }

  #advance(now: number): void {
    const elapsed = Math.min(now - this.#lastTick, MAX_CATCH_UP_MS);
    this.#lastTick = now;
    if (this.#playback.paused || now < this.#holdUntil) return;
    if (!this.#hasPolicy(now)) return;
    this.#owedSteps +=
      (elapsed / 1000) *
      (this.source.stepsPerSecond ?? this.#rollout?.stepsPerSecond ?? DEFAULT_PACE) *
      this.#playback.speed;
    let record: StepRecord | null = null;
    while (this.#owedSteps >= 1 && this.#rollout !== null) {
      this.#owedSteps--;
      record = this.#rollout.step(this.#playback.stochastic);
      if (record.terminated || record.truncated) {
        this.#owedSteps = 0;
        this.#endEpisode(record, now);
      }
    }
    if (record !== null) this.#show(record);
  }

  /** Takes a newer policy between episodes, or when the running one has become old. */
  #hasPolicy(now: number): boolean {
    const atStart = this.#episodeBegan === 0;
    if (this.#policyVersion !== null && !atStart && now - this.#episodeBegan < STALE_MS) return true;
    if (atStart) this.#episodeBegan = now;
    const policy = this.source.policy();
    if (policy === null || policy.version === this.#policyVersion) return this.#policyVersion !== null;
    this.#rollout ??= this.#makeRollout(this.source);
    this.#circuit = this.#rollout.load(policy);
    this.#policyVersion = policy.version;
    this.#episodeBegan = now;
    for (const client of this.#watchers) client.send({ type: "circuit", circuit: this.#circuit });
    return true;
  }

  #endEpisode(record: StepRecord, now: number): void {
    this.#holdUntil = now + HOLD_MS / Math.max(1, this.#playback.speed);
    this.#beginEpisode();
    const ended = record.terminated ? "terminated" : "truncated";
    const { episode, step } = record;
    for (const client of this.#watchers)
      client.send({ type: "episode", episode, return: record.return, length: step + 1, ended });
  }

  #beginEpisode(): void {
    this.#episodeBegan = 0;
  }

  #show(record: StepRecord): void {
    this.#latest = encodeStep(record, (bitmap) => this.#bitmapId(bitmap));
    for (const client of this.#watchers) client.sendState(this.#latest);
  }

  #bitmapId(bitmap: Bitmap): number {
    const known = this.#bitmaps.get(bitmap);
    if (known !== undefined) return known;
    const id = this.#bitmaps.size;
    this.#bitmaps.set(bitmap, id);
    for (const client of this.#watchers) this.#giveBitmap(client, id, bitmap);
    return id;
  }

  #giveBitmap(client: Client, id: number, bitmap: Bitmap): void {
    if (client.bitmaps.has(id)) return;
    client.bitmaps.add(id);
    client.sendBytes(encodeBitmap(id, bitmap));
  }

  #kept(): readonly CheckpointEntry[] {
    return this.source.kept?.() ?? [];
  }

  #tellNews(): void {
    const status = this.source.status();
    const text = JSON.stringify(status);
    const kept = JSON.stringify(this.#kept());
    for (const client of this.#watchers) {
      if (text !== this.#lastStatus) client.send({ type: "status", status });
      if (kept !== this.#lastKept) client.send({ type: "checkpoints", checkpoints: [...this.#kept()] });
      this.#sendMetrics(client);
    }
    this.#lastStatus = text;
    this.#lastKept = kept;
  }

  #sendMetrics(client: Client): void {
    const all = this.source.metrics();
    if (all.length < client.metricsSent) client.metricsSent = 0; // the run was taken up from an earlier step
    while (client.metricsSent < all.length) {
      const records = all.slice(client.metricsSent, client.metricsSent + METRICS_PER_MESSAGE);
      client.send({ type: "metrics", from: client.metricsSent, records: [...records] });
      client.metricsSent += records.length;
    }
  }
}
