import type { Env, EnvMetadata, Info, ResetOptions, SnapshotOptions } from "../env.ts";
import type { Frame } from "../frame.ts";
import type { EnvSpec } from "../registry.ts";
import type { Space } from "../spaces/space.ts";

/** An environment around another one; as it stands it changes nothing. */
export class Wrapper<Obs = unknown, Action = unknown, InnerObs = Obs, InnerAction = Action> implements Env<
  Obs,
  Action
> {
  readonly env: Env<InnerObs, InnerAction>;

  constructor(env: Env<InnerObs, InnerAction>) {
    this.env = env;
  }

  get observationSpace(): Space<Obs> {
    return this.env.observationSpace as unknown as Space<Obs>; // a wrapper that changes Obs overrides this
  }

  get actionSpace(): Space<Action> {
    return this.env.actionSpace as unknown as Space<Action>; // a wrapper that changes Action overrides this
  }

  get spec(): EnvSpec | null {
    return this.env.spec;
  }

  get metadata(): EnvMetadata {
    return this.env.metadata;
  }

  reset(options?: ResetOptions): [Obs, Info] {
    return this.env.reset(options) as unknown as [Obs, Info]; // as observationSpace
  }

  step(action: Action): [Obs, number, boolean, boolean, Info] {
    const inner = action as unknown as InnerAction; // as actionSpace
    return this.env.step(inner) as unknown as [Obs, number, boolean, boolean, Info];
  }

  render(): Frame | null {
    return this.env.render();
  }

  snapshot(options?: SnapshotOptions): Uint8Array {
    return this.env.snapshot(options);
  }

  restore(bytes: Uint8Array): void {
    this.env.restore(bytes);
  }

  close(): void {
    this.env.close();
  }

  toString(): string {
    return `<${this.constructor.name}${String(this.env)}>`;
  }
}

/** The innermost environment. */
export function unwrapped(env: Env): Env {
  return env instanceof Wrapper ? unwrapped(env.env as Env) : env;
}
