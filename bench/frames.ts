// Observations per second of the batched worlds seen through 84×84×4 grey pictures, on one core: random actions, drawing, stacking and
// resets included. First checks each against its single form.
import { setWarningHandler } from "gymnasium-js";
import { batchRate, checkBatchAgainstSingle } from "./helpers/env-rate.ts";

setWarningHandler(() => {}); // -v0 is what published results use, though -v1 exists
const isQuick = process.argv.includes("--quick");
const size = { numEnvs: 16, numSteps: 20, repeats: isQuick ? 30 : 300 };
const games = ["Asterix", "Breakout", "Freeway", "Seaquest", "SpaceInvaders"];
const framesPerSecond = [...games.map((game) => `MinAtarFrames/${game}-v0`), "CartPoleFrames-v1"].map((id) => {
  checkBatchAgainstSingle(id, 30, true);
  return [id, batchRate(id, size)] as const;
});
console.log(JSON.stringify({ bench: "frames", ...size, framesPerSecond: Object.fromEntries(framesPerSecond) }));
