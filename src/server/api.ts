import type { IncomingMessage, ServerResponse } from "node:http";
import { sha256 } from "../checkpoint/manifest.ts";
import { FormatError } from "../errors.ts";
import {
  parseDemonstration,
  type CheckpointEntry,
  type DatasetList,
  type EpisodePage,
  type KeptDemonstration,
} from "../protocol/index.ts";
import { metricsAt, tellingMetrics } from "./checkpoint-metrics.ts";
import { readBody } from "./read-body.ts";
import type { Role } from "./access.ts";
import { openDatasetSource, type DatasetSource } from "./dataset-source.ts";
import type { DemonstrationStore } from "./demonstration-store.ts";
import type { LiveSource, PolicyVersion } from "./live-source.ts";
import { reply, replyBytes, replyJson, replyRange } from "./reply.ts";

/** What can be asked for over HTTP. */
export interface Library {
  readonly sources: readonly LiveSource[];
  /** grows when somebody plays in the page */
  readonly datasets: DatasetSource[];
  /** where played episodes are kept; null where they are not */
  readonly demonstrations: DemonstrationStore | null;
}

/** Folders of the datasets that demonstrations were added to, by dataset. */
const keptIn = new WeakMap<DatasetSource, string>();

/** Answers `/api/…`, whose parameters are numbers and checksums, never paths. The token has been checked. */
export async function answerApi(
  url: URL,
  role: Role,
  library: Library,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await route(url, role, library, request, response);
  } catch (error) {
    const isKnown = error instanceof FormatError;
    const status = error instanceof FormatError ? (STATUS[error.code] ?? 422) : 500;
    reply(response, status, isKnown ? error.message : "internal: this could not be done");
  }
}

const STATUS: Readonly<Record<string, number>> = { "bad-demonstration": 400, "other-end": 409, "body-too-large": 413 };

/** Episodes listed in one answer. */
const MAX_LISTED = 4096;

async function route(
  url: URL,
  role: Role,
  { sources, datasets, demonstrations }: Library,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === "POST")
    return takeDemonstration(url, role, { sources, datasets, demonstrations }, request, response);
  const dataset = datasets[indexOf(url, "dataset")];
  const episode = indexOf(url, "episode");
  switch (url.pathname) {
    case "/api/session":
      return reply(response, 200, role); // tells a page why its WebSocket was refused
    case "/api/policy":
      return sendPolicy(response, url, sources);
    case "/api/checkpoints":
      return replyJson(response, checkpointsOf(sources[indexOf(url, "source")]));
    case "/api/kept-policy":
      return sendKeptPolicy(response, sources[indexOf(url, "source")], indexOf(url, "checkpoint"));
    case "/api/worlds":
      return replyJson(response, demonstrations?.worlds ?? []);
    case "/api/datasets":
      return replyJson(response, datasets.map(describe));
    case "/api/episodes":
      return dataset === undefined ? missing(response) : replyJson(response, await listOf(dataset, url));
    case "/api/episode-about":
      return dataset === undefined || episode < 0
        ? missing(response)
        : replyJson(response, await dataset.about(episode));
    case "/api/episode-layout":
      return dataset === undefined || episode < 0
        ? missing(response)
        : replyJson(response, await dataset.layout(episode));
    case "/api/episode":
      return dataset === undefined || episode < 0
        ? missing(response)
        : replyRange(response, request.headers.range, await dataset.file(episode));
    default:
      return missing(response);
  }
}

/** Policies that a run kept, with what was measured of them. */
function checkpointsOf(source: LiveSource | undefined): CheckpointEntry[] {
  const records = source?.metrics() ?? [];
  const names = tellingMetrics(records);
  return (source?.kept?.() ?? []).map((kept) => ({ ...kept, metrics: metricsAt(records, names, kept.step) }));
}

/** A parameter that is a whole number, else -1. */
function indexOf(url: URL, name: string): number {
  const text = url.searchParams.get(name);
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : -1;
}

function listOf(dataset: DatasetSource, url: URL): Promise<EpisodePage> {
  const [from, count] = [indexOf(url, "from"), indexOf(url, "count")];
  return dataset.list(Math.max(0, from), count < 0 ? MAX_LISTED : Math.min(count, MAX_LISTED));
}

const missing = (response: ServerResponse): void => reply(response, 404, "nothing here");

const describe = ({ title, env }: DatasetSource): DatasetList[number] => ({
  title,
  envId: env?.id ?? null,
  envArgs: { ...env?.args },
});

/** An episode that somebody played in the page. */
async function takeDemonstration(
  url: URL,
  role: Role,
  { datasets, demonstrations }: Library,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (url.pathname !== "/api/demonstration" || demonstrations === null)
    return reply(response, 405, "only GET is answered here");
  if (role !== "control") return reply(response, 403, "this token may only watch");
  if (request.headers["content-type"] !== "application/json") return reply(response, 415, "expected application/json");
  const { path, episode } = await demonstrations.keep(parseDemonstration(await readBody(request)));
  let dataset = datasets.findIndex((d) => keptIn.get(d) === path);
  if (dataset < 0) {
    const source = await openDatasetSource(path);
    keptIn.set(source, path);
    dataset = datasets.push(source) - 1;
  }
  replyJson(response, { path, dataset, episode } satisfies KeptDemonstration);
}

/** A policy that a run kept, where its source lists it. */
async function sendKeptPolicy(response: ServerResponse, source: LiveSource | undefined, step: number): Promise<void> {
  const isListed = source?.kept?.().some((kept) => kept.step === step) === true;
  if (!isListed || source.keptPolicy === undefined) return missing(response);
  replyBytes(response, await source.keptPolicy(step), { "x-policy-version": step });
}

/** The policy with a checksum that some source kept at a step, or null. */
async function keptPolicyNamed(
  sources: readonly LiveSource[],
  wanted: string,
  step: number,
): Promise<PolicyVersion | null> {
  for (const source of sources) {
    if (source.kept?.().some((kept) => kept.step === step) !== true) continue;
    const bytes = await source.keptPolicy?.(step).catch(() => undefined); // a damaged one is not the one that acted
    if (bytes !== undefined && sha256(bytes) === wanted) return { version: step, bytes };
  }
  return null;
}

/** The latest policy of a source, or whichever has a given checksum, for running it in the page. */
async function sendPolicy(response: ServerResponse, url: URL, sources: readonly LiveSource[]): Promise<void> {
  const wanted = url.searchParams.get("sha256");
  const policies = sources.map((source) => source.policy());
  const policy =
    wanted === null
      ? policies[indexOf(url, "source")]
      : (policies.find((p) => p !== null && sha256(p.bytes) === wanted) ??
        (await keptPolicyNamed(sources, wanted, indexOf(url, "step"))));
  if (policy === undefined || policy === null) return reply(response, 404, "no policy here (yet)");
  replyBytes(response, policy.bytes, { "x-policy-version": policy.version });
}
