/** A map from a key to a set of members, with a draft on top. A change costs what changes, never the size of the set. */
export class OverlayIndex<K, M> {
  readonly #durable = new Map<K, Set<M>>();
  readonly #draft = new Map<K, Map<M, "in" | "out">>();

  /** What the last commit left; a live view. */
  get durable(): ReadonlyMap<K, ReadonlySet<M>> {
    return this.#durable;
  }

  add(key: K, member: M): void {
    this.#mark(key).set(member, "in");
  }

  remove(key: K, member: M): void {
    this.#mark(key).set(member, "out");
  }

  /** Members of `key` as the draft has them. */
  *members(key: K): IterableIterator<M> {
    const draft = this.#draft.get(key);
    for (const member of this.#durable.get(key) ?? []) {
      if (draft?.get(member) !== "out") yield member;
    }
    for (const [member, mark] of draft ?? []) {
      if (mark === "in" && this.#durable.get(key)?.has(member) !== true) yield member;
    }
  }

  /** Sets all members of `key` that are committed already; the draft on top stays as it is. */
  restore(key: K, members: Iterable<M>): void {
    this.#durable.set(key, new Set(members));
  }

  commit(): void {
    for (const [key, changes] of this.#draft) this.#commitKey(key, changes);
    this.#draft.clear();
  }

  discard(): void {
    this.#draft.clear();
  }

  #commitKey(key: K, changes: ReadonlyMap<M, "in" | "out">): void {
    const members = this.#durable.get(key) ?? new Set<M>();
    for (const [member, mark] of changes) {
      if (mark === "in") members.add(member);
      else members.delete(member);
    }
    if (members.size === 0) this.#durable.delete(key);
    else this.#durable.set(key, members);
  }

  #mark(key: K): Map<M, "in" | "out"> {
    const known = this.#draft.get(key);
    if (known !== undefined) return known;
    const made = new Map<M, "in" | "out">();
    this.#draft.set(key, made);
    return made;
  }
}
