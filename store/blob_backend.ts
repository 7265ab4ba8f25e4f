/**
 * Where ciphertexts of secrets and other named bytes lie. Names are paths of lower-case letters, digits, `-`, `_`, `.` and
 * `/`. *Absent* is only a definite answer; every error rejects.
 */
export interface BlobBackend {
  get(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Durable once it resolves. `exists`: something else lies there, and stays. */
  putIfAbsent(name: string, bytes: Uint8Array): Promise<"stored" | "exists">;
  /** Names that start with `prefix`, in code-point order. */
  list(prefix: string): Promise<readonly string[]>;
  /** Removing what is not there is no error. */
  remove(name: string): Promise<void>;
}
