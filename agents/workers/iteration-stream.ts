import type { IterationAnswer } from "./messages.ts";

interface Waiter {
  readonly resolve: (answer: IterationAnswer) => void;
  readonly reject: (reason: Error) => void;
}

/** How far threads may run ahead of whoever awaits their iterations, milliseconds: also how long a wish to stop may take. */
const AHEAD_MS = 50;
const MAX_AHEAD = 64;

/** Iterations that threads were asked for, on their way to those who await them one by one. */
export class IterationStream {
  readonly #answers: IterationAnswer[] = [];
  readonly #waiters: Waiter[] = [];
  #numAsked = 0;
  #failure: Error | null = null;
  #newest: IterationAnswer | null = null;
  #stepsEach = 0;
  #numStepsTold: number;

  /** `numSteps` done before the first iteration. */
  constructor(numSteps: number) {
    this.#numStepsTold = numSteps;
  }

  /** Iterations asked for that nobody was told about yet. */
  get length(): number {
    return this.#numAsked + this.#answers.length;
  }

  /** How many more iterations to ask for now, so that the next one comes and, up to `untilStep`, threads never run dry. */
  numToAsk(untilStep: number | undefined): number {
    const needed = Math.max(0, this.#waiters.length + 1 - this.length);
    if (untilStep === undefined || this.#newest === null) return needed;
    const ahead = Math.min(MAX_AHEAD, Math.floor(AHEAD_MS / this.#newest.ms));
    if (2 * this.length > ahead) return needed;
    const left = Math.ceil((untilStep - this.#numStepsTold) / this.#stepsEach) - this.length;
    return Math.max(needed, Math.min(ahead - this.length, left));
  }

  /** Notes that so many more were asked for. */
  asked(times: number): void {
    this.#numAsked += times;
  }

  /** The next iteration's answer; rejects once there is none and the threads failed. */
  next(): Promise<IterationAnswer> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#deliver();
    });
  }

  push(answer: IterationAnswer): void {
    this.#stepsEach = answer.numSteps - (this.#newest?.numSteps ?? this.#numStepsTold);
    this.#newest = answer;
    this.#numAsked = answer.isDone ? 0 : Math.max(0, this.#numAsked - 1);
    this.#answers.push(answer);
    this.#deliver();
  }

  fail(error: Error): void {
    this.#failure ??= error;
    this.#numAsked = 0;
    this.#deliver();
  }

  #deliver(): void {
    while (this.#waiters.length > 0 && (this.#answers.length > 0 || this.#failure !== null)) {
      const waiter = this.#waiters.shift()!; // not empty
      const answer = this.#answers.shift();
      if (answer) {
        this.#numStepsTold = answer.numSteps;
        waiter.resolve(answer);
      } else waiter.reject(this.#failure!);
    }
  }
}
