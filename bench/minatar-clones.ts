// Clones of the MinAtar players who go by what the board shows, by the DAgger presets: greedy return against the player's own, undisturbed. Runs the
// commands as a user would, in a folder of its own, and throws where a clone stays below 0.95 of its player. `npm run build` first; minutes.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const isQuick = process.argv.includes("--quick");
const main = resolve("dist/src/cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "elegans-clones-"));
const wanted = 0.95;
const episodes = isQuick ? "1" : "100";
const players = [
  { env: "MinAtar/Breakout-v1", expert: "rebound", maxSteps: isQuick ? "50" : "3000" },
  { env: "MinAtar/Freeway-v1", expert: "gap", maxSteps: isQuick ? "50" : "2500" },
];

/** Runs a command; returns the mean return in its JSON. */
function meanReturn(...args: readonly string[]): number {
  const output = execFileSync(process.execPath, [main, ...args, "--json"], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const { return: found } = JSON.parse(output.trim().split("\n").at(-1)!) as { return: { mean: number } };
  return found.mean;
}

const results = [];
try {
  for (const { env, expert, maxSteps } of players) {
    const cut = ["--max-episode-steps", maxSteps];
    const player = meanReturn("record", env, "--expert", expert, "--no-disturbance", "--episodes", episodes, ...cut);
    const quick = ["--total-steps", "1024", "--set", "algo.rounds=1", "--set", "algo.episodesPerRound=2"];
    const learn = ["train", env, "--algo", "dagger", "--set", `algo.expert=${expert}`, "--eval-episodes", episodes];
    const clone = meanReturn(...learn, ...(isQuick ? [...quick, "--env-arg", "maxEpisodeSteps=50"] : []));
    results.push({ env, expert, player, clone, share: Number((clone / player).toFixed(3)) });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(JSON.stringify({ bench: "minatar-clones", episodes: Number(episodes), results }));
const short = results.filter(({ share }) => share < wanted);
if (!isQuick && short.length > 0) throw new Error(`below ${wanted}: ${short.map(({ env }) => env).join(", ")}`);
