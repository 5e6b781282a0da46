import { readFile } from "node:fs/promises";
import { z } from "zod";
import { SeedSequence, defaultRng } from "gymnasium-js";
import { writeFileAtomic } from "../checkpoint/atomic-file.ts";
import { ConfigError, FormatError } from "../errors.ts";
import { type Parameters, SearchSpace } from "./search-space.ts";
import { suggestRandom, suggestTpe } from "./tpe-sampler.ts";
import { Trial } from "./trial.ts";

/** What a study searches, and how: fixed once it has begun. */
export const StudyPlan = z
  .strictObject({
    env: z.string(),
    sampler: z.enum(["tpe", "random"]),
    seed: z.int().nonnegative(),
    space: SearchSpace,
    /** resolved settings of the runs before anything is searched */
    base: z.json(),
  })
  .readonly();
/** See the schema of the same name. */
export type StudyPlan = z.infer<typeof StudyPlan>;

const StudyFile = z.strictObject({
  format: z.literal("elegans-study"),
  version: z.literal(1),
  plan: StudyPlan,
  trials: z.array(Trial),
});

/** A search on disk: its plan and every trial, in one JSON file that is replaced atomically after each change. */
export class Study {
  readonly plan: StudyPlan;
  readonly #path: string;
  readonly #trials: Trial[];
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, plan: StudyPlan, trials: readonly Trial[]) {
    this.#path = path;
    this.plan = plan;
    this.#trials = [...trials];
  }

  static async create(path: string, plan: StudyPlan): Promise<Study> {
    const study = new Study(path, plan, []);
    await study.#write();
    return study;
  }

  /** Goes on with a study; null where there is none. Throws FormatError on a damaged file, ConfigError where the plan is another one. */
  static async open(path: string, plan: StudyPlan): Promise<Study | null> {
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    if (text === null) return null;
    const file = parseStudy(path, text);
    for (const [name, value] of Object.entries(plan))
      if (JSON.stringify(file.plan[name as keyof StudyPlan]) !== JSON.stringify(value))
        throw new ConfigError(
          "changed-study",
          `${path} was begun with another ${name === "base" ? "set of settings" : name}; ask for the same again, or start a new study with another --study`,
        );
    return new Study(path, file.plan, file.trials);
  }

  get trials(): readonly Trial[] {
    return this.#trials;
  }

  /** Begins the next trial. The same plan and the same ended trials give the same parameters. */
  async next(): Promise<Trial> {
    const { sampler, seed, space } = this.plan;
    const id = this.#trials.length;
    const rng = defaultRng(new SeedSequence(seed, [id]));
    const parameters: Parameters =
      sampler === "random" ? suggestRandom(space, rng) : suggestTpe(space, this.#trials, rng);
    const trial: Trial = { id, parameters, state: "running", value: null, steps: 0, progress: [] };
    this.#trials.push(trial);
    await this.#write();
    return trial;
  }

  /** Notes what became of a trial. */
  async update(trial: Trial): Promise<void> {
    this.#trials[trial.id] = trial;
    await this.#write();
  }

  /** One write at a time, in order. */
  #write(): Promise<void> {
    this.#writing = this.#writing.then(() => {
      const file = { format: "elegans-study", version: 1, plan: this.plan, trials: this.#trials };
      return writeFileAtomic(this.#path, `${JSON.stringify(file, null, 1)}\n`);
    });
    return this.#writing;
  }
}

function parseStudy(path: string, text: string): z.infer<typeof StudyFile> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new FormatError("damaged-study", `${path} is not JSON; the study cannot be read`, { cause });
  }
  const parsed = StudyFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new FormatError("damaged-study", `${path}: ${issue?.path.join(".")}: ${issue?.message}`);
}
