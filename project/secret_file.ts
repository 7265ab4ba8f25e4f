import { isAbsolute, join, relative, sep } from "node:path";
import { fileErrorReason } from "./_file_error.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { faulty, readSecretBytes, SECRET_LIMIT_BYTES, type SecretRead } from "./secret_read.ts";

const OTHERS = 0o077;

/**
 * Reads a file that holds a secret. A relative path starts at the root of the project and stays below it, links included; an
 * absolute one leads anywhere. Neither gives what is smelt's own, such as a key. Warns of a file that others may read.
 */
export async function readSecretFile(
  ports: Pick<ProjectPorts, "isOwnFile">,
  root: string,
  path: string,
): Promise<SecretRead> {
  const what = `"${path}"`;
  try {
    const real = await Deno.realPath(join(isAbsolute(path) ? "/" : root, path));
    const realRoot = await Deno.realPath(root);
    const way = relative(realRoot, real);
    if (!isAbsolute(path) && !isBelow(way)) {
      const hint = "name a file elsewhere by its absolute path";
      return faulty(`Cannot take the secret from ${what}: it lies outside of the project`, hint);
    }
    if (await ports.isOwnFile(realRoot, real)) {
      return faulty(`Cannot take the secret from ${what}: the folder .smelt is smelt's own`);
    }
    const { isFile, size, mode } = await Deno.stat(real);
    if (!isFile) return faulty(`Cannot take the secret from ${what}: it is not a file`);
    // Told by the size: nothing large is read.
    if (size > SECRET_LIMIT_BYTES) return readSecretBytes(new Uint8Array(SECRET_LIMIT_BYTES + 1), what);
    const read = readSecretBytes(await Deno.readFile(real), what);
    return read.kind === "text" ? { ...read, ...warningOf(path, mode) } : read;
  } catch (error) {
    const reason = fileErrorReason(error);
    if (reason === undefined) throw error;
    return faulty(`Cannot take the secret from ${what}: ${reason}`);
  }
}

/** Whether the way from the root of the project to a file stays below it. */
function isBelow(way: string): boolean {
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function warningOf(path: string, mode: number | null): { readonly warning?: string } {
  if (mode === null || (mode & OTHERS) === 0) return {};
  const found = (mode & 0o777).toString(8).padStart(3, "0");
  return { warning: `Others may use the secret file "${path}": found mode 0${found}, wanted 0600` };
}
