import type { Info } from "../env.ts";
import { splitInfo } from "./batch-info.ts";
import type { VectorResetOptions, VectorStep } from "./vector-env.ts";
import { VectorWrapper } from "./vector-wrapper.ts";

/** Turns the batched info into a list with one info per copy, under `infos`. */
export class DictInfoToList extends VectorWrapper {
  override reset(options?: VectorResetOptions): [unknown, Info] {
    const [obs, info] = this.env.reset(options);
    return [obs, { infos: splitInfo(info, this.numEnvs) }];
  }

  override step(actions: unknown): VectorStep<unknown> {
    const [obs, rewards, terminated, truncated, info] = this.env.step(actions);
    return [obs, rewards, terminated, truncated, { infos: splitInfo(info, this.numEnvs) }];
  }
}
