import { make } from "gymnasium-js";
import { policyKeeper } from "../../src/cli/recording.ts";
import { createPolicyRunner } from "../../src/policy/create-policy-runner.ts";
import { decodePolicy } from "../../src/policy/saved-policy.ts";
import { breathing, playEpisode, policyActor } from "../../src/run/play-episode.ts";

/** Records episodes of a policy in CartPole, with seeds 0, 1, …, as the command line does. */
export async function recordSmallDataset(path: string, policy: Uint8Array, count: number): Promise<void> {
  const env = make("CartPole-v1");
  const world = { id: "CartPole-v1", args: {}, imports: [] };
  const keeper = await policyKeeper(path, world, policy, { count, name: "small", step: 0 })(env);
  if (keeper === undefined) throw new Error("CartPole can be recorded");
  const actor = policyActor(createPolicyRunner(decodePolicy(policy)), null);
  for (let seed = 0; seed < count; seed++) {
    const builder = keeper.begin();
    await keeper.end(builder, await playEpisode(env, actor, seed, { breathe: breathing(), builder }));
  }
  env.close();
}
