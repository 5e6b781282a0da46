import { type WiringConfig, type Wiring, wiringFromConfig } from "../../src/ncp/index.ts";

/** A wiring as the golden files describe it: reference class and constructor arguments by name. */
export interface ReferenceWiring {
  readonly class: string;
  readonly args: Readonly<Record<string, unknown>>;
}

const positional: Readonly<Record<string, readonly string[]>> = {
  Wiring: ["units"],
  FullyConnected: ["units", "output_dim", "erev_init_seed", "self_connections"],
  Random: ["units", "output_dim", "sparsity_level", "random_seed"],
  NCP: [
    "inter_neurons",
    "command_neurons",
    "motor_neurons",
    "sensory_fanout",
    "inter_fanout",
    "recurrent_command_synapses",
    "motor_fanin",
    "seed",
  ],
  AutoNCP: ["units", "output_size", "sparsity_level", "seed"],
};

/** Names positional reference arguments. */
export function nameArguments(name: string, values: readonly unknown[]): Record<string, unknown> {
  const names = positional[name];
  if (names === undefined) throw new Error(`no wiring class ${name}`);
  return Object.fromEntries(values.map((value, i) => [names[i]!, value]));
}

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The config of this library for a reference wiring; unset and None arguments are left to the defaults. */
export function toWiringConfig({ class: kind, args }: ReferenceWiring): WiringConfig {
  const entries = Object.entries(args).filter(([, value]) => value !== null && value !== undefined);
  const named = Object.fromEntries(entries.map(([name, value]) => [camel(name), value]));
  const manual = kind === "Wiring" ? emptyWiring(named["units"] as number) : {};
  return { kind, ...manual, ...named } as unknown as WiringConfig;
}

/** The unbuilt wiring. Throws what the library throws on bad arguments. */
export const makeReferenceWiring = (wiring: ReferenceWiring): Wiring => wiringFromConfig(toWiringConfig(wiring));

const emptyWiring = (units: number): object => ({
  outputDim: null,
  inputDim: null,
  adjacency: Array.from({ length: units }, () => new Array<number>(units).fill(0)),
  sensoryAdjacency: null,
});
