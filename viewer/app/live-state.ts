import { batch, signal } from "@preact/signals";
import type {
  CheckpointEntry,
  CircuitDescription,
  FrameHeader,
  LiveStatus,
  ServerMessage,
  SourceInfo,
  StepRecord,
} from "../../src/protocol/index.ts";
import { StepHistory } from "../player/step-history.ts";
import { LiveConnection, type ConnectionState } from "../source/live-connection.ts";

/** One metrics record; null where the number was not finite. */
export type MetricsRecord = Readonly<Record<string, number | null>>;

/** How the last finished episode went. */
export interface EpisodeSummary {
  readonly episode: number;
  readonly return: number;
  readonly length: number;
  readonly ended: "terminated" | "truncated";
}

interface Waiting {
  readonly record: StepRecord;
  readonly header: FrameHeader;
  readonly taken: () => void;
}

const HISTORY_STEPS = 6000;
const MAX_WAITING = 8;
const GLANCE_MS = 60;

/** Everything the live page shows. Signals change; `history` is written in place, `latest` tells when. */
export class LiveState {
  readonly connection = signal<ConnectionState>("connecting");
  readonly role = signal<"control" | "read">("read");
  readonly sources = signal<readonly SourceInfo[] | null>(null);
  readonly watched = signal<number | null>(null);
  /** step of the kept policy that is watched; null for the latest */
  readonly checkpoint = signal<number | null>(null);
  /** policies that can be watched, oldest first */
  readonly checkpoints = signal<readonly CheckpointEntry[]>([]);
  readonly status = signal<LiveStatus | null>(null);
  readonly playback = signal({ speed: 1, paused: false, stochastic: false });
  readonly circuit = signal<CircuitDescription | null>(null);
  readonly metrics = signal<readonly MetricsRecord[]>([]);
  readonly latest = signal<StepRecord | null>(null);
  /** the same, renewed as often as numbers can be read */
  readonly glance = signal<StepRecord | null>(null);
  readonly lastEpisode = signal<EpisodeSummary | null>(null);
  readonly notice = signal<string | null>(null);
  /** age of the drawn frame, and frames the server left out so far */
  readonly delivery = signal({ ageMs: 0, dropped: 0 });
  readonly history = new StepHistory(HISTORY_STEPS);
  /** null where there is no server behind the page */
  readonly #connection: LiveConnection | null;
  #session = "";
  #waiting: Waiting[] = [];
  #glancedAt = 0;

  /** Without a token nothing is connected: `show` then says what there is. */
  constructor(token: string | null) {
    this.#connection =
      token === null
        ? null
        : new LiveConnection(token, {
            state: (state) => this.#stateChanged(state),
            message: (message) => batch(() => this.#receive(message)),
            step: (record, header, taken) => this.#enqueue({ record, header, taken }),
            problem: (text) => (this.notice.value = text),
          });
    if (token !== null) requestAnimationFrame(() => this.#draw());
  }

  /** The runs of a page without a server. */
  show(sources: readonly SourceInfo[]): void {
    batch(() => {
      this.sources.value = sources;
      const index = Math.min(this.watched.value ?? 0, sources.length - 1);
      this.watched.value = index < 0 ? null : index;
    });
  }

  setPlayback(change: { speed?: number; paused?: boolean; stochastic?: boolean }): void {
    this.#connection?.send({ type: "playback", ...change });
  }
  restart(): void {
    this.#connection?.send({ type: "restart" });
  }
  /** Shows a source: its latest policy, or the one kept at a step. */
  watch(source: number, checkpoint: number | null = null): void {
    this.watched.value = source;
    this.checkpoint.value = checkpoint;
    this.#forget();
    this.#ask();
  }
  retryNow(): void {
    this.#connection?.retryNow();
  }

  #stateChanged(state: ConnectionState): void {
    this.connection.value = state;
    if (state !== "live") this.#waiting = [];
  }

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case "hello":
        return this.#greet(message);
      case "checkpoints":
        this.checkpoints.value = message.checkpoints;
        return;
      case "circuit":
        this.circuit.value = message.circuit;
        return;
      case "status":
        this.status.value = message.status;
        return;
      case "metrics":
        this.metrics.value = [...this.metrics.value.slice(0, message.from), ...message.records];
        return;
      case "playback":
        this.playback.value = message;
        return;
      case "episode":
        this.lastEpisode.value = message;
        return;
      case "notice":
        this.notice.value = message.text;
        return;
      default:
        return message satisfies never;
    }
  }

  /** After a restart of the server everything known before is void; after a mere interruption the traces go on. */
  #greet(hello: Extract<ServerMessage, { type: "hello" }>): void {
    const isNewSession = hello.session !== this.#session;
    this.#session = hello.session;
    this.role.value = hello.role;
    this.sources.value = hello.sources;
    this.notice.value = null;
    if (isNewSession) this.#forget();
    const index = Math.min(this.watched.value ?? 0, hello.sources.length - 1);
    this.watched.value = index < 0 ? null : index;
    if (isNewSession) this.checkpoint.value = null;
    this.#ask();
  }

  #ask(): void {
    const { value: source } = this.watched;
    const { value: checkpoint } = this.checkpoint;
    if (source !== null) this.#connection?.send({ type: "watch", source, ...(checkpoint !== null && { checkpoint }) });
  }

  #forget(): void {
    this.history.clear();
    this.metrics.value = [];
    this.circuit.value = null;
    this.checkpoints.value = [];
    this.latest.value = this.glance.value = null;
    this.lastEpisode.value = null;
    this.status.value = null;
  }

  /** Frames wait for the next screen refresh. A hidden page has none, so it draws and acknowledges nothing and is sent nothing. */
  #enqueue(step: Waiting): void {
    this.#waiting.push(step);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
  }

  #glance(): void {
    const now = performance.now();
    if (now - this.#glancedAt < GLANCE_MS || this.glance.peek() === this.latest.peek()) return;
    this.#glancedAt = now;
    this.glance.value = this.latest.peek();
  }

  #draw(): void {
    requestAnimationFrame(() => this.#draw());
    this.#glance();
    if (this.#waiting.length === 0) return;
    const steps = this.#waiting;
    this.#waiting = [];
    for (const { record, taken } of steps) {
      this.history.push(record);
      taken();
    }
    const newest = steps.at(-1);
    if (newest === undefined) return;
    batch(() => {
      this.latest.value = newest.record;
      this.delivery.value = { ageMs: Date.now() - newest.header.sentAt, dropped: newest.header.dropped };
    });
  }
}
