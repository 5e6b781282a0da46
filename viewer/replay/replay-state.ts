import { batch, computed, signal, type Signal } from "@preact/signals";
import { WorkState } from "../app/work-state.ts";
import type { SavedPolicy } from "../../src/policy/saved-policy.ts";
import type { SourceInfo, StepRecord } from "../../src/protocol/index.ts";
import type { Zoom } from "../chart/episode-chart.tsx";
import type { Episode } from "../episode/episode.ts";
import type { OpenedRecording } from "../episode/recorded-episode.ts";
import type { LibraryState } from "../library/library-state.ts";
import type { Arrangement } from "../circuit/arrangement.ts";
import type { ChangedPolicy, Intervention } from "../lab/interventions.ts";
import type { Simulation } from "../lab/simulate.ts";
import { playLoop } from "../player/play-loop.ts";
import { AT_START, seek, type PlayerState } from "../player/player.ts";
import type { Backend } from "../source/backend.ts";
import { messageOf } from "../../src/errors.ts";
import type { CentreView, PageLayout, SideView, TracePreset } from "./page-layout.ts";

/** What the page changes about the world before it plays. */
export interface Conditions {
  /** standard deviation of noise on every observation number */
  readonly obsNoise: number;
  /** share of observations that do not arrive */
  readonly dropRate: number;
  /** arguments of the world that differ from the episode's */
  readonly envArgs: Readonly<Record<string, number>>;
}

/** The world as it was. */
const AS_IT_WAS: Conditions = { obsNoise: 0, dropRate: 0, envArgs: {} };

const MAX_STEPS = 20_000;
/** Longest that the page does nothing but simulate. */
const BREATH_MS = 30;

/** A policy fetched from the server, decoded, and its world. */
export interface Subject {
  readonly info: SourceInfo;
  readonly version: number;
  readonly saved: SavedPolicy;
}

/** Who acted, and in which world. */
export interface Actor {
  readonly policy: ChangedPolicy;
  /** what `policy` was changed by */
  readonly interventions: readonly Intervention[];
  readonly world: { readonly envId: string; readonly envArgs: Readonly<Record<string, unknown>> };
}

/** Everything the inspect page shows. */
export class ReplayState {
  readonly episode = signal<Episode | null>(null);
  readonly whatIf = signal<Episode | null>(null);
  /** what the other episode is called: `what if`, or the number of a recorded one */
  readonly otherName = signal("what if");
  /** step at which the what-if left the episode */
  readonly branchedAt = signal(0);
  readonly player = signal<PlayerState>(AT_START);
  readonly zoom = signal<Zoom>(null);
  readonly selection = signal<number | null>(null);
  readonly centre = signal<CentreView>("Circuit");
  readonly side = signal<SideView>("Neuron");
  /** null: what suits the episode */
  readonly traces = signal<TracePreset | null>(null);
  /** ids of the quantities that are ticked in the list of traces */
  readonly picked = signal<readonly string[]>([]);
  /** neurons that were dragged */
  readonly places = signal<Arrangement>(new Map());
  readonly interventions = signal<readonly Intervention[]>([]);
  readonly conditions = signal<Conditions>(AS_IT_WAS);
  readonly seed = signal(1);
  /** which recorded episode is shown; null for one played in the page */
  readonly recorded = signal<{ readonly dataset: number; readonly episode: number } | null>(null);
  /** whether the policy that acted is at hand */
  readonly canTry = signal(false);
  /** the world of the episode; null while none is open */
  readonly world = signal<{ readonly envId: string; readonly envArgs: Readonly<Record<string, unknown>> } | null>(null);
  readonly work = new WorkState();
  /** steps of the longer of the two episodes */
  readonly length = computed(() => Math.max(this.episode.value?.length ?? 0, this.whatIf.value?.length ?? 0));
  readonly step = computed(() => Math.floor(this.player.value.time));
  readonly time = computed(() => this.player.value.time);
  readonly record = computed<StepRecord | null>(() => this.#recordOf(this.episode.value));
  readonly whatIfRecord = computed<StepRecord | null>(() => this.#recordOf(this.whatIf.value));
  /** whether the episode's picture of this step has not come in yet */
  readonly isPictureComing = computed(() => {
    const episode = this.episode.value;
    void episode?.loaded.value;
    return episode?.isPictureComing(this.step.value) ?? false;
  });
  /** the moment shown in circuit and lists: the what-if where there is one */
  readonly shown = computed<StepRecord | null>(() => this.whatIfRecord.value ?? this.record.value);
  /** the episode that this moment is of */
  readonly shownEpisode = computed(() => this.whatIf.value ?? this.episode.value);
  /** steps of a simulation that is under way */
  readonly simulated = signal(0);
  readonly #backend: Backend;
  #whole: Promise<Episode> | null = null;
  #subject: Subject | null = null;
  #whatIfActor: Actor | null = null;
  #wiring: string | null = null;

  constructor(backend: Backend) {
    this.#backend = backend;
    playLoop(
      this.player,
      () => this.length.peek(),
      () => this.episode.peek()?.stepsPerSecond ?? 50,
    );
  }

  /** How the page is arranged. */
  get layout(): PageLayout {
    const { centre, side, traces, picked, places } = this;
    return {
      centre: centre.value,
      side: side.value,
      traces: traces.value,
      lines: traces.value === "Chosen" ? picked.value : [],
      places: places.value,
    };
  }

  /** Arranges the page. */
  arrange({ centre, side, traces, lines, places }: PageLayout): void {
    batch(() => {
      this.centre.value = centre;
      this.side.value = side;
      this.traces.value = traces;
      this.picked.value = lines;
      this.places.value = places;
    });
  }

  /** The policy that acted in the episode, where it is at hand; changes with `episode`. */
  get subject(): Subject | null {
    return this.#subject;
  }

  /** Who decided in the episode, or in its what-if from where that began (interventions and conditions included); null where that policy is not at hand. */
  actorOf(episode: Episode): Actor | null {
    if (episode === this.whatIf.value) return this.#whatIfActor;
    if (this.#subject === null) return null;
    return { policy: { saved: this.#subject.saved, held: [] }, interventions: [], world: this.#subject.info };
  }

  /** Fetches a source's latest policy and plays an episode of it from a seed. */
  async play(source: number, info: SourceInfo, seed: number): Promise<void> {
    await this.work.run(async () => {
      await this.#fetch(source, info);
      const actor = await this.#actorUnder([], AS_IT_WAS);
      const episode = await this.#simulate(actor, [], { kind: "seed", seed }, `seed ${seed}`, AS_IT_WAS);
      batch(() => {
        this.seed.value = seed;
        this.recorded.value = null;
        this.#show(episode);
      });
    });
  }

  /** Shows a recorded episode; what-ifs need the policy that acted. */
  async openRecorded(library: LibraryState, dataset: number, id: number): Promise<void> {
    this.episode.value = null;
    await this.work.run(async () => {
      const { recording, policy } = await library.open(dataset, id);
      const lab = await import("../lab/index.ts");
      const info = library.datasets.value?.[dataset];
      this.#subject =
        policy === null || info === undefined
          ? null
          : {
              info: { title: info.title, envId: info.envId ?? "", envArgs: info.envArgs },
              version: 0,
              saved: lab.decodePolicy(policy),
            };
      batch(() => {
        this.recorded.value = { dataset, episode: id };
        this.#show(recording.episode);
      });
      this.#whole = recording.whole;
      this.#replaceWhenWhole(this.episode, recording);
    });
  }

  /** Long columns come after the first picture; with them everything that was computed from the episode is computed again. */
  #replaceWhenWhole(shown: Signal<Episode | null>, { episode, whole }: OpenedRecording): void {
    void whole
      .then((complete) => void (shown.peek() === episode && (shown.value = complete)))
      .catch((error: unknown) => void (this.work.problem.value = messageOf(error)));
  }

  #show(episode: Episode): void {
    const wiring = episode.circuit?.wiring ?? null;
    if (this.#wiring !== null && wiring !== this.#wiring) this.places.value = new Map(); // they were another circuit's
    this.#wiring = wiring;
    this.episode.value = episode;
    this.#whole = Promise.resolve(episode);
    this.whatIf.value = null;
    this.zoom.value = null;
    this.canTry.value = this.#subject !== null;
    const world = this.#subject?.info ?? null;
    if (
      JSON.stringify(world?.envArgs) !== JSON.stringify(this.world.value?.envArgs) ||
      world?.envId !== this.world.value?.envId
    )
      this.conditions.value = AS_IT_WAS;
    this.world.value = world;
    this.player.value = { ...AT_START, speed: this.player.value.speed, isLooping: this.player.value.isLooping };
  }

  /** Plays on from the shown step (or from the start) with the chosen interventions and conditions. */
  async tryWhatIf(fromStart: boolean): Promise<void> {
    if (this.episode.value === null || this.#subject === null || this.#whole === null) return;
    const whole = this.#whole;
    const { envArgs } = this.#subject.info;
    await this.work.run(async () => {
      const episode = await whole;
      const step = fromStart ? 0 : Math.min(this.step.value, episode.length - 1);
      const isOwnStart = step === 0 && this.recorded.value === null && episode.shape.numObs === 0;
      const from: Simulation["from"] = isOwnStart
        ? { kind: "seed", seed: this.seed.value } // the first picture too may be another one in a changed world
        : { kind: "step", episode, step, envArgs };
      const [interventions, conditions] = [this.interventions.value, this.conditions.value];
      const actor = await this.#actorUnder(interventions, conditions);
      const whatIf = await this.#simulate(actor, interventions, from, "what if", conditions);
      batch(() => {
        this.#whatIfActor = actor;
        this.whatIf.value = whatIf;
        this.otherName.value = "what if";
        this.branchedAt.value = step;
        if (fromStart) this.player.value = { ...this.player.value, time: 0 };
      });
    });
  }

  forgetWhatIf(): void {
    batch(() => {
      this.whatIf.value = null;
      this.player.value = seek(this.player.value, this.player.value.time, this.episode.value?.length ?? 0);
    });
  }

  /** Holds a neuron at a value; null lets it go. */
  clamp(neuron: number, value: number | null): void {
    const others = this.interventions.value.filter((i) => i.kind !== "clamp" || i.neuron !== neuron);
    this.interventions.value = value === null ? others : [...others, { kind: "clamp", neuron, value }];
  }

  /** Cuts a synapse, or mends it. */
  toggleCut(from: number, to: number): void {
    const others = this.interventions.value.filter((i) => i.kind !== "cut" || i.from !== from || i.to !== to);
    const wasCut = others.length < this.interventions.value.length;
    this.interventions.value = wasCut ? others : [...others, { kind: "cut", from, to }];
  }

  /** Changes the player: `change` gets the length to stay within. */
  control(change: (state: PlayerState, length: number) => PlayerState): void {
    this.player.value = change(this.player.value, this.length.value);
  }

  #recordOf(episode: Episode | null): StepRecord | null {
    if (episode === null || episode.length === 0) return null;
    void episode.loaded.value; // again when more of it has come in
    return episode.record(Math.min(this.step.value, episode.length - 1));
  }

  async #actorUnder(interventions: readonly Intervention[], { envArgs }: Conditions): Promise<Actor> {
    if (this.#subject === null) throw new Error("no policy was fetched");
    const { saved, info } = this.#subject;
    const lab = await import("../lab/index.ts");
    const world = { envId: info.envId, envArgs: { ...info.envArgs, ...envArgs } };
    return { policy: lab.intervene(saved, interventions), interventions, world };
  }

  async #simulate(
    { policy, world }: Actor,
    interventions: readonly Intervention[],
    from: Simulation["from"],
    title: string,
    conditions: Conditions,
  ): Promise<Episode> {
    const lab = await import("../lab/index.ts");
    return lab.simulate({
      title,
      policy: await lab.LabPolicy.create(policy.saved),
      policyVersion: this.#subject?.version ?? 0,
      ...world,
      from,
      clamps: interventions.filter((i) => i.kind === "clamp"),
      noiseSeed: 1,
      maxSteps: MAX_STEPS,
      breathe: this.#breathing(),
      obsNoise: conditions.obsNoise,
      dropRate: conditions.dropRate,
    });
  }

  /** Lets the page draw now and then, and says how far it is. */
  #breathing(): (numSteps: number) => Promise<void> {
    let last = performance.now();
    return async (numSteps) => {
      if (performance.now() - last < BREATH_MS) return;
      this.simulated.value = numSteps;
      await new Promise((resolve) => setTimeout(resolve));
      last = performance.now();
    };
  }

  async #fetch(source: number, info: SourceInfo): Promise<void> {
    const [lab, { bytes, version }] = await Promise.all([
      import("../lab/index.ts"),
      this.#backend.policy(source).catch((error: unknown) => {
        throw new Error(`${info.title}: ${messageOf(error)}`, { cause: error });
      }),
    ]);
    this.#subject = { info, saved: lab.decodePolicy(bytes), version };
  }
}
