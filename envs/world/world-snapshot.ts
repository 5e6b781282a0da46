import { ByteReader } from "../snapshot/byte-reader.ts";
import { ByteWriter } from "../snapshot/byte-writer.ts";
import { decodeLayer, encodeLayer } from "../snapshot/layer.ts";
import type { RandomStream } from "./random-stream.ts";
import type { World } from "./world.ts";

/** Snapshot of one world: whether it was reset, its state, and its random stream unless `random` is null. */
export function saveWorld<S, R extends RandomStream>(
  world: World<S, R>,
  state: S,
  isReset: boolean,
  random: R | null,
): Uint8Array {
  const writer = new ByteWriter();
  writer.uint8(isReset ? 1 : 0);
  if (isReset) world.save(state, writer);
  writer.uint8(random === null ? 0 : 1);
  if (random !== null) writer.random(random);
  return encodeLayer(world.name, writer.written);
}

/** What a snapshot holds; `random` is null where it was left out. */
export interface LoadedWorld<S, R> {
  readonly state: S;
  readonly isReset: boolean;
  readonly random: R | null;
}

/** Reads a snapshot into a new state and random stream. Throws InvalidSnapshot. */
export function loadWorld<S, R extends RandomStream>(world: World<S, R>, bytes: Uint8Array): LoadedWorld<S, R> {
  const reader = new ByteReader(decodeLayer(world.name, bytes).payload);
  const state = world.createState();
  const isReset = reader.uint8(1) === 1;
  if (isReset) world.load(state, reader);
  let random: R | null = null;
  if (reader.uint8(1) === 1) {
    random = world.createRandom(0);
    reader.random(random);
  }
  reader.end();
  return { state, isReset, random };
}
