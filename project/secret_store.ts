import type { Result } from "../engine/result.ts";
import type { ProjectFailure } from "./failure.ts";

/** The data keys of one environment and the blobs under them, for those who exchange keys. No secret leaves it in clear. */
export interface SecretStore {
  /** The ids of the data keys that are here. */
  keys(): Promise<readonly string[]>;
  hasDigestKey(): Promise<boolean>;
  /** Takes a data key into use, which must be here and open; the failure says why it cannot. */
  useKey(id: string): Promise<Result<void, ProjectFailure>>;
  /** The same for the digest key. */
  useDigestKey(): Promise<Result<void, ProjectFailure>>;
  /** Makes a data key, durably; gives its id. */
  makeKey(): Promise<Result<string, ProjectFailure>>;
  /** A key that is not here is no error. */
  destroyKey(id: string): Promise<void>;
  /** Takes the keys of these ids from a folder of copies, where they lack here; gives the ids that were taken. */
  restoreKeys(folder: string, wanted: WantedKeys): Promise<Result<readonly string[], ProjectFailure>>;
  /** The names of all blobs, as `<id>/<data key>`. */
  blobs(): Promise<readonly string[]>;
  /** Encrypts a blob under another data key, durably, beside the one that there is, and opens what was stored. */
  reseal(
    id: string,
    keys: { readonly from: string; readonly to: string },
  ): Promise<"done" | "unopened" | "absent">;
  /** Whether a blob is there under this key, and opens as what it was sealed as. */
  opens(id: string, key: string): Promise<boolean>;
  removeBlob(name: string): Promise<void>;
}

/** Keys of an environment, by id. */
export interface WantedKeys {
  readonly dataKey: string;
  readonly digestKey: string;
}
