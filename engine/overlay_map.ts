/** Stands in a draft for what it takes away. */
const GONE = Symbol("gone");

/**
 * A map with a draft on top. Reads of the draft see what was set since the last commit; reads of `durable` do not. A
 * commit costs what was set, never the size of the whole.
 */
export class OverlayMap<K, V> {
  readonly #durable: Map<K, V>;
  readonly #draft = new Map<K, V | typeof GONE>();

  constructor(entries: Iterable<readonly [K, V]> = []) {
    this.#durable = new Map(entries);
  }

  /** What the last commit left; a live view. */
  get durable(): ReadonlyMap<K, V> {
    return this.#durable;
  }

  get(key: K): V | undefined {
    const drafted = this.#draft.get(key);
    if (drafted === undefined) return this.#durable.get(key);
    return drafted === GONE ? undefined : drafted;
  }

  set(key: K, value: V): void {
    this.#draft.set(key, value);
  }

  delete(key: K): void {
    this.#draft.set(key, GONE);
  }

  /** Entries as the draft has them, those it set last at the end. */
  *entries(): IterableIterator<[K, V]> {
    for (const [key, value] of this.#durable) {
      if (!this.#draft.has(key)) yield [key, value];
    }
    for (const [key, value] of this.#draft) {
      if (value !== GONE) yield [key, value];
    }
  }

  /** Sets what is committed already; the draft on top stays as it is. */
  restore(key: K, value: V): void {
    this.#durable.set(key, value);
  }

  commit(): void {
    for (const [key, value] of this.#draft) {
      if (value === GONE) this.#durable.delete(key);
      else this.#durable.set(key, value);
    }
    this.#draft.clear();
  }

  discard(): void {
    this.#draft.clear();
  }
}
