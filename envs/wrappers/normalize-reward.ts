import type { Env, Info } from "../env.ts";
import { InvalidBound } from "../errors.ts";
import type { ByteReader } from "../snapshot/byte-reader.ts";
import type { ByteWriter } from "../snapshot/byte-writer.ts";
import { RunningMeanStd } from "./running-mean-std.ts";
import { Wrapper } from "./wrapper.ts";

/** Divides rewards by the running standard deviation of the discounted return, which goes on over resets and truncations. */
export class NormalizeReward<Obs, Action> extends Wrapper<Obs, Action> {
  /** Statistics of the discounted return. */
  readonly rms = new RunningMeanStd(1);
  /** Whether rewards still change the statistics. */
  updateRunningMean = true;
  readonly #gamma: number;
  readonly #epsilon: number;
  #discounted = 0;

  /** Throws InvalidBound unless 0 <= gamma <= 1 and epsilon > 0. */
  constructor(env: Env<Obs, Action>, gamma = 0.99, epsilon = 1e-8) {
    super(env, { gamma, epsilon });
    if (!(gamma >= 0 && gamma <= 1)) throw new InvalidBound(`NormalizeReward: got gamma = ${gamma}, expected 0 to 1`);
    if (!(epsilon > 0)) throw new InvalidBound(`NormalizeReward: got epsilon = ${epsilon}, expected a positive number`);
    this.#gamma = gamma;
    this.#epsilon = epsilon;
  }

  override get layer(): string {
    return "NormalizeReward";
  }

  override step(action: Action): [Obs, number, boolean, boolean, Info] {
    const [obs, reward, terminated, truncated, info] = this.env.step(action);
    this.#discounted = this.#discounted * this.#gamma * (1 - Number(terminated)) + reward;
    if (this.updateRunningMean) this.rms.update([this.#discounted]);
    return [obs, reward / Math.sqrt(this.rms.var[0]! + this.#epsilon), terminated, truncated, info];
  }

  protected override save(writer: ByteWriter): void {
    writer.uint8(this.updateRunningMean ? 1 : 0);
    writer.float64(this.#discounted);
    this.rms.save(writer);
  }

  protected override load(reader: ByteReader): () => void {
    const updates = reader.uint8(1) === 1;
    const discounted = reader.float64();
    const commit = this.rms.load(reader);
    return () => {
      this.updateRunningMean = updates;
      this.#discounted = discounted;
      commit();
    };
  }
}
