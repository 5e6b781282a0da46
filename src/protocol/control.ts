import * as z from "zod/mini";
import { FormatError } from "../errors.ts";
import { CircuitDescription } from "./circuit-description.ts";

/** Name of the WebSocket subprotocol. */
export const SUBPROTOCOL = "elegans.v1";
/** Version spoken, and the oldest one understood. */
export const PROTOCOL_VERSION = 1;
/** Close codes of our own, in the range that applications may use. */
export const CloseCode = {
  badMessage: 4400,
  notAllowed: 4403,
  wrongVersion: 4001,
  overloaded: 1013,
  internal: 1011,
} as const;

const Metrics = z.record(z.string(), z.nullable(z.number()));

const SourceInfo = z.object({
  title: z.string(),
  envId: z.string(),
  envArgs: z.record(z.string(), z.unknown()),
});
/** What can be watched live. */
export type SourceInfo = z.infer<typeof SourceInfo>;

const LiveStatus = z.object({
  /** what the run is doing */
  phase: z.enum(["waiting", "training", "finished", "failed", "viewing"]),
  /** env steps trained so far */
  steps: z.number(),
  /** env steps asked for; absent where there is no end */
  totalSteps: z.optional(z.number()),
  /** one line for people */
  text: z.optional(z.string()),
});
/** How a run stands. */
export type LiveStatus = z.infer<typeof LiveStatus>;

/** A policy that a run kept on its way. */
export const CheckpointEntry = z.object({
  /** env steps trained when it was kept */
  step: z.int().check(z.nonnegative()),
  /** whether it did best in evaluation so far */
  isBest: z.boolean(),
  /** what had been measured of the run by then; over HTTP only */
  metrics: z.optional(z.record(z.string(), z.number())),
});
/** A policy that a run kept on its way. */
export type CheckpointEntry = z.infer<typeof CheckpointEntry>;

/** Messages from the server; fields unknown to a receiver are ignored. */
export const ServerMessage = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("hello"),
    protocol: z.int(),
    minProtocol: z.int(),
    /** changes when the server restarts: everything known before is then void */
    session: z.string(),
    role: z.enum(["control", "read"]),
    /** what the server was started on; empty when there is nothing to show */
    sources: z.array(SourceInfo),
  }),
  /** policies that can be watched instead of the latest, oldest first */
  z.object({ type: z.literal("checkpoints"), checkpoints: z.array(CheckpointEntry) }),
  z.object({ type: z.literal("circuit"), circuit: z.nullable(CircuitDescription) }),
  z.object({ type: z.literal("status"), status: LiveStatus }),
  /** `records` continue the list from index `from`; null stands for a number that JSON cannot hold */
  z.object({ type: z.literal("metrics"), from: z.int(), records: z.array(Metrics) }),
  z.object({ type: z.literal("playback"), speed: z.number(), paused: z.boolean(), stochastic: z.boolean() }),
  z.object({
    type: z.literal("episode"),
    episode: z.int(),
    return: z.number(),
    length: z.int(),
    ended: z.enum(["terminated", "truncated"]),
  }),
  /** something the user should read, such as a world that cannot be shown */
  z.object({ type: z.literal("notice"), level: z.enum(["info", "error"]), text: z.string() }),
]);
/** Messages from the server. */
export type ServerMessage = z.infer<typeof ServerMessage>;

/** Slowest and fastest live playback. */
export const SPEED_RANGE = [0.1, 16] as const;

/** Messages from the page. `playback` and `restart` need the control role. */
export const ClientMessage = z.discriminatedUnion("type", [
  /** which source to show, null for none; with `checkpoint` the policy kept at that step instead of the latest */
  z.object({
    type: z.literal("watch"),
    source: z.nullable(z.int().check(z.nonnegative())),
    checkpoint: z.optional(z.int().check(z.nonnegative())),
  }),
  z.object({
    type: z.literal("playback"),
    speed: z.optional(z.number().check(z.minimum(SPEED_RANGE[0]), z.maximum(SPEED_RANGE[1]))),
    paused: z.optional(z.boolean()),
    stochastic: z.optional(z.boolean()),
  }),
  /** ends the shown episode and starts another */
  z.object({ type: z.literal("restart") }),
]);
/** Messages from the page. */
export type ClientMessage = z.infer<typeof ClientMessage>;

/** Reads a message of the page. Throws FormatError `bad-message`. */
export function parseClientMessage(text: string): ClientMessage {
  return parse(text, ClientMessage, "message from the page");
}

/** Reads a message of the server, or null for a type this page does not know yet. Throws FormatError `bad-message`. */
export function parseServerMessage(text: string): ServerMessage | null {
  const known = ServerMessage.def.options.map((o) => o.def.shape.type.def.values[0] as string);
  const data = readJson(text, "message from the server");
  if (typeof data === "object" && data !== null && "type" in data && !known.includes(String(data.type))) return null;
  return check(data, ServerMessage, "message from the server");
}

function parse<T>(text: string, schema: z.ZodMiniType<T>, what: string): T {
  return check(readJson(text, what), schema, what);
}

function readJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FormatError("bad-message", `${what}: not JSON`);
  }
}

function check<T>(data: unknown, schema: z.ZodMiniType<T>, what: string): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new FormatError(
    "bad-message",
    `${what}: ${issue?.path.join(".") || "top level"}: ${issue?.message ?? "invalid"}`,
  );
}
