/**
 * Whether what bears the name `path` is a file, links followed; `undefined` when nothing bears it. To be asked before a file is
 * opened that others may have put there: a folder or a circle of links fails in words of the system, and a named pipe is
 * waited at for ever.
 */
export async function isRegularFile(path: string): Promise<boolean | undefined> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof Deno.errors.FilesystemLoop) return false;
    throw error;
  }
}
