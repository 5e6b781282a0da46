/** One training run of a learning experiment. */
export interface LearningJob {
  readonly env: string;
  readonly seed: number;
  /** frames of the whole run; the learning rate falls to 0 there */
  readonly steps: number;
}

const games = ["Asterix", "Breakout", "Freeway", "Seaquest", "SpaceInvaders"];
const seeds = [0, 1, 2];
/** The games that are farthest from where they can get after 2 M frames. */
const long = ["Breakout", "Seaquest"];

const job = (game: string, seed: number, steps: number): LearningJob => ({ env: `MinAtar/${game}-v1`, seed, steps });

/** In the order in which they are worth having: every game once, then more seeds, then the long runs. */
export const minatarJobs: readonly LearningJob[] = [
  ...seeds.flatMap((seed) => games.map((game) => job(game, seed, 2_000_000))),
  ...seeds.flatMap((seed) => long.map((game) => job(game, seed, 10_000_000))),
];

/** Name of a job's run folder and curve, such as `Breakout-v1-2M-seed0`. */
export const jobName = ({ env, seed, steps }: LearningJob): string =>
  `${env.split("/").at(-1)}-${steps / 1_000_000}M-seed${seed}`;
