import { join, resolve, sep } from "node:path";
import { err, ok, type Result } from "../../engine/result.ts";
import type { TarFile } from "../../image/tar.ts";
import { isOwnFile } from "../own_files.ts";
import { answering } from "./file_answer.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";

/** A file or a folder that goes into an image, as it was asked for. */
export interface FileRequest {
  /** Relative to the working folder. */
  readonly from: string;
  /** Absolute path in the image. */
  readonly to: string;
}

const PLAIN_MODE = 0o644;
const EXECUTABLE_MODE = 0o755;
const EXECUTE_BIT = 0o100;
/** All files of one image together: 4 GiB. */
const LIMIT_BYTES = 4 * 1024 ** 3;

/**
 * Reads files, and folders with all that is in them, into their places in the image. A link is followed, but only to what lies
 * below the working folder: nothing else of this machine gets into an image, nor does anything of smelt's own folder.
 */
export async function readFiles(
  folder: string,
  requests: readonly FileRequest[],
): Promise<Result<readonly TarFile[], ImageFault>> {
  const root = await answering(`Cannot read "${folder}"`, () => Deno.realPath(folder));
  if (!root.ok) return root;
  const reading: Reading = { root: root.value, files: [], sizeBytes: 0 };
  for (const { from, to } of requests) {
    if (!to.startsWith("/")) {
      return err(
        imageFault(`Cannot put "${from}" at "${to}": wanted a place in the image that begins with "/"`),
      );
    }
    const read = await readInto(reading, {
      from: resolve(folder, from),
      shown: from,
      to: to.slice(1),
      above: [],
    });
    if (!read.ok) return read;
  }
  return ok(reading.files);
}

/** What has been read so far. */
interface Reading {
  readonly root: string;
  readonly files: TarFile[];
  sizeBytes: number;
}

interface Source {
  readonly from: string;
  readonly shown: string;
  readonly to: string;
  /** The folders that it was come to through, by their real paths. */
  readonly above: readonly string[];
}

async function readInto(reading: Reading, source: Source): Promise<Result<void, ImageFault>> {
  const { above, from, shown, to } = source;
  const cannot = (why: string) => err(imageFault(`Cannot put "${shown}" into the image: ${why}`));
  const real = await answering(`Cannot read "${shown}"`, () => Deno.realPath(from));
  if (!real.ok) return real;
  const path = real.value;
  if (path !== reading.root && !path.startsWith(`${reading.root}${sep}`)) {
    return cannot(`it leads out of the working folder, to "${path}"`);
  }
  const isOwn = await answering(`Cannot read "${shown}"`, () => isOwnFile(reading.root, path));
  if (!isOwn.ok) return isOwn;
  if (isOwn.value) return cannot("the folder .smelt is smelt's own, and holds keys");
  const stat = await answering(`Cannot read "${shown}"`, () => Deno.stat(path));
  if (!stat.ok) return stat;
  const { isDirectory, isFile, mode, size } = stat.value;
  if (isDirectory) {
    return above.includes(path)
      ? cannot("it is a link to a folder that holds it")
      : await readFolder(reading, { ...source, from: path, above: [...above, path] });
  }
  if (!isFile) return cannot("it is neither a file nor a folder");
  reading.sizeBytes += size;
  if (reading.sizeBytes > LIMIT_BYTES) {
    return cannot(`all files together have more than ${LIMIT_BYTES} bytes`);
  }
  const bytes = await answering(`Cannot read "${shown}"`, () => Deno.readFile(path));
  if (!bytes.ok) return bytes;
  const isExecutable = ((mode ?? 0) & EXECUTE_BIT) !== 0;
  reading.files.push({ path: to, mode: isExecutable ? EXECUTABLE_MODE : PLAIN_MODE, bytes: bytes.value });
  return ok(undefined);
}

async function readFolder(reading: Reading, source: Source): Promise<Result<void, ImageFault>> {
  const { from, shown, to } = source;
  const names = await answering(`Cannot read "${shown}"`, async () => {
    const found: string[] = [];
    for await (const { name } of Deno.readDir(from)) found.push(name);
    return found.toSorted();
  });
  if (!names.ok) return names;
  for (const name of names.value) {
    const inner = {
      ...source,
      from: join(from, name),
      shown: `${shown}/${name}`,
      to: to === "" ? name : `${to}/${name}`,
    };
    const read = await readInto(reading, inner);
    if (!read.ok) return read;
  }
  return ok(undefined);
}
