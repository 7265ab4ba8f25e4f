import { join } from "node:path";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../engine/json.ts";
import type { Random } from "../../engine/random.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { jsonBlob } from "../../image/descriptor.ts";
import { type Digest, parseDigest } from "../../image/digest.ts";
import { blobPath } from "../../image/layout.ts";
import { MEDIA_TYPES } from "../../image/media_type.ts";
import { answering, statIfThere } from "./file_answer.ts";
import { damageFault, type ImageFault } from "./image_fault.ts";
import { entryDescriptor, type LayoutFolder, readLayoutBlob } from "./layout_folder.ts";
import { DOCUMENTS, finishLayout } from "./layout_writer.ts";
import { sha256 } from "./sha256.ts";

/** What of a layout goes. */
export interface LayoutPruning {
  /** Whether an image goes, by its entry of `index.json` and when its document was written or used last. */
  isOld(entry: JsonObject, usedMs: number): boolean;
  /** What nothing names goes when it was written before: a build that is under way has blobs that nothing names yet. */
  readonly beforeMs: number;
  readonly mode: "tell" | "remove";
}

/** What went, or would go. */
export interface PrunedLayout {
  /** Images whose entry went. */
  readonly images: readonly string[];
  readonly blobCount: number;
  readonly freedBytes: number;
}

const BLOB_FOLDER = "blobs/sha256";
const BLOB_REGEXP = /^[0-9a-f]{64}$/;
const DOCUMENT_REGEXP = /^sha256-([0-9a-f]{64})\.[a-z.]+$/;
const TEMPORARY_REGEXP = /^\.[0-9a-f]+\.tmp$/;
/** No image has documents that go deeper. */
const DEPTH_LIMIT = 4;

/**
 * Takes old images out of a layout, and the blobs that nothing names.
 *   G1. What an image that stays names stays, with what is attached to it and what lies beside it.
 *   G2. Every document is held against its digest first: where one is damaged nothing goes.
 *   G3. The index is written before blobs go, so that it never names what is not there.
 */
export async function pruneLayout(
  random: Random,
  layout: LayoutFolder,
  pruning: LayoutPruning,
): Promise<Result<PrunedLayout, ImageFault>> {
  const sorted = await sortEntries(layout, pruning);
  if (!sorted.ok) return sorted;
  const { kept, reached, removed } = sorted.value;
  if (pruning.mode === "remove" && removed.length > 0) {
    const index = jsonBlob(sha256, MEDIA_TYPES.index, {
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.index,
      manifests: kept,
    });
    const written = await finishLayout(random, layout, index);
    if (!written.ok) return written;
  }
  const lost = await answering(`Cannot remove blobs of "${layout.shown}"`, async () => [
    ...await lostFiles(join(layout.folder, BLOB_FOLDER), pruning, (name) => lostBlob(name, reached)),
    ...await lostFiles(join(layout.folder, DOCUMENTS), pruning, (name) => lostDocument(name, reached)),
  ]);
  if (!lost.ok) return lost;
  const gone = await answering(`Cannot remove blobs of "${layout.shown}"`, async () => {
    for (const { path } of pruning.mode === "remove" ? lost.value : []) await Deno.remove(path);
  });
  if (!gone.ok) return gone;
  return ok({
    images: removed.map((each) => String(each["digest"])),
    blobCount: lost.value.length,
    freedBytes: lost.value.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  });
}

/** What nothing names, and what a build that died left half written. */
function lostBlob(name: string, reached: ReadonlySet<string>): boolean {
  return BLOB_REGEXP.test(name) ? !reached.has(`sha256:${name}`) : TEMPORARY_REGEXP.test(name);
}

/** A document that lies beside an image, and is about one that is gone. */
function lostDocument(name: string, reached: ReadonlySet<string>): boolean {
  const [, hex] = DOCUMENT_REGEXP.exec(name) ?? [];
  return hex === undefined ? TEMPORARY_REGEXP.test(name) : !reached.has(`sha256:${hex}`);
}

interface SortedEntries {
  readonly kept: readonly JsonObject[];
  readonly removed: readonly JsonObject[];
  /** The digests of all that stays. */
  readonly reached: ReadonlySet<string>;
}

/** Images first, then what is attached to those that stay. */
async function sortEntries(
  layout: LayoutFolder,
  { isOld }: LayoutPruning,
): Promise<Result<SortedEntries, ImageFault>> {
  const reached = new Set<string>();
  const attached: { readonly entry: JsonObject; readonly subject: string }[] = [];
  const removed: JsonObject[] = [];
  for (const entry of layout.entries) {
    const descriptor = entryDescriptor(entry);
    if (descriptor === undefined) {
      return err(damageFault(`Cannot read "${layout.shown}": an entry of its index names no blob`));
    }
    const document = await readDocument(layout, descriptor.digest, descriptor.sizeBytes);
    if (!document.ok) return document;
    const subject = digestAt(document.value?.json, "subject");
    if (subject !== undefined) attached.push({ entry, subject });
    else if (document.value !== undefined && isOld(entry, document.value.usedMs)) removed.push(entry);
    else {
      const fault = await reach(layout, descriptor.digest, reached);
      if (fault !== undefined) return err(fault);
    }
  }
  for (const { entry, subject } of attached) {
    const digest = parseDigest(String(entry["digest"]));
    if (digest === undefined || !reached.has(subject)) removed.push(entry);
    else {
      const fault = await reach(layout, digest, reached);
      if (fault !== undefined) return err(fault);
    }
  }
  const gone = new Set(removed);
  return ok({ kept: layout.entries.filter((each) => !gone.has(each)), removed, reached });
}

/** Notes a document and all that it names; an index may name images that the layout does not hold. */
async function reach(
  layout: LayoutFolder,
  digest: Digest,
  reached: Set<string>,
  depth = 0,
): Promise<ImageFault | undefined> {
  if (reached.has(digest)) return undefined;
  reached.add(digest);
  const document = await readDocument(layout, digest);
  if (!document.ok) return document.error;
  const json = document.value?.json;
  for (const each of [digestAt(json, "config"), ...digestsIn(json, "layers")]) {
    if (each !== undefined) reached.add(each);
  }
  if (depth >= DEPTH_LIMIT) return damageFault(`Cannot read "${layout.shown}": its indexes name one another`);
  for (const each of digestsIn(json, "manifests")) {
    const fault = await reach(layout, each, reached, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

interface ReadDocument {
  readonly json: JsonObject;
  readonly usedMs: number;
}

async function readDocument(
  layout: LayoutFolder,
  digest: Digest,
  wantedBytes?: number,
): Promise<Result<ReadDocument | undefined, ImageFault>> {
  const path = join(layout.folder, blobPath(digest));
  const stat = await answering(`Cannot read "${layout.shown}"`, () => statIfThere(path));
  if (!stat.ok) return stat;
  if (stat.value === undefined) return ok(undefined);
  const { mtime, size } = stat.value;
  const descriptor = { mediaType: "", digest, sizeBytes: wantedBytes ?? size };
  const bytes = await readLayoutBlob(layout, descriptor);
  if (!bytes.ok) return bytes;
  const json = parseJson(new TextDecoder().decode(bytes.value));
  return ok(isJsonObject(json) ? { json, usedMs: mtime?.getTime() ?? 0 } : undefined);
}

interface LostFile {
  readonly path: string;
  readonly sizeBytes: number;
}

async function lostFiles(
  below: string,
  { beforeMs }: LayoutPruning,
  isLost: (name: string) => boolean,
): Promise<readonly LostFile[]> {
  if (await statIfThere(below) === undefined) return [];
  const lost: LostFile[] = [];
  for (const { isFile, name } of await Array.fromAsync(Deno.readDir(below))) {
    const path = join(below, name);
    const stat = isFile && isLost(name) ? await statIfThere(path) : undefined;
    if (stat !== undefined && (stat.mtime?.getTime() ?? 0) < beforeMs) {
      lost.push({ path, sizeBytes: stat.size });
    }
  }
  return lost;
}

function digestAt(json: Json | undefined, key: string): Digest | undefined {
  const value = isJsonObject(json) ? json[key] : undefined;
  const digest = isJsonObject(value) ? value["digest"] : undefined;
  return typeof digest === "string" ? parseDigest(digest) : undefined;
}

function digestsIn(json: Json | undefined, key: string): readonly Digest[] {
  const list = isJsonObject(json) ? json[key] : undefined;
  if (!Array.isArray(list)) return [];
  return list.flatMap((each: Json) => digestAt({ each }, "each") ?? []);
}
