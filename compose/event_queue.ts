/** What one side tells and the other takes in its own time, in order; nothing is lost and nothing waits unless it asks to. */
export class EventQueue<Event> {
  readonly #events: Event[] = [];
  #isClosed = false;
  /** Whether who takes has gone. */
  #isLeft = false;
  /** Ends the wait of who takes. */
  #arrived = Promise.withResolvers<void>();
  /** Ends the wait of who tells. */
  #drained = Promise.withResolvers<void>();

  /** Tells an event. */
  push(event: Event): void {
    this.#events.push(event);
    this.#arrived.resolve();
  }

  /** Tells an event, and waits until the one after it is asked for, or until nobody takes any more. */
  async pushSeen(event: Event): Promise<void> {
    if (this.#isLeft) return;
    this.#drained = Promise.withResolvers();
    this.push(event);
    await this.#drained.promise;
  }

  /** Says that nothing will be told any more. */
  close(): void {
    this.#isClosed = true;
    this.#arrived.resolve();
  }

  /** Takes events until the queue is closed and empty. For one taker. */
  async *take(): AsyncGenerator<Event, void> {
    try {
      while (true) {
        const event = this.#events.shift();
        if (event !== undefined) {
          yield event;
          continue;
        }
        this.#drained.resolve();
        if (this.#isClosed) return;
        await this.#arrived.promise;
        this.#arrived = Promise.withResolvers();
      }
    } finally {
      this.#isLeft = true;
      this.#drained.resolve();
    }
  }
}
