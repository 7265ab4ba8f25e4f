import { join } from "node:path";
import { compareText } from "../../engine/text_order.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { type Advisory, parseAdvisory, parseOsvAdvisory } from "../../image/advisory.ts";
import type { AdvisoryDatabase, AuditFault } from "../../image/audit_packages.ts";
import { digestOf } from "../../image/digest.ts";
import { answering, isAbsent } from "./file_answer.ts";
import { sha256 } from "./sha256.ts";

/** An advisory is a page of text. */
const FILE_LIMIT_BYTES = 1024 * 1024;
/** Of the files of one folder at a time. */
const COUNT_LIMIT = 100_000;
const SOURCE_SUFFIX = ".md";
const EXPORT_SUFFIX = ".json";
/** Advisories about packages lie in the first folder, those about Rust itself in the second. */
const FOLDERS = { packages: "crates", rust: "rust" } as const;

/** Why a database cannot be used: it is not there, or not what it should be. */
export type DatabaseFault = Omit<AuditFault, "effect">;

/** A file of a database, not read yet. */
interface AdvisoryFile {
  /** Below the folder of the database. */
  readonly path: string;
  /** What its name says it is. */
  readonly id: string;
  /** What the folder that it lies in says it is about; `undefined` in an export, which has one folder for all. */
  readonly package: string | undefined;
}

/**
 * Reads all advisories of a folder, a clone of the database or its export to OSV. One file that cannot be understood makes all of
 * it worthless: what it would have said is not known.
 */
export async function readAdvisories(
  folder: string,
  shown: string,
): Promise<Result<AdvisoryDatabase, DatabaseFault>> {
  const isFolder = await reading(
    `Cannot read the database of advisories "${shown}"`,
    async () => (await Deno.stat(folder)).isDirectory,
  );
  if (!isFolder.ok) return isFolder;
  if (!isFolder.value) return err({ code: "IMG041", message: `"${shown}" is no folder of advisories` });
  const hashes: string[] = [];
  const read: Record<keyof typeof FOLDERS, Advisory[]> = { packages: [], rust: [] };
  for (const kind of ["packages", "rust"] as const) {
    const files = await listFiles(folder, FOLDERS[kind], shown);
    if (!files.ok) return files;
    for (const file of files.value) {
      const one = await readAdvisory(folder, file, shown);
      if (!one.ok) return one;
      read[kind].push(one.value.advisory);
      hashes.push(`${one.value.hex}  ${file.path}\n`);
    }
  }
  const total = read.packages.length + read.rust.length;
  const ids = new Set([...read.packages, ...read.rust].map(({ id }) => id));
  if (ids.size !== total) return err(corrupt(shown, "it holds one advisory twice"));
  if (read.packages.length === 0) {
    return err(
      corrupt(shown, `it holds no advisories: wanted a folder "${FOLDERS.packages}" with some in it`),
    );
  }
  const digest = digestOf(sha256, new TextEncoder().encode(hashes.join("")));
  return ok({ ...read, digest });
}

function corrupt(shown: string, why: string): DatabaseFault {
  return { code: "IMG043", message: `the database of advisories "${shown}" is damaged: ${why}` };
}

async function reading<T>(action: string, operation: () => Promise<T>): Promise<Result<T, DatabaseFault>> {
  const read = await answering(action, operation);
  return read.ok ? read : err({ code: "IMG041", message: read.error.message });
}

async function listFiles(
  folder: string,
  kind: string,
  shown: string,
): Promise<Result<readonly AdvisoryFile[], DatabaseFault>> {
  const top = await entriesOf(join(folder, kind), shown);
  if (!top.ok) return top;
  const files: AdvisoryFile[] = [];
  for (const { isDirectory, isSymlink, name } of top.value) {
    if (isSymlink) return err(corrupt(shown, `"${kind}/${name}" is a link`));
    if (name.endsWith(EXPORT_SUFFIX)) {
      files.push({ path: `${kind}/${name}`, id: name.slice(0, -EXPORT_SUFFIX.length), package: undefined });
    }
    if (!isDirectory) continue;
    const inner = await entriesOf(join(folder, kind, name), shown);
    if (!inner.ok) return inner;
    for (const each of inner.value.filter((entry) => entry.name.endsWith(SOURCE_SUFFIX))) {
      const id = each.name.slice(0, -SOURCE_SUFFIX.length);
      files.push({ path: `${kind}/${name}/${each.name}`, id, package: name });
    }
  }
  if (files.length > COUNT_LIMIT) return err(corrupt(shown, `it holds more than ${COUNT_LIMIT} files`));
  return ok(files.toSorted((one, other) => compareText(one.path, other.path)));
}

/** What is not there holds nothing; the export has nothing about Rust itself. */
async function entriesOf(
  path: string,
  shown: string,
): Promise<Result<readonly Deno.DirEntry[], DatabaseFault>> {
  return await reading(`Cannot read the database of advisories "${shown}"`, async () => {
    const entries: Deno.DirEntry[] = [];
    try {
      for await (const entry of Deno.readDir(path)) entries.push(entry);
    } catch (error) {
      if (!isAbsent(error)) throw error;
    }
    return entries;
  });
}

async function readAdvisory(
  folder: string,
  file: AdvisoryFile,
  shown: string,
): Promise<Result<{ readonly advisory: Advisory; readonly hex: string }, DatabaseFault>> {
  const { path } = file;
  const bytes = await reading(`Cannot read "${path}" of "${shown}"`, async () => {
    const { isFile, size } = await Deno.lstat(join(folder, path));
    return isFile && size <= FILE_LIMIT_BYTES ? await Deno.readFile(join(folder, path)) : undefined;
  });
  if (!bytes.ok) return bytes;
  if (bytes.value === undefined) return err(corrupt(shown, `"${path}" is no file of a page of text`));
  const text = decoded(bytes.value);
  if (text === undefined) return err(corrupt(shown, `"${path}" is no text in UTF-8`));
  const advisory = file.package === undefined ? parseOsvAdvisory(text) : parseAdvisory(text);
  if (!advisory.ok) return err(corrupt(shown, `"${path}" is no advisory: ${advisory.error}`));
  const { id, package: name } = advisory.value;
  if (id !== file.id) return err(corrupt(shown, `"${path}" says that it is ${id}`));
  if (file.package !== undefined && name !== file.package) {
    return err(corrupt(shown, `"${path}" says that it is about the package "${name}"`));
  }
  return ok({ advisory: advisory.value, hex: sha256(bytes.value) });
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
