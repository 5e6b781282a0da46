import { signal } from "@preact/signals";
import { messageOf } from "../../src/errors.ts";

/** Whether something that takes a while is under way, and what went wrong the last time. */
export class WorkState {
  readonly isBusy = signal(false);
  readonly problem = signal<string | null>(null);

  /** Does `work`; a failure becomes `problem`, and never passes on. */
  async run(work: () => Promise<void>): Promise<void> {
    this.isBusy.value = true;
    this.problem.value = null;
    try {
      await work();
    } catch (error) {
      this.problem.value = messageOf(error);
    } finally {
      this.isBusy.value = false;
    }
  }
}
