/** A part of a past state that cannot be again as it was, or something that is lost on the way to it. */
export interface Irreversible {
  readonly address: string;
  /**
   * `remade`: its object is gone, and another is made. `another`: it was replaced since, and the new one stays. `replaced`,
   * `deleted`: an object that lives now goes. `released`: one is let go of. `kept`: it stays as it is, since protection covers it.
   * `unknown`: it cannot be made here.
   */
  readonly kind: "remade" | "another" | "replaced" | "deleted" | "released" | "kept" | "unknown";
  /** The object that it is about, where there is one. */
  readonly id: string | undefined;
  /** What becomes of it, to follow the address. */
  readonly what: string;
}
