import { SeedSequence, defaultRng } from "gymnasium-js";
import type { PolicyRunner } from "../../src/policy/policy-runner.ts";
import { type Actor, policyActor } from "../../src/run/play-episode.ts";
import type { Expert } from "../experts/expert.ts";

/** Branch of an episode's seed that decides who acts. */
const WHO_ACTS = 2;

/**
 * Acts as the expert in a share of the steps and as the policy in the others, drawn step by step (Ross, Gordon and Bagnell 2011,
 * arXiv:1011.0686). The policy sees every step, so that its state is that of a policy that drives; the label is always the expert's.
 */
export function mixtureActor(expert: Expert, policy: PolicyRunner, share: number): Actor {
  const learner = policyActor(policy, null);
  let rng = defaultRng(0);
  return {
    reset: (seed) => {
      rng = defaultRng(new SeedSequence([seed, WHO_ACTS]));
      learner.reset(seed);
    },
    act: (sight) => {
      const label = expert.act(sight.env);
      const { action, response } = learner.act(sight);
      return { action: rng.random() < share ? label : action, label, response };
    },
  };
}
