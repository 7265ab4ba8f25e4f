/** Lists of members by key, each member once. */
export type Members<K, M> = Map<K, M[]>;

/**
 * Sets by key. Of a large estate an index holds a set for each resource, nearly all of one member, and a command asks for few
 * of them, or for none: so what a checkpoint brings is worked out when it is asked for first, and made a set key by key.
 */
export class LazySets<K, M> implements ReadonlyMap<K, ReadonlySet<M>> {
  #made = new Map<K, Set<M> | readonly M[]>();
  #later: (() => Members<K, M>) | undefined;

  /** Says where all members come from; `make` is called once, or never. */
  fillLater(make: () => Members<K, M>): void {
    this.#later = make;
  }

  get size(): number {
    return this.#all().size;
  }

  has(key: K): boolean {
    return this.#all().has(key);
  }

  get(key: K): Set<M> | undefined {
    const members = this.#all().get(key);
    if (members === undefined || members instanceof Set) return members;
    const made = new Set(members);
    this.#made.set(key, made);
    return made;
  }

  set(key: K, members: Set<M>): void {
    this.#all().set(key, members);
  }

  delete(key: K): void {
    this.#all().delete(key);
  }

  keys(): MapIterator<K> {
    return this.#all().keys();
  }

  *values(): MapIterator<Set<M>> {
    for (const [, members] of this) yield members;
  }

  *entries(): MapIterator<[K, Set<M>]> {
    for (const key of this.keys()) yield [key, this.get(key) ?? new Set()];
  }

  [Symbol.iterator](): MapIterator<[K, Set<M>]> {
    return this.entries();
  }

  forEach(call: (value: ReadonlySet<M>, key: K, map: ReadonlyMap<K, ReadonlySet<M>>) => void): void {
    for (const [key, members] of this) call(members, key, this);
  }

  #all(): Map<K, Set<M> | readonly M[]> {
    if (this.#later !== undefined) {
      this.#made = new Map<K, Set<M> | readonly M[]>(this.#later());
      this.#later = undefined;
    }
    return this.#made;
  }
}
