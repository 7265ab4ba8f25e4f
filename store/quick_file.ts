/**
 * Calls on files that take microseconds. They are made at once: by way of another thread each would wait longer than it
 * works, and an append makes several of them. What waits for a disk stays asynchronous.
 */
const EXCLUSIVE = true;

/** Opens a file. */
export function openQuickly(path: string, options: Deno.OpenOptions): Deno.FsFile {
  return Deno.openSync(path, options);
}

/** Takes the operating system's lock of `file`, unless somebody else holds it. */
export function tryLockQuickly(file: Deno.FsFile): boolean {
  return file.tryLockSync(EXCLUSIVE);
}

/** What the open file is, and what bears its name now. */
export function statBoth(
  file: Deno.FsFile,
  path: string,
): { readonly open: Deno.FileInfo; readonly named: Deno.FileInfo } {
  return { open: file.statSync(), named: Deno.statSync(path) };
}

/** Writes all of `bytes` at `offset` into the system's cache. */
export function writeAt(file: Deno.FsFile, offset: number, bytes: Uint8Array): void {
  file.seekSync(offset, Deno.SeekMode.Start);
  for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
}
