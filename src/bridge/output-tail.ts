/** The last lines a process wrote: kept for when it dies, not shown while it lives. */
export class OutputTail {
  readonly #limit: number;
  #text = '';

  /** Keeps at most `limit` characters. */
  constructor(limit = 16 * 1024) {
    this.#limit = limit;
  }

  push(text: string): void {
    this.#text = (this.#text + text).slice(-this.#limit);
  }

  /** The last `lines` lines. */
  last(lines = 20): string {
    return this.#text.trimEnd().split('\n').slice(-lines).join('\n');
  }
}
