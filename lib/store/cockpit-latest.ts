/**
 * Does dear work on what was asked for last. While one piece is under way newer asks wait, and only the newest of them is
 * done next, so that work never piles up behind a study that grows.
 */
export class LatestWork<Input> {
  readonly #work: (input: Input) => Promise<void>;
  #isBusy = false;
  #waiting: { readonly input: Input } | null = null;
  #isEnded = false;

  /** @param work must handle its own failures */
  constructor(work: (input: Input) => Promise<void>) {
    this.#work = work;
  }

  /** Ask for work. */
  ask(input: Input): void {
    if (this.#isEnded) return;
    this.#waiting = { input };
    if (!this.#isBusy) void this.#workOff();
  }

  /** Begin nothing more. */
  end(): void {
    this.#isEnded = true;
    this.#waiting = null;
  }

  async #workOff(): Promise<void> {
    this.#isBusy = true;
    for (let next = this.#waiting; next !== null; next = this.#waiting) {
      this.#waiting = null;
      await this.#work(next.input);
    }
    this.#isBusy = false;
  }
}
