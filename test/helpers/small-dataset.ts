import { make } from "gymnasium-js";
import { policyKeeper } from "../../src/cli/recording.ts";
import { createPolicyRunner } from "../../src/policy/create-policy-runner.ts";
import { decodePolicy } from "../../src/policy/saved-policy.ts";
import { breathing, playEpisode, policyActor } from "../../src/run/play-episode.ts";

/** Records episodes of a policy in a world, with seeds 0, 1, …, as the command line does. */
export async function recordSmallDataset(
  path: string,
  policy: Uint8Array,
  count: number,
  id = "CartPole-v1",
): Promise<void> {
  const env = make(id);
  const world = { id, args: {}, imports: [] };
  const keeper = await policyKeeper(path, world, policy, { count, name: "small", step: 0 })(env);
  if (keeper === undefined) throw new Error(`${id} cannot be recorded`);
  const actor = policyActor(createPolicyRunner(decodePolicy(policy)), null);
  for (let seed = 0; seed < count; seed++) {
    const builder = keeper.begin();
    await keeper.end(builder, await playEpisode(env, actor, seed, { breathe: breathing(), builder }));
  }
  env.close();
}
