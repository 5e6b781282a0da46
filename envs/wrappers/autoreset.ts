import type { Env, Info, ResetOptions } from "../env.ts";
import type { ByteReader } from "../snapshot/byte-reader.ts";
import type { ByteWriter } from "../snapshot/byte-writer.ts";
import { Wrapper } from "./wrapper.ts";

/** The step after an end ignores its action and resets instead: reward 0, no flags. */
export class Autoreset<Obs, Action> extends Wrapper<Obs, Action> {
  #isOver = false;

  constructor(env: Env<Obs, Action>) {
    super(env, {});
  }

  override get layer(): string {
    return "Autoreset";
  }

  override reset(options?: ResetOptions): [Obs, Info] {
    this.#isOver = false;
    return this.env.reset(options);
  }

  override step(action: Action): [Obs, number, boolean, boolean, Info] {
    if (this.#isOver) {
      const [obs, info] = this.reset();
      return [obs, 0, false, false, info];
    }
    const result = this.env.step(action);
    this.#isOver = result[2] || result[3];
    return result;
  }

  protected override save(writer: ByteWriter): void {
    writer.uint8(this.#isOver ? 1 : 0);
  }

  protected override load(reader: ByteReader): () => void {
    const isOver = reader.uint8(1) === 1;
    return () => {
      this.#isOver = isOver;
    };
  }
}
