/** Why a key file was not made or not read. */
export interface KeyFileFault {
  /**
   * `Absent`: nothing is there. `Exists`: something is there, and stays. `Loose`: others than its owner may use it.
   * `Symlink`, `NotAFile`: it is no file of its own. `ForeignOwner`: it belongs to another user. `Malformed`: it is no key
   * file, or for something else. `NotPermitted`: the system or the runtime refuses the access. `Locked`: the key service that
   * wrapped it does not open it now, or not for this user. `Foreign`: that service says that it was wrapped for something else.
   */
  readonly kind:
    | "Absent"
    | "Exists"
    | "Loose"
    | "Symlink"
    | "NotAFile"
    | "ForeignOwner"
    | "Malformed"
    | "NotPermitted"
    | "Locked"
    | "Foreign";
  readonly path: string;
  readonly message: string;
}

/** What is being done with the file, as the first words of messages. */
export type KeyFileAction =
  | "Cannot make the key file"
  | "Cannot use the key file"
  | "Cannot use the key folder";

/** Makes a fault whose message names the file and says `why`. */
export function keyFileFault(
  kind: KeyFileFault["kind"],
  path: string,
  why: string,
  action: KeyFileAction = "Cannot use the key file",
): KeyFileFault {
  return { kind, path, message: `${action} "${path}": ${why}` };
}
