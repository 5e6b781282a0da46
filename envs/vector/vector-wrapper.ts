import type { EnvMetadata, Info } from "../env.ts";
import type { Frame } from "../frame.ts";
import type { EnvSpec } from "../registration/env-spec.ts";
import type { Space } from "../spaces/space.ts";
import type { AutoresetMode, VectorEnv, VectorResetOptions, VectorStep } from "./vector-env.ts";

/** A vector environment around another one; as it stands it changes nothing. */
export class VectorWrapper<Obs = unknown, Actions = unknown> implements VectorEnv<Obs, Actions> {
  /** What it wraps. */
  readonly env: VectorEnv;
  #observationSpace: Space<Obs> | null = null;
  #singleObservationSpace: Space<unknown> | null = null;
  #actionSpace: Space<Actions> | null = null;
  #singleActionSpace: Space<unknown> | null = null;

  constructor(env: VectorEnv) {
    this.env = env;
  }

  get numEnvs(): number {
    return this.env.numEnvs;
  }
  get observationSpace(): Space<Obs> {
    return this.#observationSpace ?? (this.env.observationSpace as Space<Obs>); // a wrapper that changes Obs sets it
  }
  set observationSpace(space: Space<Obs>) {
    this.#observationSpace = space;
  }
  get singleObservationSpace(): Space<unknown> {
    return this.#singleObservationSpace ?? this.env.singleObservationSpace;
  }
  set singleObservationSpace(space: Space<unknown>) {
    this.#singleObservationSpace = space;
  }
  get actionSpace(): Space<Actions> {
    return this.#actionSpace ?? (this.env.actionSpace as Space<Actions>); // a wrapper that changes Actions sets it
  }
  set actionSpace(space: Space<Actions>) {
    this.#actionSpace = space;
  }
  get singleActionSpace(): Space<unknown> {
    return this.#singleActionSpace ?? this.env.singleActionSpace;
  }
  set singleActionSpace(space: Space<unknown>) {
    this.#singleActionSpace = space;
  }
  get metadata(): EnvMetadata & { readonly autoresetMode: AutoresetMode } {
    return this.env.metadata;
  }
  get spec(): EnvSpec | null {
    return this.env.spec;
  }
  get closed(): boolean {
    return this.env.closed;
  }

  reset(options?: VectorResetOptions): [Obs, Info] {
    return this.env.reset(options) as [Obs, Info]; // as observationSpace
  }

  step(actions: Actions): VectorStep<Obs> {
    return this.env.step(actions) as VectorStep<Obs>; // as observationSpace
  }

  render(): readonly (Frame | null)[] {
    return this.env.render();
  }

  close(): void {
    this.env.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  toString(): string {
    return `<${this.constructor.name}, ${String(this.env)}>`;
  }
}
