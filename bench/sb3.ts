// Training speed on CartPole-v1 against Stable-Baselines3 on the same machine: our preset (a circuit of 32 neurons, 2 threads), SB3's PPO with an
// MLP and sb3-contrib's RecurrentPPO with an LSTM of 64, both at rl-zoo3's settings. PYTHON names a Python that has both packages.
import { runPeer } from "./helpers/peer.ts";
import { meanReturn, presetRun, trainPreset } from "./helpers/train-preset.ts";

/** What bench/peers/sb3_cartpole.py prints. */
interface PeerResult {
  readonly ppo: { readonly steps: number; readonly stepsPerSecond: number };
  readonly recurrentPpo: { readonly steps: number; readonly stepsPerSecond: number };
  readonly threads: number;
  readonly versions: Readonly<Record<string, string>>;
}

const isQuick = process.argv.includes("--quick");
const run = presetRun("CartPole-v1", 0);
const { policy, stepsPerSecond, steps } = await trainPreset(run, 2);
const learned = await meanReturn(policy, run.env.id, 100, 12345);
if (learned < 475) throw new Error(`the preset reached a mean return of ${learned}, expected at least 475`);
const peer = runPeer<PeerResult>("sb3_cartpole", isQuick ? ["--steps", "2560", "--recurrent-steps", "512"] : []);
const ratio = (theirs: number): number => Math.round(stepsPerSecond / theirs);
console.log(
  JSON.stringify({
    bench: "sb3",
    env: run.env.id,
    ours: { steps, stepsPerSecond: Math.round(stepsPerSecond), return: learned },
    peer,
    ratio: peer && { ppo: ratio(peer.ppo.stepsPerSecond), recurrentPpo: ratio(peer.recurrentPpo.stepsPerSecond) },
  }),
);
