import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ConfigError, messageOf } from "../../errors.ts";
import { SITE_META, type EpisodeEntry, type SiteIndex } from "../../protocol/index.ts";
import { SECURITY_HEADERS, loadPageFiles } from "../../server/page-files.ts";
import type { DatasetSource } from "../../server/index.ts";
import { drivenWorlds } from "../viewing/driven-worlds.ts";
import type { RunPolicy } from "../saved-run.ts";

/** What goes into an exported folder. */
export interface SiteContent {
  readonly runs: readonly RunPolicy[];
  readonly datasets: readonly DatasetSource[];
}

/** What was written. */
export interface WrittenSite {
  readonly episodes: number;
  /** episodes that are damaged: they are listed, but their files are left out */
  readonly damaged: number;
  readonly bytes: number;
}

const FILES = "files";
const PART_BYTES = 4 * 1024 * 1024;

/**
 * Writes the viewer with policies and episodes as one folder that any static host can serve. The folder appears complete or not at all; an
 * earlier export of the same name is replaced, anything else is not touched.
 *
 * Throws ConfigError `not-a-site`, `viewer-not-built`.
 */
export async function writeSite(out: string, content: SiteContent): Promise<WrittenSite> {
  await refuseOther(out);
  const temporary = join(dirname(out), `.tmp-${basename(out)}-${process.pid}`);
  try {
    const written = await writeInto(temporary, content);
    await rm(out, { recursive: true, force: true });
    await rename(temporary, out);
    return written;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

async function refuseOther(out: string): Promise<void> {
  const entries = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  if (entries.length === 0) return;
  const isSite = await readFile(join(out, FILES, "index.json"), "utf8").then(
    (text) => text.includes('"elegans-site"'),
    () => false,
  );
  if (!isSite) throw new ConfigError("not-a-site", `${out} is not empty and no earlier export; choose another folder`);
}

async function writeInto(folder: string, { runs, datasets }: SiteContent): Promise<WrittenSite> {
  let bytes = 0;
  const write = async (path: string, data: Uint8Array | string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), data);
    bytes += data.length;
  };
  for (const [path, { body }] of loadPageFiles())
    if (path !== "/") await write(path, path === "/index.html" ? asSite(body.toString("utf8")) : body);
  for (const [i, run] of runs.entries()) await write(`${FILES}/policy-${i}.safetensors`, run.policy);
  const lists: EpisodeEntry[][] = [];
  for (const [d, dataset] of datasets.entries()) lists.push(await writeDataset(`${FILES}/${d}`, dataset, write));
  const sources = runs.map(({ folder: run, config, policySha256 }, i) => ({
    title: basename(run.path),
    envId: config.env.id,
    envArgs: { ...config.env.args },
    policy: `policy-${i}.safetensors`,
    sha256: policySha256,
  }));
  const index: SiteIndex = {
    format: "elegans-site",
    version: 1,
    sources,
    datasets: datasets.map(({ title, env }, d) => ({
      title,
      envId: env?.id ?? null,
      envArgs: { ...env?.args },
      episodes: lists[d] ?? [],
    })),
    worlds: drivenWorlds(
      runs.map((run) => run.config.env),
      datasets.flatMap(({ env }) => env ?? []),
    ),
  };
  await write(`${FILES}/index.json`, JSON.stringify(index));
  const all = lists.flat();
  const damaged = all.filter((e) => e.problem !== undefined).length;
  return { episodes: all.length - damaged, damaged, bytes };
}

/** The page, told where its files are, and with the server's content policy (frames excepted, which only a header can forbid). */
function asSite(html: string): string {
  const policy = SECURITY_HEADERS["content-security-policy"].replace(/;\s*frame-ancestors[^;]*/, "");
  const meta =
    `<meta http-equiv="Content-Security-Policy" content="${policy}" />` +
    `<meta name="${SITE_META}" content="${FILES}/" />`;
  return html.replace(/<head>/, `<head>${meta}`);
}

type Write = (path: string, data: Uint8Array | string) => Promise<void>;

async function writeDataset(folder: string, dataset: DatasetSource, write: Write): Promise<EpisodeEntry[]> {
  const entries: EpisodeEntry[] = [];
  for (let total = 1; entries.length < total;) {
    const page = await dataset.list(entries.length, 1000);
    total = page.total;
    for (const entry of page.episodes) entries.push(await writeEpisode(folder, dataset, entry, write));
    if (page.episodes.length === 0) break;
  }
  return entries;
}

async function writeEpisode(
  folder: string,
  dataset: DatasetSource,
  entry: EpisodeEntry,
  write: Write,
): Promise<EpisodeEntry> {
  try {
    const [layout, file, about] = await Promise.all([
      dataset.layout(entry.id),
      dataset.file(entry.id),
      dataset.about(entry.id),
    ]);
    const parts: Uint8Array[] = [];
    for (let at = 0; at < file.bytes; at += PART_BYTES)
      parts.push(await file.read(at, Math.min(PART_BYTES, file.bytes - at)));
    await write(`${folder}/${entry.id}.arrow`, Buffer.concat(parts));
    await write(`${folder}/${entry.id}.layout.json`, JSON.stringify(layout));
    await write(`${folder}/${entry.id}.json`, JSON.stringify(about));
    return entry;
  } catch (error) {
    return { id: entry.id, steps: 0, problem: messageOf(error) };
  }
}
