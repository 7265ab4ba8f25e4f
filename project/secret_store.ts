import type { Result } from "../engine/result.ts";
import type { KeyForm } from "../trust/key_form.ts";
import type { ProjectFailure } from "./failure.ts";

/** How a key lies here. `unusable`: there is a file, and it cannot be read as one of a key. */
export type StoredKeyForm = KeyForm | { readonly kind: "absent" | "unusable" };

/** Whether a key is here, and is one. */
export function isHere(form: StoredKeyForm): form is KeyForm {
  return form.kind === "clear" || form.kind === "wrapped";
}

/** The data keys of one environment and the blobs under them, for those who exchange keys. No secret leaves it in clear. */
export interface SecretStore {
  /** The ids of the data keys that are here. */
  keys(): Promise<readonly string[]>;
  /** How a data key or the digest key lies here. Nothing is opened. */
  keyForm(id: string): Promise<StoredKeyForm>;
  /** How a key that is made now would lie, as `smelt.toml` says. */
  readonly newForm: KeyForm;
  /** Takes a data key into use, which must be here and open; the failure says why it cannot. */
  useKey(id: string): Promise<Result<void, ProjectFailure>>;
  /** The same for the digest key. */
  useDigestKey(): Promise<Result<void, ProjectFailure>>;
  /** Makes the data key `id`, durably. */
  makeKey(id: string): Promise<Result<void, ProjectFailure>>;
  /** Wraps a digest key that lies in clear, where `smelt.toml` says that keys are wrapped. */
  wrapDigestKey(): Promise<Result<"wrapped" | "unchanged", ProjectFailure>>;
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
  /** Removes what was written for blobs before this moment, in milliseconds since 1970, and has become none. */
  removeUnfinished(beforeMs: number): Promise<void>;
}

/** Keys of an environment, by id. */
export interface WantedKeys {
  readonly dataKey: string;
  readonly digestKey: string;
}
