import { LazySets, type Members } from "./lazy_sets.ts";

/** A map from a key to a set of members, with a draft on top. A change costs what changes, never the size of the set. */
export class OverlayIndex<K, M> {
  readonly #durable = new LazySets<K, M>();
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

  /**
   * Says what is committed already, as far as anybody comes to ask. It may be told as late as by a commit: what that adds and
   * takes away may then have come about, and stays so.
   */
  restoreLater(make: () => Members<K, M>): void {
    this.#durable.fillLater(make);
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
