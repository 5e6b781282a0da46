/** Answers questions one at a time: of those that came meanwhile only the latest, whatever the others asked is not wanted any more. */
export class LatestOnly<Question> {
  readonly #answer: (question: Question) => Promise<void>;
  #next: { readonly question: Question } | null = null;
  #isBusy = false;

  /** `answer` must not reject. */
  constructor(answer: (question: Question) => Promise<void>) {
    this.#answer = answer;
  }

  ask(question: Question): void {
    this.#next = { question };
    if (!this.#isBusy) void this.#work();
  }

  /** Leaves what was asked last unanswered, unless it is being answered already. */
  forget(): void {
    this.#next = null;
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (let next = this.#next; next !== null; next = this.#next) {
      this.#next = null;
      await this.#answer(next.question);
    }
    this.#isBusy = false;
  }
}
