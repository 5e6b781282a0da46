import type { Metrics } from "../trainer.ts";
import type { Answer, Command, CommonState, StateTensors } from "./messages.ts";

/** One of the threads that train together, whatever they learn. All are asked the same at the same time. */
export interface TrainingWorker {
  /** env steps or training frames done by all workers together */
  readonly numSteps: number;
  /** whether the learner itself sees no sense in going on (early stopping) */
  readonly isDone: boolean;
  /** One iteration; all workers meet inside. Throws BarrierAborted when another worker stopped. */
  iterate(): Metrics;
  /** bytes of the policy file */
  policy(): Uint8Array;
  /** what the next iteration depends on and only this worker knows */
  shardState(): StateTensors;
  /** what it depends on and all workers know alike */
  commonState(): CommonState;
  /** Makes the other workers stop at their next barrier. */
  abort(): void;
  close(): void;
}

/** Does what was asked and hands the answers to `send`, unless another worker answers. */
export function answer(
  worker: TrainingWorker,
  workerIndex: number,
  command: Command,
  send: (answer: Answer) => void,
): void {
  const isFirst = workerIndex === 0;
  switch (command.kind) {
    case "iterate":
      for (let i = 0; i < command.times && (i === 0 || !worker.isDone); i++) {
        const startedAt = performance.now();
        const metrics = worker.iterate();
        const ms = performance.now() - startedAt;
        if (isFirst) send({ kind: "iterate", metrics, ms, numSteps: worker.numSteps, isDone: worker.isDone });
      }
      return;
    case "policy":
      if (isFirst) send({ kind: "policy", bytes: worker.policy() });
      return;
    case "state":
      send({ kind: "state", shards: worker.shardState(), common: isFirst ? worker.commonState() : null });
      return;
    case "close":
      send({ kind: "closed" });
      return;
    default:
      return command satisfies never;
  }
}
