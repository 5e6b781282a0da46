import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FormatError } from "../errors.ts";
import { type NamedTensor, decodeSafetensors, encodeSafetensors } from "../policy/safetensors.ts";
import { writeFolderAtomic } from "./atomic-file.ts";
import { Manifest, checkpointVersion, manifestOf, sha256 } from "./manifest.ts";

/** Everything that is saved at one step of a run. */
export interface Checkpoint {
  /** env steps (or training frames) done */
  readonly step: number;
  /** policy.safetensors: enough to run the policy anywhere */
  readonly policy: Uint8Array;
  /** optimizer.safetensors */
  readonly optimizer: readonly NamedTensor<Float32Array>[];
  /** trainer.bin: shards, random streams, hidden states, counters; opaque here */
  readonly trainer: Uint8Array;
  /** progress.json: what the training loop itself must remember */
  readonly progress: unknown;
}

const fileNames = ["policy.safetensors", "optimizer.safetensors", "trainer.bin", "progress.json"] as const;

/** Writes a checkpoint folder; it appears complete or not at all. Rejects with the system's error. */
export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  const text = new TextEncoder();
  const files = new Map<(typeof fileNames)[number], Uint8Array>([
    ["policy.safetensors", checkpoint.policy],
    ["optimizer.safetensors", encodeSafetensors(checkpoint.optimizer)],
    ["trainer.bin", checkpoint.trainer],
    ["progress.json", text.encode(`${JSON.stringify(checkpoint.progress)}\n`)],
  ]);
  const manifest = text.encode(`${JSON.stringify(manifestOf(checkpoint.step, files), null, 2)}\n`);
  await writeFolderAtomic(folder, new Map([...files, ["manifest.json", manifest]]));
}

const damaged = (folder: string, why: string): FormatError =>
  new FormatError("damaged-checkpoint", `checkpoint ${folder} is damaged: ${why}`);

/** Reads a checkpoint folder and checks every byte. Throws FormatError `damaged-checkpoint` naming the folder and what is wrong. */
export async function readCheckpoint(folder: string): Promise<Checkpoint> {
  const manifest = await readManifest(folder);
  const files = new Map<string, Uint8Array>();
  for (const name of fileNames) files.set(name, await readListed(folder, name, manifest));
  const read = (name: (typeof fileNames)[number]): Uint8Array => files.get(name)!; // every name was just set
  return {
    step: manifest.step,
    policy: read("policy.safetensors"),
    optimizer: floatTensors(folder, read("optimizer.safetensors")),
    trainer: read("trainer.bin"),
    progress: JSON.parse(new TextDecoder().decode(read("progress.json"))),
  };
}

/** Reads only the policy of a checkpoint, checked. Throws FormatError `damaged-checkpoint`. */
export async function readCheckpointPolicy(folder: string): Promise<{ step: number; policy: Uint8Array }> {
  const manifest = await readManifest(folder);
  return { step: manifest.step, policy: await readListed(folder, "policy.safetensors", manifest) };
}

async function readManifest(folder: string): Promise<Manifest> {
  const bytes = await readPresent(folder, "manifest.json");
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw damaged(folder, "manifest.json is not JSON");
  }
  refuseOtherVersions(folder, json);
  const parsed = Manifest.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw damaged(folder, `manifest.json: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  return parsed.data;
}

function refuseOtherVersions(folder: string, json: unknown): void {
  const version = typeof json === "object" && json !== null && "version" in json ? json.version : undefined;
  if (typeof version === "number" && version !== checkpointVersion)
    throw new FormatError(
      "checkpoint-version",
      `checkpoint ${folder} has version ${version}; this program reads version ${checkpointVersion}`,
    );
}

async function readListed(folder: string, name: string, manifest: Manifest): Promise<Uint8Array> {
  const expected = manifest.files[name];
  if (expected === undefined) throw damaged(folder, `manifest.json does not list ${name}`);
  const bytes = await readPresent(folder, name);
  if (bytes.length !== expected.bytes)
    throw damaged(folder, `${name} has ${bytes.length} bytes, expected ${expected.bytes}`);
  const sum = sha256(bytes);
  if (sum !== expected.sha256)
    throw damaged(folder, `${name} has SHA-256 ${sum.slice(0, 12)}…, expected ${expected.sha256.slice(0, 12)}…`);
  return bytes;
}

async function readPresent(folder: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw damaged(folder, `${name} is missing`);
    throw error;
  }
}

function floatTensors(folder: string, bytes: Uint8Array): readonly NamedTensor<Float32Array>[] {
  return decodeSafetensors(bytes).tensors.map(({ name, shape, data }) => {
    if (!(data instanceof Float32Array)) throw damaged(folder, `optimizer tensor ${name} is not F32`);
    return { name, shape, data };
  });
}
