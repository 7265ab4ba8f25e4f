import { dirname, join } from "node:path";
import { type Random, randomId } from "../../engine/random.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import type { Blob, Descriptor } from "../../image/descriptor.ts";
import { blobPath, LAYOUT_FILE, LAYOUT_INDEX, LAYOUT_TEXT } from "../../image/layout.ts";
import { answering, isAbsent } from "./file_answer.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import { type LayoutFolder, openLayout } from "./layout_folder.ts";
import { writeAll } from "./write_all.ts";

/** The folder of a layout in which documents lie that are about its images. */
export const DOCUMENTS = "sbom";

/** Makes a folder a layout, unless it is one: it must be absent or empty. Gives the entries that it has. */
export async function makeLayout(folder: string, shown: string): Promise<Result<LayoutFolder, ImageFault>> {
  const names = await answering(`Cannot write the layout "${shown}"`, () => namesIn(folder));
  if (!names.ok) return names;
  if (names.value.includes(LAYOUT_FILE) && names.value.includes(LAYOUT_INDEX)) {
    return await openLayout(folder, shown);
  }
  const isOurs = names.value.every((name) => [LAYOUT_FILE, "blobs", DOCUMENTS].includes(name));
  return isOurs ? ok({ shown, folder, entries: [] }) : err(
    imageFault(
      `Cannot write the layout "${shown}": there is a folder already that is no OCI layout`,
      "Name a folder that is empty, or not there",
    ),
  );
}

/** Puts a blob into a layout, if it is not there: whole or not at all. */
export async function putBlob(
  random: Random,
  { folder, shown }: LayoutFolder,
  blob: Blob,
): Promise<Result<void, ImageFault>> {
  const path = join(folder, blobPath(blob.digest));
  return await answering(`Cannot write the layout "${shown}"`, async () => {
    if (!(await isThere(path, blob))) await writeWhole(random, path, blob.bytes);
  });
}

/** Puts a blob into a layout as `write` writes it into a file of its own, which must be what the descriptor names. */
export async function putBlobBy<Fault>(
  random: Random,
  { folder, shown }: LayoutFolder,
  descriptor: Descriptor,
  write: (file: Deno.FsFile) => Promise<Result<void, Fault>>,
): Promise<Result<void, Fault | ImageFault>> {
  const path = join(folder, blobPath(descriptor.digest));
  const written = await answering(`Cannot write the layout "${shown}"`, async () => {
    if (await isThere(path, descriptor)) return ok(undefined);
    return await withTemporary(random, path, write);
  });
  return written.ok ? written.value : written;
}

/** Makes what was put into a layout count: from now on `index` is what it is about. */
export async function finishLayout(
  random: Random,
  { folder, shown }: LayoutFolder,
  index: Blob,
): Promise<Result<void, ImageFault>> {
  return await answering(`Cannot write the layout "${shown}"`, async () => {
    await writeWhole(random, join(folder, LAYOUT_FILE), new TextEncoder().encode(LAYOUT_TEXT));
    await writeWhole(random, join(folder, LAYOUT_INDEX), index.bytes);
  });
}

/** Writes a document that lies beside the image that it is about; gives its path as people write it. */
export async function putDocument(
  random: Random,
  { folder, shown }: LayoutFolder,
  { bytes, name }: { readonly name: string; readonly bytes: Uint8Array },
): Promise<Result<string, ImageFault>> {
  return await writeFile(random, { folder: join(folder, DOCUMENTS), shown: `${shown}/${DOCUMENTS}` }, {
    bytes,
    name,
  });
}

/** Writes a file of a folder, whole or not at all; gives its path as people write it. */
export async function writeFile(
  random: Random,
  { folder, shown }: Pick<LayoutFolder, "folder" | "shown">,
  { bytes, name }: { readonly name: string; readonly bytes: Uint8Array },
): Promise<Result<string, ImageFault>> {
  return await answering(`Cannot write "${shown}/${name}"`, async () => {
    await writeWhole(random, join(folder, name), bytes);
    return `${shown}/${name}`;
  });
}

async function writeWhole(random: Random, path: string, bytes: Uint8Array): Promise<void> {
  await withTemporary(random, path, async (file) => {
    await writeAll(file, bytes);
    return ok(undefined);
  });
}

/** Writes a temporary file beside `path` and brings it to its place once it is durable. */
async function withTemporary<Fault>(
  random: Random,
  path: string,
  write: (file: Deno.FsFile) => Promise<Result<void, Fault>>,
): Promise<Result<void, Fault>> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const temporary = join(dirname(path), `.${randomId(random)}.tmp`);
  try {
    using file = await Deno.open(temporary, { write: true, createNew: true });
    const written = await write(file);
    if (!written.ok) return written;
    await file.sync();
    await Deno.rename(temporary, path);
    return ok(undefined);
  } finally {
    await removeIfThere(temporary);
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

/** What was cut short by other tools is written again. */
async function isThere(path: string, { sizeBytes }: Descriptor): Promise<boolean> {
  try {
    const { isFile, size } = await Deno.lstat(path);
    return isFile && size === sizeBytes;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    const names: string[] = [];
    for await (const { name } of Deno.readDir(folder)) names.push(name);
    return names;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
