import type { Result } from "../engine/result.ts";
import type { KeyFileFault } from "./key_file_fault.ts";

/** Where the data keys of one environment come from, by id: files of this machine, or keys that somebody else wraps. */
export interface DataKeySource {
  /** The bits of a key. `Absent`: it is not here. */
  load(id: string): Promise<Result<Uint8Array<ArrayBuffer>, KeyFileFault>>;
  /** Keeps a new key; durable once it resolves. */
  keep(id: string, bytes: Uint8Array<ArrayBuffer>): Promise<Result<void, KeyFileFault>>;
  /** The ids of all keys that are here, in order. */
  list(): Promise<readonly string[]>;
  /** Destroys a key; one that is not here is no error. */
  destroy(id: string): Promise<void>;
}
