// Steps per second of each batched MinAtar game on one core, random actions, resets included. First checks each against its single form.
import { setWarningHandler } from "gymnasium-js";
import { batchRate, checkBatchAgainstSingle } from "./helpers/env-rate.ts";

setWarningHandler(() => {}); // -v0 is what published results use, though -v1 exists
const isQuick = process.argv.includes("--quick");
const size = { numEnvs: 64, numSteps: 400, repeats: isQuick ? 30 : 300 };
const games = ["Asterix", "Breakout", "Freeway", "Seaquest", "SpaceInvaders"];
const stepsPerSecond = games.map((game) => {
  const id = `MinAtar/${game}-v0`;
  checkBatchAgainstSingle(id, 600, game === "Freeway");
  return [game, batchRate(id, size)] as const;
});
console.log(JSON.stringify({ bench: "minatar", ...size, stepsPerSecond: Object.fromEntries(stepsPerSecond) }));
