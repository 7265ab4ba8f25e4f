/** Whether the file system says that there is no such file; a part of the path that is a file counts too. */
export function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

/** Whether the user or the runtime's own permissions refuse the access. */
export function isRefused(error: unknown): boolean {
  return error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable;
}

/**
 * Says in a few words why a file could not be read or written; `undefined` for an error that is not of the file system.
 * A permission that the runtime lacks is named with the flag that grants it.
 */
export function fileErrorReason(error: unknown): string | undefined {
  if (error instanceof Deno.errors.NotCapable) return error.message;
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  if (isMissing(error)) return "no such file";
  if (error instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (error instanceof Deno.errors.FilesystemLoop) return "too many links";
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return undefined;
}
