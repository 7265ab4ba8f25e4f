import type { CallFailure, FailureKind } from "../../engine/call_failure.ts";
import { err, ok, type Result } from "../../engine/result.ts";

const KINDS: Readonly<Record<string, readonly [FailureKind, string]>> = {
  ENOENT: ["NotFound", "there is no such file or folder"],
  EEXIST: ["AlreadyExists", "there is one already"],
  EACCES: ["Denied", "the system does not allow it"],
  EPERM: ["Denied", "the system does not allow it"],
  EROFS: ["Denied", "the file system takes no changes"],
  ENOTEMPTY: ["InUse", "the folder is not empty"],
  EBUSY: ["InUse", "it is in use"],
  ETXTBSY: ["InUse", "it is being run"],
  ENOSPC: ["QuotaExceeded", "the disk is full"],
  EDQUOT: ["QuotaExceeded", "the disk quota is used up"],
  EFBIG: ["QuotaExceeded", "the file system takes no file of that size"],
  EMFILE: ["Transient", "too many files are open"],
  ENFILE: ["Transient", "too many files are open"],
  ENOTDIR: ["ConstraintViolated", "a folder above it is a file"],
  EISDIR: ["ConstraintViolated", "it is a folder"],
  ENAMETOOLONG: ["InvalidConfig", "the name is too long"],
  EINVAL: ["InvalidConfig", "the system takes no such name"],
  ELOOP: ["ConstraintViolated", "the links above it go round in a circle"],
};

const NOT_PERMITTED = "smelt was started without the permission that it needs";

/**
 * Runs operations of the file system. What the system or the runtime's permissions answer becomes a failure of `certainty`,
 * by code; anything else is a bug and goes on upwards. `action` begins the message, for example `Cannot create "a.txt"`.
 */
export async function attempt<T>(
  action: string,
  certainty: CallFailure["certainty"],
  operation: () => Promise<T>,
): Promise<Result<T, CallFailure>> {
  try {
    return ok(await operation());
  } catch (error) {
    const answer = answerOf(error);
    if (answer === undefined) throw error;
    const [kind, why] = answer;
    const retry = kind === "Transient" ? "safe" : "never";
    return err({ kind, retry, certainty, message: `${action}: ${why}` });
  }
}

/** The system's code of an error, for example `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

function answerOf(error: unknown): readonly [FailureKind, string] | undefined {
  if (error instanceof Deno.errors.NotCapable) return ["Denied", NOT_PERMITTED];
  const code = codeOf(error);
  return code === undefined ? undefined : KINDS[code] ?? ["Internal", `the system answered ${code}`];
}
